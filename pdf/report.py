"""The yearly report of the network's figures, made to be printed and handed to a partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from math import ceil

from pdf.frozen import canonical_json
from pdf.pages import page
from pdf.released import stylesheets_of, template_file
from pdf.render import DOCUMENTS, Attachment, render_pdf

ATTACHED = "chiffres.json"


@dataclass(frozen=True)
class Line:
    """A figure and what it counts; None where it is too small to be told."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Table:
    """``rows``: a label, then a figure for each other heading."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]


@dataclass(frozen=True)
class Report:
    """All the report says. The last line of `themes`, `months` and `outcomes` is their total.

    `closed`: a whole calendar year. Of another period `themes` and `outcomes` are empty, and figures are
    rounded but for those of months.

    `delay` is in words, "" where it may not be told; `in_time` a percentage; `promised` in working days.
    """

    network_name: str
    network_full_name: str
    contact_email: str
    period: str
    first: date
    last: date
    members: Table
    themes: tuple[Line, ...]
    months: tuple[Line, ...]
    outcomes: tuple[Line, ...]
    delay: str
    in_time: int | None
    promised: int
    immersions: tuple[Line, ...]
    mentoring: tuple[Line, ...]
    licence: str
    closed: bool = True
    template: str = "report/2027-01"


def report_pdf(data: Report, map_svg: str) -> bytes:
    """Return the report as a PDF that carries its figures as chiffres.json. The same data give the same bytes.

    `map_svg` is the drawing that goes with the table of members.

    Raises pdf.render.RenderFailed, pdf.released.UnknownTemplate.
    """
    return render_pdf(
        page(template_file(data.template), data=data, width=_width),
        title=f"Les chiffres du réseau, {data.period}", author=data.network_name,
        created=datetime.combine(data.last, time(), UTC),
        attachments=(Attachment(ATTACHED, canonical_json(data), "Chiffres du document"),),
        stylesheets=stylesheets_of(data.template),
        images={"mark.svg": (DOCUMENTS / "base" / "mark.svg").read_bytes(), "map.svg": map_svg.encode()})


def _width(count: int | None, lines: tuple[Line, ...]) -> int:
    """How long the bar of a line is, in percent of the longest but the total's."""
    most = max((line.count or 0 for line in lines[:-1]), default=0)
    return ceil(100 * count / most) if count and most else 0
