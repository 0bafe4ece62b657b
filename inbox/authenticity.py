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
    another domain than the sender's is a FAIL: our server and we do not read the same ``From``, and somebody wanted it so.
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
    passed = [_speaks_of(mail, properties) for result, properties in found if result == "pass"]
    return Verdict.UNKNOWN if None in passed or not passed else Verdict.PASS if all(passed) else Verdict.FAIL


def _without_comments(value: str) -> str:
    """The value without comments, which may be nested, and without quoted strings, which may hold semicolons."""
    value = _QUOTED.sub(" ", value)
    for _ in range(10):
        value, removed = _COMMENT.subn(" ", value)
        if not removed:
            break
    return value.partition("(")[0]


def _speaks_of(mail: ParsedMail, properties: str) -> bool | None:
    """Whether a result is about the sender's domain; None where it does not say, and may be about another address of From."""
    found, domain = _HEADER_FROM.search(properties), mail.sender_address.rpartition("@")[2]
    if found is None or not domain:
        return True if domain and len(mail.from_addresses) == 1 else None
    named = found[1].lower().rpartition("@")[2].rstrip(".")
    # Some servers name the domain that holds the policy, which may be a parent.
    return named == domain or domain.endswith(f".{named}")
