"""Attestations are read: by those they are for, by the coordination, by whoever holds the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from models.attestation import Attestation, AttestationState
from models.base import db
from models.dossier import Dossier
from models.states import Kind, Role
from pdf.attestation import from_json

from ..errors import NotFound
from ..files import read_content

_THEIRS = {Role.AUTHOR: "companion", Role.HOST: "host"}
LABELS = {"companion": "à la personne accueillie", "host": "à la structure d’accueil"}


@dataclass(frozen=True)
class Shown:
    """One attestation on the page of its dossier."""

    id: int
    label: str
    state: str
    ready: bool
    revoked: bool
    revoked_why: str
    awarded_at: datetime


def shown_to(dossier: Dossier, role: Role) -> list[Shown]:
    """The attestations that role may see: the coordination all, the person received and the host their own."""
    if dossier.kind_ != Kind.IMMERSION:
        return []
    return [Shown(row.id, LABELS[row.recipient], AttestationState(row.state).label, bool(row.file_id and row.badge),
                  row.revoked_at is not None, row.revoked_why, row.awarded_at)
            for row in dossier.attestations if role == Role.COORDINATOR or _THEIRS.get(role) == row.recipient]


def one_of(dossier: Dossier, role: Role, number: int) -> Attestation:
    """That attestation, made and still holding. :raises NotFound: not theirs, not ready, or taken back."""
    known = {shown.id for shown in shown_to(dossier, role) if shown.ready and not shown.revoked}
    if number not in known:
        raise NotFound("Ce document n’existe pas, ou n’est plus valable.")
    return db.session.get(Attestation, number)


def pdf_of(row: Attestation) -> bytes:
    """The sealed PDF, as it was sent."""
    if row.file is None:
        raise NotFound()
    return read_content(row.file)


@dataclass(frozen=True)
class Registered:
    """What the register says of an attestation to who has its code: never a name of a person."""

    reference: str
    label: str
    host: str
    days: tuple[date, ...]
    minutes: int
    issued_on: date
    revoked_at: datetime | None


def by_code(code: str) -> Registered | None:
    """What is said of the attestation that code finds; None for none, or one not made yet."""
    row = db.session.scalar(select(Attestation).where(Attestation.verification_code == code, Attestation.file_id.is_not(None)))
    if row is None:
        return None
    data = from_json(row.data)
    return Registered(data.reference, LABELS[row.recipient], data.host, data.days, data.minutes, data.issued_on, row.revoked_at)
