"""A true reply, as a mail client would write it: quoted text, threading headers, files. For the built-in mailbox."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from secrets import token_hex

from mail import mime
from models.outbox import OutboxMessage
from territory.calendar import local, say_date, say_time


def parsed(row: OutboxMessage) -> EmailMessage:
    """The letter as an e-mail message."""
    return message_from_bytes(row.raw, policy=default)


def text_of(row: OutboxMessage) -> str:
    """Its text part."""
    return text_in(row.raw)


def text_in(raw: bytes) -> str:
    """The text part of a letter of ours, from its bytes: the first one, in UTF-8 (mail/mime.py)."""
    if (found := mime.written_text(raw)) is not None:
        return found
    for part in message_from_bytes(raw).walk():
        if part.get_content_type() == "text/plain":
            return part.get_payload(decode=True).decode("utf-8", "replace").replace("\r\n", "\n")
    return ""


def html_of(row: OutboxMessage) -> str:
    """Its HTML part, "" when it has none."""
    body = parsed(row).get_body(("html",))
    return body.get_content() if body else ""


def files_of(row: OutboxMessage) -> list[tuple[str, str, bytes]]:
    """``(name, media type, content)`` of its attachments."""
    return [(part.get_filename() or "fichier", part.get_content_type(), part.get_content())
            for part in parsed(row).iter_attachments()]


def write_reply(row: OutboxMessage, words: str, files: list[tuple[str, str, bytes]], now: datetime) -> bytes:
    """The RFC 5322 bytes of an answer to ``row`` by the person it was sent to."""
    letter = parsed(row)
    message = EmailMessage(policy=SMTP)
    subject = str(letter["Subject"])
    message["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    message["From"] = letter["To"]
    message["To"] = letter["Reply-To"] or letter["From"]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{token_hex(12)}@{row.recipient.rpartition('@')[2]}>"
    message["In-Reply-To"] = row.message_id
    message["References"] = f"{letter['References'] or ''} {row.message_id}".strip()
    moment = local(row.created_at)
    quoted = "\n".join(f"> {line}".rstrip() for line in text_of(row).splitlines())
    message.set_content(f"{words}\n\nLe {say_date(moment.date())} à {say_time(moment)}, "
                        f"{letter['From'].addresses[0].display_name} a écrit\u00a0:\n\n{quoted}\n")
    for name, media_type, content in files:
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=name)
    return message.as_bytes()
