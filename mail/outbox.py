"""The outbox: a letter becomes the exact bytes to send, written in the transaction of what caused it."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from flask import current_app
from sqlalchemy.orm.attributes import set_committed_value

from models.base import after_commit, in_transaction, insert_row
from models.dossier import Dossier, Participant
from models.instance import Instance, instance
from models.outbox import OutboxBody, OutboxMessage, OutboxState

from . import mime
from .addresses import ReplyAddress, write_address
from .letter import Letter, Subscription
from .private_addresses import private_secret, write_private_address, write_private_message_id
from .threads import Thread, thread_of

#: Called after the commit that put a letter in the outbox; the application sets it to "have somebody look now".
WAKE = "wake_sender"
#: Somebody else's Message-ID, as far as it may be written into a header of ours.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")


#: What « stop » stops: words and news that ask for nothing. What a person must decide, sign or know still comes, and so
#: does the end of their request.
SILENCED = frozenset({
    "accueil/confirmation_reminder", "conversation/message_relayed", "conversation/request_reopened",
    "convention/immersion_closed", "signature/signature_progress",
    "evaluation/report_to_give", "evaluation/report_reminder", "evaluation/account_published",
    "entraide/resolved", "immersion/employer_agreed", "immersion/host_agreed",
    "immersion/taken_in_hand"})


class OutsideTransaction(RuntimeError):
    """A letter was about to be written outside of a transaction: it could be sent though nothing happened."""


class ReminderAtAnyHour(RuntimeError):
    """A reminder was about to be written without asking when it may leave (``services/reminding.py``)."""


def post(letter: Letter, to: Participant, now: datetime, *, answer_for: Participant | None = None,
         due_at: datetime | None = None) -> OutboxMessage | None:
    """Write ``letter`` to a participant of a dossier; the answer comes back to that conversation.

    ``answer_for`` is the person an answer to this letter is for (a coordinator answering somebody's words); ``due_at``,
    when it may leave: at once without it. Somebody who said « stop » gets of :data:`SILENCED` nothing: None then.

    :raises OutsideTransaction: when no transaction is open.
    :raises ReminderAtAnyHour: a reminder without ``due_at``.
    """
    if to.muted_at is not None and letter.name in SILENCED:
        return None
    reply = ReplyAddress(to.id, answer_for.id if answer_for else 0)
    return _store(letter, to.email, to.name, now, dossier=to.dossier, participant=to, reply=reply, due_at=due_at)


def post_to_address(letter: Letter, email: str, name: str, now: datetime, *, reply_to: str = "", answering: str = "",
                    due_at: datetime | None = None) -> OutboxMessage:
    """Write ``letter`` to an address outside of any dossier (sign-in link, courteous refusal, digest).

    :param reply_to: address of ours that answers go to, where it is not the sender's.
    :param answering: Message-ID of the mail it answers, so that it stands in the same thread (RFC 5322, 3.6.4).
    :param due_at: when it may leave: at once without it.
    :raises OutsideTransaction: when no transaction is open.
    """
    return _store(letter, email, name, now, due_at=due_at, more=_answering(reply_to, answering))


def _answering(reply_to: str, message_id: str) -> list[tuple[str, str]]:
    fields = [("Reply-To", mime.addressed(_our_name(instance().network.name), reply_to))] if reply_to else []
    if _MESSAGE_ID.fullmatch(message_id):
        fields += [("In-Reply-To", message_id), ("References", message_id)]
    return fields


def rendered(letter: Letter, email: str, name: str, now: datetime) -> tuple[str, bytes]:
    """``(envelope sender, bytes)`` of a letter that is handed over at once and kept nowhere (``flask mail test``)."""
    ring = instance()
    return (_envelope_from(ring, None),
            _message(letter, letter.subject, email, name, now, _new_message_id(ring, now), ring, None, None, []))


def rendered_private(letter: Letter, email: str, name: str, now: datetime, number: int) -> tuple[str, bytes]:
    """``(envelope sender, bytes)`` of a neutral letter: whatever comes back to it is known at the door.

    :param number: see ``mail/private_addresses.py``.
    """
    ring = instance()
    secret, domain = private_secret(ring.settings.alerte_dir), ring.settings.mail_domain
    reply = mime.addressed(_our_name(ring.network.name), write_private_address(number, secret, domain))
    raw = _message(letter, letter.subject, email, name, now, write_private_message_id(number, secret, domain, now), ring,
                   None, None, [("Reply-To", reply)])
    return write_private_address(number, secret, domain, bounce=True), raw


def _new_message_id(ring: Instance, now: datetime) -> str:
    return f"<{now:%Y%m%d%H%M%S}.{secrets.token_hex(10)}@{ring.settings.mail_domain}>"


def _envelope_from(ring: Instance, participant: Participant | None) -> str:
    # Outside of a dossier nobody is named (0), and a report still comes in by the mail door: it quotes the Message-ID.
    bounce = ReplyAddress(participant.id if participant else 0, 0, bounce=True)
    return write_address(bounce, ring.settings.SECRET_KEY, ring.settings.mail_domain)


def _store(letter: Letter, email: str, name: str, now: datetime, *, dossier: Dossier | None = None,
           participant: Participant | None = None, reply: ReplyAddress | None = None,
           more: list[tuple[str, str]] | None = None, due_at: datetime | None = None) -> OutboxMessage:
    if not in_transaction():
        raise OutsideTransaction(letter.name)
    if letter.reminder and due_at is None:
        raise ReminderAtAnyHour(letter.name)
    ring = instance()
    settings = ring.settings
    message_id = _new_message_id(ring, now)
    thread = thread_of(letter.name, dossier, participant, settings.mail_domain) if dossier and participant else None
    subject = thread.subject or letter.subject if thread else letter.subject
    row = OutboxMessage(
        message_id=message_id, letter=letter.name, dossier_id=dossier.id if dossier else None,
        participant_id=participant.id if participant else None, recipient=email, state=OutboxState.DUE.value, attempts=0,
        recipient_name=name, subject=subject, created_at=now, due_at=due_at or now, server_said="",
        answer_for_id=(reply.to_id or None) if reply else None, envelope_from=_envelope_from(ring, participant))
    raw = _message(letter, _with_reference(subject, dossier), email, name, now, message_id, ring, thread, reply, more or [])
    insert_row(row)
    body = OutboxBody(outbox_message_id=row.id, raw=raw)
    insert_row(body)
    set_committed_value(row, "body", body)
    after_commit(_wake)
    return row


def _wake() -> None:
    current_app.extensions[WAKE]()


def _message(letter: Letter, subject: str, email: str, name: str, now: datetime, message_id: str, ring: Instance,
             thread: Thread | None, reply: ReplyAddress | None, more: list[tuple[str, str]]) -> bytes:
    settings = ring.settings
    fields = [
        ("Subject", mime.text(subject)),
        ("From", mime.addressed(_our_name(ring.network.name), settings.sender)),
        ("To", mime.mailbox(_display(name), email))]
    if reply:
        fields.append(("Reply-To", mime.addressed(_our_name(ring.network.name),
                                                  write_address(reply, settings.SECRET_KEY, settings.mail_domain))))
    fields += more
    fields += [("Date", format_datetime(now)), ("Message-ID", message_id)]
    if thread:
        fields += thread.fields
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


def _with_reference(subject: str, dossier: Dossier | None) -> str:
    """« Re: [AIDE-2027-0001] … »: programs find what is answered behind « Re: », and gateways look for the mark there."""
    if dossier is None:
        return subject
    again = "Re: " if subject.startswith("Re: ") else ""
    return f"{again}[{dossier.reference}] {subject.removeprefix('Re: ')}"


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
