"""The sealed document goes to all who take part, with the sessions for their calendars."""

from __future__ import annotations

from datetime import datetime

from mail import outbox
from mail.calendar_invitation import Person, invitations
from mail.letter import Attachment
from mail.letters import convention as letters
from models.access_link import Purpose
from models.convention import Convention
from models.dossier import Participant
from models.instance import instance

from ..acting import who_coordinates
from ..links import personal_url
from .appointments import appointments, network_address, said_sessions
from .in_force import said_by
from .people import parties, seat_of_tutor


def send_sealed(row: Convention, name: str, content: bytes, now: datetime) -> None:
    """Write to everyone, the file joined under ``name``; inside the transaction that notes the seal."""
    dossier, network = row.immersion, instance().network
    file = Attachment(name, "application/pdf", content)
    # What an amendment does to the sessions is said by who moves them.
    sessions = [] if row.number else said_sessions(dossier)
    for to in recipients(row):
        mine = appointments(dossier, to) if sessions else []
        files = (file, *invitations(mine, network_address(), Person(to.name, to.email), now)) if mine else (file,)
        letter = letters.convention_sealed(
            network, dossier, to, personal_url(Purpose.DOSSIER, to, now), row.version, row.number,
            str(row.data.get("verification_url", "")), row.verification_code or "", files, sessions)
        outbox.post(letter, to, now)


def recipients(row: Convention) -> list[Participant]:
    """The parties, those who signed, the tutor, who coordinates; each address once."""
    dossier, found = row.immersion, {}
    signed = [each.participant for each in row.signatures if each.participant and each.voided_at is None]
    for person in (*parties(dossier), *signed, *seat_of_tutor(dossier, said_by(row).tutor), *who_coordinates(dossier)):
        found.setdefault(person.email.lower(), person)
    return list(found.values())
