"""The bytes of mails have a table of their own: what becomes of a mail is written without them

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inbound_body',
    sa.Column('inbound_message_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['inbound_message_id'], ['inbound_message.id'], name=op.f('fk_inbound_body_inbound_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('inbound_message_id', name=op.f('pk_inbound_body'))
    )
    # Without a row where they were kept no more.
    op.execute('INSERT INTO inbound_body (inbound_message_id, raw) SELECT id, raw FROM inbound_message WHERE length(raw) > 0')
    # Not in a batch, as in 0008.
    op.drop_column('inbound_message', 'raw')


def downgrade() -> None:
    nothing = sa.text("x''" if op.get_bind().dialect.name == 'sqlite' else "''")
    op.add_column('inbound_message', sa.Column('raw', sa.LargeBinary(), nullable=False, server_default=nothing))
    op.execute('UPDATE inbound_message SET raw = inbound_body.raw FROM inbound_body WHERE inbound_message_id = inbound_message.id')
    op.drop_table('inbound_body')
