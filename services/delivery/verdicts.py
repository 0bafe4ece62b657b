"""What a server's answer, or a report that comes back later, says: of the address, of this letter, or of our own server.

Pure reading of codes (RFC 5321, 4.2; RFC 3463), with the words of servers that give none.
"""

from __future__ import annotations

import re
from enum import StrEnum

from mail.transport import Delivery, Stage


class Verdict(StrEnum):
    LATER = "later"
    """Not now: greylisting, a full queue, too many at once."""
    ADDRESS = "address"
    """The address does not exist, or no longer."""
    LETTER = "letter"
    """This letter is not taken there; another one may be."""
    TOO_BIG = "too_big"
    SERVER = "server"
    """The instance's own matter: its sender, its password, its relay. Nothing is held against the letter."""


_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b([45])\d\d\b")
#: RFC 3463, 3.2-3.5: the mailbox or its domain is not there. 5.4.1 and 5.4.310 are how Microsoft's servers say it.
_NO_MAILBOX = re.compile(r"5\.1\.(?:1|2|3|4|6|10)$|5\.2\.1$|5\.4\.(?:1|4|310)$")
#: RFC 3463, 3.4 (5.3.4) and 3.3 (5.2.3); 552 without a status is also how a mailbox that is full is told.
_BIG = re.compile(r"[45]\.(?:3\.4|2\.3)$")
_BIG_WORDS = re.compile(r"(?:message|mail|size|taille)[^.]{0,40}(?:too (?:big|large)|exceed|limit|trop)|too (?:big|large)", re.I)
_POLICY_WORDS = re.compile(
    r"spam|relay|black|block|polic|denied|spf|dkim|dmarc|reputation|authenti|content|virus|listed|rate|too many|quota|full|"
    r"plein|satur|sender|expéditeur|helo|dns|ofr_", re.I)
_UNKNOWN_WORDS = re.compile(
    r"unknown (?:user|recipient|address|mailbox)|(?:user|recipient|address|mailbox|account)[^.]{0,40}"
    r"(?:unknown|not (?:found|exist|known)|does ?n[o']t exist|unavailable|invalid|disabled|inactive)|no such (?:user|mailbox|"
    r"address|recipient|person)|(?:invalid|unrouteable|bad) (?:recipient|address|mailbox|destination)|no mailbox|"
    r"(?:domain|host)[^.]{0,30}not (?:found|exist)|inconnu|n['’]existe p|introuvable", re.I)
#: Who refuses us before it looks at anybody's address (RFC 4954, 4 and 6).
_OURS = frozenset({454, 530, 534, 535, 538})


def status_of(said: str) -> str:
    """The enhanced status in the words of a server (RFC 3463), else its reply code, else ""."""
    if found := _STATUS.search(said):
        return found[0]
    return found[0] if (found := _CODE.search(said)) else ""


def of_answer(answer: Delivery) -> Verdict:
    """What the answer to one letter, not accepted, means."""
    status = status_of(answer.said)
    if _BIG.match(status) or (answer.code == 552 and not status.startswith("5.2") and _BIG_WORDS.search(answer.said)):
        return Verdict.TOO_BIG if answer.code >= 500 else Verdict.LATER
    if answer.stage == Stage.LOST or answer.stage == Stage.SENDER or answer.code in (421, *_OURS):
        return Verdict.SERVER
    if answer.code < 500:
        return Verdict.LATER
    if _NO_MAILBOX.match(status):
        return Verdict.ADDRESS
    plain = not _STATUS.match(status) or status == "5.0.0"
    if plain and answer.stage == Stage.RECIPIENT and answer.code in (550, 551, 553) and not _POLICY_WORDS.search(answer.said):
        return Verdict.ADDRESS
    return Verdict.LETTER


def of_report(status: str, action: str, said: str) -> Verdict:
    """What a non-delivery report (RFC 3464) says of one address; ``status`` may be "" where the server gave none."""
    if action.lower() == "delayed":
        return Verdict.LATER
    if _BIG.match(status):
        return Verdict.TOO_BIG
    if _NO_MAILBOX.match(status):
        return Verdict.ADDRESS
    vague = status in ("", "5.0.0", "5.1.0") or not _STATUS.match(status)
    if vague and _UNKNOWN_WORDS.search(said) and not re.search(r"spam|polic|sender", said, re.I):
        return Verdict.ADDRESS
    return Verdict.LETTER
