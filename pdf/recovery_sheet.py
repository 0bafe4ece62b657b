"""A referent's recovery sheet, to print: the key itself, in letters. Made in memory, stored nowhere, carried by no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, render_pdf


@dataclass(frozen=True)
class RecoverySheet:
    """`code` is the key in groups of four signs, a space between them; `fingerprint` what two people compare."""

    name: str
    email: str
    code: str
    fingerprint: str
    made_on: date
    network_name: str
    network_full_name: str
    template: str = "recovery/2026-12"

    def __repr__(self) -> str:
        return f"RecoverySheet({self.fingerprint})"


def recovery_sheet_pdf(data: RecoverySheet) -> bytes:
    """Return the sheet as a PDF; unlike other documents it carries no data of its own.

    Raises pdf.render.RenderFailed, pdf.released.UnknownTemplate.
    """
    return render_pdf(
        page(template_file(data.template), data=data), title="Fiche de secours", author=data.network_name,
        created=datetime.combine(data.made_on, time(), UTC), stylesheets=stylesheets_of(data.template),
        images={"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes()})
