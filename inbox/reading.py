"""What is read of a message before anybody acts on it: its content and its kind. Pure."""

from __future__ import annotations

from inbox.kind import Classification, classify
from inbox.parse import ParsedMail, parse


def read(raw: bytes, own_domain: str) -> tuple[ParsedMail, Classification]:
    """What a mail holds and what it is, in one go (see :func:`inbox.apart.apart`)."""
    mail = parse(raw)
    return mail, classify(mail, own_domain)
