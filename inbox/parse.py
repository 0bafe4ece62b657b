"""What a mail holds, from its raw bytes: pure, no I/O, and it never raises (issue 3, part 2)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from inbox.attachment import Attachment
from inbox.decode import addresses_in, clean_text, decode_bytes, html_to_text, one_line
from inbox.parts import MAX_PARTS, POLICY, Walk, read, read_headers
from inbox.pictures import set_logos_apart

SUBJECT_LIMIT = 998

RECIPIENT_HEADERS = (
    "to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "apparently-to",
    "resent-to", "x-envelope-original-to", "x-real-to", "x-received-for",
)


_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_FROM_LIMIT = 10_000
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,2000}"', re.DOTALL)
_COMMENT = re.compile(r"\((?:[^()\\]|\\.){0,2000}\)", re.DOTALL)
_BRACKETED = re.compile(r"<([^<>]{0,500}@[^<>]{0,500})>")
_MULTIPART = re.compile(rb"^[Cc]ontent-[Tt]ype:[ \t\r\n]*(?:multipart|message)/", re.MULTILINE)
_FORWARD_PREFIX = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:tr|fw|fwd|wg|rv|i)\s?:", re.IGNORECASE)
_REPLY_PREFIX = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|ré|rép|aw|sv)\s?:", re.IGNORECASE)
_FORWARD_MARK = re.compile(
    r"^[ \t*]*(?:-{4,} ?(?:forwarded message|message transféré|message transmis|message réexpédié"
    r"|(?:e-?mail|courriel) transféré)\b"
    r"|(?:begin forwarded message|début du message (?:transféré|réexpédié)) ?:)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read. Addresses are lower case, texts have line feeds only, `headers` maps lower-case names to values.

    `delivery_status` holds the groups of fields of the RFC 3464 reports, in order: the message first, then each
    recipient. `recipients` are the addresses of every header that may carry our token, `shown_recipients` those of To
    and Cc. `forwarded` tells that the words are somebody else's. `content_types` lists every part. `broken` notes what
    had to be repaired or left aside.
    """

    message_id: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    sender_name: str = ""
    sender_address: str = ""
    from_addresses: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    shown_recipients: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    text_from_html: bool = False
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    forwarded: bool = False
    has_calendar: bool = False
    has_receipt: bool = False
    content_types: tuple[str, ...] = ()
    delivery_status: tuple[Mapping[str, str], ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def answered(self) -> tuple[str, ...]:
        """Message-IDs of what it answers, the closest last."""
        return (*self.references, self.in_reply_to) if self.in_reply_to else self.references


def parse(raw: bytes) -> ParsedMail:
    """Everything useful of a raw mail. Never raises: what cannot be read is noted in `broken` (RFC 5322, 2045-2047)."""
    fallback_id = f"<{hashlib.sha256(raw).hexdigest()[:40]}@without-message-id.invalid>"
    try:
        return _parse(raw, fallback_id)
    except Exception as error:  # noqa: BLE001 - a mail that nobody foresaw must still be stored and shown to a person
        return ParsedMail(message_id=fallback_id, text=clean_text(decode_bytes(raw[:100_000])),
                          broken=(f"unreadable: {type(error).__name__}",))


def _parse(raw: bytes, fallback_id: str) -> ParsedMail:
    walk = Walk()
    message = _message(_without_envelope_line(raw), walk)
    headers = read_headers(message, walk)

    def first(name: str) -> str:
        return headers.get(name, ("",))[0]

    content = read(message, walk, 0)
    text, text_from_html = _joined(content.texts)
    if not text.strip():
        text, text_from_html = _joined(walk.spare)
    page = "\n".join(content.pages)
    subject = first("subject")[:SUBJECT_LIMIT]
    senders = _senders(message) or addresses_in(" , ".join(headers.get("from", ())))
    sender = senders[0] if senders else next(iter(addresses_in(first("sender"))), "")
    ids = [identifier for value in headers.get("references", ()) for identifier in _MESSAGE_ID.findall(value)]
    return ParsedMail(
        message_id=next(iter(_MESSAGE_ID.findall(first("message-id"))), "") or fallback_id,
        in_reply_to=next(iter(_MESSAGE_ID.findall(first("in-reply-to"))), ""),
        references=tuple(dict.fromkeys(ids))[-100:],
        sender_name=_display_name(message, first("from"), sender),
        sender_address=sender,
        from_addresses=senders,
        recipients=_addresses_of(headers, RECIPIENT_HEADERS),
        shown_recipients=_addresses_of(headers, ("to", "cc")),
        subject=subject,
        date=_date(first("date")),
        text=text,
        html=page,
        text_from_html=text_from_html,
        attachments=set_logos_apart(walk.attachments, page),
        headers=MappingProxyType(headers),
        forwarded=bool(_FORWARD_PREFIX.match(subject)
                       or (not _REPLY_PREFIX.match(subject) and _FORWARD_MARK.search(text))),
        has_calendar="text/calendar" in walk.types,
        has_receipt="message/disposition-notification" in walk.types
                    or "disposition-notification" in first("content-type").lower(),
        content_types=tuple(walk.types),
        delivery_status=tuple(walk.status),
        broken=tuple(dict.fromkeys(walk.broken)),
    )


def _addresses_of(headers: Mapping[str, tuple[str, ...]], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(
        address for name in names for value in headers.get(name, ()) for address in addresses_in(value)))


def _without_envelope_line(raw: bytes) -> bytes:
    """The message without the blank lines or the mbox "From " line that some gateways leave before the header."""
    raw = raw.lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return raw


def _message(raw: bytes, walk: Walk) -> Message:
    # Each level of nesting makes the standard parser look at each line once more, and recurse: bounded beforehand.
    if len(_MULTIPART.findall(raw)) <= MAX_PARTS:
        try:
            return message_from_bytes(raw, policy=POLICY)
        except Exception as error:  # noqa: BLE001 - the standard parser promises not to raise, and sometimes does
            walk.broken.append(f"structure: {type(error).__name__}")
    else:
        walk.broken.append("structure: too many parts")
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    try:
        message = BytesHeaderParser(policy=POLICY).parsebytes(head + b"\n\n")
    except Exception:  # noqa: BLE001
        message = Message()
    for name in ("content-type", "content-transfer-encoding"):
        del message[name]
    message.set_payload(decode_bytes(body).encode("utf-8"), "utf-8")
    return message


def _senders(message: Message) -> tuple[str, ...]:
    """The addresses of From as it travelled, before anything of it is decoded: a name may say anything, « Noa <noa@x> » too,
    and DMARC was judged by the address behind it (RFC 5322, 3.4; RFC 7489, 6.6.1). Empty where none stands in the open."""
    found: list[str] = []
    for value in message.get_all("from") or ():
        plain = decode_bytes(str(value)[:_FROM_LIMIT].encode("utf-8", "surrogateescape"))
        for mailbox in _without_comments(_QUOTED.sub(" ", plain)).split(","):
            found += _BRACKETED.findall(mailbox)[-1:] or [mailbox]
    return addresses_in(" , ".join(found))


def _without_comments(value: str) -> str:
    """From without what stands in brackets, which may be nested."""
    for _ in range(5):
        value, removed = _COMMENT.subn(" ", value)
        if not removed:
            break
    return value


def _display_name(message: Message, decoded: str, sender: str) -> str:
    name = decoded.split("<", 1)[0] if "<" in decoded else ""
    if not name:
        comment = re.search(r"\(([^()]{1,200})\)", decoded)
        name = comment[1] if comment else ""
    name = one_line(name.replace('\\"', '"').strip().strip("\"'").strip())
    return "" if name.lower() == sender else name[:200]


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value[:200])
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
        date.astimezone(UTC)  # a date of the year 1 or 9999 has no equivalent in UTC
    except Exception:  # noqa: BLE001 - ValueError, TypeError, IndexError, OverflowError by versions of Python
        return None
    return date


def _joined(texts: list[tuple[str, bool]]) -> tuple[str, bool]:
    """All the text parts one after the other, and whether all of it came from HTML."""
    kept = [(html_to_text(text) if from_html else text, from_html) for text, from_html in texts]
    kept = [(text, from_html) for text, from_html in kept if text.strip()]
    if len(kept) == 1:
        return kept[0]
    return "\n\n".join(text.strip("\n") for text, _ in kept), bool(kept) and all(from_html for _, from_html in kept)

