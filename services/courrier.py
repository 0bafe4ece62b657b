"""Mail that leaves: due letters are claimed, handed to the server, and what it said is kept; and the built-in mailbox."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from time import monotonic

from flask import current_app
from sqlalchemy import func, select

from mail.transport import Delivery, VerifiedConnection, transport
from models.base import db, transaction
from models.dossier import CLOCK
from models.instance import instance
from models.outbox import OutboxMessage, OutboxState

from .errors import NotFound

log = logging.getLogger(__name__)

#: Somebody who claimed a letter and died gives it back after this long.
LEASE = timedelta(minutes=5)
BATCH = 50
#: Waits between tries, in minutes; then hourly until the letter is three days old (RFC 5321, 4.5.4.1).
BACK_OFF = (1, 5, 15, 60)
GIVEN_UP_AFTER = timedelta(days=3)


def deliver_due(now: datetime) -> int:
    """Send what is due; gives how many letters were handled. Safe to call twice at once: rows are claimed."""
    claimed = _claim(now)
    if not claimed:
        return 0
    if instance().settings.captured_mail:
        with transaction():
            for row in _rows(claimed):
                row.state, row.sent_at, row.lease_until = OutboxState.CAPTURED.value, now, None
        return len(claimed)
    connection, done, until = None, 0, monotonic() + LEASE.total_seconds() / 2
    for message_id in claimed:
        if done and monotonic() > until:
            # A slow server: what is not begun is given back before the lease ends, so that no letter leaves twice.
            _give_back(claimed[done:])
            break
        connection = _deliver_one(message_id, connection, now)
        done += 1
    if connection is not None:
        connection.__exit__(None, None, None)
    return done


def _claim(now: datetime) -> list[int]:
    with transaction():
        due = (select(OutboxMessage)
               .where(OutboxMessage.due_at <= now,
                      (OutboxMessage.state == OutboxState.DUE.value)
                      | ((OutboxMessage.state == OutboxState.SENDING.value) & (OutboxMessage.lease_until < now)))
               .order_by(OutboxMessage.id).limit(BATCH).with_for_update(skip_locked=True))
        rows = db.session.scalars(due).all()
        for row in rows:
            row.state, row.lease_until = OutboxState.SENDING.value, now + LEASE
            row.attempts += 1
        return [row.id for row in rows]


def _give_back(ids: list[int]) -> None:
    with transaction():
        for row in _rows(ids):
            row.state, row.lease_until = OutboxState.DUE.value, None
            row.attempts -= 1


def _rows(ids: list[int]) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.id)))


def _deliver_one(row_id: int, connection: VerifiedConnection | None, now: datetime) -> VerifiedConnection | None:
    row = db.session.get(OutboxMessage, row_id)
    envelope, recipient, raw = row.envelope_from, row.recipient, row.raw
    try:
        connection = connection or transport(current_app).connect().__enter__()
        result = connection.send_bytes(envelope, recipient, raw)
    except Exception as error:  # noqa: BLE001  whatever the wire does, the letter stays due
        result = Delivery(False, False, f"{type(error).__name__}: {error}"[:500])
    _note_result(row_id, result, now)
    if not result.accepted:
        # A refused or broken exchange may leave the connection in any state: the next letter gets a new one.
        if connection is not None:
            try:
                connection.__exit__(None, None, None)
            except Exception:  # noqa: BLE001
                log.info("the mail server had closed the connection")
        return None
    return connection


def _note_result(row_id: int, result: Delivery, now: datetime) -> None:
    with transaction():
        row = db.session.get(OutboxMessage, row_id)
        row.lease_until, row.server_said = None, result.said
        if result.accepted:
            row.state, row.sent_at = OutboxState.SENT.value, now
        elif result.permanent or now - row.created_at > GIVEN_UP_AFTER:
            row.state = OutboxState.FAILED.value
            if row.dossier:
                row.dossier.record("mail_failed", CLOCK, now)
        else:
            row.state = OutboxState.DUE.value
            minutes = BACK_OFF[row.attempts - 1] if row.attempts <= len(BACK_OFF) else BACK_OFF[-1]
            row.due_at = now + timedelta(minutes=minutes, seconds=random.randint(0, 30))  # noqa: S311  spread, not secret


def mailboxes() -> list[tuple[str, str, int]]:
    """Everybody the network wrote to: ``(address, name, letters)``, the latest first. Only where mail is captured."""
    _captured_only()
    latest = func.max(OutboxMessage.id)
    return [tuple(row) for row in db.session.execute(
        select(OutboxMessage.recipient, func.max(OutboxMessage.recipient_name), func.count())
        .group_by(OutboxMessage.recipient).order_by(latest.desc()))]


def letters_to(address: str) -> list[OutboxMessage]:
    """Letters to that address, the latest first."""
    _captured_only()
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == address)
                                   .order_by(OutboxMessage.id.desc())))


def captured_letter(letter_id: int) -> OutboxMessage:
    """:raises NotFound: no such letter, or mail is not captured here."""
    _captured_only()
    # Beyond 31 bits no row can exist, and PostgreSQL refuses to look.
    row = db.session.get(OutboxMessage, letter_id) if letter_id < 2**31 else None
    if row is None:
        raise NotFound("Ce courriel n’existe pas.")
    return row


def _captured_only() -> None:
    if not instance().settings.captured_mail:
        raise NotFound()

