"""What tests of delivery do and ask: deliver what is due, have a letter come back, which addresses are stopped."""

from __future__ import annotations

from mail_reports import report
from roads.stories import letters, who
from sqlalchemy import select

from inbox import receive
from models.base import db
from models.delivery import StoppedAddress
from models.dossier import Dossier
from models.inbound import InboundMessage
from models.outbox import OutboxMessage
from services import acting, delivery


def deliver(clock) -> None:
    while delivery.deliver_due(clock.now):
        pass
    db.session.rollback()


def states(address: str, name: str = "") -> list[str]:
    db.session.rollback()
    return [row.state for row in letters(address, name)]


def stopped() -> dict[str, bool]:
    """Each address that ever stopped, and whether it is stopped now."""
    db.session.rollback()
    return {row.email: row.lifted_at is None for row in db.session.scalars(select(StoppedAddress))}


def journal() -> list[str]:
    db.session.rollback()
    return [entry.kind for entry in db.session.scalars(select(Dossier)).one().journal]


def write(dossier: Dossier, words: str, clock) -> None:
    """The coordinator writes to the author."""
    acting.perform("repondre", who(dossier, "coordinator").id, words, clock.now)


def come_back(letter: OutboxMessage, clock, **how) -> InboundMessage:
    id_ = receive(report(letter.envelope_from, letter.recipient, letter=how.pop("naming", letter.message_id), **how), "test",
                  clock.now)
    db.session.rollback()
    return db.session.get(InboundMessage, id_)
