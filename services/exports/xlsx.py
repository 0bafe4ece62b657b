"""A table as an XLSX file, written row after row by openpyxl, which comes with this module: it is as long to load as Flask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

_BOLD = Font(bold=True)


def save(out: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Sequence[str | int | date | None]]) -> None:
    """Write the file of one table, the names of its columns first; its texts hold what XML 1.0 can hold."""
    book = Workbook(write_only=True)  # row after row, to a file
    page = book.create_sheet(title[:31])
    for number, name in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(number)].width = max(12, min(40, len(name) + 4))
    page.freeze_panes = "A2"
    page.append([_cell(page, name, bold=True) for name in columns])
    for row in rows:
        page.append([_cell(page, value) for value in row])
    book.save(out)


def _cell(page, value: str | int | date | None, *, bold: bool = False) -> WriteOnlyCell:
    made = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        made.data_type = "s"  # never "f": openpyxl makes a formula of what begins with "="
    elif isinstance(value, date):
        made.number_format = "DD/MM/YYYY"
    if bold:
        made.font = _BOLD
    return made
