"""The parts of a mail: texts, pages, files and delivery reports, each read behind a guard.

The tree is walked here rather than by `get_body()`: some clients cut their text around pictures (all pieces are kept)
and some put the signed PDF inside multipart/alternative (it must not be lost).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from types import MappingProxyType

from inbox.decode import clean_text, decode_bytes, decode_header_value, one_line, unflow

MAX_PARTS = 200
MAX_DEPTH = 30
MAX_HEADERS = 500

_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif",
               "text/calendar": "ics", "text/html": "html", "text/plain": "txt", "message/rfc822": "eml"}


class RawHeaders(Compat32):
    """The old policy, giving headers as they travel: its own reading replaces raw 8-bit letters by question marks."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


POLICY = RawHeaders()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the mail. `filename` and `declared_type` are the sender's words: judged elsewhere, never trusted."""

    filename: str
    declared_type: str
    content: bytes = field(repr=False)
    inline: bool
    content_id: str


@dataclass(slots=True)
class Content:
    """What one branch of the tree gave: texts are (text, came from HTML)."""

    texts: list[tuple[str, bool]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    attachments: list[Attachment] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    status: list[Mapping[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    parts: int = 0


def read_headers(message: Message, walk: Walk) -> dict[str, tuple[str, ...]]:
    headers: dict[str, list[str]] = {}
    try:
        items = message.raw_items() if hasattr(message, "raw_items") else message.items()
        for name, value in list(items)[:MAX_HEADERS]:
            headers.setdefault(str(name).strip().lower(), []).append(decode_header_value(str(value)))
    except Exception as error:  # noqa: BLE001
        walk.broken.append(f"header: {type(error).__name__}")
    return {name: tuple(values) for name, values in headers.items()}


def read(part: Message, walk: Walk, depth: int) -> Content:
    """Texts and pages of a part and of what it holds; its files go to `walk`."""
    walk.parts += 1
    if walk.parts > MAX_PARTS or depth > MAX_DEPTH:
        walk.broken.append("structure: too many parts")
        return Content()
    kind = guarded(part.get_content_type, "text/plain", walk)
    walk.types.append(kind)
    if kind.startswith("multipart/") and not part.is_multipart():
        kind = "text/plain"  # its boundary is never found: what it holds is read as text rather than lost
    if kind == "message/delivery-status":
        _read_status(part, walk)
        return Content()
    if kind.startswith("message/") or not part.is_multipart():
        return _read_leaf(part, kind, walk)
    children = [read(child, walk, depth + 1) for child in part.get_payload() if isinstance(child, Message)]
    content = Content()
    for child in children:
        content.pages += child.pages
    plain = [text for child in children for text in child.texts if not text[1] and text[0].strip()]
    if kind == "multipart/alternative" and plain:
        content.texts = plain
    elif kind == "multipart/alternative":
        content.texts = next((child.texts for child in reversed(children) if child.texts), [])
    else:
        content.texts = [text for child in children for text in child.texts]
    return content


def guarded(call, default, walk: Walk):
    try:
        return call()
    except Exception as error:  # noqa: BLE001
        walk.broken.append(f"part: {type(error).__name__}")
        return default


def _read_leaf(part: Message, kind: str, walk: Walk) -> Content:
    filename = decode_header_value(guarded(part.get_filename, "", walk) or "")
    disposition = guarded(part.get_content_disposition, None, walk)
    body = kind in ("text/plain", "text/html", "text/enriched", "text/markdown")
    if kind.startswith("message/"):
        content = guarded(lambda: _attached_message(part), b"", walk)
        if not filename and content:
            inner = guarded(lambda: BytesHeaderParser(policy=POLICY).parsebytes(content)["subject"], "", walk)
            filename = one_line(decode_header_value(str(inner or "")))[:80].replace("/", "-") or "message"
            filename += ".eml"
    else:
        content = guarded(lambda: part.get_payload(decode=True), b"", walk) or b""
    if not body or disposition == "attachment" or filename:
        if content:
            filename = filename or f"piece-jointe-{len(walk.attachments) + 1}.{_EXTENSIONS.get(kind, 'bin')}"
            walk.attachments.append(Attachment(filename, kind, content, False, _content_id(part, walk)))
        return Content()
    charset = str(guarded(lambda: part.get_param("charset") or "", "", walk))
    text = clean_text(decode_bytes(content, charset))
    if kind == "text/html":
        return Content(texts=[(text, True)], pages=[text]) if text.strip() else Content()
    if str(guarded(lambda: part.get_param("format") or "", "", walk)).lower() == "flowed":
        text = unflow(text, str(guarded(lambda: part.get_param("delsp") or "", "", walk)).lower() == "yes")
    return Content(texts=[(text, False)])


def _attached_message(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(child.as_bytes() for child in payload)
    return part.get_payload(decode=True) or b""


def _content_id(part: Message, walk: Walk) -> str:
    return one_line(str(guarded(lambda: part["content-id"] or "", "", walk))).strip("<> ")[:250]


def _read_status(part: Message, walk: Walk) -> None:
    """Groups of fields of a delivery report; each is parsed by the standard library as a message of its own."""
    payload = part.get_payload()
    groups = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
    if not groups:
        text = guarded(lambda: part.get_payload(decode=True), b"", walk) or b""
        blocks = re.split(rb"\n[ \t]*\n", text.replace(b"\r\n", b"\n"))
        groups = [guarded(lambda block=block: BytesHeaderParser(policy=POLICY).parsebytes(block), Message(), walk)
                  for block in blocks[:MAX_PARTS]]
    for group in groups[:MAX_PARTS]:
        fields = {name: values[0] for name, values in read_headers(group, walk).items()}
        if fields:
            walk.status.append(MappingProxyType(fields))
