"""A convention is read: as a page, as a PDF, by who may."""

from __future__ import annotations

from datetime import date, datetime

from models.convention import Convention, ConventionKind, ConventionState
from models.dossier import Immersion
from models.states import Role
from pdf import avenant
from pdf.convention import ConventionData, convention_html, convention_pdf, from_json

from ..errors import NotFound
from ..files import read_content
from .drafting import EDITABLE, draft_data
from .signatories import proofs_of

#: States of a version that the parties have read.
_SENT = ("shown", "issued", "signed")


def readable(dossier: Immersion, role: Role, now: datetime) -> ConventionData:
    """The convention that role may read: a party, what was shown or sent; the coordination, the draft too.

    :raises NotFound: there is none yet.
    """
    if role == Role.COORDINATOR and (dossier.convention or dossier.state in EDITABLE):
        return draft_data(dossier, now)
    shown = [row for row in dossier.conventions if not row.number and row.state in _SENT]
    if not shown:
        raise NotFound("La convention n’est pas encore prête à être lue.")
    return from_json(shown[-1].data)


def is_readable(dossier: Immersion, role: Role) -> bool:
    """Whether :func:`readable` gives that role something."""
    if role == Role.COORDINATOR and (dossier.convention or dossier.state in EDITABLE):
        return True
    return any(not row.number and row.state in _SENT for row in dossier.conventions)


def as_page(data: ConventionData, signed: Convention | None = None) -> str:
    """The convention as HTML, headings from h2; ``signed``: the version that all have signed, which says so."""
    whole = signed is not None and signed.signatures and all(row.signed for row in signed.signatures)
    return convention_html(data, proofs_of(signed) if whole else ())


def version_read(dossier: Immersion, data: ConventionData) -> Convention | None:
    """The version that ``data`` is, once it was sent to be signed; None of a draft."""
    return next((row for row in reversed(dossier.conventions) if not row.number and row.version == data.version
                 and row.state in (ConventionState.ISSUED, ConventionState.SIGNED)), None)


def as_pdf(dossier: Immersion, data: ConventionData) -> bytes:
    """The convention as a PDF: the very bytes that were sent, once it is issued; the sealed ones, once it is sealed."""
    row = dossier.convention
    if row and row.version == data.version and row.state == ConventionState.SIGNED and row.sealing and row.sealing.file:
        return read_content(row.sealing.file)
    if row and row.state in (ConventionState.ISSUED, ConventionState.SIGNED) and row.version == data.version and row.file:
        return read_content(row.file)
    return convention_pdf(data)


def first_day(version: Convention) -> date | None:
    """The day of the first session a version is about; an amendment that says nothing of it has the convention's."""
    sessions = version.data.get("sessions") or (version.amends.data.get("sessions") if version.amends else None)
    return min((date.fromisoformat(session["on"]) for session in sessions), default=None) if sessions else None


def sent_page(version: Convention) -> str:
    """What was sent to be signed, as HTML, headings from h2."""
    if version.kind == ConventionKind.CONVENTION:
        return convention_html(from_json(version.data))
    return avenant.avenant_html(avenant.from_json(version.data))


def sent_pdf(version: Convention) -> bytes:
    """The very bytes that were sent to be signed.

    :raises NotFound: they are kept no more.
    """
    if version.file is None:
        raise NotFound("Ce fichier n’est plus disponible.")
    return read_content(version.file)
