"""Which letters leave now: due ones, in their order, one worker each, at the pace of each provider; some wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Row, and_, case, or_, select, update

from models.base import db, transaction
from models.outbox import OutboxMessage, OutboxState

from . import pacing, stopping

#: Somebody who claimed a letter and died gives it back after this long.
LEASE = timedelta(minutes=5)
#: Letters of one claim, and of one connection: providers close those that carry more (Orange: 100).
BATCH = 100
#: Looked at in one claim, so that letters put off to later minutes do not hide the others.
_LOOKED_AT = 1000
#: A letter whose sender died this often comes after the others: it may be what kills.
_SUSPECT = 3


def claim(now: datetime) -> list[int]:
    """Ids of the letters this worker sends, in order; committed, so that nobody else takes them during the lease."""
    columns = (OutboxMessage.id, OutboxMessage.recipient)
    expired = and_(OutboxMessage.state == OutboxState.SENDING.value, OutboxMessage.lease_until < now)
    due = select(*columns).where(OutboxMessage.due_at <= now, or_(OutboxMessage.state == OutboxState.DUE.value, expired))
    order = case((and_(OutboxMessage.state == OutboxState.SENDING.value, OutboxMessage.attempts >= _SUSPECT), 1), else_=0)
    # Undone by a power cut, a claim is made again: it need not wait for the disk.
    with transaction(lasting=False):
        rows = db.session.execute(due.order_by(order, OutboxMessage.id).limit(_LOOKED_AT).with_for_update(skip_locked=True)).all()
        if not rows:
            return []
        taken = _paced(_not_held(rows), now)
        _set(taken, state=OutboxState.SENDING.value, lease_until=now + LEASE, attempts=OutboxMessage.attempts + 1)
        return taken


def _not_held(rows: list[Row]) -> list[Row]:
    """Letters to an address that does not work wait for one that does."""
    stopped = stopping.stopped_among({row.recipient for row in rows})
    if not stopped:
        return rows
    _set([row.id for row in rows if row.recipient.lower() in stopped], state=OutboxState.HELD.value, lease_until=None)
    return [row for row in rows if row.recipient.lower() not in stopped]


def _paced(rows: list[Row], now: datetime) -> list[int]:
    """The first letters that may leave this minute; those of a provider written to enough are put off."""
    later: dict[datetime, list[int]] = {}
    taken: list[int] = []
    while rows and len(taken) < BATCH:
        batch, rows = rows[:BATCH - len(taken)], rows[BATCH - len(taken):]
        for row, until in zip(batch, pacing.spread([row.recipient for row in batch], now), strict=True):
            if until is None:
                taken.append(row.id)
            else:
                later.setdefault(until, []).append(row.id)
    for until, ids in later.items():
        _set(ids, state=OutboxState.DUE.value, lease_until=None, due_at=until)
    return taken


def give_back(ids: list[int]) -> None:
    """Letters that were not begun are anybody's again, as if they had not been claimed."""
    with transaction(lasting=False):
        _set(ids, state=OutboxState.DUE.value, lease_until=None, attempts=OutboxMessage.attempts - 1)


def extend(letter_id: int, until: datetime) -> None:
    """Keep a heavy letter longer than the others."""
    with transaction(lasting=False):
        _set([letter_id], lease_until=until)


def _set(ids: list[int], **values: object) -> None:
    if ids:
        db.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(**values)
                           .execution_options(synchronize_session=False))
