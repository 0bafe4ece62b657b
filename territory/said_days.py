"""Days as people write them in a mail: « 12 décembre », « 12/12 », « du 7 au 12 décembre 2026 »."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from .spelling import fold

_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
           "decembre")
_SHORT = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in range(3, len(name) + 1)
          if sum(other.startswith(name[:length]) for other in _MONTHS) == 1} | {"mai": 5, "sept": 9}
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY = re.compile(
    rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)}) )?(?:le )?(?P<day>\d{{1,2}})(?:er)?"
    r"(?:(?P<sep> )(?P<month>\d{1,2}|[a-z]{3,9})(?: (?P<year>\d{4}|\d{2}))?)?")
_ISO = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})")
#: Without a year, a day farther than this is more likely to be past, or a mistake.
_NEXT = timedelta(days=183)
#: Nobody says today that they will be away for longer.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Days:
    """Whole days, both included."""

    first: date
    last: date


class UnreadableDays(ValueError):
    """The words name no day, an impossible one, or one that is past; the message says which, in French."""


def read_days(words: str, today: date) -> Days:
    """The days that ``words`` name, seen from ``today``: until a day (from today on), or from one day to another.

    A year that is not written is that of the next such day.

    :raises UnreadableDays: nothing certain can be read, or it is past, or too far away.
    """
    try:
        return _read_days(words, today)
    except _NotRead as unread:
        written = " ".join(words.split())[:60]
        raise UnreadableDays(f"nous n’avons pas su lire de jour dans «\u00a0{written}\u00a0»" if written
                             else "il manque le jour") from unread


def read_day(words: str) -> date:
    """The one whole day that ``words`` name, year and all: « mardi 2 février 2027 », « le 02/02/2027 », « 2027-02-02 ».

    :raises UnreadableDays: it is no day, the year is missing, or the day of the week is another one.
    """
    said = fold(words).removeprefix("le ")
    found = _DAY.fullmatch(said)
    if found and found["month"] and not found["year"]:
        raise UnreadableDays("il manque l’année")
    try:
        return _read(said if found or _ISO.fullmatch(said) else "", date.min, date.min)
    except _NotRead as unread:
        raise UnreadableDays("nous n’y lisons pas de jour complet") from unread


class _NotRead(ValueError):
    pass


def _read_days(words: str, today: date) -> Days:
    said = re.sub(r"\b(?:inclus|compris|soir|au soir|matin)\b", " ", fold(words))
    said = re.sub(r"^(?:jusqu (?:au|a)|jusque) ?|^(?=du )", "", " ".join(said.split())).strip()
    between = re.fullmatch(r"(?:du|de|a partir du|le) (.+?) (?:au|jusqu au|a) (.+)", said)
    if not between:
        last = _read(said, today, today)
        return _checked(Days(today, last), today)
    last = _read(between[2], today, today)
    return _checked(Days(_read_first(between[1], last, today), last), today)


def _read_first(said: str, last: date, today: date) -> date:
    """« du 7 au 12 décembre »: the month of the last day goes for the first one."""
    found = re.fullmatch(r"(?:\w+ )?(\d{1,2})(?:er)?", said)
    if not found:
        return _read(said, today, today)
    return _date(last.year, last.month, int(found[1]), said)


def _read(said: str, since: date, today: date) -> date:
    if said in ("demain", "ce soir", "aujourd hui"):
        return today + timedelta(days=said == "demain")
    if iso := _ISO.fullmatch(said):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]), said)
    found = _DAY.fullmatch(said)
    if not found or not found["month"]:
        raise _NotRead(said)
    month = int(found["month"]) if found["month"].isdigit() else _SHORT.get(found["month"], 0)
    if found["year"]:
        year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
        day = _date(year, month, int(found["day"]), said)
    else:
        day = _date(since.year, month, int(found["day"]), said)
        if day < since:
            day = _date(since.year + 1, month, int(found["day"]), said)
            if day - since > _NEXT:
                raise UnreadableDays("ce jour est passé ; s’il s’agit de l’an prochain, écrivez l’année")
    if found["weekday"] and _WEEKDAYS[day.weekday()] != found["weekday"]:
        raise UnreadableDays(f"le {found['day']} n’est pas un {found['weekday']}")
    return day


def _date(year: int, month: int, day: int, said: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableDays(f"«\u00a0{said.replace(' ', '/')}\u00a0» n’est pas un jour du calendrier") from error


def _checked(days: Days, today: date) -> Days:
    if days.last < today:
        raise UnreadableDays("ce jour est passé")
    if days.first > days.last:
        raise UnreadableDays("le premier jour vient après le dernier")
    if days.last - today > LONGEST:
        raise UnreadableDays("ce jour est dans plus d’un an")
    return Days(max(days.first, today), days.last)
