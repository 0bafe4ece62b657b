"""What is counted of mentoring is found in the index of what is counted

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

_BEFORE = "kind IN ('accepted', 'answered', 'convention_issued', 'lived')"
_AFTER = ("kind IN ('accepted', 'answered', 'convention_issued', 'lived', 'mentor_asked', 'mentorat_ended', "
          "'mentorat_ended_by_clock', 'newcomer_agreed')")


def _made_of(rows: str) -> None:
    op.drop_index('ix_journal_entry_counted', table_name='journal_entry')
    op.create_index('ix_journal_entry_counted', 'journal_entry', ['kind', 'at', 'dossier_id'],
                    sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def upgrade() -> None:
    _made_of(_AFTER)


def downgrade() -> None:
    _made_of(_BEFORE)
