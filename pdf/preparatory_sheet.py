"""The preparatory sheet of a prescribed placement (PMSMP): no convention, what the prescriber will ask, written down.

The convention itself is another service's: it takes an authorised prescriber (code du travail, L5135-1 to L5135-8 and
D5135-1 to D5135-8; its contents are those of D5135-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pdf.convention_data import NetworkIdentity
from pdf.frozen import canonical_json
from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, Attachment, render_pdf

ATTACHED = "fiche.json"
SERVICE, SERVICE_URL = "Immersion Facilitée", "https://immersion-facile.beta.gouv.fr/"


@dataclass(frozen=True)
class SheetData:
    """What is known of a placement to prepare; what is not yet stays empty, with a line to write it on.

    `purpose` is one of the three the law knows; `hours` the whole time, in hours.
    """

    reference: str
    network: NetworkIdentity
    person: str
    purpose: str
    objectives: tuple[str, ...]
    issued_on: date
    tasks: str = ""
    host: str = ""
    place: str = ""
    tutor: str = ""
    tutor_quality: str = ""
    first_on: date | None = None
    last_on: date | None = None
    days: int = 0
    hours: int = 0
    timetable: str = ""
    safety: str = ""
    prescriber: str = ""
    template: str = "sheet/2027-01"


def sheet_pdf(data: SheetData) -> bytes:
    """Return the sheet as a PDF that carries its data as fiche.json. The same data give the same bytes.

    Raises pdf.render.RenderFailed, pdf.released.UnknownTemplate.
    """
    return render_pdf(
        page(template_file(data.template), data=data, service=SERVICE, service_url=SERVICE_URL),
        title=f"Fiche préparatoire {data.reference}", author=data.network.name,
        created=datetime.combine(data.issued_on, time(), UTC),
        attachments=(Attachment(ATTACHED, canonical_json(data), "Données de la fiche"),),
        stylesheets=stylesheets_of(data.template), images={"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes()})
