"""Files and text of a ``winmail.dat``, which Exchange writes where it believes the reader has Outlook ([MS-OXTNEF]).

A reader of our own for the few attributes a reply needs: the one library there is runs as many turns as a forged count
says (docs/decisions/0012-meaning-of-mail.md). Each length is checked against what is there; nothing raises.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_FILES = 50
MAX_PROPERTIES = 2_000

_RENDERING, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_LONG_NAME, _SHORT_NAME, _CONTENT = 0x3707, 0x3704, 0x3701
_TEXT_BODY, _PAGE_BODY = 0x1000, 0x1013
#: Property type -> bytes of one value; the others carry their length.
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_SIZED = (0x0D, 0x1E, 0x1F, 0x102)
_UNICODE, _OBJECT, _SEVERAL, _NAMED = 0x1F, 0x0D, 0x1000, 0x8000


@dataclass(slots=True)
class Winmail:
    """What a ``winmail.dat`` holds: files as (name, content), and the text or the page of the mail, "" when none."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    text: bytes = b""
    text_charset: str = ""
    page: bytes = b""


def open_winmail(content: bytes) -> Winmail | None:
    """What it holds, or None when this is no such file or it is too broken to hold anything."""
    if not content.startswith(SIGNATURE):
        return None
    found, charset = Winmail(), "cp1252"
    names: list[str] = []
    for attribute, data in _attributes(content):
        if attribute == _CODE_PAGE and len(data) >= 4:
            charset = f"cp{struct.unpack_from('<I', data)[0]}"
        elif attribute == _RENDERING and len(found.files) < MAX_FILES:
            found.files.append(("", b""))
            names.append("")
        elif attribute == _BODY:
            found.text, found.text_charset = data.rstrip(b"\x00"), charset
        elif attribute == _MESSAGE_PROPERTIES:
            _read_body(found, data, charset)
        elif found.files:
            name, inside = found.files[-1]
            if attribute == _TITLE:
                name = name or _text(data, charset)
            elif attribute == _DATA:
                inside = data
            elif attribute == _PROPERTIES:
                name, inside = _file_properties(data, charset, name, inside)
            found.files[-1] = (name, inside)
    found.files = [(name, inside) for name, inside in found.files if inside]
    return found if found.files or found.text or found.page else None


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(identifier, data) of each attribute; the identifier leaves the type out, the checksum is not asked for."""
    position = 6
    while position + 9 <= len(content):
        identifier, _, length = struct.unpack_from("<HHI", content, position + 1)
        start = position + 9
        if start + length > len(content):
            return
        yield identifier, content[start:start + length]
        position = start + length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(identifier, type, value) of MAPI properties, until the first that does not fit."""
    position = 4
    for _ in range(MAX_PROPERTIES):
        if position + 4 > len(data):
            return
        kind, identifier = struct.unpack_from("<HH", data, position)
        position += 4
        if identifier >= _NAMED:
            if position + 24 > len(data):
                return
            by_name, length = struct.unpack_from("<II", data, position + 16)
            position += 24 + (length + 3 & ~3 if by_name else 0)
        several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
        count = 1
        if several or kind in _SIZED:
            if position + 4 > len(data):
                return
            count, = struct.unpack_from("<I", data, position)
            position += 4
        for _ in range(min(count, MAX_PROPERTIES)):
            size = _SIZES.get(kind, -1)
            if kind in _SIZED:
                if position + 4 > len(data):
                    return
                size, = struct.unpack_from("<I", data, position)
                position += 4
            if size < 0 or position + size > len(data):
                return
            yield identifier, kind, data[position:position + size]
            position += size + 3 & ~3


def _file_properties(data: bytes, charset: str, name: str, inside: bytes) -> tuple[str, bytes]:
    for identifier, kind, value in _properties(data):
        if identifier == _LONG_NAME or (identifier == _SHORT_NAME and not name):
            name = _text(value, "utf-16-le" if kind == _UNICODE else charset) or name
        elif identifier == _CONTENT and value:
            # An object begins with the identifier of its interface; what follows is the file, or another such message.
            inside = value[16:] if kind == _OBJECT else value
    return name, inside


def _read_body(found: Winmail, data: bytes, charset: str) -> None:
    for identifier, kind, value in _properties(data):
        if identifier == _TEXT_BODY:
            found.text, found.text_charset = value, "utf-16-le" if kind == _UNICODE else charset
        elif identifier == _PAGE_BODY:
            found.page = value


def _text(value: bytes, charset: str) -> str:
    try:
        return value.decode(charset, "replace").strip("\x00 ")
    except LookupError:
        return value.decode("cp1252", "replace").strip("\x00 ")
