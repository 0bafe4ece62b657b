"""Counts of the requests, for who reads figures: never a name, never a word, nothing of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, extract, func, select

from models.base import db
from models.dossier import Dossier
from models.states import ENDED, Kind
from territory.calendar import local


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


def by_kind(now: datetime) -> list[Count]:
    """One line a kind, in one question."""
    goes_on = Dossier.state.notin_(list(ENDED))
    late = goes_on & (Dossier.promised_on < local(now).date())
    rows = db.session.execute(select(Dossier.kind, func.count(), _sum(goes_on), _sum(late))
                              .where(Dossier.confirmed_at.is_not(None)).group_by(Dossier.kind)).all()
    found = {kind: (count, open_ or 0, behind or 0) for kind, count, open_, behind in rows}
    return [Count(kind, *found.get(kind.value, (0, 0, 0))) for kind in Kind]


def by_month(now: datetime, months: int = 12) -> list[Month]:
    """The latest months, this one included, the latest first; months are those of UTC."""
    today = local(now).date()
    wanted = [_back(today, number) for number in range(months)]
    since = datetime(wanted[-1].year, wanted[-1].month, 1, tzinfo=now.tzinfo)
    year, month = extract("year", Dossier.confirmed_at), extract("month", Dossier.confirmed_at)
    rows = db.session.execute(select(year, month, Dossier.kind, func.count()).where(Dossier.confirmed_at >= since)
                              .group_by(year, month, Dossier.kind)).all()
    found = {(int(of), int(in_), kind): count for of, in_, kind, count in rows}
    return [Month(first, tuple(found.get((first.year, first.month, kind.value), 0) for kind in Kind)) for first in wanted]


def _back(today: date, months: int) -> date:
    """The first day of the month so many months ago."""
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _sum(which):
    return func.sum(case((which, 1), else_=0))
