"""An amendment (avenant) to a signed convention: what changes, from when and why; signed and sealed as the convention is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from markupsafe import Markup

from pdf.certificate import ATTACHED as ATTACHED_PROOFS
from pdf.certificate import NO_CODE, CertificateData, SignatureProof, certificate_html, certificate_json, check_certificate
from pdf.convention import SHORT_HASH, annex_html, qr_image, said_to_all
from pdf.convention_data import Companion, ConventionData, NetworkIdentity, Party, Session, without_addresses
from pdf.frozen import LATER, canonical_json, fingerprint, from_plain, to_plain
from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, Attachment, render_pdf

ATTACHED = "avenant.json"


@dataclass(frozen=True)
class Change:
    """One thing that changes, as the convention said it and as it will: lines of words, "" for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class AvenantData:
    """One version of an amendment. `consolidated` is the convention as it will read; the parties sign as they did before.
    `whole`: another legal frame rewrites it, and it is printed whole after the signatures.

    Raises ValueError when nothing changes.
    """

    reference: str
    number: int
    version: int
    status: str
    issued_on: date
    network: NetworkIdentity
    convention_version: int
    convention_signed_on: date
    convention_code: str
    frame: str
    host: Party
    employer: Party | None
    companion: Companion
    reason: str
    effective_on: date
    changes: tuple[Change, ...]
    sessions: tuple[Session, ...]
    consolidated: ConventionData
    template: str = "avenant/2027-02"
    verification_code: str = ""
    verification_url: str = ""
    whole: bool = field(default=False, metadata=LATER)

    def __post_init__(self) -> None:
        if not self.changes:
            raise ValueError(f"{self.reference}: nothing changes")

    @property
    def named(self) -> str:
        """How the certificate names it: « IMM-2027-0001, avenant nº 1 »."""
        return f"{self.reference}, avenant nº\u00a0{self.number}"


def content_hash(data: AvenantData) -> str:
    """Return the SHA-256 of all it says, the name of its template included."""
    return fingerprint(carried(data))


def carried(data: AvenantData) -> AvenantData:
    """What its file carries to all the parties: no address that its pages keep to themselves (`pdf.convention.said_to_all`)."""
    if data.template == "avenant/2027-01":
        return data  # the fingerprints of those that were sent still hold
    return replace(data, host=without_addresses(data.host), employer=without_addresses(data.employer),
                   consolidated=said_to_all(data.consolidated))


def to_json(data: AvenantData) -> dict[str, Any]:
    """Return `data` as what a JSON column stores."""
    return to_plain(data)


def from_json(plain: dict[str, Any]) -> AvenantData:
    """Return the amendment that `to_json` stored. Raises pdf.frozen.UnreadableDocument."""
    return from_plain(AvenantData, plain)


def avenant_html(data: AvenantData) -> str:
    """Return it as an HTML fragment whose headings start at h2."""
    return _page(data, "web", NO_CODE)


def avenant_pdf(data: AvenantData, certificate: CertificateData | None = None) -> bytes:
    """Return it as a PDF that carries its data as avenant.json; with `certificate`, the file to be sealed.

    The same data give the same bytes. Raises pdf.render.RenderFailed, pdf.certificate.UnfitCertificate.
    """
    images = {"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes()}
    attachments = [Attachment(ATTACHED, canonical_json(carried(data)), "Données de l’avenant")]
    sheets, following, proofs = stylesheets_of(data.template), "", ()
    created = datetime.combine(data.issued_on, time(), UTC)
    code = qr_image(images, "code.svg", data.verification_url)
    if certificate:
        check_certificate(certificate, replace(data, reference=data.named), content_hash(data))
        proofs, created = certificate.proofs, certificate.completed_at
        attachments.append(Attachment(ATTACHED_PROOFS, certificate_json(certificate), "Preuves des signatures"))
        sheets += tuple(name for name in stylesheets_of(certificate.template) if name not in sheets)
        following = certificate_html(certificate, qr_image(images, "check.svg", certificate.verification_url))
    return render_pdf(
        _page(data, "pdf", code, proofs) + following,
        title=f"Avenant nº {data.number} à la convention d’immersion {data.reference}" + (", signé" if certificate else ""),
        author=data.network.name, created=created, attachments=attachments, stylesheets=sheets, images=images)


def _page(data: AvenantData, medium: str, qr: Markup, marks: tuple[SignatureProof, ...] = ()) -> str:
    digest = content_hash(data)
    return page(template_file(data.template), data=data, medium=medium, qr=qr, hash=digest, short_hash=digest[:SHORT_HASH],
                marks=marks, annex=annex_html(data.consolidated) if data.whole else "")
