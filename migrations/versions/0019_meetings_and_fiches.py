"""Help among peers: promised days watched, meetings, fiches for others, opinions counted

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite's makes the table anew, and the rows that go with a dossier would go with the old one.
    op.add_column('dossier', sa.Column('watched_on', sa.Date(), nullable=True))
    op.add_column('dossier', sa.Column('watch_step', sa.Integer(), nullable=True))
    op.add_column('dossier', sa.Column('opinion_given', sa.Boolean(), nullable=True))
    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('proposed_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('slots', sa.JSON(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('starts_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_meeting_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['participant.id'], name=op.f('fk_meeting_proposed_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting'))
    )
    op.create_index(op.f('ix_meeting_dossier_id'), 'meeting', ['dossier_id'])
    op.create_table('fiche',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=True),
    sa.Column('slug', sa.String(length=90), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('theme', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('proposed_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('author_agreed_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('helper_agreed_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('published_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_fiche_dossier_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fiche')),
    sa.UniqueConstraint('dossier_id', name=op.f('uq_fiche_dossier_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_fiche_slug'))
    )
    op.create_table('opinion_count',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('help_kind', sa.String(length=20), nullable=False),
    sa.Column('question', sa.String(length=20), nullable=False),
    sa.Column('answer', sa.String(length=20), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', 'help_kind', 'question', 'answer', name=op.f('pk_opinion_count'))
    )


def downgrade() -> None:
    for name in ('opinion_count', 'fiche', 'meeting'):
        op.drop_table(name)
    for name in ('opinion_given', 'watch_step', 'watched_on'):
        op.drop_column('dossier', name)
