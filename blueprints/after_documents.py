"""What can be opened from a dossier once it was lived: attestations, badges, the parcours."""

from __future__ import annotations

from flask import Response, render_template

from models.states import Kind, Role
from services import convention
from services.attestation import badges, reading
from services.errors import NotFound
from services.immersion import parcours

from .downloads import download
from .templating import page_now
from .visitor import Visitor


def send_attestation(visitor: Visitor, number: int, name: str) -> Response:
    """The sealed PDF, or the badge as an image, of an attestation this person may have. :raises NotFound: not theirs."""
    row = reading.one_of(visitor.dossier, visitor.role, number)
    reference = visitor.dossier.reference
    if name == "attestation.pdf":
        return download(reading.pdf_of(row), f"attestation-{reference}.pdf", "application/pdf")
    kinds = {"badge.png": ("png", "image/png"), "badge.svg": ("svg", "image/svg+xml")}
    if name not in kinds:
        raise NotFound()
    kind, media_type = kinds[name]
    return download(badges.image(badges.SLUGS[row.recipient], kind, row.badge), f"badge-{reference}.{kind}", media_type)


def show_parcours(visitor: Visitor) -> str:
    """All the stages, the days and hours lived; for the person and for the coordination."""
    if visitor.dossier.kind_ != Kind.IMMERSION or visitor.role not in (Role.AUTHOR, Role.COORDINATOR):
        raise NotFound()
    stages = parcours.stages(visitor.dossier)
    return render_template("dossier/parcours.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                           layout=visitor.layout,
                           stages=stages, days=sum(stage.days for stage in stages),
                           minutes=sum(stage.minutes for stage in stages))


def send_agenda(visitor: Visitor) -> Response:
    """The sessions of a signed convention, for a calendar."""
    content = convention.agenda_file(visitor.dossier, visitor.participant, page_now())
    return download(content, f"seances-{visitor.dossier.reference}.ics", "text/calendar")
