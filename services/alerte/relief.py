"""When nobody reads: whoever stood by is let in. At the sending the alert's key was sealed to them too, and the author saw who it
would be; until then none of their pages shows it and no letter speaks of it (decision 0015)."""

from __future__ import annotations

from datetime import datetime

from models.alerte import Alerte
from models.base import db
from models.instance import instance
from models.network import Referent

from .coarse import day
from .readers import readers_of, tell
from .sealed import CannotOpen, lock_with, open_with, relief_key, seal_key


def let_in(row: Alerte, now: datetime) -> None:
    """Open ``row`` to those who stood by, and tell them that something waits; inside a transaction.

    Its author is told the day even where nobody stood by.
    """
    row.escalated_on = day(now)
    before = readers_of(row)
    for access in [access for access in row.accesses if access.stands_by]:
        try:
            access.sealed_key = open_with(relief_key(instance().settings.SECRET_KEY), access.sealed_key)
        except CannotOpen:  # the instance's secret was changed since
            row.accesses.remove(access)
            db.session.delete(access)
        access.stands_by = False
    tell(row, tuple(person for person in readers_of(row) if person not in before), now)


def for_later(public: bytes, private: bytes) -> bytes:
    """An alert's key, sealed to who stands by, and locked until :func:`let_in`."""
    return lock_with(relief_key(instance().settings.SECRET_KEY), seal_key(public, private))


def stands_by(row: Alerte) -> bool:
    """Whether somebody could still be let in."""
    return any(access.stands_by for access in row.accesses)


def let_in_people(row: Alerte) -> tuple[Referent, ...]:
    """Who was let in since nobody had read, for the author's page."""
    return tuple(person for person in readers_of(row) if person.outside) if row.escalated_on else ()
