"""The first question of the mail door: does a mail answer a neutral letter? Then it is never stored as it came.

Asked by every carrier before anything is written. What such a mail holds is read in the child process (``apart.py``), as bytes in
memory, and is handed to :mod:`services.alerte.mailed`, which seals it or lets it go.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from models.instance import instance
from services.alerte import mailed

from .apart import NotRead, apart
from .authenticity import Verdict, sender_verdict
from .kind import Kind, bounced_addresses
from .parse import ParsedMail
from .reading import read
from .reply_text import reply_text


def taken(raw: bytes, now: datetime, *, whole: bool = True) -> bool:
    """True where ``raw`` answers a neutral letter: all is done that can be, and the carrier has to let go of it for good.

    :param whole: False where the mail is too large and ``raw`` is its head alone.
    """
    numbers = mailed.letters_named(raw)
    if not numbers:
        return False
    # Of an author's alert before any other: there the words can be kept.
    number = next(filter(None, numbers), 0)
    try:
        mail, found = apart(read, raw, instance().settings.mail_domain)
    except NotRead:
        if number:
            mailed.note(number, mailed.UNREADABLE, hashlib.sha256(raw).hexdigest(), now)
        return True
    if found.kind == Kind.BOUNCE:
        _bounce(number, mail, raw, now)
    elif found.kind == Kind.HUMAN and sender_verdict(mail, instance().settings.authserv_id) != Verdict.FAIL:
        _human(number, mail, raw, now, whole=whole)
    return True


def _bounce(number: int, mail: ParsedMail, raw: bytes, now: datetime) -> None:
    if number and any(report.action.lower() != "delayed" for report in apart(bounced_addresses, mail, raw)):
        # Its readers count on that address; said once.
        mailed.note(number, mailed.UNREACHED, "unreached", now)


def _human(number: int, mail: ParsedMail, raw: bytes, now: datetime, *, whole: bool) -> None:
    if not number or not whole:
        mailed.refuse(number, mail.sender_address, now)
        return
    words = mail.text if mail.forwarded else apart(reply_text, mail.text, mail.html).kept
    mailed.join(number, mailed.Mailed(mail.message_id or hashlib.sha256(raw).hexdigest(), mail.sender_address, words,
                                      len(mail.attachments)), now)
