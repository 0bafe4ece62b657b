"""Who takes part in a convention."""

from __future__ import annotations

from models.base import db
from models.dossier import Immersion, Participant
from models.states import Role
from pdf.convention_data import Tutor


def tutors(dossier: Immersion) -> list[Participant]:
    """Those who accompany on the spot, where they have an address of their own: copies and reminders go to them."""
    others = {person.email.lower() for person in parties(dossier)}
    return [person for person in dossier.participants
            if person.role == Role.TUTOR and person.active and person.email.lower() not in others]


def seat_of_tutor(dossier: Immersion, tutor: Tutor) -> list[Participant]:
    """Who welcomes the person day after day, where the convention gives them an address: they take part from now on."""
    email = tutor.email.strip()
    if not email:
        return []
    known = next((person for person in dossier.participants if person.email.lower() == email.lower()), None)
    if known is not None:
        known.active = True
        return [known]
    seat = Participant(role=Role.TUTOR.value, name=tutor.name[:200], email=email, phone=tutor.phone[:40],
                       quality=tutor.quality[:200], organisation=dossier.host.name if dossier.host else "", active=True)
    dossier.participants.append(seat)
    db.session.flush()
    return [seat]


def parties(dossier: Immersion) -> list[Participant]:
    """The person received, their employer where they have one, their host."""
    found = (dossier.author, dossier.participant(Role.EMPLOYER), dossier.participant(Role.HOST))
    return [party for party in found if party is not None]
