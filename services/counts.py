"""Counts of the requests, for who reads figures: never a name, never a word, nothing of alerts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from flask import current_app
from sqlalchemy import ColumnElement, case, func, select

from models.base import db
from models.dossier import Dossier
from models.shelf import SHELF
from models.states import Kind
from territory.calendar import PARIS, local

from .coordination.desk import Shelf

#: Months that are told one by one.
MONTHS = 12


@dataclass(frozen=True)
class Count:
    """Requests of one kind: all that were confirmed, those that go on, those whose promise is late."""

    kind: Kind
    received: int
    under_way: int
    late: int


@dataclass(frozen=True)
class Month:
    """Requests confirmed in one month, in the order of :class:`Kind`."""

    first: date
    received: tuple[int, ...]


#: The requests that go on, in the words of the index that the lists are read from.
_GOES_ON = SHELF.in_([Shelf.TO_DO.value, Shelf.UNDER_WAY.value])


def by_kind(now: datetime) -> list[Count]:
    """One line a kind."""
    late = func.sum(case((Dossier.promised_on < local(now).date(), 1), else_=0))
    rows = db.session.execute(select(Dossier.kind, func.count(), late).where(_GOES_ON).group_by(Dossier.kind))
    under_way = {kind: (count, behind or 0) for kind, count, behind in rows}
    received = _received(now)
    return [Count(kind, sum(number for (_first, of), number in received.items() if of == kind), *under_way.get(kind, (0, 0)))
            for kind in Kind]


def by_month(now: datetime) -> list[Month]:
    """The latest months, this one included, the latest first, as they begin and end in Paris."""
    received = _received(now)
    return [Month(first, tuple(received[first, kind.value] for kind in Kind)) for first in _firsts(now)]


def _received(now: datetime) -> Counter[tuple[date | None, str]]:
    """``(first day of the month, kind)`` -> requests confirmed; None: in a month before :data:`MONTHS`.

    The months that are over are counted once an hour and process, as the observatory's figures are: only an erasure can change
    them.
    """
    kept: dict[str, Counter[tuple[date | None, str]]] = current_app.extensions.setdefault("counts", {})
    hour, this = local(now).strftime("%Y-%m-%d %H"), _opens(_firsts(now)[0])
    # Another thread may clear what is kept as the hour changes.
    if (past := kept.get(hour)) is None:
        past = _counted(now, Dossier.confirmed_at < this)
        kept.clear()
        kept[hour] = past
    return past + _counted(now, Dossier.confirmed_at >= this)


def _counted(now: datetime, which: ColumnElement[bool]) -> Counter[tuple[date | None, str]]:
    firsts = _firsts(now)
    month = case(*((Dossier.confirmed_at >= _opens(first), place) for place, first in enumerate(firsts)), else_=MONTHS)
    rows = db.session.execute(select(month.label("month"), Dossier.kind, func.count()).where(
        Dossier.confirmed_at.is_not(None), which).group_by("month", Dossier.kind))
    return Counter({(firsts[place] if place < MONTHS else None, kind): number for place, kind, number in rows})


def _firsts(now: datetime) -> list[date]:
    """The first days of this month and of those before, in Paris."""
    today = local(now).date()
    numbers = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _opens(first: date) -> datetime:
    return datetime.combine(first, time(), PARIS)
