"""A convention is read: as a page, as a PDF, by who may."""

from __future__ import annotations

from datetime import datetime

from models.convention import ConventionState
from models.dossier import Immersion
from models.states import Role
from pdf.convention import ConventionData, convention_html, convention_pdf, from_json

from ..errors import NotFound
from ..files import read_content
from .drafting import EDITABLE, draft_data


def readable(dossier: Immersion, role: Role, now: datetime) -> ConventionData:
    """The convention that role may read: a party, what was shown or sent; the coordination, the draft too.

    :raises NotFound: there is none yet.
    """
    if role == Role.COORDINATOR and (dossier.convention or dossier.state in EDITABLE):
        return draft_data(dossier, now)
    shown = [row for row in dossier.conventions if not row.number and row.state in ("shown", "issued", "signed")]
    if not shown:
        raise NotFound("La convention n’est pas encore prête à être lue.")
    return from_json(shown[-1].data)


def as_page(data: ConventionData) -> str:
    """The convention as HTML, headings from h2."""
    return convention_html(data)


def as_pdf(dossier: Immersion, data: ConventionData) -> bytes:
    """The convention as a PDF: the very bytes that were sent, once it is issued; the sealed ones, once it is sealed."""
    row = dossier.convention
    if row and row.version == data.version and row.state == ConventionState.SIGNED and row.sealing and row.sealing.file:
        return read_content(row.sealing.file)
    if row and row.state in (ConventionState.ISSUED, ConventionState.SIGNED) and row.version == data.version and row.file:
        return read_content(row.file)
    return convention_pdf(data)
