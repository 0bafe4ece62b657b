"""The job that makes the protocol all agreed to: its PDF, its seal, its letter. Tried again until it is done, sent once."""

from __future__ import annotations

from datetime import datetime

from mail import outbox
from mail.letter import Attachment
from mail.letters import mentorat as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import CLOCK, Participant
from models.instance import instance
from models.mentorat import Mentorat, Protocole, ProtocoleState
from models.states import Role
from pdf.protocole import ProtocoleData, protocole_pdf
from territory.calendar import say_date

from ..acting import who_coordinates
from ..due_documents import failing, make_each
from ..files import new_file
from ..links import personal_url
from ..sealing import seal_document
from .protocol import as_agreed

_WAITING = (ProtocoleState.AGREED.value,)


def make_due(now: datetime) -> int:
    """Seal and send the protocols all have agreed to; gives how many were sent."""
    return make_each(Protocole, _WAITING, _make, now)


def fails() -> list[str]:
    """The references of the mentorings whose protocol fails again and again."""
    return [row.mentorat.reference for row in failing(Protocole, _WAITING)]


def _make(number: int, now: datetime) -> int:
    """Layout and seal hold no lock; what another process did meanwhile is seen before anything is written."""
    data = as_agreed(db.session.get(Protocole, number))
    db.session.rollback()
    pdf = seal_document(protocole_pdf(data), now).content
    with transaction():
        row = db.session.get(Protocole, number, with_for_update=True, populate_existing=True)
        if row is None or row.state != ProtocoleState.AGREED:
            return 0
        dossier, file = row.mentorat, new_file(f"protocole-{data.reference}-accepte.pdf", "application/pdf", pdf, now)
        db.session.add(file)
        file.dossier = dossier
        row.file, row.state = file, ProtocoleState.SENT.value
        dossier.record("protocol_sent", CLOCK, now, version=row.version)
        _send(dossier, data, pdf, now)
    return 1


def _send(dossier: Mentorat, data: ProtocoleData, pdf: bytes, now: datetime) -> None:
    network, file = instance().network, Attachment(f"protocole-{dossier.reference}.pdf", "application/pdf", pdf)
    for person in [*dossier.pair, *who_coordinates(dossier)]:
        outbox.post(letters.protocole_agreed(network, dossier, person, say_date(data.starts_on), data.rhythm.lower(),
                                             say_date(data.checkpoints[0]),
                                             personal_url(Purpose.DOSSIER, person, now), file), person, now)
    employer = dossier.answers.get("employer") or {}
    if dossier.answers.get("employer_told") and employer.get("email"):
        person = Participant(role=Role.EMPLOYER.value, name=employer["name"], email=employer["email"],
                             organisation=dossier.author.organisation, active=True)
        dossier.participants.append(person)
        db.session.flush()
        dossier.record("employer_told", CLOCK, now)
        outbox.post(letters.employer_informed(network, dossier, person, data.rhythm, data.length, say_date(data.starts_on),
                                              say_date(data.ends_on)), person, now)
