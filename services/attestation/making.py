"""The job that makes what was decided: the PDF, its seal, its badge, the letter. Tried again until it is done, sent once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from mail import outbox
from mail.letter import Attachment
from mail.letters import attestation as letters
from models.access_link import Purpose
from models.attestation import Attestation, AttestationState
from models.base import db, transaction
from models.dossier import CLOCK
from models.instance import instance
from pdf.attestation import AttestationData, attestation_pdf, from_json
from territory.calendar import say_duration

from ..due_documents import failing, make_each
from ..files import new_file
from ..links import personal_url
from ..sealing import seal_document
from .badges import SLUGS, image, make_badge

#: Whom an attestation is for, in the name of its file.
FILES = {"companion": "personne-accueillie", "host": "accueil"}
_WAITING = (AttestationState.DUE.value, AttestationState.FAILED.value)


def make_due(now: datetime) -> int:
    """Make and send the attestations that are due; gives how many were sent."""
    return make_each(Attestation, _WAITING, _make, now, AttestationState.FAILED.value)


def fails() -> list[str]:
    """The references of the immersions whose attestation fails again and again."""
    return [row.immersion.reference for row in failing(Attestation, _WAITING)]


def _make(number: int, now: datetime) -> int:
    """Layout and seal hold no lock; what another process did meanwhile is seen before anything is written."""
    row = db.session.get(Attestation, number)
    data, person = from_json(row.data), row.participant
    name, email = data.recipient, person.email if person else ""
    token = make_badge(row, name, email, narrative(data))
    db.session.rollback()
    pdf = seal_document(attestation_pdf(data), now).content
    with transaction():
        row = db.session.get(Attestation, number, with_for_update=True, populate_existing=True)
        if row is None or row.state not in _WAITING:
            return 0
        dossier = row.immersion
        file = new_file(f"attestation-{dossier.reference}-{FILES[row.recipient]}.pdf", "application/pdf", pdf, now)
        db.session.add(file)
        file.dossier = dossier
        row.file, row.badge, row.pdf_sha256 = file, token, hashlib.sha256(pdf).hexdigest()
        row.state = AttestationState.SENT.value
        dossier.record("attestation_sent", CLOCK, now)
        if row.participant is not None:
            _send(row, pdf, now)
    return 1


def narrative(data: AttestationData) -> str:
    """What the badge says of this very immersion, in a sentence."""
    days = "1 jour" if len(data.days) == 1 else f"{len(data.days)} jours"
    place = f", {data.host_place}" if data.host_place else ""
    return f"{days}, soit {say_duration(data.minutes)}, chez {data.host}{place} (convention {data.reference})."


def _send(row: Attestation, pdf: bytes, now: datetime) -> None:
    person, dossier = row.participant, row.immersion
    files = (Attachment(f"attestation-{dossier.reference}.pdf", "application/pdf", pdf),
             Attachment(f"badge-{dossier.reference}.png", "image/png", image(SLUGS[row.recipient], "png", row.badge)))
    outbox.post(letters.attestation_ready(instance().network, dossier, person, row.verification_code,
                                          personal_url(Purpose.DOSSIER, person, now), files), person, now)
