"""The sealing of what all have signed; how often a session was sent to calendars

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sealing',
    sa.Column('convention_id', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('begun_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('lease_until', models.base.UTCDateTime(), nullable=True),
    sa.Column('next_try_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('told_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('sealed_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('level', sa.String(length=4), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['convention_id'], ['convention.id'], name=op.f('fk_sealing_convention_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_sealing_file_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('convention_id', name=op.f('pk_sealing'))
    )
    with op.batch_alter_table('sealing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sealing_sha256'), ['sha256'], unique=False)
    with op.batch_alter_table('immersion_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('calendar_rank', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('immersion_session', schema=None) as batch_op:
        batch_op.alter_column('calendar_rank', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('immersion_session', schema=None) as batch_op:
        batch_op.drop_column('calendar_rank')

    with op.batch_alter_table('sealing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sealing_sha256'))

    op.drop_table('sealing')
