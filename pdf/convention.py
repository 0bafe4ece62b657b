"""The tripartite convention: from frozen data to its PDF and its accessible page, by one dated template."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from markupsafe import Markup

from pdf import own_texts
from pdf.certificate import ATTACHED as ATTACHED_PROOFS
from pdf.certificate import CertificateData, SignatureProof, certificate_html, certificate_json, check_certificate
from pdf.convention_data import (
    BY_DELEGATION,
    LEGAL_REPRESENTATIVE,
    TO_REVIEW,
    TO_SIGN,
    Companion,
    Contact,
    ConventionData,
    Cost,
    FrameDetails,
    NetworkIdentity,
    Party,
    Place,
    Report,
    Session,
    Signatory,
    Tutor,
    without_addresses,
)
from pdf.frames import FRAMES, Frame, frame_of, missing_fields
from pdf.frozen import canonical_json, fingerprint, from_plain, to_plain
from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, Attachment, render_pdf

__all__ = [
    "BY_DELEGATION", "FRAMES", "LEGAL_REPRESENTATIVE", "TO_REVIEW", "TO_SIGN", "Companion", "Contact", "ConventionData", "Cost",
    "Frame", "FrameDetails", "NetworkIdentity", "Party", "Place", "Report", "Session", "Signatory", "Tutor",
    "content_hash", "convention_html", "convention_pdf", "from_json", "missing_fields", "qr_image", "said_to_all", "to_json",
]

ATTACHED = "convention.json"
SHORT_HASH = 16
#: Templates whose documents carry where their signatories are written to; the fingerprints of those that were sent still hold.
_CARRIED_ALL = frozenset({"convention/2026-11", "convention/2026-12", "convention/2027-01"})


def said_to_all(data: ConventionData) -> ConventionData:
    """What the document says, as its file carries it to all the parties: no address that its pages keep to themselves."""
    if data.template in _CARRIED_ALL:
        return data
    return replace(data, host=without_addresses(data.host), employer=without_addresses(data.employer))


def content_hash(data: ConventionData) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of all the convention says, the name of its template included."""
    return fingerprint(said_to_all(data))


def to_json(data: ConventionData) -> dict[str, Any]:
    """Return `data` as what a JSON column stores."""
    return to_plain(data)


def from_json(plain: dict[str, Any]) -> ConventionData:
    """Return the convention that `to_json` stored. Raises pdf.frozen.UnreadableDocument."""
    return from_plain(ConventionData, plain)


def convention_html(data: ConventionData, proofs: tuple[SignatureProof, ...] = ()) -> str:
    """Return the convention as an HTML fragment whose headings start at h2, for a page that has its own h1.

    With `proofs`, one a box, it says that it is signed, and how each person did.
    """
    return _page(data, "web", _qr_inline(data), proofs)


def annex_html(data: ConventionData) -> Markup:
    """Return it as what is joined to an amendment: all it says, without a title nor signatures of its own."""
    # Made by the document's own template, whose every value is escaped.
    return Markup(_page(data, "annex", Markup("")))  # noqa: S704


def convention_pdf(data: ConventionData, certificate: CertificateData | None = None) -> bytes:
    """Return the convention as a PDF that carries its data as convention.json. The same data give the same bytes.

    With `certificate`, the boxes say how each person signed, the certificate's pages follow, and signatures.json is
    carried too: the file to be sealed. Raises pdf.render.RenderFailed, pdf.frames.UnknownFrame,
    pdf.released.UnknownTemplate, pdf.certificate.UnfitCertificate.
    """
    images = {"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes()}
    attachments = [Attachment(ATTACHED, canonical_json(said_to_all(data)), "Données de la convention")]
    stylesheets, following, proofs, created = stylesheets_of(data.template), "", (), datetime.combine(
        data.issued_on, time(), UTC)
    code = qr_image(images, "code.svg", data.verification_url)
    if certificate:
        check_certificate(certificate, data, content_hash(data))
        proofs, created = certificate.proofs, certificate.completed_at
        attachments.append(Attachment(ATTACHED_PROOFS, certificate_json(certificate), "Preuves des signatures"))
        stylesheets += tuple(name for name in stylesheets_of(certificate.template) if name not in stylesheets)
        following = certificate_html(certificate, qr_image(images, "check.svg", certificate.verification_url))
    return render_pdf(
        _page(data, "pdf", code, proofs) + following,
        title=f"Convention d’immersion {data.reference}, version {data.version}" + (", signée" if certificate else ""),
        author=data.network.name,
        created=created,
        attachments=attachments,
        stylesheets=stylesheets,
        images=images,
    )


def _page(data: ConventionData, medium: str, qr: Markup, marks: tuple[SignatureProof, ...] = ()) -> str:
    frame_of(data.frame)
    if data.template_digest and data.template_digest != own_texts.digest(data.template):
        raise own_texts.UnfitText(f"{data.template}.html a changé, ou n’est plus là, depuis que cette convention est préparée : "
                                  "remettez le texte d’alors, et donnez une autre date au nouveau.")
    whole = content_hash(data)
    return page(template_file(data.template), data=data, medium=medium, qr=qr, hash=whole,
                short_hash=whole[:SHORT_HASH], marks=marks)


def qr_image(images: dict[str, bytes], name: str, address: str) -> Markup:
    """Add the code that leads to `address` to the images, and return its place in the page."""
    if not address:
        return Markup("")
    images[name] = _qr(address)
    return Markup('<img src="image:{}" alt="{}">').format(name, _qr_label(address))


def _qr_label(address: str) -> str:
    return f"Code QR qui mène à {address}"


def _qr_inline(data: ConventionData) -> Markup:
    if not data.verification_url:
        return Markup("")
    image = _qr(data.verification_url).decode().replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    # Squares drawn by segno: nothing that was typed is in it.
    drawing = Markup(image)  # noqa: S704
    return Markup('<span role="img" aria-label="{}">{}</span>').format(_qr_label(data.verification_url), drawing)


def _qr(address: str) -> bytes:
    import segno

    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=1, dark="#1E2A32")
    return out.getvalue()
