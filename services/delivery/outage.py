"""When our own mail server cannot be used: nothing is tried for a while, nothing is held against any letter.

One row of :class:`models.inbound.CarrierState` says where sending stands, for every worker and for the operator.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.base import db, transaction
from models.inbound import CarrierState

log = logging.getLogger(__name__)

NAME = "envoi"
#: Waits between two attempts to reach the server, in minutes, then the last one again and again.
_WAITS = (1, 1, 2, 5)
#: How often a success is written down: it says that sending works, not how much.
_NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Outage:
    """Since when nothing leaves, what the server said last, when it is asked again."""

    since: datetime
    said: str
    until: datetime


def under_way() -> Outage | None:
    """The outage, if there is one."""
    row = db.session.get(CarrierState, NAME)
    if row is None or not row.position.get("since"):
        return None
    return Outage(datetime.fromisoformat(row.position["since"]), row.last_error, datetime.fromisoformat(row.position["until"]))


def waiting(now: datetime) -> bool:
    """True while the server is not to be asked."""
    found = under_way()
    return found is not None and now < found.until


def begin(said: str, now: datetime) -> None:
    """The server could not be used: it is left alone for a while, longer each time."""
    with transaction():
        row = _row()
        tries = row.position.get("tries", 0)
        if not tries:
            log.error("the mail server cannot be used, letters wait: %s", said)
        row.last_error_at, row.last_error = now, said[:500]
        wait = timedelta(minutes=_WAITS[min(tries, len(_WAITS) - 1)])
        row.position = {"since": row.position.get("since") or now.isoformat(), "tries": tries + 1,
                        "until": (now + wait).isoformat()}


def end(now: datetime) -> None:
    """The server took a letter."""
    row = db.session.get(CarrierState, NAME)
    if row is not None and not row.position.get("since") and row.last_success_at and now - row.last_success_at < _NOTED_EVERY:
        return
    with transaction():
        row = _row()
        if row.position.get("since"):
            log.warning("the mail server can be used again, letters leave")
        row.last_success_at, row.position = now, {}


def _row() -> CarrierState:
    row = db.session.get(CarrierState, NAME, with_for_update=True)
    if row is None:
        row = CarrierState(name=NAME, last_error="", position={})
        db.session.add(row)
    return row
