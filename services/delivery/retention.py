"""What is kept of letters that left, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

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
    # Looked for before the lock, by numbers, which grow with the years: letters of three months are read, and no others.
    letter = _latest(OutboxMessage.id, OutboxMessage.created_at, before)
    event = _latest(DeliveryEvent.id, DeliveryEvent.at, before)
    found = db.session.scalars(select(OutboxBody.outbox_message_id).where(OutboxBody.outbox_message_id <= letter)
                               .order_by(OutboxBody.outbox_message_id).limit(_SHARE)).all()
    due = select(OutboxMessage.id).where(
        OutboxMessage.id.in_(found), OutboxMessage.state.in_(over), OutboxMessage.created_at < before,
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at < before))
    with transaction():
        old = db.session.scalars(due).all()
        db.session.execute(delete(OutboxBody).where(OutboxBody.outbox_message_id.in_(old)))
        db.session.execute(update(OutboxMessage).where(
            OutboxMessage.id.in_(old), OutboxMessage.state == OutboxState.HELD.value).values(state=OutboxState.FAILED.value))
        events = db.session.execute(delete(DeliveryEvent).where(
            DeliveryEvent.id <= event, DeliveryEvent.at < before)).rowcount
        had = exists().where(func.lower(Participant.email) == StoppedAddress.email)
        past = now - STOPPED_KEPT
        forgotten = db.session.execute(delete(StoppedAddress).where(or_(
            StoppedAddress.lifted_at < past, (StoppedAddress.stopped_at < past) & ~had))).rowcount
        return len(old) + events + forgotten


def _latest(number: InstrumentedAttribute[int], at: InstrumentedAttribute[datetime], before: datetime) -> int:
    """The highest number of those written before that moment, 0 for none."""
    return db.session.scalar(select(number).where(at < before).order_by(number.desc()).limit(1)) or 0
