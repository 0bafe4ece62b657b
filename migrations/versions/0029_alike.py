"""Pairs of records that resemble each other, looked for by the clock

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('alike',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alike')),
    sa.UniqueConstraint('kind', 'first_id', 'second_id', name=op.f('uq_alike_kind'))
    )


def downgrade() -> None:
    op.drop_table('alike')
