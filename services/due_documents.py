"""Documents that a task makes, seals and sends once they are decided: each is tried again until it is done, and none holds back
another. A convention has more to it: who holds the attempt, and who is told (services/convention/sealing_job.py)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from models.attestation import Attestation
from models.base import db, transaction
from models.mentorat import Protocole

from .sweeping import said_of

log = logging.getLogger(__name__)
#: After that many failures somebody is told that it fails; it is tried again all the same, once an hour.
SHOWN_AFTER = 5
_LONGEST = 60
Document = type[Attestation] | type[Protocole]


def make_each(kind: Document, waiting: Collection[str], make: Callable[[int, datetime], int], now: datetime,
              failed: str = "") -> int:
    """``make(id, now)`` for all whose state is one of ``waiting`` and whose time has come; gives the sum of what it gives.

    What fails is tried again after 2, 4, 8 minutes and so on, and is in the state ``failed``, where one is given, once it
    has failed :data:`SHOWN_AFTER` times.
    """
    due = db.session.scalars(select(kind.id).where(
        kind.state.in_(waiting), or_(kind.next_try_at.is_(None), kind.next_try_at <= now))).all()
    db.session.rollback()
    return sum(_try(kind, number, make, now, failed) for number in due)


def _try(kind: Document, number: int, make: Callable[[int, datetime], int], now: datetime, failed: str) -> int:
    try:
        return make(number, now)
    except Exception as error:  # noqa: BLE001  told by failing()
        db.session.rollback()
        log.error("%s %d could not be made: %s", kind.__tablename__, number, said_of(error))
        with transaction():
            row = db.session.get(kind, number)
            row.attempts += 1
            row.next_try_at = now + timedelta(minutes=min(2 ** row.attempts, _LONGEST))
            if failed and row.attempts >= SHOWN_AFTER:
                row.state = failed
        return 0


def failing(kind: Document, waiting: Collection[str]) -> list[Attestation | Protocole]:
    """Those that failed so often that somebody has to look."""
    return list(db.session.scalars(select(kind).where(kind.state.in_(waiting), kind.attempts >= SHOWN_AFTER).order_by(kind.id)))
