"""The work of the clock, one row at a time: each in its own transaction, and one that fails keeps no other waiting.

What failed is logged and kept without a word of what it was about (an error may quote whoever wrote), told by ``flask check``,
tried again at the next round, and forgotten once it is done or is not due any more.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, inspect, select

from models.base import db, transaction
from models.clock import ClockFailure
from models.dossier import Dossier
from territory.calendar import local

log = logging.getLogger(__name__)
_HOUSE = Path(__file__).resolve().parent.parent
#: What was not tried for so long is no work of the clock any more: a function may have got another name.
KEPT = timedelta(days=7)
#: The works kept as failing, asked once a round: most rounds are fifty works that did not fail and have nothing to do.
_of_round: ContextVar[set[str] | None] = ContextVar("_of_round", default=None)


class WorkFailed(Exception):
    """Some of the work failed, the rest is done. Says where in the code, and nothing of what it was about."""

    def __init__(self, said: Iterable[str], done: int) -> None:
        super().__init__("; ".join(said))
        self.done = done


def each(kind: str, numbers: Iterable[int], work: Callable[[int, datetime], int], now: datetime, name: str = "") -> int:
    """Do ``work`` to each ``kind`` by its number; it opens its own transaction. Gives the sum of what it gives.

    :raises WorkFailed: once all have had their turn.
    """
    done, failed = 0, {}
    for number in numbers:
        try:
            done += work(number, now)
        except Exception as error:  # noqa: BLE001  told by settle()
            db.session.rollback()
            failed[f"{kind} {number}"] = said_of(error)
    settle(name or name_of(work), failed, done, now)
    return done


def each_due(due: Select[Any], work: Callable[[Any, datetime], int], now: datetime) -> int:
    """Do ``work`` to each row that ``due`` selects, locked, and if it is still selected when its turn comes.

    :raises WorkFailed: once all have had their turn.
    """
    kind = due.column_descriptions[0]["entity"]
    [own] = inspect(kind).primary_key

    def one(number: int, moment: datetime) -> int:
        with transaction():
            row = db.session.scalar(due.where(own == number).order_by(None).limit(None).with_for_update(of=kind))
            return work(row, moment) if row is not None else 0
    numbers = db.session.scalars(due.with_only_columns(own)).all()
    db.session.rollback()
    return each(kind.__tablename__, numbers, one, now, name_of(work))


def apart(rows: Iterable[Any], work: Callable[[Any, datetime], object], now: datetime, failed: dict[str, str]) -> list[Any]:
    """For rows that one transaction deals with together: those to which ``work`` was done, the others as they were.

    :param failed: is given why, under the place of the row in ``rows``.
    """
    done = []
    for place, row in enumerate(rows):
        try:
            with db.session.begin_nested():
                work(row, now)
            done.append(row)
        except Exception as error:  # noqa: BLE001  told by settle()
            failed[str(place)] = said_of(error)
    return done


def settle(work: str, failed: dict[str, str], done: int, now: datetime) -> None:
    """Keep what failed this time (row -> why), and forget what failed before and does no longer.

    :raises WorkFailed: something failed.
    """
    failing = _of_round.get()
    if failing is None:  # a work called by itself
        failing = _works_failing()
    if failed or work in failing:
        failing.add(work)
        with transaction():
            db.session.execute(delete(ClockFailure).where(ClockFailure.work == work, ClockFailure.about.not_in(failed)))
            for about, why in failed.items():
                _keep(work, about, why, now)
    if failed:
        raise WorkFailed((f"{work}, {about or 'as a whole'}: {why}" for about, why in failed.items()), done)


def _works_failing() -> set[str]:
    return set(db.session.scalars(select(ClockFailure.work)))


@contextmanager
def _one_round() -> Iterator[None]:
    """Ask once which works failed before; a round inside another is part of it."""
    failing = _of_round.get()
    if failing is None:
        try:
            failing = _works_failing()
        except Exception:  # noqa: BLE001  the database is away: each work says so itself
            db.session.rollback()
    token = _of_round.set(failing)
    try:
        yield
    finally:
        _of_round.reset(token)


def all_of(verbs: Iterable[Callable[[datetime], int]], now: datetime) -> int:
    """Each of ``verbs`` in turn: one that fails keeps no other from its work. Gives how many things were done.

    :raises WorkFailed: once all have had their turn.
    """
    done, failed = 0, []
    with _one_round():
        for verb in verbs:
            try:
                done += _whole(verb, now)
            except WorkFailed as error:
                failed.append(str(error))
                done += error.done
            except Exception as error:  # noqa: BLE001  where the failure itself cannot be kept: the database is away
                db.session.rollback()
                failed.append(said_of(error))
    if failed:
        raise WorkFailed(failed, done)
    return done


def _whole(verb: Callable[[datetime], int], now: datetime) -> int:
    done, failed = 0, {}
    try:
        done = verb(now)
    except WorkFailed:
        raise
    except Exception as error:  # noqa: BLE001  told by settle()
        db.session.rollback()
        failed[""] = said_of(error)
    settle(name_of(verb), failed, done, now)
    return done


def _keep(work: str, about: str, why: str, now: datetime) -> None:
    log.error("%s failed for %s: %s", work, about or "all", why)
    today, row = local(now).date(), db.session.get(ClockFailure, (work, about))
    if row is None:
        row = ClockFailure(work=work, about=about, since_on=today, times=0)
        db.session.add(row)
    row.error, row.last_on, row.times = why, today, row.times + 1


def forget(now: datetime) -> int:
    """Remove what was not tried any more for long; gives how many. For the hourly job."""
    with transaction():
        return db.session.execute(delete(ClockFailure).where(ClockFailure.last_on < local(now - KEPT).date())).rowcount


def name_of(work: Callable[..., Any]) -> str:
    """A function as it is found in the code."""
    return f"{work.__module__.removeprefix('services.')}.{work.__name__}"


def said_of(error: BaseException) -> str:
    """The kind of an error and where it came from in the house, without what it says."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_HOUSE)
              and "site-packages" not in frame.filename]
    places = [f"{Path(frame.filename).relative_to(_HOUSE)}:{frame.lineno}" for frame in frames[-3:]]
    return f"{type(error).__name__}, {' > '.join(places)}"[:300]


@dataclass(frozen=True)
class Failing:
    """What ``flask check`` says of one row: ``about`` is its reference where it has one."""

    work: str
    about: str
    error: str
    since: Any
    times: int


def failing() -> list[Failing]:
    """What the clock cannot do at present, the longest first."""
    rows = db.session.scalars(select(ClockFailure).order_by(ClockFailure.since_on, ClockFailure.work, ClockFailure.about))
    return [Failing(row.work, _reference(row.about), row.error, row.since_on, row.times) for row in rows]


def _reference(about: str) -> str:
    table, _, number = about.partition(" ")
    if table == Dossier.__tablename__ and (dossier := db.session.get(Dossier, int(number))) is not None:
        return dossier.reference
    return about
