"""What the network attests after an immersion: to the person received, and to the structure that received them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from markupsafe import Markup

from pdf.certificate import NO_CODE
from pdf.convention import qr_image
from pdf.convention_data import NetworkIdentity
from pdf.frozen import canonical_json, fingerprint, from_plain, to_plain
from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, Attachment, render_pdf

TO_COMPANION, TO_HOST = "companion", "host"
ATTACHED = "attestation.json"
SHORT_HASH = 16


@dataclass(frozen=True)
class AttestationData:
    """One attestation. `days` are those truly spent there, `minutes` their sum; `activities` what was seen and shared.

    It says what happened, never how well: no mark, no judgement of a person. Raises ValueError on an unknown recipient or
    without a day.
    """

    to: str
    reference: str
    network: NetworkIdentity
    companion: str
    companion_job: str
    companion_structure: str
    host: str
    host_place: str
    tutor: str
    days: tuple[date, ...]
    minutes: int
    activities: tuple[str, ...]
    issued_on: date
    signed_by: str
    signed_as: str
    verification_code: str = ""
    verification_url: str = ""
    template: str = "attestation/2026-11"

    def __post_init__(self) -> None:
        if self.to not in (TO_COMPANION, TO_HOST) or not self.days:
            raise ValueError(f"{self.reference}: unknown recipient, or no day")

    @property
    def recipient(self) -> str:
        return self.companion if self.to == TO_COMPANION else self.host


def to_json(data: AttestationData) -> dict[str, Any]:
    """Return `data` as what a JSON column stores."""
    return to_plain(data)


def from_json(plain: dict[str, Any]) -> AttestationData:
    """Return the attestation that `to_json` stored. Raises pdf.frozen.UnreadableDocument."""
    return from_plain(AttestationData, plain)


def attestation_html(data: AttestationData, qr: Markup = NO_CODE) -> str:
    """Return the attestation as an HTML fragment, for its PDF."""
    whole = fingerprint(data)
    return page(template_file(data.template), data=data, qr=qr, hash=whole, short_hash=whole[:SHORT_HASH])


def attestation_pdf(data: AttestationData) -> bytes:
    """Return the attestation as a PDF that carries its data as attestation.json. The same data give the same bytes.

    Raises pdf.render.RenderFailed, pdf.released.UnknownTemplate.
    """
    images = {"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes()}
    code = qr_image(images, "code.svg", data.verification_url)
    return render_pdf(
        attestation_html(data, code),
        title=f"Attestation d’immersion, {data.recipient}",
        author=data.network.name,
        created=datetime.combine(data.issued_on, time(), UTC),
        attachments=(Attachment(ATTACHED, canonical_json(data), "Données de l’attestation"),),
        stylesheets=stylesheets_of(data.template),
        images=images,
    )
