"""Counting what is asked, to slow down abuse: per address and per internet access, in the database."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete

from models.base import db, run
from models.instance import instance
from models.throttle import Throttle

#: The longest window any verb counts in.
KEPT = timedelta(days=1)


def allow(what: str, limit: int, seconds: int, now: datetime) -> bool:
    """Count one more of ``what``; False once more than ``limit`` came within a window of ``seconds``.

    Call inside a transaction. What is counted is kept as a keyed hash only.
    """
    key = hmac.digest(instance().settings.SECRET_KEY.encode(), b"throttle:" + what.encode(), hashlib.sha256).hex()
    return run(_one_more, what=key, at=now, oldest=now - timedelta(seconds=seconds)).scalar() <= limit


def _one_more(insert):
    """One more of ``what``, in the window that began ``at`` when the last one began before ``oldest``."""
    old = Throttle.window_start < bindparam("oldest")
    row = insert(Throttle.__table__).values(key=bindparam("what"), window_start=bindparam("at"), count=1)
    return row.on_conflict_do_update(index_elements=["key"], set_={
        "window_start": case((old, row.excluded.window_start), else_=Throttle.window_start),
        "count": case((old, 1), else_=Throttle.count + 1)}).returning(Throttle.count)


def forget(now: datetime) -> None:
    """Remove counts whose window is over; inside a transaction."""
    db.session.execute(delete(Throttle).where(Throttle.window_start < now - KEPT))
