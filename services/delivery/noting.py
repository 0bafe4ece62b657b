"""What a server said of a letter, written in the same transaction as what becomes of the letter."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Insert, Update, bindparam, select, update

from mail.transport import Delivery
from models.base import db, insert_row, transaction
from models.delivery import DeliveryEvent, Outcome
from models.dossier import CLOCK
from models.outbox import OutboxMessage, OutboxState
from models.short_writes import ShortWrites

from . import stopping, telling
from .verdicts import Verdict, of_answer, status_of

#: Waits between tries, in minutes; then hourly, for three days after the server first said "later" (RFC 5321, 4.5.4.1).
BACK_OFF = (1, 5, 15, 60)
GIVEN_UP_AFTER = timedelta(days=3)

_OUTCOMES = {Verdict.LETTER: Outcome.REFUSED, Verdict.TOO_BIG: Outcome.TOO_BIG, Verdict.LATER: Outcome.DEFERRED,
             Verdict.SERVER: Outcome.DEFERRED, Verdict.ADDRESS: Outcome.REFUSED}


def note_accepted(writes: ShortWrites, letter_id: int, address: str, answer: Delivery, now: datetime, *, lasting: bool) -> None:
    """The server took the letter, sent to ``address``.

    :param lasting: False where the note may be undone by a power cut, and the letter be sent again under the same Message-ID.
    """
    writes.write(_sent, _said, of=letter_id, at=now, words=answer.said, email=address.lower(), code=status_of(answer.said),
                 lasting=lasting)


_OUTBOX = OutboxMessage.__table__
# A report may have come back before this: what it said stands.
def _sent(_insert: Callable[..., Insert]) -> Update:
    return update(_OUTBOX).where(_OUTBOX.c.id == bindparam("of"), _OUTBOX.c.state == OutboxState.SENDING.value).values(
        state=OutboxState.SENT.value, sent_at=bindparam("at"), server_said=bindparam("words"), lease_until=None)


def _said(insert: Callable[..., Insert]) -> Insert:
    return insert(DeliveryEvent.__table__).values(
        outbox_message_id=bindparam("of"), email=bindparam("email"), at=bindparam("at"), outcome=Outcome.ACCEPTED.value,
        code=bindparam("code"), said=bindparam("words"))


def note_failure(letter_id: int, address: str, answer: Delivery, now: datetime) -> None:
    """The server did not take the letter: it is tried again, given up, or held until the address works.

    :param address: where it was sent, which is not its recipient's on a test instance.
    """
    verdict = of_answer(answer)
    with transaction():
        letter = db.session.get(OutboxMessage, letter_id, with_for_update=True, populate_existing=True)
        _log(letter_id, address, _OUTCOMES[verdict], answer.said, now)
        if letter.state != OutboxState.SENDING:
            return
        letter.server_said = answer.said
        if verdict in (Verdict.LATER, Verdict.SERVER):
            _put_off(letter, address, verdict, now)
        else:
            _fail(letter, address, _OUTCOMES[verdict], now, hard=verdict == Verdict.ADDRESS)


def _put_off(letter: OutboxMessage, address: str, verdict: Verdict, now: datetime) -> None:
    if verdict == Verdict.LATER:
        letter.first_tried_at = letter.first_tried_at or now
        if now - letter.first_tried_at > GIVEN_UP_AFTER:
            _log(letter.id, address, Outcome.GIVEN_UP, letter.server_said, now)
            _fail(letter, address, Outcome.GIVEN_UP, now)
            return
    minutes = BACK_OFF[min(letter.attempts, len(BACK_OFF)) - 1]
    letter.state, letter.lease_until = OutboxState.DUE.value, None
    letter.due_at = now + timedelta(minutes=minutes, seconds=random.randint(0, 30))  # noqa: S311  spread, not secret


def note_report(letter: OutboxMessage, verdict: Verdict, status: str, said: str, now: datetime) -> None:
    """A report about a letter that had left came back; inside a transaction."""
    address = _where_it_went(letter)
    outcome = {Verdict.LATER: Outcome.DEFERRED, Verdict.ADDRESS: Outcome.BOUNCED_HARD,
               Verdict.TOO_BIG: Outcome.TOO_BIG}.get(verdict, Outcome.BOUNCED_SOFT)
    _log(letter.id, address, outcome, said, now, code=status)
    if outcome == Outcome.DEFERRED or letter.state in (OutboxState.FAILED, OutboxState.HELD):
        return
    letter.server_said = said[:500]
    _fail(letter, address, outcome, now, hard=outcome == Outcome.BOUNCED_HARD)


def _where_it_went(letter: OutboxMessage) -> str:
    last = (select(DeliveryEvent.email).where(DeliveryEvent.outbox_message_id == letter.id,
                                              DeliveryEvent.outcome == Outcome.ACCEPTED.value)
            .order_by(DeliveryEvent.id.desc()).limit(1))
    return db.session.scalar(last) or letter.recipient


def _fail(letter: OutboxMessage, address: str, outcome: Outcome, now: datetime, *, hard: bool = False) -> None:
    """The letter does not get through. It stops its address when that is what is wrong, else its coordinators are told."""
    letter.state, letter.lease_until = OutboxState.FAILED.value, None
    db.session.flush()
    about_the_address = address.lower() == letter.recipient.lower() and not _before_it_worked_again(letter, address)
    if about_the_address and (hard or stopping.too_many_came_back(address, now)):
        stopping.stop(letter, address, Outcome.BOUNCED_HARD if hard else Outcome.BOUNCED_SOFT, now)
        return
    if letter.dossier is not None:
        letter.dossier.record("mail_failed", CLOCK, now)
        telling.tell_failed(letter, stopping.stopped_among, outcome, now)


def _before_it_worked_again(letter: OutboxMessage, address: str) -> bool:
    """True for the report of a letter that left before its address was found to work: late, or delivered twice."""
    works = stopping.works_since(address)
    return works is not None and letter.sent_at is not None and letter.sent_at <= works


def _log(letter_id: int | None, address: str, outcome: Outcome, said: str, now: datetime, code: str = "") -> None:
    insert_row(DeliveryEvent(outbox_message_id=letter_id, email=address.lower(), at=now, outcome=outcome.value,
                             code=(code or status_of(said))[:20], said=said[:500]))


def note_unnamed(address: str, status: str, said: str, now: datetime) -> None:
    """A report that names no letter of ours: kept, and worth nothing more; inside a transaction."""
    _log(None, address, Outcome.BOUNCED_SOFT, said, now, code=status)
