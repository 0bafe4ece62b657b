"""Mentoring: who offers it, the protocol the pair agrees on, how it goes

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('protocole',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('template', sa.String(length=20), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('saved_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('agreements', sa.JSON(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_protocole_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_protocole_file_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocole')),
    sa.UniqueConstraint('dossier_id', 'version', name=op.f('uq_protocole_dossier_id'))
    )
    op.create_table('checkpoint',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('last', sa.Boolean(), nullable=False),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('reminded_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('how', sa.String(length=10), nullable=False),
    sa.Column('answered_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_checkpoint_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_checkpoint_participant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkpoint')),
    sa.UniqueConstraint('participant_id', 'due_on', name=op.f('uq_checkpoint_participant_id'))
    )
    op.create_index(op.f('ix_checkpoint_dossier_id'), 'checkpoint', ['dossier_id'])
    op.create_index(op.f('ix_checkpoint_due_on'), 'checkpoint', ['due_on'])
    # Not in a batch: SQLite's makes the table anew.
    op.add_column('membre', sa.Column('mentors', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('membre', 'mentors')
    op.drop_table('checkpoint')
    op.drop_table('protocole')
