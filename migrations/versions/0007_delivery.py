"""What delivery needs: when a letter was first put off, since when an address is written to again

Revision ID: 0007
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0007'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_tried_at', models.base.UTCDateTime(), nullable=True))
    with op.batch_alter_table('stopped_address', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lifted_at', models.base.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('stopped_address', schema=None) as batch_op:
        batch_op.drop_column('lifted_at')
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.drop_column('first_tried_at')
