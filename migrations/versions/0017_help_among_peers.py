"""Help among peers: who is asked, at which pace, whose name is shown, when a first answer came

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('solicitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('answer', sa.String(length=20), nullable=False),
    sa.Column('answered_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_solicitation_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_solicitation_participant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_solicitation')),
    sa.UniqueConstraint('dossier_id', 'email', name=op.f('uq_solicitation_dossier_id'))
    )
    op.create_index(op.f('ix_solicitation_email'), 'solicitation', ['email'])
    op.create_index(op.f('ix_solicitation_participant_id'), 'solicitation', ['participant_id'])
    # Not in a batch: SQLite's makes the table anew, and the rows that go with a dossier would go with the old one.
    op.add_column('dossier', sa.Column('first_answer_at', models.base.UTCDateTime(), nullable=True))
    op.add_column('dossier', sa.Column('next_wave_at', models.base.UTCDateTime(), nullable=True))
    op.add_column('dossier', sa.Column('waves', sa.Integer(), nullable=True))
    op.create_index(op.f('ix_dossier_next_wave_at'), 'dossier', ['next_wave_at'])
    op.add_column('participant', sa.Column('named', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('message', sa.Column('shared', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('membre', sa.Column('pace', sa.String(length=20), server_default='', nullable=False))
    op.add_column('membre', sa.Column('pause_ends_on', sa.Date(), nullable=True))
    op.add_column('membre', sa.Column('advises_employers', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for name in ('advises_employers', 'pause_ends_on', 'pace'):
        op.drop_column('membre', name)
    op.drop_column('message', 'shared')
    op.drop_column('participant', 'named')
    op.drop_index(op.f('ix_dossier_next_wave_at'), 'dossier')
    for name in ('waves', 'next_wave_at', 'first_answer_at'):
        op.drop_column('dossier', name)
    op.drop_table('solicitation')
