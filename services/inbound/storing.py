"""Mail that arrives is stored before anything else, claimed by one reader at a time, then marked with what became of it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from models.base import db, transaction
from models.inbound import InboundMessage, InboundState

from .. import digest

#: After this many failures a message is set aside, and the rest goes on.
TRIES = 3
#: Somebody who claimed a message and died gives it back after this long.
LEASE = timedelta(minutes=5)


def store(raw: bytes, carrier: str, now: datetime) -> int:
    """Keep the bytes of a message; the same message twice is kept once. Gives its id, committed."""
    key = hashlib.sha256(raw).hexdigest()
    with transaction():
        row = db.session.scalar(select(InboundMessage).where(InboundMessage.dedupe_key == key))
        if row is None:
            row = InboundMessage(dedupe_key=key, received_at=now, carrier=carrier, raw=raw)
            db.session.add(row)
            db.session.flush()
        return row.id


def claim(message_id: int, now: datetime) -> bytes | None:
    """The bytes of a message still to be understood, its try counted first; None when it is dealt with, or being read.

    After :data:`TRIES` failures it is set aside: one poisonous message never blocks the others.
    """
    with transaction():
        row = db.session.scalar(select(InboundMessage).where(InboundMessage.id == message_id)
                                .with_for_update(skip_locked=True))
        if row is None or row.state != InboundState.RECEIVED or (row.lease_until and row.lease_until > now):
            return None
        row.lease_until = now + LEASE
        row.attempts += 1
        if row.attempts > TRIES:
            put_aside(row.id, row.message_id, "ce courriel n’a pas pu être lu", now, row.sender, row.subject)
            return None
        return row.raw


def unprocessed(now: datetime) -> list[int]:
    """Messages stored and not yet understood: never read, or read by somebody who died (the program stopped in between)."""
    return list(db.session.scalars(
        select(InboundMessage.id).where(
            InboundMessage.state == InboundState.RECEIVED.value, InboundMessage.received_at < now - timedelta(seconds=30),
            or_(InboundMessage.lease_until.is_(None), InboundMessage.lease_until < now)).order_by(InboundMessage.id)))


def give_back(message_id: int) -> None:
    """Let a message whose reading failed be taken up again at once."""
    with transaction():
        if row := db.session.get(InboundMessage, message_id):
            row.lease_until = None


def ignore(message_id: int, mail_id: str, reason: str) -> None:
    """An automatic message: kept, attached to nothing, never answered."""
    with transaction():
        mark(message_id, mail_id, InboundState.IGNORED, reason)


def set_aside(message_id: int, mail_id: str, reason: str, now: datetime, sender: str, subject: str) -> None:
    """Keep apart what a person must look at; a coordinator is told (services/digest.py)."""
    with transaction():
        put_aside(message_id, mail_id, reason, now, sender, subject)


def put_aside(message_id: int, mail_id: str, reason: str, now: datetime, sender: str, subject: str) -> None:
    """:func:`set_aside`, inside a transaction."""
    mark(message_id, mail_id, InboundState.QUARANTINED, reason)
    row = db.session.get(InboundMessage, message_id)
    row.sender, row.subject = sender[:254], subject[:300]
    if person := digest.whom_to_tell():
        digest.tell(person.email, person.name, "Un courriel n’a pas trouvé son échange. Il est gardé, rien n’est perdu.", now,
                    inbound=row)


def mark(message_id: int, mail_id: str, state: InboundState, reason: str, participant_id: int | None = None) -> None:
    """Write down what became of a message; inside a transaction."""
    row = db.session.get(InboundMessage, message_id)
    row.state, row.reason, row.message_id = state.value, reason[:300], mail_id[:300]
    row.participant_id = participant_id or row.participant_id


def is_repeat(message_id: int, mail_id: str, participant_id: int) -> bool:
    """True when the same Message-ID was already taken for that participant (delivered by two ways, bytes differ)."""
    return db.session.scalar(select(InboundMessage.id).where(
        InboundMessage.message_id == mail_id, InboundMessage.participant_id == participant_id,
        InboundMessage.id != message_id, InboundMessage.state == InboundState.DONE.value).limit(1)) is not None
