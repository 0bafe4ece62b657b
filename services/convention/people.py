"""Who takes part in a convention."""

from __future__ import annotations

from models.dossier import Immersion, Participant
from models.states import Role


def tutors(dossier: Immersion) -> list[Participant]:
    """Those who accompany on the spot, where they have an address of their own: copies and reminders go to them."""
    others = {person.email.lower() for person in parties(dossier)}
    return [person for person in dossier.participants
            if person.role == Role.TUTOR and person.active and person.email.lower() not in others]


def parties(dossier: Immersion) -> list[Participant]:
    """The three: the person received, their employer, their host."""
    found = (dossier.author, dossier.participant(Role.EMPLOYER), dossier.participant(Role.HOST))
    return [party for party in found if party is not None]
