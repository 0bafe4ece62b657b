"""A table as CSV, XLSX or ODS. What a person typed is never a formula, whatever program opens it and saves it again."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO

from . import ods

Cell = str | int | date | None
_PIECE, _IN_MEMORY = 64 * 1024, 4 * 1024 * 1024
#: What programs take for the beginning of a formula (OWASP, CSV injection), and its full-width forms.
_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
#: What XML 1.0 cannot hold (2.2), whatever was typed.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Sheet:
    """One table: its title, the names of its columns, its rows, which are read once."""

    title: str
    columns: list[str]
    rows: Iterable[list[Cell]]


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


def _csv(sheet: Sheet) -> Iterator[bytes]:
    """Semicolons and a byte-order mark: what a French spreadsheet opens by a double click."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([_as_text(safe(cell)) for cell in row])
        if out.tell() > _PIECE:
            yield out.getvalue().encode("utf-8")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8")


def _xlsx(sheet: Sheet) -> Iterator[bytes]:
    from . import xlsx

    rows = ([safe(cell) for cell in row] for row in sheet.rows)
    yield from _saved(lambda out: xlsx.save(out, sheet.title, sheet.columns, rows))


def _saved(save: Callable[[IO[bytes]], object]) -> Iterator[bytes]:
    """What a program writes to a file, in pieces; the file is on the disk once it is large."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as out:
        save(out)
        out.seek(0)
        while piece := out.read(_PIECE):
            yield piece


def _ods(sheet: Sheet) -> Iterator[bytes]:
    rows = ([safe(cell) for cell in row] for row in sheet.rows)
    yield from _saved(lambda out: ods.save(out, sheet.title, sheet.columns, rows))


#: extension -> (media type, what writes it)
FORMATS: dict[str, tuple[str, Callable[[Sheet], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "ods": (ods.MEDIA_TYPE, _ods),
}


def write(sheet: Sheet, extension: str) -> Iterator[bytes]:
    """That sheet in one of :data:`FORMATS`, piece after piece: the rows are read while they leave."""
    return FORMATS[extension][1](sheet)
