"""What the network says of a document somebody holds: by the code printed on it, or by the file itself.

Anybody may ask. The code alone, which only the document bears (60 bits), gives what the register says: reference, version,
state, dates, legal frame, days, and the structures, which are not persons; never a name, an address, nor what was agreed.
A file that is authentic says the rest itself. Of any other file, what it claims stays its own claim: nothing of the register
is compared with it aloud but what its code opens.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from time import monotonic, sleep
from typing import Any

from sqlalchemy import select

from models.base import db, transaction
from models.convention import Convention, ConventionKind, ConventionState, SealState
from models.instance import instance
from models.vocabulary import TYPOLOGIES, label
from pdf.convention import FRAMES
from pdf.verify import Finding, Verdict, at_sight, verify

from . import throttle
from .errors import Busy, NotFound, TooMany
from .files import read_content
from .immersion.moving import moved_since
from .sealing import seal_key

#: Files one internet access may have examined within an hour, and codes it may try in vain.
MOST_FILES, MOST_MISSES, WINDOW = 40, 30, 3600
#: Seconds a file that is not authentic may be examined; and that one waits for its turn.
EXAMINED, PATIENCE = 5.0, 4.0
#: What is read out on the phone and typed again (Crockford's base 32).
_ALIKE = str.maketrans("OIL", "011")
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
_ALONE = label(TYPOLOGIES, "INDEPENDANT")


class Standing(Enum):
    """Where a document stands in the register."""

    IN_FORCE = "in_force"
    AMENDED = "amended"  # in force, as an amendment changes it
    DONE = "done"  # in force, and the days it is about are over
    INTERRUPTED = "interrupted"  # signed; what it was about stopped before its end
    NOT_HELD = "not_held"  # signed; what it was about did not take place
    SIGNED = "signed"  # by all, and not sealed yet
    TO_SIGN = "to_sign"
    PAUSED = "paused"  # to sign; somebody wants another text, signing waits
    EXPIRED = "expired"  # not signed in time
    WITHDRAWN = "withdrawn"  # not signed by all; who asked gave up
    REFUSED = "refused"  # not signed by all; the network or a party went no further
    ABANDONED = "abandoned"  # not signed by all; the request was closed
    TAKEN_BACK = "taken_back"  # being corrected; no other version was sent yet
    REPLACED = "replaced"
    DECLINED = "declined"
    CANCELLED = "cancelled"


#: Where a version stands that not all have signed, by the state of its request.
_UNSIGNED = {"change_asked": Standing.PAUSED, "expired": Standing.EXPIRED, "withdrawn": Standing.WITHDRAWN,
             "refused": Standing.REFUSED, "closed": Standing.ABANDONED}


@dataclass(frozen=True)
class Entry:
    """What the register says of one document to who has its code. ``structures``: what each is, and its name ("" where the
    structure is one person). ``amended``: number and day of each amendment; ``number``: of this one, 0 for a convention.
    ``moved_to``: the days as they stand, where all agreed to others since."""

    reference: str
    kind: str
    number: int
    version: int
    standing: Standing
    frame: str
    fingerprint: str
    issued_at: datetime | None
    completed_at: datetime | None
    sealed_at: datetime | None
    level: str
    days: tuple[date, ...]
    structures: tuple[tuple[str, str], ...]
    signed: int
    expected: int
    amended: tuple[tuple[int, datetime], ...] = ()
    replaced_by: int = 0
    moved_to: tuple[date, ...] = ()


@dataclass(frozen=True)
class Examined:
    """What a file was found to be, and what the register says of the document it is, or claims to be.

    ``as_sent``: the very file that was sent to be signed. ``signatures``: who signed, as the authentic file itself says.
    """

    verdict: Verdict
    entry: Entry | None = None
    as_sent: bool = False
    signatures: tuple[dict[str, Any], ...] = ()


def read_code(typed: str) -> str | None:
    """A code as it is kept, « 7K4M-XQ2P-9RTD », from what somebody typed; None when it cannot be one."""
    plain = re.sub(r"[\s\u00a0_.–-]", "", typed).upper().translate(_ALIKE)
    return "-".join((plain[:4], plain[4:8], plain[8:])) if _CODE.fullmatch(plain) else None


def look_up(code: str, access: str, now: datetime) -> Entry | None:
    """What the register says of the document with that code; None when no document has it.

    :raises TooMany: too many codes were tried in vain from that access.
    """
    row = _by_code(read_code(code) or "")
    if row is None:
        with transaction():
            # Looking up changes nothing; only what was tried in vain is counted, as an attempt to guess.
            if not throttle.allow(f"code:{access}", MOST_MISSES, WINDOW, now):
                raise TooMany("Beaucoup de codes inconnus ont été essayés depuis cet accès à internet.")
        return None
    return entry_of(row)


def admit(access: str, now: datetime) -> None:
    """Count one more file to examine; before it is read. :raises TooMany: too many came from that access lately."""
    with transaction():
        if not throttle.allow(f"verifier:{access}", MOST_FILES, WINDOW, now):
            raise TooMany("Beaucoup de documents ont été examinés depuis cet accès à internet. Réessayez dans une heure.")


def examined(pdf: bytes, now: datetime) -> Examined:
    """Say what a file is. What is authentic is said at once; all else waits for its turn, one at a time on a machine.

    :raises Busy: other files are being examined.
    """
    known = seal_key(now).known
    verdict = at_sight(pdf, known)
    if verdict is None:
        row = _as_sent(pdf)
        if row is not None:
            return Examined(Verdict(Finding.UNSEALED), entry_of(row), as_sent=True)
        with _turn():
            verdict = verify(pdf, known, seconds=EXAMINED)
            row = _of(verdict)
            if verdict.finding is Finding.ALTERED and row is not None and (original := _sealed(row)):
                db.session.rollback()  # no reading stays open meanwhile
                verdict = verify(pdf, known, original, seconds=EXAMINED)
    row = _of(verdict)
    return Examined(verdict, entry_of(row) if row else None, signatures=_signatures(verdict))


def entry_of(row: Convention) -> Entry:
    """What may be said of a version to who has its code."""
    data, sealing, dossier = row.data, row.sealing, row.immersion
    # What a later amendment changes may be said by the convention or by an amendment before it.
    amended = [other for other in dossier.conventions if other.amends_id == (row.amends_id or row.id)
               and other.number > row.number and other.state == ConventionState.SIGNED]
    newer = [other.version for other in dossier.conventions
             if (other.kind, other.number) == (row.kind, row.number) and other.version > row.version and other.verification_code]
    frame = FRAMES.get(data.get("frame", ""))
    moved = row.state == ConventionState.SIGNED and not amended and moved_since(dossier)
    return Entry(
        reference=dossier.reference, kind=ConventionKind(row.kind).label, number=row.number, version=row.version,
        standing=_standing(row, bool(amended), bool(newer)), frame=frame.name if frame else "", fingerprint=row.content_hash,
        issued_at=row.issued_at, completed_at=row.completed_at, sealed_at=sealing.sealed_at if sealing else None,
        level=sealing.level if sealing else "",
        days=tuple(sorted({date.fromisoformat(each["on"]) for each in data.get("sessions") or ()})),
        structures=tuple(_structure(role, data[name]) for name, role in (
            ("host", "Structure d’accueil"), ("employer", dossier.backing.structure.capitalize())) if data.get(name)),
        signed=sum(each.signed for each in row.signatures), expected=len(row.signatures),
        amended=tuple((each.number, each.completed_at) for each in amended), replaced_by=max(newer, default=0),
        moved_to=tuple(sorted({session.on for session in dossier.sessions})) if moved else ())


def _standing(row: Convention, amended: bool, replaced: bool) -> Standing:
    state, dossier = ConventionState(row.state), row.immersion
    if state == ConventionState.SIGNED:
        # Told even once the request is closed; of the cause, nothing.
        if ending := dossier.answers.get("ending"):
            return Standing.INTERRUPTED if ending["last_on"] else Standing.NOT_HELD
        if row.seal_state != SealState.SEALED:
            return Standing.SIGNED
        return (Standing.DONE if dossier.state in ("lived", "closed") else Standing.AMENDED if amended else Standing.IN_FORCE)
    if state == ConventionState.ISSUED:
        if row.kind == ConventionKind.AVENANT:
            return Standing.TO_SIGN if dossier.state == "signed" else Standing.EXPIRED
        return _UNSIGNED.get(dossier.state, Standing.TO_SIGN)
    if state == ConventionState.SUPERSEDED and not replaced:
        return _UNSIGNED.get(dossier.state, Standing.TAKEN_BACK)
    return {ConventionState.DECLINED: Standing.DECLINED, ConventionState.CANCELLED: Standing.CANCELLED}.get(
        state, Standing.REPLACED)


def _structure(role: str, party: dict[str, Any]) -> tuple[str, str]:
    # The enterprise of one person bears their name: it is not said to who only has the code.
    return role, "" if party.get("kind") == _ALONE else str(party.get("legal_name", ""))


def _by_code(code: str) -> Convention | None:
    return db.session.scalar(select(Convention).where(Convention.verification_code == code)) if code else None


def _of(verdict: Verdict) -> Convention | None:
    """The row of the document a file is, or claims to be by its code; a reference can be guessed and opens nothing."""
    return _by_code(read_code(verdict.carried.code) or "")


def _as_sent(pdf: bytes) -> Convention | None:
    digest = hashlib.sha256(pdf).hexdigest()
    return db.session.scalar(select(Convention).where(Convention.pdf_sha256 == digest, Convention.verification_code.is_not(None)))


def _sealed(row: Convention) -> bytes | None:
    try:
        return read_content(row.sealing.file) if row.sealing and row.sealing.file else None
    except NotFound:
        return None


def _signatures(verdict: Verdict) -> tuple[dict[str, Any], ...]:
    if verdict.finding is not Finding.AUTHENTIC:
        return ()
    return tuple((verdict.carried.proofs or {}).get("proofs") or ())


@contextmanager
def _turn() -> Iterator[None]:
    """One examination at a time on this machine, whatever the number of its processes: each may take seconds.

    :raises Busy: the turn did not come in time.
    """
    # The descriptor is closed with the process: a worker that dies gives its turn back.
    gate = os.open(instance().settings.INSTANCE / "verifier.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as taken:
                if monotonic() > until:
                    raise Busy("D’autres documents sont en cours d’examen. Réessayez dans une minute.") from taken
                sleep(0.05)
        yield
    finally:
        os.close(gate)
