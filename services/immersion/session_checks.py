"""The dates of an immersion, checked: what cannot be (an error), and what deserves a second look (a warning).

Pure: what the network knows around the dates is given (``planning.py`` gathers it). A warning stops nobody: it is
shown to the host, told by mail, and shown to the coordination (reference field.md S08 and N06, 4.1).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pdf.convention_data import Session
from territory.calendar import holiday_name, is_working_day, say_date, say_duration
from territory.spelling import fold

PUBLIC_AGENT = "immersion_agent_public"
#: Décret n° 2022-1043: working days of one period, of three years, and months of notice.
LEAST_DAYS, MOST_DAYS, MOST_IN_THREE_YEARS, NOTICE_MONTHS, ANSWER_MONTHS = 2, 10, 20, 3, 1
#: Code du travail, L3121-18: hours of work of one day.
LONGEST_DAY = 10 * 60


@dataclass(frozen=True)
class Finding:
    """``error``: these dates cannot be kept. ``reference``: another request it is about, for the coordination's eyes only."""

    error: bool
    sentence: str
    reference: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """A session of another immersion that is going on."""

    session: Session
    reference: str


@dataclass(frozen=True)
class Around:
    """What is known around the dates.

    ``frame``: the legal frame, chosen by the coordination (``chosen``) or only likely. ``of_person``: what the same person
    has at other hosts; ``at_host``: what the same host has for other people, who has ``places`` (0: not said).
    ``days_before``: days of this frame the network knows of in the three years before; ``days_elsewhere``: those declared.
    """

    today: date
    departement: str = ""
    frame: str = ""
    chosen: bool = False
    requested_on: date | None = None
    shorter_notice_agreed: bool = False
    rhythm: str = ""
    earliest: date | None = None
    of_person: tuple[Elsewhere, ...] = ()
    at_host: tuple[Elsewhere, ...] = ()
    places: int = 0
    days_before: int = 0
    days_elsewhere: int = 0


Sessions = tuple[Session, ...]


def check_sessions(sessions: Sessions, around: Around) -> tuple[Finding, ...]:
    """What is to be said of these dates, errors first; nothing of no dates."""
    found = [finding for rule in RULES for finding in rule(sessions, around)] if sessions else []
    return tuple(sorted(found, key=lambda finding: not finding.error))


def _past(sessions: Sessions, around: Around) -> Iterator[Finding]:
    for session in sessions:
        if session.on < around.today:
            yield Finding(True, f"Le {say_date(session.on)} est passé. Indiquez une date à venir.")
        elif session.on > around.today + timedelta(days=366):
            yield Finding(False, f"Le {say_date(session.on)} est dans plus d’un an. Vérifiez l’année.")


def _twice(sessions: Sessions, _around: Around) -> Iterator[Finding]:
    days = [session.on for session in sessions]
    for on in sorted({on for on in days if days.count(on) > 1}):
        yield Finding(True, f"Le {say_date(on)} est indiqué {days.count(on)} fois. Réunissez ses heures sur une même ligne.")


def _elsewhere(sessions: Sessions, around: Around) -> Iterator[Finding]:
    for session in sessions:
        for other in around.of_person:
            if other.session.on != session.on:
                continue
            if _overlap(session, other.session):
                yield Finding(True, f"Le {say_date(session.on)}, la personne accueillie est déjà attendue ailleurs à ces heures. "
                                    "Choisissez un autre jour ou d’autres heures.", other.reference)
            else:
                yield Finding(False, f"Le {say_date(session.on)}, la personne accueillie est déjà attendue ailleurs, à d’autres "
                                     "heures. Vérifiez qu’elle a le temps d’aller de l’un à l’autre.", other.reference)


def _overlap(one: Session, other: Session) -> bool:
    return any(start < until and since < end for start, end in one.ranges for since, until in other.ranges)


def _capacity(sessions: Sessions, around: Around) -> Iterator[Finding]:
    if not around.places:
        return
    for session in sessions:
        there = {other.reference for other in around.at_host if other.session.on == session.on}
        if len(there) >= around.places:
            others = ("une autre personne est déjà attendue" if len(there) == 1
                      else f"{len(there)} autres personnes sont déjà attendues")
            places = "une seule place" if around.places == 1 else f"{around.places} places"
            yield Finding(False, f"Le {say_date(session.on)}, {others} dans la même structure, qui a annoncé {places}.",
                          ", ".join(sorted(there)))


