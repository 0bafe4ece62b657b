"""Replies written beforehand, and what was done to several requests at once

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reply_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('changed_by', sa.String(length=254), nullable=False),
    sa.Column('changed_at', models.base.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_template'))
    )
    op.create_table('bulk_action',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('given_to', sa.String(length=254), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('at', models.base.UTCDateTime(), nullable=False),
    sa.Column('undone_at', models.base.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_action'))
    )


def downgrade() -> None:
    op.drop_table('bulk_action')
    op.drop_table('reply_template')
