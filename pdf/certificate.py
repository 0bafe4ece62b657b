"""The certificate of signature: who signed which bytes, how and when. Its pages end the convention's own PDF.

It claims what is known and no more: a simple electronic signature (eIDAS, article 25.1; code civil, articles 1366 and
1367). That a page was opened is no proof of anything, and has no place here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from pdf.convention_data import ConventionData, NetworkIdentity
from pdf.frozen import canonical_json, from_plain, to_plain
from pdf.pages import page
from pdf.released import template_file

BY_LINK, ON_PAPER = "par lien", "sur papier"
ATTACHED = "signatures.json"
#: Letters of an address that stay: enough for its owner to know it, too few for a stranger to write to it.
KEPT, HIDDEN = 2, "•••"
NO_CODE = Markup("")


def masked(address: str) -> str:
    """Return an address as the certificate prints it, « no•••@structure-b.example »: the file goes to all the parties."""
    local, at, domain = address.rpartition("@")
    return f"{local[:KEPT if len(local) > KEPT else 1]}{HIDDEN}@{domain}" if at and local else HIDDEN


@dataclass(frozen=True)
class SignatureProof:
    """What is known of one signature. Moments are aware; `address` is masked; hashes are SHA-256 in hexadecimal.

    By link: `signed_at`, the link (its public name) and its sending, the code's sending. On paper: `signed_on` as written
    by hand, the copy's deposit and by whom it was accepted. `identified_by` completes « reconnue par ».
    Raises ValueError when what its way needs is missing.
    """

    party: str
    name: str
    quality: str
    way: str
    identified_by: str
    statement: str
    capacity: str = ""
    structure: str = ""
    address: str = ""
    link: str = ""
    link_sent_at: datetime | None = None
    code_sent_at: datetime | None = None
    signed_at: datetime | None = None
    signed_on: date | None = None
    deposited_at: datetime | None = None
    deposited_by: str = ""
    accepted_at: datetime | None = None
    accepted_by: str = ""
    copy_hash: str = ""

    def __post_init__(self) -> None:
        wanted = {BY_LINK: ("signed_at", "address", "link"),
                  ON_PAPER: ("signed_on", "deposited_at", "accepted_at", "accepted_by", "copy_hash")}
        if self.way not in wanted:
            raise ValueError(f"{self.name}: unknown way {self.way}")
        missing = [name for name in (*wanted[self.way], "identified_by") if not getattr(self, name)]
        if missing or (self.signed_at and self.signed_on):
            raise ValueError(f"{self.name}: {', '.join(missing) or 'signed in two ways'}")
        if "@" in self.address and HIDDEN not in self.address:
            raise ValueError(f"{self.name}: an address is printed masked")
        _aware(self)

    @property
    def by_link(self) -> bool:
        return self.way == BY_LINK


@dataclass(frozen=True)
class CertificateData:
    """All the certificate says. `content_hash` is the convention's, `issued_hash` that of the PDF sent to be signed.

    `proofs` are in the order of the signature boxes: host, companion, employer. `seal_owner` and `seal_fingerprint` name the
    certificate of the seal to come (`SealKey`).
    """

    reference: str
    version: int
    network: NetworkIdentity
    content_hash: str
    issued_hash: str
    issued_at: datetime
    completed_at: datetime
    proofs: tuple[SignatureProof, ...]
    seal_owner: str
    seal_fingerprint: str
    verification_code: str = ""
    verification_url: str = ""
    template: str = "certificate/2026-11"

    def __post_init__(self) -> None:
        for name in ("content_hash", "issued_hash", "seal_fingerprint"):
            if not re.fullmatch(r"[0-9a-f]{64}", getattr(self, name)):
                raise ValueError(f"{name} is not a SHA-256")
        _aware(self)


class UnfitCertificate(ValueError):
    """The certificate is not that of this convention; the message says what differs."""


def check_certificate(certificate: CertificateData, data: ConventionData, content_hash: str) -> None:
    """Raise UnfitCertificate unless the certificate is of this version and each signatory has one proof, in order."""
    names = [each.name for each in data.host.signatories] + [data.companion.name]
    names += [each.name for each in data.employer.signatories] if data.employer else []
    for what, one, other in (
            ("reference", certificate.reference, data.reference), ("version", certificate.version, data.version),
            ("content", certificate.content_hash, content_hash),
            ("signatories", [each.name for each in certificate.proofs], names)):
        if one != other:
            raise UnfitCertificate(f"{what}: {one} is not {other}")


def certificate_html(certificate: CertificateData, qr: Markup = NO_CODE) -> str:
    """Return the certificate as a fragment that follows the convention; its heading is an h2."""
    return page(template_file(certificate.template), data=certificate, qr=qr)


def to_json(certificate: CertificateData) -> dict[str, Any]:
    """Return `certificate` as what a JSON column stores."""
    return to_plain(certificate)


def from_json(plain: dict[str, Any]) -> CertificateData:
    """Return the certificate that `to_json` stored. Raises pdf.frozen.UnreadableDocument."""
    return from_plain(CertificateData, plain)


def certificate_json(certificate: CertificateData) -> bytes:
    """Return the file that the PDF carries as signatures.json."""
    return canonical_json(certificate)


def _aware(value: Any) -> None:
    for field in fields(value):
        moment = getattr(value, field.name)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise ValueError(f"{field.name} needs a time zone")
