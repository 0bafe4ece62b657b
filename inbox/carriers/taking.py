"""What all carriers do with a message once they hold it."""

from __future__ import annotations

import re
from datetime import datetime

from inbox.apart import NotRead, apart
from inbox.kind import Kind
from inbox.private import taken
from inbox.reading import read
from inbox.receive import receive
from models.instance import instance
from services import inbound

#: More of a header than any honest mail has.
HEADER_BYTES = 256 * 1024
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


def take(raw: bytes, carrier: str, now: datetime) -> int | None:
    """Take one whole message in, or its header alone where it is too large. Gives its id; it is committed. None: it is private,
    and nothing is stored of it."""
    if len(raw) > instance().settings.inbox_max_bytes:
        return take_header(raw, len(raw), carrier, now)
    return receive(raw, carrier, now)


def take_header(raw: bytes, size: int, carrier: str, now: datetime) -> int | None:
    """Take in the header of a message that is too large (``size`` bytes); its author is told. Gives what :func:`take`
    gives."""
    header = raw[:HEADER_BYTES]
    if end := _END_OF_HEADER.search(header):
        header = header[:end.end()]
    if taken(header, now, whole=False):
        return None
    return inbound.refuse_large(header, size, _head(header), carrier, now)


def _head(header: bytes) -> inbound.Head:
    try:
        mail, found = apart(read, header, instance().settings.mail_domain)
    except NotRead:
        # Kept all the same, and nobody is answered.
        return inbound.Head()
    return inbound.Head(mail.message_id, mail.sender_address, mail.subject, mail.recipients, mail.answered,
                        found.kind == Kind.HUMAN)
