"""The bytes of letters have a table of their own: what becomes of a letter is written without them

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('outbox_body',
    sa.Column('outbox_message_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['outbox_message_id'], ['outbox_message.id'], name=op.f('fk_outbox_body_outbox_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('outbox_message_id', name=op.f('pk_outbox_body'))
    )
    op.execute('INSERT INTO outbox_body (outbox_message_id, raw) SELECT id, raw FROM outbox_message WHERE raw IS NOT NULL')
    # Not in a batch: SQLite's makes the table anew, and the rows that go with a letter would go with the old one.
    op.drop_column('outbox_message', 'raw')


def downgrade() -> None:
    op.add_column('outbox_message', sa.Column('raw', sa.LargeBinary(), nullable=True))
    op.execute('UPDATE outbox_message SET raw = (SELECT outbox_body.raw FROM outbox_body WHERE outbox_message_id = outbox_message.id)')
    op.drop_table('outbox_body')
