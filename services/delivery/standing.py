"""How sending goes, for who operates: what waits, what is late, what was not delivered, which addresses are stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from models.base import db
from models.delivery import StoppedAddress
from models.outbox import OutboxMessage, OutboxState

#: A letter that should have left so long ago says that something is wrong.
LATE = timedelta(minutes=5)
_SHOWN = 10


@dataclass(frozen=True)
class NotDelivered:
    recipient: str
    created_at: datetime
    said: str


@dataclass(frozen=True)
class Standing:
    """``letters``: how many are in each state; ``late``: how many should have left, the oldest since ``late_since``;
    ``not_delivered``: the latest ones; ``stopped``: how many addresses nothing is sent to."""

    letters: dict[OutboxState, int]
    late: int
    late_since: datetime | None
    last_sent_at: datetime | None
    not_delivered: list[NotDelivered]
    stopped: int


def standing(now: datetime) -> Standing:
    """How sending goes at that moment."""
    row = OutboxMessage
    counted = {state: count for state, count in db.session.execute(select(row.state, func.count()).group_by(row.state))}  # noqa: C416
    late, since = db.session.execute(select(func.count(), func.min(row.due_at)).where(
        row.state.in_((OutboxState.DUE.value, OutboxState.SENDING.value)), row.due_at < now - LATE)).one()
    failed = db.session.execute(select(row.recipient, row.created_at, row.server_said).where(
        row.state.in_((OutboxState.FAILED.value, OutboxState.HELD.value))).order_by(row.id.desc()).limit(_SHOWN))
    return Standing(
        {state: counted.get(state.value, 0) for state in OutboxState}, late, since,
        db.session.scalar(select(func.max(row.sent_at))), [NotDelivered(*one) for one in failed],
        db.session.scalar(select(func.count()).select_from(StoppedAddress).where(StoppedAddress.lifted_at.is_(None))) or 0)
