"""A session's number, which names it in people's calendars, is never given again

SQLite only, as in 0027, where the reason and the way are told.

Revision ID: 0030
Revises: 0029
"""

from alembic import op
from sqlalchemy import text

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

PLAIN, ONCE = 'PRIMARY KEY (id)', 'PRIMARY KEY (id AUTOINCREMENT)'


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _rewrite(PLAIN, ONCE)
        op.execute("INSERT INTO sqlite_sequence (name, seq) SELECT 'immersion_session', coalesce(max(id), 0) "
                   "FROM immersion_session")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'immersion_session'")
        _rewrite(ONCE, PLAIN)


def _rewrite(old: str, new: str) -> None:
    connection = op.get_bind()
    version = connection.scalar(text('PRAGMA schema_version'))
    op.execute('PRAGMA writable_schema=ON')
    changed = connection.execute(
        text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = 'immersion_session' "
             "AND instr(sql, :old) > 0"), {'old': old, 'new': new})
    if changed.rowcount != 1:
        raise RuntimeError(f'immersion_session: {old} not found')
    op.execute(f'PRAGMA schema_version={version + 1}')
    op.execute('PRAGMA writable_schema=RESET')
