"""Letters one may stop receiving, and receive again: digests. What somebody must receive is never among them.

Three ways lead here: a personal page, one press in a mail program (RFC 8058: a POST without cookie nor page of ours), a
mail to the address of ``List-Unsubscribe``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from mail import outbox
from mail.addresses import read_unsubscribe_address, write_unsubscribe_address
from mail.letter import Subscription
from mail.letters import coordination as letters
from models.access_link import AccessLink, Purpose, new_link
from models.base import db, insert_row, transaction
from models.delivery import DigestItem, MailOptOut
from models.instance import instance

from . import throttle
from .links import link_url, read_link

DIGEST = "digest"
#: The name of the digests in ``List-Id``.
LIST = "recapitulatif"


@dataclass(frozen=True)
class Subscriber:
    """Whose page it is, and whether digests are written to that address."""

    email: str
    wants: bool


def wants(email: str) -> bool:
    """True unless digests were stopped by that address."""
    return db.session.get(MailOptOut, (email.lower(), DIGEST)) is None


def new_subscription(email: str, now: datetime) -> Subscription:
    """The ways to stop that a digest to ``email`` carries; a link is part of the open transaction."""
    settings = instance().settings
    token, row = new_link(Purpose.DIGEST, email, now)
    insert_row(row)
    return Subscription(LIST, link_url(Purpose.DIGEST, token),
                        write_unsubscribe_address(row.id, settings.SECRET_KEY, settings.mail_domain))


def read(token: str, now: datetime) -> Subscriber:
    """Whose page that link opens; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    email = read_link(token, Purpose.DIGEST, now).email
    return Subscriber(email, wants(email))


def stop(token: str, now: datetime) -> Subscriber:
    """No digest any more to the address of that link; doing it twice is doing it once.

    :raises LinkUnknown, LinkExpired:
    """
    with transaction():
        email = read_link(token, Purpose.DIGEST, now).email
        stop_for(email, now)
    return Subscriber(email, wants=False)


def resume(token: str, now: datetime) -> Subscriber:
    """Digests again, from what happens next.

    :raises LinkUnknown, LinkExpired:
    """
    with transaction():
        email = read_link(token, Purpose.DIGEST, now).email
        resume_for(email)
    return Subscriber(email, wants=True)


def of(email: str) -> Subscriber:
    """What that address chose."""
    return Subscriber(email, wants(email))


def choose(email: str, wanted: bool, now: datetime) -> Subscriber:
    """Have digests or not, from the coordinators' space."""
    with transaction():
        if wanted:
            resume_for(email)
        else:
            stop_for(email, now)
    return Subscriber(email, wanted)


def stop_for(email: str, now: datetime) -> bool:
    """:func:`stop` for that address; inside a transaction. False when they were stopped already."""
    if not wants(email):
        return False
    db.session.add(MailOptOut(email=email.lower(), topic=DIGEST, at=now))
    db.session.execute(delete(DigestItem).where(DigestItem.email == email.lower(), DigestItem.sent_at.is_(None)))
    db.session.flush()
    return True


def resume_for(email: str) -> None:
    """:func:`resume` for that address; inside a transaction."""
    db.session.execute(delete(MailOptOut).where(MailOptOut.email == email.lower(), MailOptOut.topic == DIGEST))


def asked_by(recipients: tuple[str, ...]) -> bool:
    """True when a mail to these addresses asks to stop something."""
    return bool(_named(recipients))


def _named(recipients: tuple[str, ...]) -> list[int]:
    secret = instance().settings.SECRET_KEY
    return [found for found in (read_unsubscribe_address(text, secret) for text in recipients) if found]


def stop_by_mail(recipients: tuple[str, ...], now: datetime) -> None:
    """Stop what a mail to these addresses asks to stop, and say so to whom it is about; inside a transaction.

    The address is proof enough, whoever writes to it: some mail programs unsubscribe from another address of the person.
    """
    ring = instance()
    for link_id in _named(recipients):
        row = db.session.get(AccessLink, link_id)
        if row is None or row.purpose != Purpose.DIGEST or not stop_for(row.email, now):
            continue
        if throttle.allow(f"digest-stopped:{row.email.lower()}", 3, 86400, now):
            person = ring.network.coordinator(row.email)
            name = person.name if person else ""
            url = new_subscription(row.email, now).url
            outbox.post_to_address(letters.digest_stopped(ring.network, name, url), row.email, name, now)
