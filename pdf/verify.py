"""Is this file the one the network sealed? If not, what happened to it, as far as its bytes tell.

The verdict is taken on the bytes, here; only a file that is not authentic is then read by PDF libraries, apart
(pdf/confined.py), to say what was done to it. Pure: nothing is asked of the network nor of the database. That a document
is still the current one is not for the file to say.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pdf.confined import NotExamined, examine
from pdf.signature_bytes import Certificates, Signature, signatures

LARGEST = 25 * 1024**2
#: Mail gateways and copies end files with blanks: nothing a reader could show.
BLANK = re.compile(rb"[\s\x00]{1,1024}\Z")
#: PDFium is not made for two threads at once.
_one_at_a_time = threading.Lock()
PROOFS = "signatures.json"
#: What a document of ours carries its data in: one of these.
DATA = ("convention.json", "avenant.json", "attestation.json")


class Finding(Enum):
    """What a file is."""

    AUTHENTIC = "authentic"  # sealed by us, every byte
    APPENDED = "appended"  # sealed by us, intact, and something was added behind
    ALTERED = "altered"  # sealed by us, and some bytes are no longer those
    RESAVED = "resaved"  # one of ours, written again by a program: the seal is lost or torn
    FOREIGN = "foreign"  # signed by somebody else
    UNSEALED = "unsealed"  # a PDF without seal
    NOT_PDF = "not_pdf"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Change:
    """One thing done to a sealed file. `kind`: annotation, form, signature, link, attachment, content, page, blank,
    bytes, missing, moved, seal, text, font, image, metadata, attached, object or unknown. `pages` may be empty."""

    kind: str
    pages: tuple[int, ...] = ()
    detail: str = ""
    revision: int = 0
    object_number: int = 0


@dataclass(frozen=True)
class Carried:
    """What a document carries: its data and their SHA-256 (the fingerprint it prints), its code, and its proofs.

    Of an authentic file these are the network's own words; of any other, only what the file claims.
    """

    convention: dict[str, Any] | None = None
    content_hash: str = ""
    proofs: dict[str, Any] | None = None
    code: str = ""

    @property
    def reference(self) -> str:
        return str((self.convention or {}).get("reference", ""))[:40]


@dataclass(frozen=True)
class Verdict:
    """What was found. `signer`, `fingerprint` and the moments are those of the signature the finding rests on."""

    finding: Finding
    carried: Carried = Carried()
    changes: tuple[Change, ...] = ()
    signer: str = ""
    fingerprint: str = ""
    sealed_at: datetime | None = None
    stamped_at: datetime | None = None
    intact: bool = False
    program: str = ""
    modified: str = ""
    fully_examined: bool = True

    @property
    def level(self) -> str:
        return "" if self.finding is not Finding.AUTHENTIC else "B-T" if self.stamped_at else "B-B"


def verify(pdf: bytes, known: Iterable[Certificates], original: bytes | None = None, seconds: float = 10.0) -> Verdict:
    """Return what `pdf` is. `known` are our certificates (DER): `SealKey.known`.

    `original` is the sealed file as it was issued, if it is known: it tells which bytes differ. `seconds` bounds the
    examination of a file that is not authentic; after that, `fully_examined` is False. Never raises.
    """
    if said := at_sight(pdf, known):
        return said
    found = signatures(pdf, known)
    within = next((each for each in found if each.ours and each.holds), None)
    if within:
        return _appended(pdf, within, seconds)
    touched = next((each for each in found if each.ours and (not each.torn or each.shift)), None)
    if touched:
        return _altered(pdf, touched, original, seconds)
    return _not_ours(pdf, found, original, seconds)


def at_sight(pdf: bytes, known: Iterable[Certificates]) -> Verdict | None:
    """Return what `verify` does when that takes no examination: authentic, no PDF, too large; None for all the rest."""
    if len(pdf) > LARGEST:
        return Verdict(Finding.TOO_LARGE, fully_examined=False)
    if b"%PDF-" not in pdf[:1024]:
        return Verdict(Finding.NOT_PDF)
    whole = next((each for each in signatures(pdf, known) if each.ours and each.holds and each.covers == len(pdf)), None)
    return _said(Finding.AUTHENTIC, whole, _carried_by_ours(pdf), intact=True) if whole else None


def _said(finding: Finding, signature: Signature, carried: Carried, **more: Any) -> Verdict:
    return Verdict(finding, carried, signer=signature.signer, fingerprint=signature.fingerprint,
                   sealed_at=signature.claimed_at, stamped_at=signature.stamped_at, **more)


def _carried_by_ours(pdf: bytes) -> Carried:
    """Read the data of a file whose every byte is ours."""
    import pypdfium2

    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            items = [document.get_attachment(number) for number in range(document.count_attachments())]
            return carried({item.get_name(): bytes(item.get_data()) for item in items})
        finally:
            document.close()


def carried(attached: dict[str, bytes], code: str = "") -> Carried:
    """Return what these attached files say; a file that is no JSON object says nothing."""
    content = next((attached[name] for name in DATA if name in attached), None)
    convention, proofs = _object(content), _object(attached.get(PROOFS))
    inside = str((convention or {}).get("verification_code") or (proofs or {}).get("verification_code") or "")[:40]
    return Carried(convention, hashlib.sha256(content).hexdigest() if content and convention else "", proofs, inside or code)


def _object(content: bytes | None) -> dict[str, Any] | None:
    try:
        value = json.loads(content) if content else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _appended(pdf: bytes, seal: Signature, seconds: float) -> Verdict:
    inside = _carried_by_ours(pdf[:seal.covers])
    if BLANK.fullmatch(pdf, seal.covers):
        return _said(Finding.APPENDED, seal, inside, intact=True, changes=(Change("blank"),))
    said = _described(pdf, None, seconds, seal.covers)
    return _said(Finding.APPENDED, seal, inside, intact=True, changes=said.changes or (Change("unknown"),),
                 fully_examined=said.fully_examined)


def _altered(pdf: bytes, seal: Signature, original: bytes | None, seconds: float) -> Verdict:
    """Our certificate is there and the numbers fit, or are all shifted alike; the bytes are not those it signed."""
    said = _described(pdf, original, seconds)
    changes = list(said.changes)
    if seal.shift:
        changes.append(Change("moved", detail=str(seal.shift)))
    elif seal.covers > len(pdf):
        changes.append(Change("missing", detail=str(seal.covers - len(pdf))))
    elif not seal.spoken and not changes:
        changes.append(Change("seal"))
    return _said(Finding.ALTERED, seal, said.carried, changes=tuple(changes) or (Change("unknown"),),
                 program=said.program, modified=said.modified, fully_examined=said.fully_examined)


def _not_ours(pdf: bytes, found: list[Signature], original: bytes | None, seconds: float) -> Verdict:
    """No certificate of ours: torn by a program, unreadable, somebody else's, or no signature at all."""
    torn = next((each for each in found if each.ours), None)
    said = _described(pdf, original, seconds)
    rest = {"program": said.program, "modified": said.modified, "fully_examined": said.fully_examined}
    if torn:
        return _said(Finding.RESAVED, torn, said.carried, **rest)
    foreign = next((each for each in found if each.signer), None)
    if foreign:
        return _said(Finding.FOREIGN, foreign, said.carried, intact=foreign.holds and foreign.covers == len(pdf), **rest)
    if said.sealed_once:
        unreadable = next((each for each in found if not each.torn), None)
        finding, changes = (Finding.ALTERED, said.changes or (Change("seal"),)) if unreadable else (Finding.RESAVED, ())
        return Verdict(finding, said.carried, changes, **rest)
    return Verdict(Finding.FOREIGN if found else Finding.UNSEALED, said.carried, **rest)


@dataclass(frozen=True)
class _Described:
    carried: Carried = Carried()
    changes: tuple[Change, ...] = ()
    program: str = ""
    modified: str = ""
    sealed_once: bool = False
    fully_examined: bool = False


def _described(pdf: bytes, original: bytes | None, seconds: float, covers: int = 0) -> _Described:
    """What the PDF libraries say of it, apart. What they could not read in time is left out."""
    try:
        said, _ = examine("describe", [pdf, original or b""], seconds, covers=covers)
    except NotExamined:
        return _Described()
    inside = carried({name: b64decode(content) for name, content in said["attached"].items()}, said["code"])
    changes = tuple(Change(each["kind"], tuple(each["pages"]), each.get("detail", ""), each.get("revision", 0),
                           each.get("object", 0)) for each in said["changes"])
    return _Described(inside, changes, said["producer"][:200], said["modified"][:40],
                      inside.proofs is not None or said["certificate"], said["whole"])
