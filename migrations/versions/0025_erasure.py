"""Members who ask that what is kept of them be erased

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erasure_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('membre_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('due_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('cancelled_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('done_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['membre_id'], ['membre.id'], name=op.f('fk_erasure_request_membre_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure_request'))
    )
    with op.batch_alter_table('erasure_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_request_membre_id'), ['membre_id'], unique=False)


def downgrade() -> None:
    op.drop_table('erasure_request')
