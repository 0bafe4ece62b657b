"""What the observatory shows of its figures: a page, a file of data, a report to print."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import StringIO

from models.instance import instance
from pdf.report import Line, Report, Table, report_pdf
from territory import communes
from territory.calendar import say_duration
from territory.sketch import Sketch, as_svg, sketch

from .counting import Delays, Figures, figures, since
from .hiding import Shown
from .outlines import outlines
from .period import Period, period_named, periods

LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.data.gouv.fr/licences"
HIDDEN = "masqué"
#: Names of the tables, for the file of data.
MEMBERS, THEMES, MONTHS, OUTCOMES, IMMERSIONS, MENTORING = (
    "membres", "sujets-demandes-aide", "mois-demandes-aide", "suites-demandes-aide", "immersions", "mentorat")
_HEADERS = ("tableau", "ligne", "colonne", "valeur", "masque", "arrondi", "debut", "fin", "source", "licence")


@dataclass(frozen=True)
class Observatory:
    """Everything the page shows."""

    figures: Figures
    periods: tuple[Period, ...]
    map: Sketch


def observe(slug: str, now: datetime) -> Observatory:
    """The figures of the period of that name, the latest twelve months for "".

    :raises NotFound: nothing is told of that period.
    """
    first = since()
    found = figures(period_named(slug, now, first) if slug else periods(now, first)[0], now)
    return Observatory(found, tuple(periods(now, first)), _map(found))


def _map(found: Figures) -> Sketch:
    centres = [(one.latitude, one.longitude)
               for one in communes.communes_of_departement(instance().network.departement)]
    return sketch(centres, [(place.name, (place.latitude, place.longitude), place.count) for place in found.map], outlines())


def as_csv(slug: str, now: datetime) -> str:
    """The tables as one CSV file, a figure a line (RFC 4180, semicolons as French spreadsheets want).

    Labels come from the lists of the code and of the State, never from what people type.

    :raises NotFound: nothing is told of that period.
    """
    found = observe(slug, now).figures
    written = StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerow(_HEADERS)
    told = (found.period.first.isoformat(), found.period.last.isoformat(), instance().network.full_name, LICENCE)
    for name, row, column, value in _values(found):
        near = "non" if found.period.closed or name == MONTHS else "oui"
        rows.writerow((name, row, column, "" if value is None else value, "oui" if value is None else "non", near, *told))
    return written.getvalue()


def _values(found: Figures) -> Iterator[tuple[str, str, str, int | None]]:
    for name, table in ((MEMBERS, found.members), (THEMES, found.themes), (MONTHS, found.months), (OUTCOMES, found.outcomes)):
        if table is None:
            continue
        for row, line in zip((*table.rows, "Total"), table.cells, strict=True):
            for column, value in zip((*table.columns, "Total"), line, strict=True):
                yield name, row, column, value
    for name, lines in ((IMMERSIONS, found.immersions), (MENTORING, found.mentoring)):
        for row, value in lines:
            yield name, row, "", value


def say_delay(delays: Delays) -> str:
    """« 1 h 35 », « 2 jours »; "" where it may not be told."""
    if delays.median is None:
        return ""
    minutes = round(delays.median.total_seconds() / 60)
    if minutes < 48 * 60:
        return say_duration(minutes if minutes < 120 else 60 * round(minutes / 60))
    return f"{round(minutes / 1440)}\u00a0jours"


def as_pdf(slug: str, now: datetime) -> bytes:
    """The report of a period. The same figures give the same bytes, made once.

    :raises NotFound: nothing is told of that period.
    """
    found = observe(slug, now)
    return _printed(report(found.figures), as_svg(found.map))


@lru_cache(maxsize=8)
def _printed(data: Report, map_svg: str) -> bytes:
    return report_pdf(data, map_svg)


def report(found: Figures) -> Report:
    """The figures as the report says them."""
    network = instance().network
    return Report(
        network.name, network.full_name, network.email, found.period.label, found.period.first, found.period.last,
        members=_table("Membres par intercommunalité", "Intercommunalité", found.members),
        themes=_lines(found.themes), months=_lines(found.months), outcomes=_lines(found.outcomes), closed=found.period.closed,
        delay=say_delay(found.delays), in_time=found.delays.in_time, promised=found.delays.promised,
        immersions=tuple(Line(label, value) for label, value in found.immersions),
        mentoring=tuple(Line(label, value) for label, value in found.mentoring), licence=LICENCE)


def _table(title: str, first: str, table: Shown) -> Table:
    return Table(title, (first, *table.columns, "Total"), tuple(
        (row, *line) for row, line in zip((*table.rows, "Total"), table.cells, strict=True)))


def _lines(table: Shown | None) -> tuple[Line, ...]:
    """The lines of a list and their total; none where it is not told."""
    return tuple(Line(label, value) for label, (value,) in zip((*table.rows, "Total"), table.cells, strict=True)) if table else ()
