"""Working days of France, Paris time, and how dates and hours are said in French.

Times are kept in UTC and said in Paris time. Inside what is said, spaces that must not break are U+00A0.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

PARIS = ZoneInfo("Europe/Paris")
_NBSP = "\u00a0"

# Départements and collectivities with days of their own (Alsace-Moselle: code du travail, art. L3134-13; abolition of
# slavery: loi n° 83-550), under the names that the holidays package gives them.
_OWN_HOLIDAYS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM",
    "976": "976", "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}


@cache
def _holidays(year: int, subdivision: str | None) -> dict[date, str]:
    from holidays import country_holidays  # of two hundred countries, for who reckons a working day

    # One finished table a year: the package's own object fills itself while it is read, which threads must not share.
    found = country_holidays("FR", subdiv=subdivision, years=year, language="fr")
    return {day: name.replace("'", "’").replace("; ", " et ") for day, name in found.items()}


def holiday_name(day: date, departement: str | None = None) -> str | None:
    """The French name of a public holiday ("Lundi de Pâques"), None on another day.

    Without ``departement`` (code), the eleven days of article L3133-1 of the code du travail.
    """
    day = _day(day)
    return _holidays(day.year, _OWN_HOLIDAYS.get(departement or "")).get(day)


def is_working_day(day: date, departement: str | None = None) -> bool:
    """A *jour ouvré*: Monday to Friday, but for public holidays."""
    day = _day(day)
    return day.weekday() < 5 and holiday_name(day, departement) is None


def add_working_days(start: datetime | date, n: int, departement: str | None = None) -> date:
    """The n-th working day after a day, itself not counted (before it, if ``n`` is negative).

    With ``n`` 0, the day itself if it is a working day, or else the next. An aware datetime counts for its day in
    Paris; one without a time zone raises ValueError.
    """
    day, step = _day(start), timedelta(days=-1 if n < 0 else 1)
    if n == 0:
        while not is_working_day(day, departement):
            day += step
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day, departement)
    return day


def next_working_moment(moment: datetime, opens: int, closes: int, departement: str | None = None) -> datetime:
    """``moment`` itself in working hours (a working day, from ``opens`` to before ``closes`` o'clock in Paris), else the
    next opening, in UTC.

    Raises ValueError without a time zone, or where ``opens`` to ``closes`` is not a range within a day (0 to 24).
    """
    if not 0 <= opens < closes <= 24:
        raise ValueError(f"not hours of a day: {opens} to {closes}")
    here = local(moment)
    day = here.date()
    if is_working_day(day, departement) and here.hour < closes:
        if here.hour >= opens:
            return moment
    else:
        day = add_working_days(day, 1, departement)
    return datetime.combine(day, time(opens), PARIS).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on the clocks of Paris.

    Raises ValueError for a datetime without a time zone: guessing it would shift appointments by an hour or two.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a datetime without a time zone: {moment!r}")
    return moment.astimezone(PARIS)


def say_date(day: date) -> str:
    """"mardi 2 février 2027"; a datetime is said for its day in Paris."""
    return _say(day, "MMMM y")


def say_day(day: date) -> str:
    """"mardi 2 février", where the year goes without saying."""
    return _say(day, "MMMM")


def say_time(at: time | datetime) -> str:
    """"9 h", "9 h 30"; a datetime (aware) is said in Paris time, a time as it is."""
    if isinstance(at, datetime):
        at = local(at).time()
    return f"{at.hour}{_NBSP}h{_NBSP}{at.minute:02}" if at.minute else f"{at.hour}{_NBSP}h"


def say_datetime(moment: datetime) -> str:
    """"mardi 2 février 2027 à 9 h 30", in Paris time. Raises ValueError without a time zone."""
    return f"{say_date(moment)} à {say_time(moment)}"


def say_duration(minutes: int) -> str:
    """"14 h", "1 h 35", "45 min". Raises ValueError below zero."""
    if minutes < 0:
        raise ValueError(f"a negative duration: {minutes}")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{_NBSP}min"
    return f"{hours}{_NBSP}h{_NBSP}{rest:02}" if rest else f"{hours}{_NBSP}h"


def _day(moment: date) -> date:
    return local(moment).date() if isinstance(moment, datetime) else moment


def _say(moment: date, rest: str) -> str:
    day = _day(moment)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{format_date(day, 'EEEE', locale='fr')} {number}{_NBSP}{format_date(day, rest, locale='fr')}"
