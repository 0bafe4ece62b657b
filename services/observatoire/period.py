"""The months that figures are about: whole ones, so that a figure does not move with each newcomer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from babel.dates import format_date

from services.errors import NotFound
from territory.calendar import PARIS, local

#: Address of the twelve last whole months.
ROLLING = "douze-mois"


@dataclass(frozen=True)
class Period:
    """From the first day of a month to the last of another, both included, in Paris."""

    slug: str
    first: date
    last: date

    @property
    def label(self) -> str:
        """« de novembre 2026 à octobre 2027 », « l’année 2026 »."""
        if self.slug == ROLLING:
            return f"de {_month(self.first)} à {_month(self.last)}"
        end = "" if self.last.month == 12 else f", jusqu’à fin {format_date(self.last, 'MMMM', locale='fr')}"
        return f"l’année {self.slug}{end}"

    @property
    def closed(self) -> bool:
        """A calendar year that is over. Any other period slides: two of its figures, a month apart, tell that month's."""
        return self.slug != ROLLING and self.last.month == 12

    @property
    def opens(self) -> datetime:
        """Its first moment, in UTC."""
        return _midnight(self.first)

    @property
    def closes(self) -> datetime:
        """The first moment after it, in UTC."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def months(self) -> list[tuple[int, int]]:
        """Each ``(year, month)``, in order."""
        number, last = self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month - 1
        return [(each // 12, each % 12 + 1) for each in range(number, last + 1)]


def periods(now: datetime, since: date | None) -> list[Period]:
    """The twelve last whole months, then each year that has a whole month since ``since``, the latest first."""
    end = local(now).date().replace(day=1) - timedelta(days=1)
    found = [Period(ROLLING, _a_year_before(end), end)]
    if since is not None:
        found += [Period(str(year), date(year, 1, 1), min(date(year, 12, 31), end))
                  for year in range(end.year, since.year - 1, -1)]
    return found


def period_named(slug: str, now: datetime, since: date | None) -> Period:
    """:raises NotFound: nothing is told of that period."""
    for period in periods(now, since):
        if period.slug == slug:
            return period
    raise NotFound("Il n’y a pas de chiffres pour cette période.")


def say_month(year: int, month: int) -> str:
    """« novembre 2026 »."""
    return _month(date(year, month, 1))


def _a_year_before(end: date) -> date:
    after = end + timedelta(days=1)
    return after.replace(year=after.year - 1)


def _month(day: date) -> str:
    return format_date(day, "MMMM y", locale="fr")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS).astimezone(UTC)
