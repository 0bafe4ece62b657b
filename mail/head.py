"""The head of a letter already written, where somebody else must receive it: a corrected address, a test instance."""

from __future__ import annotations

import re

from . import mime


def readdressed(raw: bytes, name: str, email: str) -> bytes:
    """The same bytes, written to ``name <email>``.

    :raises ValueError: ``email`` is not one plain address.
    """
    return _replaced(raw, "To", mime.mailbox(name, email))


def redirected(raw: bytes, recipient: str, to: str) -> bytes:
    """The letter to ``recipient`` as ``to`` receives it on a test instance: no head names the person's address in a way
    that a mail program could answer, and the subject says whom it was for."""
    shown = recipient if recipient.isascii() else recipient.encode("ascii", "backslashreplace").decode("ascii")
    subject = re.search(rb"(?m)^Subject: ", raw)
    if subject:
        # A line of its own: what follows may be an encoded word, which stays as it is.
        raw = raw[:subject.end()] + f"[pour {shown}]\r\n ".encode("ascii") + raw[subject.end():]
    raw = _replaced(raw, "To", mime.mailbox(f"pour {shown.replace('@', ' chez ')}", to))
    return mime.head([("X-Ring-For", shown)]) + raw


def _replaced(raw: bytes, name: str, value: str) -> bytes:
    head, gap, body = raw.partition(b"\r\n\r\n")
    field = re.compile(rb"(?mi)^" + name.encode("ascii") + rb":[^\r\n]*(?:\r\n[ \t][^\r\n]*)*")
    written = mime.head([(name, value)]).removesuffix(b"\r\n")
    return field.sub(lambda _: written, head, count=1) + gap + body
