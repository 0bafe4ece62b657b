"""Whether our own mail server vouches for the sender: ``Authentication-Results`` (RFC 8601), read with distrust.

Anybody may write such a header into a mail. Only the topmost one counts, and only when it names our server; a server is
asked to remove those that claim its name (RFC 8601, 5). The grammar is read here: the library for it raises on the forms
of Microsoft and Yahoo (reference email.md 4.1), and one word is all we need.
"""

from __future__ import annotations

import re
from enum import StrEnum

from inbox.parse import ParsedMail

HEADER_LIMIT = 4_000

_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"[^"]*"')
_METHOD = re.compile(r"^\s*dmarc\s*=\s*([a-z]+)\b(.*)$", re.IGNORECASE | re.DOTALL)
_HEADER_FROM = re.compile(r"\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)


class Verdict(StrEnum):
    """What our server found about the domain of ``From``."""

    PASS = "pass"  # noqa: S105 - a word of RFC 7489
    FAIL = "fail"
    UNKNOWN = "unknown"


def sender_verdict(mail: ParsedMail, authserv_id: str) -> Verdict:
    """The DMARC result (RFC 7489) of the topmost ``Authentication-Results``, when ``authserv_id`` wrote it.

    UNKNOWN where there is none, where another server wrote the topmost, or where it does not speak of DMARC. A "pass" for
    another domain than the sender's is UNKNOWN, too.
    """
    values = mail.headers.get("authentication-results", ())
    if not values or not authserv_id:
        return Verdict.UNKNOWN
    server, *results = _without_comments(values[0][:HEADER_LIMIT]).split(";")
    named = server.split()
    if not named or named[0].lower().rstrip(".") != authserv_id.lower().strip(". "):
        return Verdict.UNKNOWN
    found = [(match[1].lower(), match[2]) for match in map(_METHOD.match, results) if match]
    if any(result == "fail" for result, _ in found):
        return Verdict.FAIL
    if any(result == "pass" and _speaks_of(mail.sender_address, properties) for result, properties in found):
        return Verdict.PASS
    return Verdict.UNKNOWN


def _without_comments(value: str) -> str:
    """The value without comments, which may be nested, and without quoted strings, which may hold semicolons."""
    value = _QUOTED.sub(" ", value)
    for _ in range(10):
        value, removed = _COMMENT.subn(" ", value)
        if not removed:
            break
    return value.partition("(")[0]


def _speaks_of(sender: str, properties: str) -> bool:
    named = _HEADER_FROM.search(properties)
    domain = sender.rpartition("@")[2]
    return bool(domain) and (named is None or named[1].lower().rpartition("@")[2].rstrip(".") == domain)
