"""Whom a reminder was for, and on which day, is found without looking through all letters

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

_REMINDERS = sa.text("letter LIKE '%/_reminder' ESCAPE '/'")


def upgrade() -> None:
    op.create_index('ix_outbox_message_reminder', 'outbox_message',
                    [sa.text('lower(recipient)'), sa.text('coalesce(sent_at, due_at)')],
                    sqlite_where=_REMINDERS, postgresql_where=_REMINDERS)


def downgrade() -> None:
    op.drop_index('ix_outbox_message_reminder', table_name='outbox_message')
