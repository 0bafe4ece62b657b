"""Which letters leave now: due ones, in their order, one worker each, at the pace of each provider; some wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, Update, and_, bindparam, func, select, update

from models.base import UTCDateTime, connection, transaction
from models.outbox import OutboxBody, OutboxMessage, OutboxState

from . import pacing, stopping

#: Somebody who claimed a letter and died gives it back after this long.
LEASE = timedelta(minutes=5)
#: Letters of one claim, and of one connection: providers close those that carry more (Orange: 100).
BATCH = 100
#: Looked at in one claim, in batches, so that letters put off to later minutes do not hide the others.
_LOOKS = 50
#: A letter whose sender died this often comes after the others: it may be what kills.
_SUSPECT = 3


_OUTBOX = OutboxMessage.__table__
_BODY = OutboxBody.__table__
_COLUMNS = (_OUTBOX.c.id, _OUTBOX.c.envelope_from, _OUTBOX.c.recipient, func.length(_BODY.c.raw).label("size"))
_NOW = bindparam("now", type_=UTCDateTime)
_EXPIRED = and_(_OUTBOX.c.state == OutboxState.SENDING.value, _OUTBOX.c.lease_until < _NOW)
_DUE = and_(_OUTBOX.c.state == OutboxState.DUE.value, _OUTBOX.c.due_at <= _NOW)
#: In the order of the index: letters tried again come after those that were due before, and nothing is sorted. Made once:
#: a statement costs more to make than to run (bench/README.md).
_KINDS = [select(*_COLUMNS).join_from(_OUTBOX, _BODY).where(which).order_by(_OUTBOX.c.due_at, _OUTBOX.c.id).limit(BATCH)
          .with_for_update(skip_locked=True, of=_OUTBOX)
          for which in (and_(_EXPIRED, _OUTBOX.c.attempts < _SUSPECT), _DUE, and_(_EXPIRED, _OUTBOX.c.attempts >= _SUSPECT))]
_THESE = update(_OUTBOX).where(_OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
_TAKE = _THESE.values(state=OutboxState.SENDING.value, lease_until=bindparam("until"), attempts=_OUTBOX.c.attempts + 1)
_HOLD = _THESE.values(state=OutboxState.HELD.value, lease_until=None)
_PUT_OFF = _THESE.values(state=OutboxState.DUE.value, lease_until=None, due_at=bindparam("until"))
_GIVE_BACK = _THESE.where(_OUTBOX.c.state == OutboxState.SENDING.value).values(
    state=OutboxState.DUE.value, lease_until=None, attempts=_OUTBOX.c.attempts - 1)
_EXTEND = _THESE.values(lease_until=bindparam("until"))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter of this worker's, without its bytes, of which there are ``size``."""

    id: int
    envelope_from: str
    recipient: str
    size: int


def claim(now: datetime) -> list[Claimed]:
    """The letters this worker sends, in order; committed, so that nobody else takes them during the lease."""
    taken: list[Row] = []
    # Undone by a power cut, a claim is made again: it need not wait for the disk.
    with transaction(lasting=False):
        for wanted in _KINDS:
            for _ in range(_LOOKS):
                rows = connection().execute(wanted, {"now": now}).all() if len(taken) < BATCH else []
                if not rows:
                    break
                found = _paced(_not_held(rows[:BATCH - len(taken)]), now)
                _set(_TAKE, found, until=now + LEASE)
                taken += found
    return [Claimed(*row) for row in taken]


def _not_held(rows: list[Row]) -> list[Row]:
    """Letters to an address that does not work wait for one that does."""
    stopped = stopping.stopped_among({row.recipient for row in rows})
    if not stopped:
        return rows
    _set(_HOLD, [row for row in rows if row.recipient.lower() in stopped])
    return [row for row in rows if row.recipient.lower() not in stopped]


def _paced(rows: list[Row], now: datetime) -> list[Row]:
    """Those that may leave this minute; those of a provider written to enough are put off."""
    later: dict[datetime, list[Row]] = {}
    taken: list[Row] = []
    for row, until in zip(rows, pacing.spread([row.recipient for row in rows], now), strict=True):
        if until is None:
            taken.append(row)
        else:
            later.setdefault(until, []).append(row)
    for until, put_off in later.items():
        _set(_PUT_OFF, put_off, until=until)
    return taken


def give_back(letters: list[Claimed]) -> None:
    """Letters that were not begun are anybody's again, as if they had not been claimed."""
    if letters:
        with transaction(lasting=False):
            _set(_GIVE_BACK, letters)


def extend(letter: Claimed, until: datetime) -> None:
    """Keep a heavy letter longer than the others."""
    with transaction(lasting=False):
        _set(_EXTEND, [letter], until=until)


def _set(change: Update, letters: Sequence[Row | Claimed], **values: datetime) -> None:
    if letters:
        connection().execute(change, {"ids": [letter.id for letter in letters], **values})
