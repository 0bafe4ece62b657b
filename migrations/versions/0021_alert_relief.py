"""Alerts: who stands by, when they were let in, and words that came by mail

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('alerte', sa.Column('escalated_on', sa.Date(), nullable=True))
    op.add_column('alerte_access', sa.Column('stands_by', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('alerte_message', sa.Column('mail_key', sa.String(length=64), nullable=True))
    op.create_index('ix_alerte_message_mail', 'alerte_message', ['alerte_id', 'mail_key'], unique=True)


def downgrade() -> None:
    op.drop_index('ix_alerte_message_mail', 'alerte_message')
    op.drop_column('alerte_message', 'mail_key')
    op.drop_column('alerte_access', 'stands_by')
    op.drop_column('alerte', 'escalated_on')
