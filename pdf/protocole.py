"""The protocol of a mentoring: what a newcomer, their mentor and the network agree on, on a page or two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from pdf import own_texts
from pdf.convention_data import NetworkIdentity
from pdf.frozen import canonical_json, fingerprint, from_plain, to_plain
from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, Attachment, render_pdf

ATTACHED = "protocole.json"
SHORT_HASH = 16


@dataclass(frozen=True)
class Side:
    """One of the two people: the function and the structure may be empty."""

    name: str
    quality: str = ""
    structure: str = ""


@dataclass(frozen=True)
class Agreed:
    """Who agreed to the text, as what, and when (aware)."""

    name: str
    as_what: str
    at: datetime


@dataclass(frozen=True)
class ProtocoleData:
    """What the protocol says. `checkpoints` are the days the network asks how it goes; `employer` is empty where it is not
    told; `agreements` come once the text is agreed, and are no part of its fingerprint."""

    reference: str
    version: int
    network: NetworkIdentity
    newcomer: Side
    mentor: Side
    objectives: tuple[str, ...]
    rhythm: str
    ways: tuple[str, ...]
    length: str
    starts_on: date
    ends_on: date
    checkpoints: tuple[date, ...]
    employer: str
    written_on: date
    agreements: tuple[Agreed, ...] = ()
    template: str = "protocole/2027-01"
    template_digest: str = ""


def text_hash(data: ProtocoleData) -> str:
    """Return the SHA-256 of what is agreed to: all the document says but who agreed."""
    return fingerprint(replace(data, agreements=()))


def to_json(data: ProtocoleData) -> dict[str, Any]:
    """Return `data` as what a JSON column stores."""
    return to_plain(data)


def from_json(plain: dict[str, Any]) -> ProtocoleData:
    """Return the protocol that `to_json` stored. Raises pdf.frozen.UnreadableDocument."""
    return from_plain(ProtocoleData, plain)


def protocole_html(data: ProtocoleData) -> str:
    """Return the protocol as an HTML fragment whose headings start at h2, for a page that has its own h1."""
    return _page(data, "web")


def protocole_pdf(data: ProtocoleData) -> bytes:
    """Return the protocol as a PDF that carries its data as protocole.json. The same data give the same bytes.

    Raises pdf.render.RenderFailed, pdf.released.UnknownTemplate, pdf.own_texts.UnfitText.
    """
    last = max((agreed.at for agreed in data.agreements), default=datetime.combine(data.written_on, time(), UTC))
    return render_pdf(
        _page(data, "pdf"),
        title=f"Protocole de mentorat {data.reference}, version {data.version}",
        author=data.network.name,
        created=last,
        attachments=(Attachment(ATTACHED, canonical_json(replace(data, agreements=())), "Données du protocole"),),
        stylesheets=stylesheets_of(data.template),
        images={"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes()})


def _page(data: ProtocoleData, medium: str) -> str:
    if data.template_digest and data.template_digest != own_texts.digest(data.template):
        raise own_texts.UnfitText(f"{data.template}.html a changé, ou n’est plus là, depuis que ce protocole est écrit : "
                                  "remettez le texte d’alors, et donnez une autre date au nouveau.")
    whole = text_hash(data)
    return page(template_file(data.template), data=data, medium=medium, hash=whole, short_hash=whole[:SHORT_HASH])
