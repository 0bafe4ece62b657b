"""The commitments a member accepted, as they read them: what the welcome letter carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pdf.frozen import canonical_json, fingerprint, from_plain, to_plain
from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, Attachment, render_pdf

ATTACHED = "engagements.json"
SHORT_HASH = 16


@dataclass(frozen=True)
class Commitment:
    """A principle, in full: what the member saw when they agreed."""

    title: str
    text: str


@dataclass(frozen=True)
class CharterData:
    """What a member accepted. `accepted_at` is aware; `member_kind` is in words (« Structure », « Professionnel·le »).

    Raises ValueError when `accepted_at` has no time zone.
    """

    member_name: str
    member_kind: str
    structure: str
    accepted_at: datetime
    commitments_version: str
    commitments: tuple[Commitment, ...]
    network_name: str
    network_full_name: str
    contact_email: str
    introduction: str = ""
    template: str = "charter/2026-11"

    def __post_init__(self) -> None:
        if self.accepted_at.tzinfo is None:
            raise ValueError("accepted_at needs a time zone")


def charter_hash(data: CharterData) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of all the document says."""
    return fingerprint(data)


def to_json(data: CharterData) -> dict[str, Any]:
    """Return `data` as what a JSON column stores."""
    return to_plain(data)


def from_json(plain: dict[str, Any]) -> CharterData:
    """Return the charter that `to_json` stored. Raises pdf.frozen.UnreadableDocument."""
    return from_plain(CharterData, plain)


def charter_html(data: CharterData) -> str:
    """Return the commitments as an HTML fragment whose headings start at h2."""
    return _page(data, "web")


def charter_pdf(data: CharterData) -> bytes:
    """Return the commitments as a PDF that carries its data as engagements.json. The same data give the same bytes.

    Raises pdf.render.RenderFailed, pdf.released.UnknownTemplate.
    """
    return render_pdf(
        _page(data, "pdf"),
        title=f"Engagements acceptés par {data.member_name}",
        author=data.network_name,
        created=data.accepted_at,
        attachments=(Attachment(ATTACHED, canonical_json(data), "Données du document"),),
        stylesheets=stylesheets_of(data.template),
        images={"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes()},
    )


def _page(data: CharterData, medium: str) -> str:
    whole = charter_hash(data)
    return page(template_file(data.template), data=data, medium=medium, hash=whole, short_hash=whole[:SHORT_HASH])
