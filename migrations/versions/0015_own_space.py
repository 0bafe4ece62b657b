"""A member's own space: levels of skills, when they last said what is right, changes of address, how one comes to a host

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('address_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('old', sa.String(length=254), nullable=False),
    sa.Column('new', sa.String(length=254), nullable=False),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('old_said_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('new_said_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('done_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['membre.id'], name=op.f('fk_address_move_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address_move'))
    )
    with op.batch_alter_table('address_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_address_move_member_id'), ['member_id'], unique=False)
    # Not in a batch: SQLite's makes the table anew, and the rows that go with a member would go with the old one.
    op.add_column('membre', sa.Column('levels', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('membre', sa.Column('checked_at', models.base.UTCDateTime(), nullable=True))
    op.add_column('membre', sa.Column('asked_to_check_at', models.base.UTCDateTime(), nullable=True))
    op.add_column('structure', sa.Column('host_periods', sa.Text(), nullable=False, server_default=''))
    op.add_column('structure', sa.Column('host_access', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    for column in ('host_access', 'host_periods'):
        op.drop_column('structure', column)
    for column in ('asked_to_check_at', 'checked_at', 'levels'):
        op.drop_column('membre', column)
    op.drop_table('address_move')
