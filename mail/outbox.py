"""The outbox: a letter becomes the exact bytes to send, written in the transaction of what caused it."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from email.utils import format_datetime

from flask import current_app

from models.base import after_commit, in_transaction, insert_row
from models.dossier import Dossier, Participant
from models.instance import Instance, instance
from models.outbox import OutboxMessage, OutboxState

from . import mime
from .addresses import ReplyAddress, write_address
from .letter import Letter
from .threads import Thread, thread_of

#: Called after the commit that put a letter in the outbox; the application sets it to "have somebody look now".
WAKE = "wake_sender"
#: Somebody else's Message-ID, as far as it may be written into a header of ours.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")


#: What « stop » stops: words and news that ask for nothing. What a person must decide, sign or know still comes, and so
#: does the end of their request.
SILENCED = frozenset({
    "accueil/confirmation_reminder", "conversation/message_relayed", "conversation/request_reopened",
    "convention/immersion_closed", "entraide/resolved", "immersion/employer_agreed", "immersion/host_agreed",
    "immersion/taken_in_hand"})


class OutsideTransaction(RuntimeError):
    """A letter was about to be written outside of a transaction: it could be sent though nothing happened."""


def post(letter: Letter, to: Participant, now: datetime, *, answer_for: Participant | None = None) -> OutboxMessage | None:
    """Write ``letter`` to a participant of a dossier; the answer comes back to that conversation.

    ``answer_for`` is the person an answer to this letter is for (a coordinator answering somebody's words). Somebody who
    said « stop » gets of :data:`SILENCED` nothing: None then.

    :raises OutsideTransaction: when no transaction is open.
    """
    if to.muted_at is not None and letter.name in SILENCED:
        return None
    reply = ReplyAddress(to.id, answer_for.id if answer_for else 0)
    return _store(letter, to.email, to.name, now, dossier=to.dossier, participant=to, reply=reply)


def post_to_address(letter: Letter, email: str, name: str, now: datetime, *, reply_to: str = "", answering: str = "",
                    due_at: datetime | None = None) -> OutboxMessage:
    """Write ``letter`` to an address outside of any dossier (sign-in link, courteous refusal).

    :param reply_to: address of ours that answers go to, where it is not the sender's.
    :param answering: Message-ID of the mail it answers, so that it stands in the same thread (RFC 5322, 3.6.4).
    :param due_at: when it may leave: at once without it.
    :raises OutsideTransaction: when no transaction is open.
    """
    return _store(letter, email, name, now, due_at=due_at, more=_answering(reply_to, answering))


def _answering(reply_to: str, message_id: str) -> list[tuple[str, str]]:
    fields = [("Reply-To", mime.mailbox(instance().network.name, reply_to))] if reply_to else []
    if _MESSAGE_ID.fullmatch(message_id):
        fields += [("In-Reply-To", message_id), ("References", message_id)]
    return fields


def _store(letter: Letter, email: str, name: str, now: datetime, *, dossier: Dossier | None = None,
           participant: Participant | None = None, reply: ReplyAddress | None = None,
           more: list[tuple[str, str]] | None = None, due_at: datetime | None = None) -> OutboxMessage:
    if not in_transaction():
        raise OutsideTransaction(letter.name)
    ring = instance()
    settings = ring.settings
    message_id = f"<{now:%Y%m%d%H%M%S}.{secrets.token_hex(10)}@{settings.mail_domain}>"
    bounce = ReplyAddress(participant.id, 0, bounce=True) if participant else None
    thread = thread_of(letter.name, dossier, participant, settings.mail_domain) if dossier and participant else None
    subject = thread.subject or letter.subject if thread else letter.subject
    row = OutboxMessage(
        message_id=message_id, letter=letter.name, dossier_id=dossier.id if dossier else None,
        participant_id=participant.id if participant else None, recipient=email, state=OutboxState.DUE.value, attempts=0,
        recipient_name=name, subject=subject, created_at=now, due_at=due_at or now, server_said="",
        answer_for_id=(reply.to_id or None) if reply else None,
        envelope_from=write_address(bounce, settings.SECRET_KEY, settings.mail_domain) if bounce else settings.sender,
        raw=_message(letter, _with_reference(subject, dossier), email, name, now, message_id, ring, thread, reply, more or []))
    insert_row(row)
    after_commit(_wake)
    return row


def _wake() -> None:
    current_app.extensions[WAKE]()


def _message(letter: Letter, subject: str, email: str, name: str, now: datetime, message_id: str, ring: Instance,
             thread: Thread | None, reply: ReplyAddress | None, more: list[tuple[str, str]]) -> bytes:
    settings = ring.settings
    fields = [
        ("Subject", mime.text(subject)),
        ("From", mime.mailbox(ring.network.name, settings.sender)),
        ("To", mime.mailbox(_display(name), email))]
    if reply:
        fields.append(("Reply-To", mime.mailbox(ring.network.name,
                                                write_address(reply, settings.SECRET_KEY, settings.mail_domain))))
    fields += more
    fields += [("Date", format_datetime(now)), ("Message-ID", message_id)]
    if thread:
        fields += thread.fields
    if letter.automatic:
        # RFC 3834: keeps vacation responders silent; relayed human words go without (reference email.md 1.5).
        fields += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
    fields.append(("MIME-Version", "1.0"))
    parts = [mime.text_part("plain", letter.text), mime.text_part("html", letter.html)]
    if not letter.attachments:
        return mime.multipart("alternative", parts, fields)
    files = [mime.file_part(file.filename, file.media_type, file.content) for file in letter.attachments]
    return mime.multipart("mixed", [mime.multipart("alternative", parts), *files], fields)


def _with_reference(subject: str, dossier: Dossier | None) -> str:
    """« Re: [AIDE-2027-0001] … »: programs find what is answered behind « Re: », and gateways look for the mark there."""
    if dossier is None:
        return subject
    again = "Re: " if subject.startswith("Re: ") else ""
    return f"{again}[{dossier.reference}] {subject.removeprefix('Re: ')}"


def _display(name: str) -> str:
    return re.sub(r"[\r\n\x00-\x1f\x7f]", " ", name)[:100].strip()
