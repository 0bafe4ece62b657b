"""What is kept of letters that left, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update

from models.base import db, transaction
from models.delivery import DeliveryEvent, StoppedAddress
from models.dossier import Participant
from models.outbox import OutboxBody, OutboxMessage, OutboxState

from .stopping import SOFT_WITHIN

#: The bytes of a letter that left, or never will, and what servers said of it.
RAW_KEPT = timedelta(days=90)
#: An address that works again, or that nobody has any more, is forgotten once what came back counts no more.
STOPPED_KEPT = SOFT_WITHIN
#: At once: each hour takes its share of a large mailbox, and nobody waits long for the lock.
_SHARE = 500


def purge(now: datetime) -> int:
    """Remove the bytes of letters of :data:`RAW_KEPT` ago, forget what servers said then; gives how many rows changed.

    The row stays with its request: that a letter was written, to whom, about what. A letter held so long is given up.
    """
    before = now - RAW_KEPT
    over = [OutboxState.SENT.value, OutboxState.FAILED.value, OutboxState.HELD.value]
    due = select(OutboxMessage.id).join(OutboxMessage.body).where(
        OutboxMessage.state.in_(over), OutboxMessage.created_at < before,
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at < before))
    # Looked for before the lock, since it takes seconds among a million letters; asked again under it.
    found = db.session.scalars(due.order_by(OutboxMessage.id).limit(_SHARE)).all()
    with transaction():
        old = db.session.scalars(due.where(OutboxMessage.id.in_(found))).all()
        db.session.execute(delete(OutboxBody).where(OutboxBody.outbox_message_id.in_(old)))
        db.session.execute(update(OutboxMessage).where(
            OutboxMessage.id.in_(old), OutboxMessage.state == OutboxState.HELD.value).values(state=OutboxState.FAILED.value))
        events = db.session.execute(delete(DeliveryEvent).where(DeliveryEvent.at < before)).rowcount
        had = exists().where(func.lower(Participant.email) == StoppedAddress.email)
        past = now - STOPPED_KEPT
        forgotten = db.session.execute(delete(StoppedAddress).where(or_(
            StoppedAddress.lifted_at < past, (StoppedAddress.stopped_at < past) & ~had))).rowcount
        return len(old) + events + forgotten
