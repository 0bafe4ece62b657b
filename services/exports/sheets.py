"""A table as CSV, XLSX or ODS. What a person typed is never a formula, whatever program opens it and saves it again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | date | None
#: What programs take for the beginning of a formula (OWASP, CSV injection), and its full-width forms.
_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
#: What XML 1.0 cannot hold (2.2), whatever was typed.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Sheet:
    """One table: its title, the names of its columns, its rows."""

    title: str
    columns: list[str]
    rows: list[list[Cell]]


def safe(cell: Cell) -> Cell:
    """Text that cannot be a formula: an apostrophe goes before what would begin one. Numbers and days stay what they are.

    In the three formats alike: a sheet is often saved again as CSV, where nothing else would be left to protect it.
    """
    if not isinstance(cell, str):
        return cell
    text = _NOT_XML.sub("", cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _as_text(cell: Cell) -> str:
    return "" if cell is None else cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)


def _csv(sheet: Sheet) -> bytes:
    """Semicolons and a byte-order mark: what a French spreadsheet opens by a double click."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([[_as_text(safe(cell)) for cell in row] for row in sheet.rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _xlsx(sheet: Sheet) -> bytes:
    book = Workbook()
    page = book.active
    page.title = sheet.title[:31]
    for place, row in enumerate([sheet.columns, *sheet.rows], 1):
        for number, cell in enumerate(row, 1):
            made = page.cell(row=place, column=number)
            value = safe(cell)
            made.value = value
            if isinstance(value, str):
                made.data_type = "s"  # never "f": openpyxl makes a formula of what begins with "="
            elif isinstance(value, date):
                made.number_format = "DD/MM/YYYY"
            if place == 1:
                made.font = Font(bold=True)
    for number, name in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = max(12, min(40, len(name) + 4))
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(sheet: Sheet) -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name=sheet.title)
    for row in [sheet.columns, *sheet.rows]:
        line = TableRow()
        for cell in row:
            line.addElement(_ods_cell(safe(cell)))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods_cell(cell: Cell) -> TableCell:
    if isinstance(cell, int):
        made = TableCell(valuetype="float", value=cell)
    elif isinstance(cell, date):
        made = TableCell(valuetype="date", datevalue=cell.isoformat())
    else:
        made = TableCell(valuetype="string")
    for line in _as_text(cell).split("\n"):
        made.addElement(P(text=line))
    return made


#: extension -> (media type, what writes it)
FORMATS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", _ods),
}


def write(sheet: Sheet, extension: str) -> bytes:
    """The bytes of that sheet in one of :data:`FORMATS`."""
    return FORMATS[extension][1](sheet)