def _not_working(sessions: Sessions, around: Around) -> Iterator[Finding]:
    for session in sessions:
        if name := holiday_name(session.on, around.departement):
            yield Finding(False, f"Le {say_date(session.on)} est un jour férié ({name}).")
        elif session.on.weekday() == 6:
            yield Finding(False, f"Le {say_date(session.on)} est un dimanche.")


def _long(sessions: Sessions, _around: Around) -> Iterator[Finding]:
    for session in sessions:
        if session.minutes > LONGEST_DAY:
            yield Finding(False, f"Le {say_date(session.on)} compte {say_duration(session.minutes)} : une journée de travail ne "
                                 "dépasse pas 10 h (code du travail, article L. 3121-18).")


def _early(sessions: Sessions, around: Around) -> Iterator[Finding]:
    first = min(session.on for session in sessions)
    if around.earliest and around.today <= first < around.earliest:
        yield Finding(False, f"La personne souhaitait venir à partir du {say_date(around.earliest)} ; la première date est le "
                             f"{say_date(first)}.")


def _rhythm(sessions: Sessions, around: Around) -> Iterator[Finding]:
    wished = read_rhythm(around.rhythm)
    if wished is None:
        return
    count, halves, weeks = wished
    days = sorted({session.on for session in sessions})
    given = sum(len(session.ranges) for session in sessions) if halves else len(days)
    spread = ((days[-1] - timedelta(days=days[-1].weekday())) - (days[0] - timedelta(days=days[0].weekday()))).days // 7 + 1
    if (given, spread) != (count, weeks):
        yield Finding(False, f"La demande parle de {_say_rhythm(count, halves, weeks)}. Ces dates font "
                             f"{_say_rhythm(given, halves, spread)}.")


_NUMBERS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
            "dix": 10}
_RHYTHM = re.compile(r"\b(\d{1,2}|[a-z]+) (demi )?(?:journees?|jours?) (?:sur|en|pendant|dans) (\d{1,2}|[a-z]+) semaines?\b")


def read_rhythm(text: str) -> tuple[int, bool, int] | None:
    """« 2 journées sur 2 semaines » -> ``(2, False, 2)``; « 4 demi-journées sur 2 semaines » -> ``(4, True, 2)``; else None."""
    if not (found := _RHYTHM.search(fold(text))):
        return None
    count, weeks = (int(word) if word.isdecimal() else _NUMBERS.get(word, 0) for word in (found[1], found[3]))
    return (count, bool(found[2]), weeks) if count and weeks else None


def _say_rhythm(count: int, halves: bool, weeks: int) -> str:
    unit = "demi-journée" if halves else "journée"
    return f"{count} {unit}{'s' if count > 1 else ''} sur {weeks} semaine{'s' if weeks > 1 else ''}"


def _public_agent(sessions: Sessions, around: Around) -> Iterator[Finding]:
    if around.frame != PUBLIC_AGENT:
        return
    days = working_days(sessions, around.departement)
    frame = "La période d’immersion d’un agent public"
    if days < LEAST_DAYS:
        yield Finding(around.chosen, f"{frame} demande {LEAST_DAYS} jours ouvrés au moins ; ces dates en font {days}.")
    if days > MOST_DAYS:
        yield Finding(around.chosen, f"{frame} permet {MOST_DAYS} jours ouvrés au plus ; ces dates en font {days}.")
    total = days + around.days_before + around.days_elsewhere
    if total > MOST_IN_THREE_YEARS:
        yield Finding(around.chosen, f"{frame} permet {MOST_IN_THREE_YEARS} jours au plus sur trois ans ; avec ces dates, cela "
                                     f"ferait {total} jours.")
    first = min(session.on for session in sessions)
    limit = months_before(first, NOTICE_MONTHS)
    if around.requested_on and around.requested_on > limit and not around.shorter_notice_agreed:
        yield Finding(False, f"La demande est du {say_date(around.requested_on)}. Pour commencer le {say_date(first)}, il "
                             f"fallait la faire trois mois avant, le {say_date(limit)} au plus tard. Un délai plus court est "
                             "possible si l’employeur l’accepte : cela s’écrit dans la convention.")


RULES: tuple[Callable[[Sessions, Around], Iterator[Finding]], ...] = (
    _past, _twice, _elsewhere, _capacity, _not_working, _long, _early, _rhythm, _public_agent)


def working_days(sessions: Sessions, departement: str = "") -> int:
    """How many *jours ouvrés* these sessions are on."""
    return sum(is_working_day(on, departement) for on in {session.on for session in sessions})


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months before (after, when negative); the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def answer_expected(requested_on: date) -> date:
    """Until when the employer of a public agent may take to answer: a month."""
    return months_before(requested_on, -ANSWER_MONTHS)
