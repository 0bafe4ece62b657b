"""Professionals a structure names, invited to join

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('structure_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('given_name', sa.String(length=100), nullable=False),
    sa.Column('family_name', sa.String(length=100), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('invited_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('reminded_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('declined_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['structure_id'], ['structure.id'], name=op.f('fk_invitation_structure_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('structure_id', 'email', name=op.f('uq_invitation_structure_id'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_email'), ['email'], unique=False)


def downgrade() -> None:
    op.drop_table('invitation')
