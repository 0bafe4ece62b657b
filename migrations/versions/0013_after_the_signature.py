"""After the signature: sessions moved and reminded of, reports, attestations and their badges, stages of a parcours

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batches: SQLite's make a table anew, and the rows that go with it would go.
    op.add_column('immersion_session', sa.Column('reminded_at', models.base.UTCDateTime(), nullable=True))
    op.execute('ALTER TABLE dossier ADD COLUMN follows_id INTEGER CONSTRAINT fk_dossier_follows_id REFERENCES dossier (id) '
               'ON DELETE SET NULL')
    op.create_table('session_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('immersion_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('was', sa.String(length=200), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.Column('starts_again', sa.Time(), nullable=True),
    sa.Column('ends_again', sa.Time(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('agreed', sa.JSON(), nullable=False),
    sa.Column('decided_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['participant.id'], name=op.f('fk_session_move_asked_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['immersion_id'], ['dossier.id'], name=op.f('fk_session_move_immersion_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['immersion_session.id'], name=op.f('fk_session_move_session_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_move'))
    )
    op.create_index(op.f('ix_session_move_immersion_id'), 'session_move', ['immersion_id'], unique=False)
    op.create_table('evaluation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('immersion_id', sa.Integer(), nullable=False),
    sa.Column('voice', sa.String(length=20), nullable=False),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('given_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('given_by_id', sa.Integer(), nullable=True),
    sa.Column('via', sa.String(length=10), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('publication', sa.String(length=10), nullable=False),
    sa.Column('agreements', sa.JSON(), nullable=False),
    sa.Column('published_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['given_by_id'], ['participant.id'], name=op.f('fk_evaluation_given_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['immersion_id'], ['dossier.id'], name=op.f('fk_evaluation_immersion_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation')),
    sa.UniqueConstraint('immersion_id', 'voice', name=op.f('uq_evaluation_immersion_id'))
    )
    op.create_index(op.f('ix_evaluation_immersion_id'), 'evaluation', ['immersion_id'], unique=False)
    op.create_table('attestation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('immersion_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=True),
    sa.Column('recipient', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('verification_code', sa.String(length=20), nullable=False),
    sa.Column('badge_uuid', sa.String(length=36), nullable=False),
    sa.Column('badge', sa.Text(), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('awarded_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('pdf_sha256', sa.String(length=64), nullable=False),
    sa.Column('revoked_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('revoked_why', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_attestation_file_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['immersion_id'], ['dossier.id'], name=op.f('fk_attestation_immersion_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_attestation_participant_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attestation')),
    sa.UniqueConstraint('badge_uuid', name=op.f('uq_attestation_badge_uuid')),
    sa.UniqueConstraint('verification_code', name=op.f('uq_attestation_verification_code'))
    )
    op.create_index(op.f('ix_attestation_immersion_id'), 'attestation', ['immersion_id'], unique=False)
    op.create_index(op.f('ix_attestation_state'), 'attestation', ['state'], unique=False)


def downgrade() -> None:
    op.drop_table('attestation')
    op.drop_table('evaluation')
    op.drop_table('session_move')
    op.drop_column('dossier', 'follows_id')
    op.drop_column('immersion_session', 'reminded_at')
