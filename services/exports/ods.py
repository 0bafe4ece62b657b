"""A table as an ODS file (OpenDocument 1.3, parts 2 and 3), written row after row: nothing holds the whole document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lxml.etree import Element, SubElement, xmlfile

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = {"office": f"{_URN}office:1.0", "table": f"{_URN}table:1.0", "text": f"{_URN}text:1.0", "style": f"{_URN}style:1.0",
           "number": f"{_URN}datastyle:1.0", "fo": f"{_URN}xsl-fo-compatible:1.0"}
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{_URN}manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_BOLD, _DAY = "titre", "jour"
#: What ODF would make one space of (part 3, 6.1.2).
_BLANKS = re.compile(r"( {2,}|\t)")


def _name(prefix: str, local: str) -> str:
    return f"{{{_SPACES[prefix]}}}{local}"


def save(out: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Sequence[str | int | date | None]]) -> None:
    """Write the file of one table, the names of its columns first; its texts hold what XML 1.0 can hold."""
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", MEDIA_TYPE, ZIP_STORED)  # the first, and as it is (part 2, 3.3)
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        with package.open("content.xml", "w", force_zip64=True) as content, xmlfile(content, encoding="utf-8") as page:
            page.write_declaration()
            with page.element(_name("office", "document-content"), {_name("office", "version"): "1.3"}, nsmap=_SPACES):
                page.write(_styles())
                with (page.element(_name("office", "body")), page.element(_name("office", "spreadsheet")),
                      page.element(_name("table", "table"), {_name("table", "name"): title})):
                    page.write(Element(_name("table", "table-column"), {_name("table", "number-columns-repeated"):
                                                                        str(len(columns))}))
                    page.write(_row(columns, bold=True))
                    for row in rows:
                        page.write(_row(row))


def _styles():
    """Column names in bold, days as people read them."""
    found = Element(_name("office", "automatic-styles"))
    day = SubElement(found, _name("number", "date-style"), {_name("style", "name"): f"{_DAY}-ecrit"})
    for place, part in enumerate(("day", "month", "year")):
        if place:
            SubElement(day, _name("number", "text")).text = "/"
        SubElement(day, _name("number", part), {_name("number", "style"): "long"})
    for name, more in ((_BOLD, {}), (_DAY, {_name("style", "data-style-name"): f"{_DAY}-ecrit"})):
        made = SubElement(found, _name("style", "style"), {
            _name("style", "name"): name, _name("style", "family"): "table-cell", **more})
        if name == _BOLD:
            SubElement(made, _name("style", "text-properties"), {_name("fo", "font-weight"): "bold"})
    return found


def _row(cells: Sequence[str | int | date | None], *, bold: bool = False):
    line = Element(_name("table", "table-row"))
    for cell in cells:
        kind, value, said = _typed(cell)
        made = SubElement(line, _name("table", "table-cell"), {_name("office", "value-type"): kind, **value})
        if bold or kind == "date":
            made.set(_name("table", "style-name"), _BOLD if bold else _DAY)
        for words in said.split("\n"):
            _write(SubElement(made, _name("text", "p")), words)
    return line


def _typed(cell: str | int | date | None) -> tuple[str, dict[str, str], str]:
    """The type of a cell, its value as a program reads it, and as people do."""
    if isinstance(cell, int):
        return "float", {_name("office", "value"): str(cell)}, str(cell)
    if isinstance(cell, date):
        return "date", {_name("office", "date-value"): cell.isoformat()}, cell.strftime("%d/%m/%Y")
    return "string", {}, cell or ""


def _write(paragraph, words: str) -> None:
    first, *others = _BLANKS.split(words)
    paragraph.text = first
    for blank, after in zip(others[::2], others[1::2], strict=True):
        made = (SubElement(paragraph, _name("text", "tab")) if blank == "\t" else
                SubElement(paragraph, _name("text", "s"), {_name("text", "c"): str(len(blank))}))
        made.tail = after
