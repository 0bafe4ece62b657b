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
from models.outbox import OutboxBody, OutboxMessage, OutboxState
from models.short_writes import ShortWrites

from . import claiming, outage
from .claiming import Claimed
from .noting import note_accepted, note_failure
from .verdicts import Verdict, of_answer

#: So many letters in a row that our own server did not take: it is the server, and it is left alone.
_BROKEN_IN_A_ROW = 3
#: Above this many bytes a letter may take longer than half of a lease.
_HEAVY = 1_000_000
#: A server that takes longer than this for a letter, in seconds, hides the wait for our disk; so does any that is not on this
#: machine. For a quicker one, the note of the last letter of a batch is waited for, which makes the others last too.
_DISK = 0.002
#: Letters are read together while they are small.
_READ_COUNT, _READ_BYTES = 50, 500_000


def deliver_due(now: datetime) -> int:
    """Send what is due, one batch at most; gives how many letters were handled. Safe to call twice at once."""
    captured = instance().settings.captured_mail
    if not captured and outage.waiting(now):
        return 0
    claimed = claiming.claim(now)
    if not claimed:
        return 0
    if captured:
        with transaction():
            db.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_([one.id for one in claimed])).values(
                state=OutboxState.CAPTURED.value, sent_at=now, lease_until=None))
        return len(claimed)
    return _Round(claimed, now).play()


class _Round:
    """One batch over one connection, or over as many as the server closes."""

    def __init__(self, claimed: list[Claimed], now: datetime) -> None:
        self.claimed, self.now, self.began = claimed, now, monotonic()
        self.connection: VerifiedConnection | None = None
        self.served = 0
        """Letters this connection was given."""
        self.broken = 0
        self.worked = False
        self.read: dict[int, bytes] = {}
        self.writes = ShortWrites()
        self.taken: tuple[int, str, Delivery] | None = None
        """Accepted, and not noted yet: never two, so that a worker that is killed repeats one letter at most."""
        self.took = 0.0
        """Seconds the server needed for it, without those of our own note meanwhile."""
        self.noting = 0.0

    def play(self) -> int:
        done = 0
        try:
            for letter in self.claimed:
                late = monotonic() - self.began > claiming.LEASE.total_seconds() / 2
                if (done and late) or self.broken >= _BROKEN_IN_A_ROW:
                    break
                self._deliver(letter, done)
                done += 1
        except ServerUnavailable as error:
            outage.begin(error.said, self.now)
        finally:
            try:
                self._note_taken(last=True)
            finally:
                self.writes.close()
                if self.connection is not None:
                    self.connection.close()
                # What is not begun is given back before the lease ends, so that no letter leaves twice.
                claiming.give_back(self.claimed[done:])
        return done

    def _deliver(self, letter: Claimed, place: int) -> None:
        raw = self._bytes_of(letter, place)
        address = instance().settings.MAIL_REDIRECT_TO or letter.recipient
        if address != letter.recipient:
            raw = redirected(raw, letter.recipient, address)
        if letter.size > _HEAVY:
            self._note_taken()
            claiming.extend(letter, self.now + timedelta(seconds=monotonic() - self.began) + claiming.LEASE)
        began, self.noting = monotonic(), 0.0
        answer = self._hand_over(letter.envelope_from, address, raw)
        if answer.accepted:
            self.broken, self.took = 0, monotonic() - began - self.noting
            self._keep(letter.id, address, answer)
            return
        self._note_taken()
        note_failure(letter.id, address, answer, self.now)
        self.broken = self.broken + 1 if of_answer(answer) == Verdict.SERVER else 0
        if self.broken >= _BROKEN_IN_A_ROW:
            outage.begin(answer.said, self.now)

    def _bytes_of(self, letter: Claimed, place: int) -> bytes:
        if letter.id not in self.read:
            wanted, size = [letter.id], letter.size
            for other in self.claimed[place + 1:place + _READ_COUNT]:
                if (size := size + other.size) > _READ_BYTES:
                    break
                wanted.append(other.id)
            self.read = {row.outbox_message_id: row.raw for row in db.session.execute(_READ, {"letters": wanted})}
            db.session.rollback()  # no reading is left open while the server is talked to
        return self.read.pop(letter.id)

    def _keep(self, letter_id: int, address: str, answer: Delivery) -> None:
        self.taken = letter_id, address, answer
        if not self.worked:
            outage.end(self.now)
        self.worked = True

    def _note_taken(self, *, last: bool = False) -> None:
        began = monotonic()
        taken, self.taken = self.taken, None
        if taken:
            note_accepted(self.writes, *taken, self.now, lasting=last or self.took > _DISK)
        self.noting += monotonic() - began

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
            self._note_taken()  # a server may let wait
            self.connection, self.served = transport(current_app).connect(), 0
        self.served += 1
        return self.connection.send_bytes(envelope, address, raw, meanwhile=self._note_taken)

    def _leave(self) -> None:
        self.connection, self.served = None, 0


_READ = select(OutboxBody.outbox_message_id, OutboxBody.raw).where(
    OutboxBody.outbox_message_id.in_(bindparam("letters", expanding=True)))
