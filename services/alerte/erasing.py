"""How an alert goes: its words, the keys to them, and who read them; then the day it went, for a while."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, update

from models.alerte import Alerte, AlerteAccess, AlerteMessage, AlerteReading, AlerteState
from models.base import connection, db


def erase(row: Alerte, on: date) -> None:
    """Remove all that was said in ``row``; inside a transaction. Its stub says when."""
    if row.state == AlerteState.ERASED:
        return
    overwrite()
    for table in (AlerteMessage, AlerteReading):
        db.session.execute(delete(table).where(table.alerte_id == row.id))
    db.session.execute(update(AlerteAccess).where(AlerteAccess.alerte_id == row.id).values(sealed_key=b""))
    row.author_key, row.waits_since_at = b"", None
    row.move(AlerteState.ERASED, on)
    db.session.flush()
    db.session.expire(row)


def overwrite() -> None:
    """Have SQLite write zeros over what is deleted next (sqlite.org/pragma.html#pragma_secure_delete)."""
    if (writing := connection()).dialect.name == "sqlite":
        writing.exec_driver_sql("PRAGMA secure_delete=ON")
