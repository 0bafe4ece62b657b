"""Two records of one member or structure made one

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=254), nullable=False),
    sa.Column('at', models.base.UTCDateTime(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('undone_at', models.base.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge'))
    )
    op.create_table('distinct',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=254), nullable=False),
    sa.Column('at', models.base.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_distinct')),
    sa.UniqueConstraint('kind', 'first_id', 'second_id', name=op.f('uq_distinct_kind'))
    )


def downgrade() -> None:
    op.drop_table('distinct')
    op.drop_table('merge')
