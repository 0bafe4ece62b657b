"""The built-in mailbox: where no mail server is set, letters stay on the machine and are read here."""

from __future__ import annotations

from sqlalchemy import func, select

from models.base import db
from models.instance import instance
from models.outbox import OutboxMessage

from .alerte import notices
from .errors import NotFound


def mailboxes() -> list[tuple[str, str, int]]:
    """Everybody the network wrote to: ``(address, name, letters)``, the latest first. Only where mail is captured."""
    _captured_only()
    latest = func.max(OutboxMessage.id)
    found = {email: (email, name, count) for email, name, count in db.session.execute(
        select(OutboxMessage.recipient, func.max(OutboxMessage.recipient_name), func.count())
        .where(OutboxMessage.body.has()).group_by(OutboxMessage.recipient).order_by(latest.desc()))}
    for letter in notices.captured():
        _email, name, count = found.pop(letter.recipient, ("", letter.recipient_name, 0))
        found = {letter.recipient: (letter.recipient, name, count + 1)} | found
    return list(found.values())


def letters_to(address: str) -> list[OutboxMessage]:
    """Letters to that address, the latest first."""
    _captured_only()
    others = [letter for letter in reversed(notices.captured()) if letter.recipient == address]
    return [*others, *db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == address, OutboxMessage.body.has())
                                         .order_by(OutboxMessage.id.desc()))]


def captured_letter(letter_id: int) -> OutboxMessage:
    """:raises NotFound: no such letter, or mail is not captured here."""
    _captured_only()
    # Beyond 31 bits no row can exist, and PostgreSQL refuses to look.
    row = notices.captured_letter(letter_id) or (db.session.get(OutboxMessage, letter_id) if letter_id < 2**31 else None)
    if row is None:
        raise NotFound("Ce courriel n’existe pas.")
    if not row.raw:
        raise NotFound("Ce courriel n’est plus gardé.")
    return row


def _captured_only() -> None:
    if not instance().settings.captured_mail:
        raise NotFound()

