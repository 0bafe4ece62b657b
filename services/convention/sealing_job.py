"""The sealed document, made once all have signed, by a task that may be killed, doubled or late.

An attempt is claimed in one transaction, works without any, and is noted in another, with the letters that carry the file:
whatever happens between them, nothing is lost and nothing leaves twice. What fails is tried again, later and later, and told.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import or_, select

from models.base import db, transaction
from models.convention import Convention, ConventionKind, ConventionState, SealState
from models.dossier import CLOCK, Immersion
from models.instance import instance
from models.sealing import Sealing
from pdf import avenant
from pdf.certificate import CertificateData
from pdf.convention import convention_pdf, from_json
from pdf.seal import Sealed
from pdf.seal_key import SealKey, UnusableKey
from territory.calendar import say_datetime

from .. import sealing
from ..acting import lock, who_coordinates
from ..files import new_file
from .sending_sealed import send_sealed
from .signatories import proofs_of

log = logging.getLogger(__name__)

#: A process that was killed gives its attempt back after this long.
LEASE = timedelta(minutes=5)
#: Between two attempts that failed; the last one for ever.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
#: Failures in a row before somebody is told, and between two times they are.
TOLD_AFTER, TOLD_EVERY = 3, timedelta(days=1)


@dataclass(frozen=True)
class _Claim:
    """One attempt: its name, and the moment the document will bear."""

    convention_id: int
    attempt: int
    moment: datetime


@dataclass(frozen=True)
class Source:
    """What a signed document is made of, read at once. ``draw`` gives its PDF from its certificate; no session is open then."""

    draw: Callable[[CertificateData], bytes]
    certificate: CertificateData


def seal_due(now: datetime) -> int:
    """Seal all that is signed and due; gives how many documents were. Safe to call twice at once."""
    began, sealed, seen = monotonic(), 0, []
    while claim := _claim(now + timedelta(seconds=monotonic() - began), seen):
        seen.append(claim.convention_id)
        sealed += _attempt(claim, lambda: now + timedelta(seconds=monotonic() - began))
    return sealed


def try_again(convention: Convention) -> None:
    """Have a failed sealing tried at the next look; inside a transaction."""
    if convention.sealing is not None and convention.seal_state == SealState.FAILED:
        convention.sealing.next_try_at = None


def seal_now(now: datetime, reference: str = "") -> list[Convention]:
    """Seal what waits without waiting for its time, of one request or of all; gives what waited, as it is afterwards."""
    found = [row.id for row in waiting() if reference in ("", row.immersion.reference)]
    with transaction():
        for row in db.session.scalars(select(Convention).where(Convention.id.in_(found))):
            try_again(row)
    seal_due(now)
    db.session.rollback()
    return list(db.session.scalars(select(Convention).where(Convention.id.in_(found)).order_by(Convention.id)))


def waiting() -> list[Convention]:
    """The signed documents that are not sealed yet, the oldest first."""
    return list(db.session.scalars(select(Convention).where(*_UNSEALED).order_by(Convention.completed_at, Convention.id)))


_UNSEALED = (Convention.state == ConventionState.SIGNED.value,
             Convention.seal_state.in_((SealState.DUE.value, SealState.FAILED.value)))


def _claim(now: datetime, seen: list[int]) -> _Claim | None:
    """Take the next one that nobody works on, and say so."""
    with transaction():
        for _ in range(20):
            row = db.session.scalar(
                select(Convention).outerjoin(Sealing).where(
                    *_UNSEALED, Convention.id.not_in(seen), or_(Sealing.lease_until.is_(None), Sealing.lease_until <= now),
                    or_(Sealing.next_try_at.is_(None), Sealing.next_try_at <= now))
                .order_by(Convention.completed_at, Convention.id).limit(1).with_for_update(skip_locked=True, of=Convention))
            if row is None:
                return None
            # Under the lock of its convention: as it is now, not as it was when the question was asked.
            sealing_ = db.session.get(Sealing, row.id, populate_existing=True)
            if sealing_ is None:
                sealing_ = Sealing(convention_id=row.id)
                db.session.add(sealing_)
            elif sealing_.lease_until is not None and sealing_.lease_until > now:
                seen.append(row.id)
                continue
            sealing_.attempts = (sealing_.attempts or 0) + 1
            sealing_.lease_until = now + LEASE
            sealing_.begun_at = sealing_.begun_at or now
            return _Claim(row.id, sealing_.attempts, sealing_.begun_at)
    return None


def _attempt(claim: _Claim, clock: Callable[[], datetime]) -> int:
    try:
        key = sealing.seal_key(claim.moment)
        source = source_of(db.session.get_one(Convention, claim.convention_id), key)
        db.session.rollback()  # no transaction, not even of reading, is open while the document is made
        sealed = sealing.seal_document(source.draw(source.certificate), claim.moment)
        return _note(claim, sealed, clock())
    except Exception as error:  # whatever keeps it from being sealed is noted, told, and tried again
        db.session.rollback()
        log.exception("sealing failed: convention %s", claim.convention_id)
        _note_failure(claim, _why(error), clock())
        return 0


def source_of(row: Convention, key: SealKey) -> Source:
    """What the signed document of a version is made of."""
    amends = row.kind == ConventionKind.AVENANT
    data = avenant.from_json(row.data) if amends else from_json(row.data)
    draw = avenant.avenant_pdf if amends else convention_pdf
    return Source(lambda certificate: draw(data, certificate), CertificateData(
        reference=data.named if amends else data.reference, version=data.version, network=data.network,
        content_hash=row.content_hash, issued_hash=row.pdf_sha256, issued_at=row.issued_at, completed_at=row.completed_at,
        proofs=proofs_of(row), seal_owner=key.owner, seal_fingerprint=key.fingerprint,
        verification_code=row.verification_code or "", verification_url=data.verification_url))


def _note(claim: _Claim, sealed: Sealed, now: datetime) -> int:
    """Keep the sealed file and send it, in one transaction; nothing if another attempt took over meanwhile."""
    row = db.session.get_one(Convention, claim.convention_id)
    file = new_file(file_name(row), "application/pdf", sealed.content, now)
    with transaction():
        dossier, row = _locked(row)
        if not _mine(row, claim):
            return 0
        db.session.add(file)
        file.dossier = dossier
        own = row.sealing
        own.file, own.sha256 = file, hashlib.sha256(sealed.content).hexdigest()
        own.sealed_at, own.level, own.note = sealed.sealed_at, sealed.level, sealed.note
        own.begun_at = own.lease_until = own.next_try_at = own.told_at = None
        own.error, own.failures = "", 0
        row.seal_state = SealState.SEALED.value
        if row.kind == ConventionKind.CONVENTION:
            dossier.record("convention_sealed", CLOCK, now, version=row.version)
        else:
            dossier.record("amendment_sealed", CLOCK, now, number=row.number)
        db.session.flush()
        send_sealed(row, file.name, sealed.content, now)
    return 1


def _note_failure(claim: _Claim, why: str, now: datetime) -> None:
    with transaction():
        dossier, row = _locked(db.session.get_one(Convention, claim.convention_id))
        if not _mine(row, claim):
            return
        own = row.sealing
        own.failures += 1
        own.error = why
        own.next_try_at = now + WAITS[min(own.failures, len(WAITS)) - 1]
        own.begun_at = own.lease_until = None
        row.seal_state = SealState.FAILED.value
        if own.failures >= TOLD_AFTER and (own.told_at is None or now - own.told_at >= TOLD_EVERY):
            own.told_at = now
            _tell(dossier, row, why, now)


def _locked(row: Convention) -> tuple[Immersion, Convention]:
    # The request first, as everybody does: two who wait for each other would wait for ever.
    dossier = lock(row.immersion)
    db.session.refresh(row, with_for_update=True)
    db.session.refresh(row.sealing)
    return dossier, row


def _mine(row: Convention, claim: _Claim) -> bool:
    return (row.state == ConventionState.SIGNED and row.seal_state != SealState.SEALED
            and row.sealing.attempts == claim.attempt)


def _why(error: Exception) -> str:
    """The cause in French, as far as it is one that somebody can mend."""
    if isinstance(error, UnusableKey):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'Le disque'} ne peut pas servir ({error.strerror or type(error).__name__})."
    return f"Erreur inattendue ({type(error).__name__}) : le détail est dans le journal du service."


def _tell(dossier: Immersion, row: Convention, why: str, now: datetime) -> None:
    """Those who can do something: who coordinates, and who administers."""
    from .. import digest  # brings the mail door with it, whose actions are offered after these

    what = f"l’avenant nº\u00a0{row.number}" if row.number else "la convention"
    sentence = (f"Toutes les parties ont signé {what}, mais son scellement échoue depuis le {say_datetime(row.completed_at)}. "
                f"{why} Rien n’est perdu : un nouvel essai a lieu toutes les quelques heures.")
    people = {person.email.lower(): person for person in (*who_coordinates(dossier), *instance().network.administrators)}
    for person in people.values():
        digest.tell(person.email, person.name, sentence, now, dossier=dossier)


def file_name(row: Convention) -> str:
    """How the sealed file is named where it is saved."""
    if row.number:
        return f"convention-{row.immersion.reference}-avenant-{row.number}-signe.pdf"
    return f"convention-{row.immersion.reference}-v{row.version}-signee.pdf"
