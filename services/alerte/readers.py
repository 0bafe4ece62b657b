"""Who reads an alert that is there, and how they learn that something waits."""

from __future__ import annotations

from datetime import datetime

from mail.letters import alerte as letters
from models.alerte import Alerte
from models.instance import instance
from models.network import Referent

from . import codes, notices, referents


def readers_of(row: Alerte) -> tuple[Referent, ...]:
    """Referents who can read that alert, in the order of ``network.toml``."""
    emails = {access.key.email for access in row.accesses if not access.stands_by}
    return tuple(person for person in instance().network.referents if person.email.lower() in emails)


def tell(row: Alerte, people: tuple[Referent, ...], now: datetime) -> None:
    """Something waits for these referents; inside a transaction."""
    network, reference = instance().network, codes.name_of(row.public_key)
    for person in people:
        letter = letters.something_waits(network, person.name, referents.way_in(person, now), reference)
        notices.post(letter, person.email, person.name, now)
