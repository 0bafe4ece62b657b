"""The parts of a mail: texts, pages, files and delivery reports, each read behind a guard.

The tree is walked here rather than by `get_body()`: some clients cut their text around pictures (all pieces are kept)
and some put the signed PDF inside multipart/alternative (it must not be lost).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from types import MappingProxyType

from inbox.attachment import Attachment
from inbox.decode import clean_text, decode_bytes, decode_header_value, html_to_text, one_line, unflow
from inbox.pictures import set_logos_apart
from inbox.winmail import SIGNATURE, Winmail, open_winmail

MAX_PARTS = 200
MAX_DEPTH = 30
MAX_HEADERS = 500
#: Attached messages opened within one another.
MAX_LEVELS = 3

_SHOWN = {"from": "De\u00a0:", "date": "Date\u00a0:", "to": "À\u00a0:", "subject": "Objet\u00a0:"}
_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif",
               "text/calendar": "ics", "text/html": "html", "text/plain": "txt", "message/rfc822": "eml"}


class RawHeaders(Compat32):
    """The old policy, giving headers as they travel: its own reading replaces raw 8-bit letters by question marks."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


POLICY = RawHeaders()


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
    inside: str = ""
    levels: int = 0
    spare: list[tuple[str, bool]] = field(default_factory=list)


def read_headers(message: Message, walk: Walk) -> dict[str, tuple[str, ...]]:
    headers: dict[str, list[str]] = {}
    charset = _charset_of_text(message)
    try:
        items = message.raw_items() if hasattr(message, "raw_items") else message.items()
        for name, value in list(items)[:MAX_HEADERS]:
            headers.setdefault(str(name).strip().lower(), []).append(decode_header_value(str(value), charset))
    except Exception as error:  # noqa: BLE001
        walk.broken.append(f"header: {type(error).__name__}")
    return {name: tuple(values) for name, values in headers.items()}


def _charset_of_text(message: Message) -> str:
    """The charset that the message or its first text part declares."""
    try:
        parts = message.get_payload() if message.is_multipart() else ()
        for part in (message, *parts[:3]):
            if charset := part.get_param("charset"):
                return str(charset)
    except Exception:  # noqa: BLE001 - a hint only
        return ""
    return ""


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
    if kind.startswith("message/"):
        return _read_message(part, kind, filename, walk)
    disposition = guarded(part.get_content_disposition, None, walk)
    content = guarded(lambda: part.get_payload(decode=True), b"", walk) or b""
    if content.startswith(SIGNATURE):
        opened = guarded(lambda: open_winmail(content), None, walk)
        if opened is not None:
            return _read_winmail(opened, walk)
    body = kind in ("text/plain", "text/html", "text/enriched", "text/markdown")
    if not body or disposition == "attachment" or filename:
        if content:
            filename = filename or f"piece-jointe-{len(walk.attachments) + 1}.{_EXTENSIONS.get(kind, 'bin')}"
            walk.attachments.append(Attachment(filename, kind, content, False, _content_id(part, walk), walk.inside))
        return Content()
    charset = str(guarded(lambda: part.get_param("charset") or "", "", walk))
    text = clean_text(decode_bytes(content, charset))
    if kind == "text/html":
        return Content(texts=[(text, True)], pages=[text]) if text.strip() else Content()
    if str(guarded(lambda: part.get_param("format") or "", "", walk)).lower() == "flowed":
        text = unflow(text, str(guarded(lambda: part.get_param("delsp") or "", "", walk)).lower() == "yes")
    return Content(texts=[(text, False)])


def _read_message(part: Message, kind: str, filename: str, walk: Walk) -> Content:
    """An attached message: listed as a file with what it says, then its own files, so that none is out of reach."""
    content = guarded(lambda: _attached_message(part), b"", walk)
    if not content:
        return Content()
    inner = guarded(lambda: _first_message(part, content), None, walk)
    headers = read_headers(inner, Walk()) if inner is not None else {}
    if not filename:
        filename = (headers.get("subject", ("",))[0])[:80].replace("/", "-") or "message"
        filename += ".eml"
    place = len(walk.attachments)
    walk.attachments.append(Attachment(filename, kind, content, False, _content_id(part, walk), walk.inside))
    if inner is None or kind != "message/rfc822" or walk.levels >= MAX_LEVELS:
        return Content()
    # A returned mail is not opened further than its report: its status groups would pass for those of the report.
    own = Walk(parts=walk.parts, inside=filename, levels=walk.levels + 1)
    said = guarded(lambda: read(inner, own, 0), Content(), walk)
    walk.parts = own.parts
    walk.attachments[place] = replace(walk.attachments[place], words=_as_words(headers, said))
    page = "\n".join(said.pages)
    walk.attachments += set_logos_apart(own.attachments, page)
    return Content()


def _first_message(part: Message, content: bytes) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    return BytesParser(policy=POLICY).parsebytes(content)


def _as_words(headers: Mapping[str, tuple[str, ...]], said: Content) -> str:
    """Who wrote an attached message, when, about what, and its text: what a person would see on opening it."""
    lines = [f"{label} {headers[name][0]}" for name, label in _SHOWN.items() if headers.get(name, ("",))[0]]
    texts = [html_to_text(text) if from_html else text for text, from_html in said.texts]
    return "\n".join([*lines, "", *(text.strip("\n") for text in texts if text.strip())])


def _read_winmail(opened: Winmail, walk: Walk) -> Content:
    """The files of a winmail.dat; its text only stands where the mail has none of its own."""
    for name, content in opened.files:
        name = one_line(name) or f"piece-jointe-{len(walk.attachments) + 1}.bin"
        walk.attachments.append(Attachment(name, "application/octet-stream", content, False, "", "winmail.dat"))
    if opened.text.strip(b"\x00 \r\n"):
        walk.spare.append((clean_text(decode_bytes(opened.text, opened.text_charset)), False))
    elif opened.page.strip(b"\x00 \r\n"):
        walk.spare.append((clean_text(decode_bytes(opened.page)), True))
    return Content()


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
