"""A host's answer, line by line: « Dates : », then one day per line, then who receives and who signs. Nothing is guessed.

Pure: text in, :class:`services.hosting.HostLines` out; what is missing, past or doubtful is judged there.
"""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise

from services.immersion import hosting
from services.immersion.hosting import HostLines
from territory.said_days import UnreadableDays, read_day
from territory.spelling import fold

from .commands import says_something

#: « 9 h », « 9h30 », « 9:30 », « 17 heures »; in « 9 h 12 h », 12 is an hour and no minutes.
_HOUR = re.compile(r"(?<!\d)(\d{1,2})\s?(?:heures?|h|:)(?![a-z])(?:\s?(\d{2})(?!\d|\s?(?:h|:)))?", re.IGNORECASE)
#: What may stand around hours and says nothing more.
_BETWEEN = frozenset(["a", "au", "de", "et", "jusqu", "jusque", "puis", "le", "la", "matin", "midi", "apres"])
_ASIDE = re.compile(r"\([^)]*\)")
_BULLET = re.compile(r"^(?:[-*•–—]+\s+)+")
NO_HOURS = "il faut une heure de début et une heure de fin, ou deux fois deux pour une journée avec une pause"


def read_host_answer(text: str) -> HostLines:
    """What the lines under « accueillir » say; words that belong to no line are kept as words for the coordination."""
    known = hosting.names()
    labels = {question.name: question.label for question in hosting.QUESTIONS}
    values: dict[str, list[str]] = {}
    dates: list[str] = []
    rest: list[str] = []
    twice: list[str] = []
    name = ""
    for raw in text.splitlines():
        line = " ".join(_BULLET.sub("", raw.strip(" \t\u00a0*_")).split())
        found, value = _labelled(line, known)
        if found:
            name = found
            if name in values and _differs(values[name], value):
                twice.append(labels[name])
            if name in labels and not values.get(name):
                values[name] = [value] if value else []
            elif name == "sessions" and value:
                dates.append(value)
            elif name == "words":
                rest.append(value)
        elif not line:
            name = name if name in ("sessions", "words") else ""
            rest.append("")
        elif name == "sessions" and (re.search(r"\d", line) or not dates):
            dates.append(line)
        elif name in labels and says_something(line):
            values[name].append(line)
        else:
            name = "words"
            rest.append(line)
    sessions, unread = _read_dates(dates)
    words = "\n".join(rest).strip()
    return HostLines(tuple(sessions), {key: " ".join(parts) for key, parts in values.items() if parts}, tuple(unread),
                     tuple(twice), words if says_something(words) else "")


def _labelled(line: str, known: dict[str, str]) -> tuple[str, str]:
    label, colon, value = line.partition(":")
    name = known.get(fold(_ASIDE.sub(" ", label)).strip(), "") if colon else ""
    return (name, value.strip(" *_")) if name else ("", "")


def _differs(before: list[str], value: str) -> bool:
    return bool(before and value) and fold(" ".join(before)) != fold(value)


def _read_dates(lines: list[str]) -> tuple[list, list[tuple[str, str]]]:
    sessions, unread = [], []
    for line in lines:
        for part in filter(None, (piece.strip() for piece in line.split(";"))):
            try:
                sessions.append(read_session(part))
            except UnreadableDays as why:
                unread.append((part, str(why)))
    return sessions, unread


def read_session(line: str) -> hosting.Session:
    """One day and its hours: « mardi 2 février 2027, 9 h - 12 h et 14 h - 17 h », « 02/02/2027 9h-12h30 ».

    :raises UnreadableDays: no whole date, no hours two by two, or anything else on the line; says which, in French.
    """
    hours = list(_HOUR.finditer(line))
    if not hours:
        raise UnreadableDays(NO_HOURS)
    day = re.sub(r"(?:[\s,:(–—-]|\bde\b|\bà\b)+$", "", line[:hours[0].start()].strip(), flags=re.IGNORECASE)
    on = read_day(day)
    ends = [found.end() for found in hours]
    around = [line[end:found.start()] for end, found in zip(ends, hours[1:], strict=False)] + [line[ends[-1]:]]
    if extra := [word for between in around for word in fold(between).split() if word not in _BETWEEN]:
        raise UnreadableDays(f"nous ne comprenons pas «\u00a0{extra[0]}\u00a0» parmi les heures")
    if len(hours) not in (2, 4):
        raise UnreadableDays(NO_HOURS)
    try:
        times = [time(int(found[1]), int(found[2] or 0)) for found in hours]
    except ValueError as wrong:
        raise UnreadableDays("une de ces heures n’existe pas") from wrong
    if any(later <= sooner for sooner, later in pairwise(times)):
        raise UnreadableDays("les heures doivent se suivre, celle de fin après celle de début")
    return hosting.Session(on, *times)


def without_answers(sent: str) -> str:
    """A letter of ours without the lines that an answer repeats: they are the host's in its answer, and no quote."""
    known = hosting.names()
    return "\n".join(line for line in sent.splitlines()
                     if not (_labelled(_BULLET.sub("", line.strip()), known)[0] or _HOUR.search(line)))
