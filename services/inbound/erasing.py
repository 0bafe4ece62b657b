"""Mail is kept as it came for as long as somebody may have to look at it again, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from models.base import db, transaction
from models.inbound import InboundBody, InboundMessage, InboundState

from .. import indexing

#: Time to notice that a reply was misread, and to read it again with a mended rule (docs/recipes/read-a-lost-reply.md).
RAW_KEPT = timedelta(days=30)
#: Mails emptied at once.
_SHARE = 500
#: Nobody waits for them any more.
DEALT_WITH = (InboundState.DONE.value, InboundState.IGNORED.value, InboundState.DISCARDED.value)


def empty_raw(now: datetime) -> int:
    """Remove the bytes, the sender and the subject of messages dealt with for long; gives how many.

    The row stays, and the hash of the bytes with it: the same mail, restored from a backup, is still known.
    """
    over = (InboundMessage.state.in_(DEALT_WITH),
            func.coalesce(InboundMessage.handled_at, InboundMessage.received_at) < now - RAW_KEPT)
    # All mail that is kept is looked through: before others are kept from writing. Each hour takes its share.
    found = db.session.scalars(select(InboundMessage.id).join(InboundMessage.body).where(*over).limit(_SHARE)).all()
    if not found:
        return 0
    with transaction():
        emptied = db.session.scalars(update(InboundMessage).values(sender="", subject="").where(
            InboundMessage.id.in_(found), *over).returning(InboundMessage.id)).all()
        if emptied:
            db.session.execute(delete(InboundBody).where(InboundBody.inbound_message_id.in_(emptied)))
            indexing.forget_emptied()
        return len(emptied)
