"""The clock of alerts: remind who has not read, recall what stands still, close what nobody goes on with, erase, forget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select

from mail.letters import alerte as letters
from models.alerte import Alerte, AlerteState
from models.base import db, transaction
from models.instance import instance
from models.network import Referent

from .. import reminding, sweeping
from . import erasing, notices, referents, relief, sessions
from .coarse import a_working_day_after, day
from .readers import readers_of

#: Reminders of words nobody read, one a working day, before who stood by is let in; as many again, then one a week until they
#: are read.
MOST_RECALLS = 5
WEEK = timedelta(days=7)
#: Without a word from anybody, readers are asked where they stand; much later, what was read is closed.
STILL, IDLE = timedelta(days=15), timedelta(days=180)
#: From the closing to the erasure, and from an erasure to the end of its stub.
KEPT = timedelta(days=60)


def remind(now: datetime) -> int:
    """One letter to each referent whom unread words have waited for a working day, and one more each working day; after
    :data:`MOST_RECALLS`, others are let in (``relief.py``)."""
    if reminding.working(now) != now:
        return 0
    today = day(now)
    with transaction():
        waiting = [row for row in db.session.scalars(select(Alerte).where(
            Alerte.waits_since_at.is_not(None), or_(
                Alerte.recalled_on.is_(None), Alerte.recalled_on <= today - WEEK,
                and_(Alerte.recalled_on < today, Alerte.recalls < 2 * MOST_RECALLS))).with_for_update())
            if a_working_day_after(row.waits_since_at) <= now]
        before, failed = {row.id: readers_of(row) for row in waiting}, {}
        moved = sweeping.apart(waiting, _recall, now, failed)
        told = Counter(person for row in moved for person in before[row.id])
        sweeping.apart(list(told), lambda person, moment: _recall_to(person, told[person], moved, moment), now, failed)
    return _settled(remind, failed, len(moved), now)


def _recall(row: Alerte, now: datetime) -> None:
    row.recalled_on, row.recalls = day(now), row.recalls + 1
    if row.recalls == MOST_RECALLS + 1 or (relief.stands_by(row) and not readers_of(row)):
        relief.let_in(row, now)


def _recall_to(person: Referent, count: int, rows: list[Alerte], now: datetime) -> None:
    letter = letters.something_waits_reminder(
        instance().network, person.name, referents.way_in(person, now), count,
        others=any(row.escalated_on and relief.let_in_people(row) and person in readers_of(row) for row in rows))
    notices.post(letter, person.email, person.name, now)


def _settled(verb: Callable[[datetime], int], failed: dict[str, str], done: int, now: datetime) -> int:
    # Of alerts, nothing says which one.
    if failed:
        sweeping.settle(sweeping.name_of(verb), {"": next(iter(failed.values()))}, done, now)
    return done


def recall_still(now: datetime) -> int:
    """Ask the readers of an alert that has not moved where they stand."""
    if reminding.working(now) != now:
        return 0
    today = day(now)
    with transaction():
        still = list(db.session.scalars(select(Alerte).where(
            Alerte.state == AlerteState.OPEN.value, Alerte.waits_since_at.is_(None), Alerte.moved_on <= today - STILL,
            or_(Alerte.recalled_on.is_(None), Alerte.recalled_on <= today - STILL)).with_for_update()))
        for row in still:
            row.recalled_on = today
        told, failed = Counter(person for row in still for person in readers_of(row)), {}
        sweeping.apart(list(told), lambda person, moment: _ask_to(person, told[person], moment), now, failed)
    return _settled(recall_still, failed, len(still), now)


def _ask_to(person: Referent, count: int, now: datetime) -> None:
    letter = letters.stands_still_reminder(instance().network, person.name, referents.way_in(person, now), count)
    notices.post(letter, person.email, person.name, now)


def close_idle(now: datetime) -> int:
    """Close what was read and left alone for long, so that nothing is kept for ever."""
    today = day(now)
    with transaction():
        idle = list(db.session.scalars(select(Alerte).where(
            Alerte.state == AlerteState.OPEN.value, Alerte.waits_since_at.is_(None), Alerte.moved_on <= today - IDLE)
            .with_for_update()))
        for row in idle:
            row.move(AlerteState.CLOSED, today)
        return len(idle)


def erase_closed(now: datetime) -> int:
    """Remove all of what was closed, or erased, :data:`KEPT` ago; the count of its year stays."""
    over = (AlerteState.CLOSED.value, AlerteState.ERASED.value)
    with transaction():
        ids = db.session.scalars(select(Alerte.id).where(Alerte.state.in_(over), Alerte.moved_on <= day(now) - KEPT)
                                 .with_for_update()).all()
        if ids:
            erasing.overwrite()
            # What an alert holds goes with it, by the database.
            db.session.execute(delete(Alerte).where(Alerte.id.in_(ids)))
        return len(ids)


def forget(now: datetime) -> int:
    """Remove sessions that are over, and letters the built-in mailbox showed long enough."""
    with transaction():
        return sessions.purge(now) + notices.purge(now)


def unread_for_long(now: datetime) -> int:
    """Alerts whose first reminders are spent and that nobody has read, for the operator: a number, nothing else."""
    return len(db.session.scalars(select(Alerte.id).where(
        Alerte.waits_since_at.is_not(None), Alerte.recalls >= MOST_RECALLS)).all())
