"""Neutral letters of alerts: "something waits for you". They have a queue of their own, locked whole, that keeps nothing of
a letter once a server took it; the outbox, its figures and the coordinators' pages know nothing of them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select, update

from mail import outbox
from mail.head import redirected
from mail.letter import Letter
from mail.transport import ServerUnavailable, Stage, transport
from models.alerte import AlerteNotice
from models.base import after_commit, db, transaction
from models.instance import instance
from models.outbox import OutboxBody, OutboxMessage, OutboxState

from .. import reminding
from . import erasing
from .sealed import CannotOpen, letter_key, lock_with, open_with

#: Minutes between tries; then hourly.
BACK_OFF = (1, 5, 15, 60)
GIVEN_UP_AFTER = timedelta(days=3)
#: In the built-in mailbox.
CAPTURED_KEPT = timedelta(days=7)
_BATCH = 20
#: Their numbers in the built-in mailbox, above those of all other letters.
_NUMBERS = 2**30


@dataclass(frozen=True)
class Notice:
    """What is locked: the letter's bytes, and to whom."""

    email: str
    name: str
    letter: str
    subject: str
    envelope_from: str
    raw: bytes


def post(letter: Letter, email: str, name: str, now: datetime, number: int = 0) -> None:
    """Have ``letter`` leave as soon as may be, a reminder in working hours; inside the transaction of what caused it.

    :param number: of a letter to an author, their alert's (``codes.letter_number``): answers join it (``mailed.py``). 0: answers
        are refused.
    """
    envelope_from, raw = outbox.rendered_private(letter, email, name, now, number)
    found = {"email": email, "name": name, "letter": letter.name, "subject": letter.subject, "envelope_from": envelope_from,
             "raw": base64.b64encode(raw).decode("ascii")}
    due = reminding.working(now) if letter.reminder else now
    db.session.add(AlerteNotice(locked=lock_with(_key(), json.dumps(found).encode()), due_at=due,
                                given_up_at=due + GIVEN_UP_AFTER, attempts=0, captured=False))
    after_commit(_wake)


def _wake() -> None:
    current_app.extensions[outbox.WAKE]()


def _key() -> bytes:
    return letter_key(instance().settings.SECRET_KEY)


def _opened(row: AlerteNotice) -> Notice | None:
    """None where the instance's secret was changed since: nobody can tell any more to whom it was."""
    try:
        found = json.loads(open_with(_key(), row.locked))
    except CannotOpen:
        return None
    return Notice(**{**found, "raw": base64.b64decode(found["raw"])})


def send_due(now: datetime) -> int:
    """Hand over what is due; gives how many letters were handled. Safe to call twice at once."""
    if instance().settings.captured_mail:
        with transaction():
            return db.session.execute(update(AlerteNotice).where(AlerteNotice.captured.is_(False), AlerteNotice.due_at <= now)
                                      .values(captured=True)).rowcount
    claimed = _claim(now)
    if claimed:
        _hand_over([(row_id, notice) for row_id, notice in claimed if notice], now)
        _forget([row_id for row_id, notice in claimed if notice is None])
    return len(claimed)


def _claim(now: datetime) -> list[tuple[int, Notice | None]]:
    """Letters of this worker's: put off to their next try before the first byte leaves, so that a crash loses none."""
    if db.session.scalar(select(AlerteNotice.id).where(AlerteNotice.due_at <= now).limit(1)) is None:
        db.session.rollback()
        return []
    with transaction():
        rows = db.session.scalars(select(AlerteNotice).where(AlerteNotice.due_at <= now).order_by(AlerteNotice.due_at)
                                  .limit(_BATCH).with_for_update(skip_locked=True)).all()
        found = []
        for row in rows:
            if row.given_up_at <= now:
                db.session.delete(row)
                continue
            row.due_at = now + timedelta(minutes=BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)])
            row.attempts += 1
            found.append((row.id, _opened(row)))
        return found


def _hand_over(claimed: list[tuple[int, Notice]], now: datetime) -> None:
    try:
        connection = transport(current_app).connect()
    except ServerUnavailable:
        return
    over: list[int] = []
    try:
        for row_id, notice in claimed:
            address = instance().settings.MAIL_REDIRECT_TO or notice.email
            raw = notice.raw if address == notice.email else redirected(notice.raw, notice.email, address)
            answer = connection.send_bytes(notice.envelope_from, address, raw)
            if answer.accepted or (answer.stage in (Stage.RECIPIENT, Stage.CONTENT) and answer.code >= 500):
                over.append(row_id)
            if answer.closing:
                break
    finally:
        connection.close()
        _forget(over)


def _forget(ids: list[int]) -> None:
    if ids:
        with transaction():
            erasing.overwrite()
            db.session.execute(delete(AlerteNotice).where(AlerteNotice.id.in_(ids)))


def purge(now: datetime) -> int:
    """Empty the built-in mailbox of what it showed long enough; inside a transaction."""
    erasing.overwrite()
    return db.session.execute(delete(AlerteNotice).where(
        AlerteNotice.captured, AlerteNotice.due_at < now - CAPTURED_KEPT)).rowcount


def waiting_for_long(now: datetime) -> int:
    """How many letters a server has not taken for an hour."""
    return len(db.session.scalars(select(AlerteNotice.id).where(
        AlerteNotice.captured.is_(False), AlerteNotice.attempts > len(BACK_OFF) - 1)).all())


def captured() -> list[OutboxMessage]:
    """What the built-in mailbox shows, as letters that are in no session; only where mail is captured."""
    return [_as_letter(row, notice) for row in db.session.scalars(
        select(AlerteNotice).where(AlerteNotice.captured).order_by(AlerteNotice.id)) if (notice := _opened(row))]


def captured_letter(number: int) -> OutboxMessage | None:
    """The one of that number, None where there is none."""
    return next((letter for letter in captured() if letter.id == number), None) if number > _NUMBERS else None


def _as_letter(row: AlerteNotice, notice: Notice) -> OutboxMessage:
    return OutboxMessage(
        id=_NUMBERS + row.id, message_id="", letter=notice.letter, recipient=notice.email, recipient_name=notice.name,
        subject=notice.subject, state=OutboxState.CAPTURED.value, created_at=row.due_at, due_at=row.due_at, sent_at=row.due_at,
        envelope_from=notice.envelope_from, attempts=1, server_said="", body=OutboxBody(raw=notice.raw))
