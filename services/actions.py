"""The table of what people may do to a dossier, and what of it is offered: by kind, state and role, who asks, and the clock.

``services/acting.py`` does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from models.dossier import Actor, Dossier
from models.states import Kind, Role
from territory.calendar import local, say_date

Verb = Callable[[Dossier, Actor, str, datetime, Any], str]
"""Does it, inside the transaction; gives the sentence that tells it is done."""


@dataclass(frozen=True)
class Action:
    """``words``: "none", "optional" or "required". ``form``: the action has a page of its own with more questions.

    ``strict``: done only on what the person was looking at, else they are asked to look again. ``whole``: its words are
    kept as they came, as they go into no letter, or are taken care of there. ``only``, given the dossier and the person
    (None: anybody in that role), says in French why not now, or "". ``until`` is the last moment it can be done, None for no
    limit; ``too_late`` says so then, of the day ``{day}``. ``prepare`` is called before the transaction, for what is slow
    (a PDF) and needs no lock.
    """

    slug: str
    label: str
    explanation: str
    where: dict[Kind, frozenset[str]]
    roles: frozenset[Role]
    verb: Verb
    words: str = "none"
    words_label: str = ""
    form: bool = False
    main: bool = False
    strict: bool = False
    whole: bool = False
    only: Callable[[Dossier, Any], str] | None = None
    until: Callable[[Dossier], datetime | None] | None = None
    too_late: str = ""
    prepare: Callable[[Dossier, str, datetime], Any] | None = None

    def last_day(self, dossier: Dossier) -> str:
        """The day of its last moment, in words; "" where it has none."""
        limit = self.until(dossier) if self.until else None
        return say_date(local(limit).date()) if limit else ""

    def late(self, dossier: Dossier, now: datetime) -> str:
        """That it could be done until then, in a sentence; "" where it still can."""
        limit = self.until(dossier) if self.until else None
        if limit is None or now <= limit:
            return ""
        return self.too_late.format(day=self.last_day(dossier))

    def why_not(self, dossier: Dossier, who: Any, now: datetime) -> str:
        """Why ``who`` may not do it now, where kind, state and role allow it; "" where they may."""
        return (self.only(dossier, who) if self.only else "") or self.late(dossier, now)


ACTIONS: list[Action] = []

#: What turns away from a request or ends it stands below what goes on with it, in this order; another request comes after.
_BELOW = ("retirer-note", "annuler-echange", "annuler-avenant", "depublier", "retirer-attestation", "rendre", "pause",
          "changer-accueil", "changer-mentor", "clore", "terminer", "refuser", "retirer", "arreter", "refaire", "stop")


def register(*actions: Action) -> None:
    """Add a slice's actions to the table, in the order they are offered."""
    ACTIONS.extend(actions)
    _named_in.cache_clear()


def named_here(dossier: Dossier, role: Role) -> tuple[Action, ...]:
    """What that role may do in that state, before asking who, and when."""
    return _named_in(dossier.kind, dossier.state, role)


@cache
def _named_in(kind: str, state: str, role: Role) -> tuple[Action, ...]:
    return tuple(a for a in ACTIONS if role in a.roles and state in a.where.get(Kind(kind), ()))


def available(dossier: Dossier, role: Role, now: datetime, who: Any = None) -> list[Action]:
    """What ``role``, and ``who`` in that role, may do now: the main action first, what ends the request last."""
    found = [a for a in named_here(dossier, role) if not a.why_not(dossier, who, now)]
    return sorted(found, key=lambda a: (not a.main, _BELOW.index(a.slug) if a.slug in _BELOW else -1))


def too_late(dossier: Dossier, role: Role, now: datetime, who: Any = None) -> list[str]:
    """What ``who`` could do until a day that is past, a sentence each."""
    return [late for a in named_here(dossier, role)
            if (late := a.late(dossier, now)) and not (a.only and a.only(dossier, who))]


def find_action(dossier: Dossier, role: Role, slug: str, now: datetime, who: Any = None) -> Action | None:
    """The action of that name, if it is offered now."""
    return next((a for a in available(dossier, role, now, who) if a.slug == slug), None)


def named(slug: str) -> Action:
    """The action of that name, for a name that one action alone bears."""
    [action] = [a for a in ACTIONS if a.slug == slug]
    return action
