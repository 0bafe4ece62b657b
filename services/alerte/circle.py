"""Who may read an alert: the referents whose key is made, but for those its author keeps away and those of the same employer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from models.alerte import AlerteKey
from models.base import db
from models.instance import instance
from models.network import Referent
from territory.spelling import fold

from ..same_employer import same_employer


@dataclass(frozen=True)
class Circle:
    """``readers`` with their keys; ``away``: ``(referent, why)``; ``outside``: nobody is left but the outside contact;
    ``standing_by``: who is let in if none of the readers reads."""

    readers: tuple[tuple[Referent, AlerteKey], ...]
    away: tuple[tuple[Referent, str], ...]
    outside: bool
    standing_by: tuple[tuple[Referent, AlerteKey], ...]


def circle(employer: str, avoided: Iterable[str], avoided_words: str) -> Circle:
    """Who would read an alert of somebody whose employer is that (may be ""), who keeps these addresses away, and whoever
    these words name."""
    kept_out = {email.lower() for email in avoided}
    keys = enrolled()
    network = instance().network
    away, able = [], []
    for person in network.referents:
        why = _why_away(person, employer, kept_out, avoided_words)
        if why:
            away.append((person, why))
        elif person.email.lower() in keys:
            able.append(person)
    inside = [person for person in able if not person.outside]
    outside = [person for person in able if person.outside]
    with_keys = {person: (person, keys[person.email.lower()]) for person in able}
    return Circle(tuple(with_keys[person] for person in inside or outside), tuple(away), outside=not inside,
                  standing_by=tuple(with_keys[person] for person in outside if inside))


def enrolled() -> dict[str, AlerteKey]:
    """The keys of referents the network still names, by address in lower case."""
    named = {person.email.lower() for person in instance().network.referents}
    return {key.email: key for key in db.session.scalars(select(AlerteKey)) if key.email in named}


def can_be_left() -> bool:
    """False while no referent has a key: whatever was written, nobody could read it."""
    return bool(enrolled())


def _why_away(person: Referent, employer: str, kept_out: set[str], words: str) -> str:
    if person.email.lower() in kept_out or _named(person, words):
        return "vous l’avez demandé"
    return "même employeur que vous" if same_employer(person.employer, employer) else ""


def _named(person: Referent, words: str) -> bool:
    if person.email.lower() in words.lower():
        return True
    name = fold(person.name)
    return bool(name) and all(re.search(rf"\b{re.escape(part)}\b", fold(words)) for part in name.split())
