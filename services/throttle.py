"""Counting what is asked, to slow down abuse: per address and per internet access, in the database."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from models.base import db
from models.instance import instance
from models.throttle import Throttle


def allow(what: str, limit: int, seconds: int, now: datetime) -> bool:
    """Count one more of ``what``; False once more than ``limit`` came within a window of ``seconds``.

    Call inside a transaction. What is counted is kept as a keyed hash only.
    """
    key = hmac.digest(instance().settings.SECRET_KEY.encode(), b"throttle:" + what.encode(), hashlib.sha256).hex()
    row = db.session.get(Throttle, key)
    if row is None:
        db.session.add(Throttle(key=key, window_start=now, count=1))
        return True
    if now - row.window_start > timedelta(seconds=seconds):
        row.window_start, row.count = now, 1
        return True
    row.count += 1
    return row.count <= limit
