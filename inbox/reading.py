"""What is read of a message before anybody acts on it: its content, its kind, its new words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inbox.kind import Classification, Kind, classify
from inbox.parse import ParsedMail, parse
from inbox.reply_text import ReplyText, reply_text
from inbox.signature_block import part_signature


class Reading(NamedTuple):
    """What a mail holds and what it is, and its new words where it answers the letter whose text is ``sent``."""

    mail: ParsedMail
    found: Classification
    sent: str
    cut: ReplyText | None
    """None for what a person did not write, or passes on."""


def read(raw: bytes, own_domain: str) -> tuple[ParsedMail, Classification]:
    """What a mail holds and what it is, in one go (see :func:`inbox.apart.apart`)."""
    mail = parse(raw)
    return mail, classify(mail, own_domain)


def read_replies(mails: Sequence[tuple[bytes, str]], own_domain: str) -> list[Reading]:
    """The same of several mails, and their new words; each comes with the text of the letter it seems to answer."""
    readings = []
    for raw, sent in mails:
        mail, found = read(raw, own_domain)
        words = found.kind == Kind.HUMAN and not mail.forwarded
        cut = new_words(mail.text, mail.html, sent, mail.sender_address, mail.sender_name) if words else None
        readings.append(Reading(mail, found, sent, cut))
    return readings


def new_words(text: str, html: str, sent: str, sender: str, name: str) -> ReplyText:
    """What ``sender`` wrote in answer to the letter whose text is ``sent``, without the block under their ``name``."""
    cut = reply_text(text, html, sent)
    kept, signature = part_signature(cut.kept, sender, name)
    return ReplyText(kept, "\n\n".join(filter(None, [signature, cut.elided])))
