"""May we answer this sender now? One place, so that no door begins an exchange of letters between two machines.

Refusals and notices to who wrote: once a day for each reason and address, never to nobody, a machine or ourselves (RFC
3834, 2 and 5; reference email.md 1.4, 29). What the headers say of an automatic mail or a list is judged before, by
``inbox/kind.py``: such mail is never answered at all.
"""

from __future__ import annotations

import re
from datetime import datetime

from mail import mime
from models.base import db
from models.delivery import StoppedAddress
from models.instance import instance

from .. import throttle

_DAY = 86_400
#: Notices of any reason that one address gets in a day.
NOTICES_A_DAY = 5
#: Notices the whole network writes in an hour to people who wrote: forged senders must not make it a source of spam.
NOTICES_AN_HOUR = 100

_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"\\@]+@[^\s<>,;:()\[\]\"\\@.]+(?:\.[^\s<>,;:()\[\]\"\\@.]+)+")
#: Local parts nobody reads, or that send what they get to many.
_MACHINE = re.compile(
    r"mailer-?daemon|postmaster|list(?:serv|proc|master)|majordomo|sympa|mailman|root|nobody|abuse"
    r"|(?:.+[-._+])?(?:no-?reply|do-?not-?reply|ne-?pas-?repondre|noreponse)(?:[-._+].*)?"
    r"|owner-.+|.+-(?:owner|request|bounces?|errors)(?:[+=].*)?|(?:bounces?|alerts?|notif(?:ications?))(?:[-+=].*)?",
    re.IGNORECASE)
#: The families of addresses mail comes in at.
_OURS = re.compile(r"(?:reponse|retour|courrier|desabonnement|aide|rejoindre|immersion)(?:[+=].*)?", re.IGNORECASE)


def may_answer(sender: str, reason: str, now: datetime) -> bool:
    """True when a notice may leave to ``sender`` for that ``reason`` (a short English word), and counts it.

    Call inside a transaction, once per notice, for a mail that a person wrote.
    """
    address = sender.strip().lower()
    if not is_person(address) or db.session.get(StoppedAddress, address) is not None:
        return False
    return (throttle.allow(f"notice:{reason}:{address}", 1, _DAY, now)
            and throttle.allow(f"notices-to:{address}", NOTICES_A_DAY, _DAY, now)
            and throttle.allow("notices", NOTICES_AN_HOUR, 3600, now))


def is_person(address: str) -> bool:
    """False for the null sender, what is no address, a machine's or a list's own address, and addresses of ours."""
    address = address.strip().lower()
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        return False
    local, _, domain = address.rpartition("@")
    try:
        mime.ascii_domain(domain)
    except UnicodeError:
        return False
    # Accents before the @ need servers that know how to carry them all along (RFC 6531), and letters of another form than ours.
    return local.isascii() and not (is_ours(address) or _MACHINE.fullmatch(local))


def is_ours(address: str) -> bool:
    """True for the addresses of the network itself: its sender, its contact, and where mail comes in."""
    ring = instance()
    local, _, domain = address.strip().lower().rpartition("@")
    return (f"{local}@{domain}" in (ring.settings.sender.lower(), ring.network.email.lower())
            or (domain == ring.settings.mail_domain.lower() and _OURS.fullmatch(local) is not None))
