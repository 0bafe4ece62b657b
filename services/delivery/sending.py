"""Letters leave: those claimed are handed to the server one after the other, and what it says is noted after each."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from flask import current_app
from sqlalchemy import bindparam, select, update

from mail.head import redirected
from mail.transport import Delivery, ServerUnavailable, VerifiedConnection, transport
from models.base import db, transaction
from models.instance import instance
from models.outbox import OutboxMessage, OutboxState

from . import claiming, outage
from .noting import note_accepted, note_failure
from .verdicts import Verdict, of_answer

#: So many letters in a row that our own server did not take: it is the server, and it is left alone.
_BROKEN_IN_A_ROW = 3
#: Above this many bytes a letter may take longer than half of a lease.
_HEAVY = 1_000_000

_OUTBOX = OutboxMessage.__table__.c
_READ = select(_OUTBOX.envelope_from, _OUTBOX.recipient, _OUTBOX.raw).where(_OUTBOX.id == bindparam("letter"))


def deliver_due(now: datetime) -> int:
    """Send what is due, one batch at most; gives how many letters were handled. Safe to call twice at once."""
    if not instance().settings.captured_mail and outage.waiting(now):
        return 0
    claimed = claiming.claim(now)
    if not claimed:
        return 0
    if instance().settings.captured_mail:
        with transaction():
            db.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(claimed)).values(
                state=OutboxState.CAPTURED.value, sent_at=now, lease_until=None))
        return len(claimed)
    return _Round(claimed, now).play()


class _Round:
    """One batch over one connection, or over as many as the server closes."""

    def __init__(self, claimed: list[int], now: datetime) -> None:
        self.claimed, self.now, self.began = claimed, now, monotonic()
        self.connection: VerifiedConnection | None = None
        self.served = 0
        """Letters this connection was given."""
        self.broken = 0
        self.worked = False

    def play(self) -> int:
        done = 0
        try:
            for letter_id in self.claimed:
                late = monotonic() - self.began > claiming.LEASE.total_seconds() / 2
                if (done and late) or self.broken >= _BROKEN_IN_A_ROW:
                    break
                self._deliver(letter_id)
                done += 1
        except ServerUnavailable as error:
            outage.begin(error.said, self.now)
        finally:
            if self.connection is not None:
                self.connection.close()
            # What is not begun is given back before the lease ends, so that no letter leaves twice.
            claiming.give_back(self.claimed[done:])
        return done

    def _deliver(self, letter_id: int) -> None:
        envelope, recipient, raw = db.session.execute(_READ, {"letter": letter_id}).one()
        db.session.rollback()  # no reading is left open while the server is talked to
        address = instance().settings.MAIL_REDIRECT_TO or recipient
        if address != recipient:
            raw = redirected(raw, recipient, address)
        if len(raw) > _HEAVY:
            spent = timedelta(seconds=monotonic() - self.began)
            claiming.extend(letter_id, self.now + spent + claiming.LEASE)
        answer = self._hand_over(envelope, address, raw)
        if answer.accepted:
            note_accepted(letter_id, address, answer, self.now)
            self.broken = 0
            if not self.worked:
                outage.end(self.now)
            self.worked = True
            return
        note_failure(letter_id, address, answer, self.now)
        if of_answer(answer) != Verdict.SERVER:
            self.broken = 0
            return
        self.broken += 1
        if self.broken >= _BROKEN_IN_A_ROW:
            outage.begin(answer.said, self.now)

    def _hand_over(self, envelope: str, address: str, raw: bytes) -> Delivery:
        answer = self._once(envelope, address, raw)
        if answer.closing and not answer.begun and self.served > 1:
            # A server closes a connection that has carried enough, or was idle: a new one is what it asks for.
            self._leave()
            answer = self._once(envelope, address, raw)
        if answer.closing:
            self._leave()
        return answer

    def _once(self, envelope: str, address: str, raw: bytes) -> Delivery:
        if self.connection is None:
            self.connection, self.served = transport(current_app).connect(), 0
        self.served += 1
        return self.connection.send_bytes(envelope, address, raw)

    def _leave(self) -> None:
        self.connection, self.served = None, 0
