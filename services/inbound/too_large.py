"""A mail that is too large to be fetched: its header is kept, and its author is told what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mail import outbox
from mail.letters import conversation as letters
from models.base import db, transaction
from models.dossier import CLOCK, Participant
from models.inbound import InboundState
from models.instance import instance

from .addresses import is_theirs
from .answering import may_answer
from .finding import find_participants
from .storing import dedupe_key, mark, new_message, stored


@dataclass(frozen=True)
class Head:
    """What the header of a mail says. ``human``: a person wrote it, who may be answered."""

    mail_id: str = ""
    sender: str = ""
    subject: str = ""
    recipients: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    human: bool = False


def refuse_large(header: bytes, size: int, head: Head, carrier: str, now: datetime) -> int:
    """Keep the header of a mail of ``size`` bytes; tell its author once a day, in their conversation if they have one.

    In one transaction: a mail that is known was dealt with, and the carrier may let it go. Gives its id.
    """
    key = dedupe_key(header + b"%d" % size)
    with transaction():
        if found := stored(key):
            return found
        row = new_message(key, header, carrier, now, sender=head.sender[:254], subject=head.subject[:300])
        person, answer_for = _author(head)
        told = head.human and may_answer(head.sender, "too-large", now)
        mark(row.id, head.mail_id, InboundState.IGNORED, f"trop lourd ({megabytes(size)} Mo) : {_outcome(head.human, told)}",
             person.id if person else None)
        if person is not None and head.human:
            person.dossier.record("mail_too_large", CLOCK, now, size=megabytes(size))
        if told:
            _tell(head, size, person, answer_for, now)
        return row.id


def _outcome(human: bool, told: bool) -> str:
    if not human:
        return "courriel automatique, sans réponse"
    return "la personne est prévenue" if told else "la personne l’était déjà, ou ne peut pas l’être"


def _author(head: Head) -> tuple[Participant | None, Participant | None]:
    """Who wrote, where they are the person expected in the conversation they wrote to, and whom they wrote to there."""
    for seat, to_id in find_participants(head.recipients, head.references):
        person = db.session.get(Participant, seat.participant_id)
        if is_theirs(person.email, head.sender):
            return person, db.session.get(Participant, to_id) if to_id else None
    return None, None


def _tell(head: Head, size: int, person: Participant | None, answer_for: Participant | None, now: datetime) -> None:
    ring = instance()
    # Of a stranger nothing is repeated: the address may be forged, and their words would reach somebody in our name.
    name, subject = (person.name, head.subject) if person else ("", "")
    letter = letters.mail_too_large(ring.network, name, subject, megabytes(size), ring.settings.INBOX_MAX_MB)
    if person is not None:
        outbox.post(letter, person, now, answer_for=answer_for)
    else:
        outbox.post_to_address(letter, head.sender, name, now)


def megabytes(size: int) -> int:
    """A size as people read it, rounded up."""
    return -(-size // (1024 * 1024))
