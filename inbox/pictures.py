"""Telling the logo of a signature from a picture somebody sends: both are shown in the page by their Content-ID."""

from __future__ import annotations

import struct
from dataclasses import replace

from inbox.attachment import Attachment

LOGO_BYTES = 64_000
#: A picture larger than this on the screen is a photograph or a copy of a screen, however few bytes it takes.
LOGO_WIDTH, LOGO_HEIGHT = 640, 240


def set_logos_apart(attachments: list[Attachment], page: str) -> tuple[Attachment, ...]:
    """Marks the small pictures that the page shows by their Content-ID: signature logos, not files sent."""
    shown = page.lower()
    return tuple(
        replace(item, inline=True)
        if item.declared_type.startswith("image/") and item.content_id and f"cid:{item.content_id.lower()}" in shown
        and is_logo(item.content) else item
        for item in attachments
    )


def is_logo(content: bytes) -> bool:
    """Whether a picture is as small as a logo, in bytes and, where its first bytes say so, on the screen."""
    if len(content) > LOGO_BYTES:
        return False
    width, height = size_of(content)
    return width <= LOGO_WIDTH and height <= LOGO_HEIGHT


def size_of(content: bytes) -> tuple[int, int]:
    """(width, height) of a PNG, GIF or JPEG in pixels; (0, 0) where it is not known."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack_from(">II", content, 16)
        if content.startswith((b"GIF87a", b"GIF89a")):
            return struct.unpack_from("<HH", content, 6)
        if content.startswith(b"\xff\xd8"):
            return _size_of_jpeg(content)
    except struct.error:
        return 0, 0
    return 0, 0


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """The frame of a JPEG (ITU T.81, B.2.2), its segments walked one by one."""
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, position + 5)
            return width, height
        length, = struct.unpack_from(">H", content, position + 2)
        position += 2 + max(length, 2)
    return 0, 0
