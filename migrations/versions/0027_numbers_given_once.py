"""Numbers that stand in signed addresses, or name an event in people's calendars, are never given again

SQLite gives the number of the last row again once that row is gone. PostgreSQL never does.

Revision ID: 0027
Revises: 0026
"""

from alembic import op
from sqlalchemy import text

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

TABLES = ('participant', 'inbound_message', 'access_link', 'membre', 'immersion_session')
PLAIN, ONCE = 'PRIMARY KEY (id)', 'PRIMARY KEY (id AUTOINCREMENT)'


def upgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        return
    # SQLite makes its own table of numbers with the first table that asks for one.
    op.execute('CREATE TABLE ring_numbers (id INTEGER PRIMARY KEY AUTOINCREMENT)')
    op.execute('DROP TABLE ring_numbers')
    _rewrite(PLAIN, ONCE)
    for table in TABLES:
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', coalesce(max(id), 0) FROM {table}")  # noqa: S608


def downgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        return
    for table in TABLES:
        op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")  # noqa: S608
    _rewrite(ONCE, PLAIN)


def _rewrite(old: str, new: str) -> None:
    """What is on the disk is the same with and without: only the words of the table change (sqlite.org/lang_altertable.html, 7).

    A table made anew would have to be dropped, and what hangs on its rows would go with them.
    """
    connection = op.get_bind()
    version = connection.scalar(text('PRAGMA schema_version'))
    op.execute('PRAGMA writable_schema=ON')
    for table in TABLES:
        changed = connection.execute(
            text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = :table "
                 "AND instr(sql, :old) > 0"), {'old': old, 'new': new, 'table': table})
        if changed.rowcount != 1:
            raise RuntimeError(f'{table}: {old} not found')
    op.execute(f'PRAGMA schema_version={version + 1}')
    op.execute('PRAGMA writable_schema=RESET')
