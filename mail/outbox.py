"""The outbox: a letter becomes the exact bytes to send, written in the transaction of what caused it."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from flask import current_app
from sqlalchemy import bindparam, select
from sqlalchemy.orm import object_session

from models.base import after_commit, connection, in_transaction, insert_row
from models.dossier import Dossier, Participant
from models.instance import Instance, instance
from models.outbox import OutboxMessage, OutboxState

from . import mime
from .addresses import ReplyAddress, write_address
from .letter import Letter, Subscription

#: Called after the commit that put a letter in the outbox; the application sets it to "have somebody look now".
WAKE = "wake_sender"


class OutsideTransaction(RuntimeError):
    """A letter was about to be written outside of a transaction: it could be sent though nothing happened."""


class ReminderAtAnyHour(RuntimeError):
    """A reminder was about to be written without asking when it may leave (``services/reminding.py``)."""


def post(letter: Letter, to: Participant, now: datetime, *, answer_for: Participant | None = None,
         due_at: datetime | None = None) -> OutboxMessage:
    """Write ``letter`` to a participant of a dossier; the answer comes back to that conversation.

    ``answer_for`` is the person an answer to this letter is for (a coordinator answering somebody's words); ``due_at``,
    when it may leave: at once without it.

    :raises OutsideTransaction: when no transaction is open.
    :raises ReminderAtAnyHour: a reminder without ``due_at``.
    """
    reply = ReplyAddress(to.id, answer_for.id if answer_for else 0)
    return _store(letter, to.email, to.name, now, dossier=to.dossier, participant=to, reply=reply, due_at=due_at)


def post_to_address(letter: Letter, email: str, name: str, now: datetime, *, reply_to: str = "") -> OutboxMessage:
    """Write ``letter`` to an address outside of any dossier (sign-in link, courteous refusal, digest).

    ``reply_to`` is an address of ours the answer is for, if the letter has one.

    :raises OutsideTransaction: when no transaction is open.
    """
    return _store(letter, email, name, now, reply_to=reply_to)


def rendered(letter: Letter, email: str, name: str, now: datetime) -> tuple[str, bytes]:
    """``(envelope sender, bytes)`` of a letter that is handed over at once and kept nowhere (``flask mail test``)."""
    ring = instance()
    return _envelope_from(ring, None), _message(letter, email, name, now, _new_message_id(ring, now), ring)


def _new_message_id(ring: Instance, now: datetime) -> str:
    return f"<{now:%Y%m%d%H%M%S}.{secrets.token_hex(10)}@{ring.settings.mail_domain}>"


def _envelope_from(ring: Instance, participant: Participant | None) -> str:
    # Outside of a dossier nobody is named (0), and a report still comes in by the mail door: it quotes the Message-ID.
    bounce = ReplyAddress(participant.id if participant else 0, 0, bounce=True)
    return write_address(bounce, ring.settings.SECRET_KEY, ring.settings.mail_domain)


def _store(letter: Letter, email: str, name: str, now: datetime, *, dossier: Dossier | None = None,
           participant: Participant | None = None, reply: ReplyAddress | None = None, reply_to: str = "",
           due_at: datetime | None = None) -> OutboxMessage:
    if not in_transaction():
        raise OutsideTransaction(letter.name)
    if letter.reminder and due_at is None:
        raise ReminderAtAnyHour(letter.name)
    ring = instance()
    settings = ring.settings
    message_id = _new_message_id(ring, now)
    if reply:
        reply_to = write_address(reply, settings.SECRET_KEY, settings.mail_domain)
    row = OutboxMessage(
        message_id=message_id, letter=letter.name, dossier_id=dossier.id if dossier else None,
        participant_id=participant.id if participant else None, recipient=email, state=OutboxState.DUE.value, attempts=0,
        recipient_name=name, subject=letter.subject, created_at=now, due_at=due_at or now, server_said="",
        answer_for_id=(reply.to_id or None) if reply else None,
        envelope_from=_envelope_from(ring, participant),
        raw=_message(letter, email, name, now, message_id, ring, dossier, participant, reply_to))
    insert_row(row)
    after_commit(_wake)
    return row


def _wake() -> None:
    current_app.extensions[WAKE]()


def _message(letter: Letter, email: str, name: str, now: datetime, message_id: str, ring: Instance,
             dossier: Dossier | None = None, participant: Participant | None = None, reply_to: str = "") -> bytes:
    settings = ring.settings
    fields = [
        ("Subject", mime.text(f"[{dossier.reference}] {letter.subject}" if dossier else letter.subject)),
        ("From", mime.addressed(_our_name(ring.network.name), settings.sender)),
        ("To", mime.mailbox(_display(name), email))]
    if reply_to:
        fields.append(("Reply-To", mime.addressed(_our_name(ring.network.name), reply_to)))
    fields += [("Date", format_datetime(now)), ("Message-ID", message_id)]
    if dossier and participant:
        fields += _thread(dossier, participant, settings.mail_domain)
    if letter.automatic:
        # RFC 3834: keeps vacation responders silent; relayed human words go without (reference email.md 1.5).
        fields += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
    if letter.subscription:
        fields += _subscription(letter.subscription, ring)
    fields.append(("MIME-Version", "1.0"))
    parts = [mime.text_part("plain", letter.text), mime.text_part("html", letter.html)]
    if not letter.attachments:
        return mime.multipart("alternative", parts, fields)
    files = [mime.file_part(file.filename, file.media_type, file.content) for file in letter.attachments]
    return mime.multipart("mixed", [mime.multipart("alternative", parts), *files], fields)


#: The network's, in every letter; nobody else's name stays in memory.
_our_name = lru_cache(maxsize=4)(mime.phrase)


def _display(name: str) -> str:
    return re.sub(r"[\r\n\x00-\x1f\x7f]", " ", name)[:100].strip()


def _subscription(subscription: Subscription, ring: Instance) -> list[tuple[str, str]]:
    """How to stop such letters, for the button that mail programs show beside the sender (RFC 2369, RFC 2919, RFC 8058)."""
    fields = [("List-Id", f"{_our_name(ring.network.name)} <{subscription.topic}.{ring.settings.mail_domain}>"),
              ("List-Unsubscribe", f"<{subscription.url}>, <mailto:{subscription.address}?subject=desabonnement>")]
    if ring.settings.secure:
        # RFC 8058, 2: one press is for https alone.
        fields.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return fields


def _thread(dossier: Dossier, participant: Participant, domain: str) -> list[tuple[str, str]]:
    """Headers that keep a dossier's letters in one thread in this person's mail client (RFC 5322, 3.6.4).

    The root is a Message-ID nobody sent: each person's thread then holds together without naming another's letter.
    """
    root = f"<dossier-{dossier.id}-{participant.id}@{domain}>"
    last = _last_letter_to(participant)
    return [("In-Reply-To", last), ("References", f"{root} {last}")] if last else [("References", root)]


_SENT = OutboxMessage.__table__.c
#: Made once, and of columns alone: building a statement costs more than running this one (bench/README.md).
_LAST_LETTER = (select(_SENT.message_id).where(_SENT.participant_id == bindparam("participant"))
                .order_by(_SENT.id.desc()).limit(1))


def _last_letter_to(participant: Participant) -> str | None:
    """The Message-ID of the latest letter to that participant, those that wait for the commit included."""
    if object_session(participant) is None:  # written a moment ago, by the first letter's own transaction
        return None
    return connection().execute(_LAST_LETTER, {"participant": participant.id}).scalar_one_or_none()
