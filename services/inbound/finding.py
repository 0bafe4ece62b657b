"""Whose a mail may be: the seats in conversations that its addresses, the letters it answers or its subject name.

Read as ids and words, without objects of the session: the verb that follows reads all again under its lock.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from mail.addresses import REPLY, read_address
from models.base import ask, db
from models.dossier import Dossier, Participant
from models.instance import instance
from models.outbox import OutboxBody, OutboxMessage

from .. import mailbox_reply
from ..errors import NotFound

#: How many of the letters a message names are looked up, from the last one back.
REFERENCES = 5
#: As far as a header is looked at before it is read.
_HEAD = 16 * 1024
_OUR_ADDRESS = re.compile(REPLY.encode() + rb"[+=][a-z2-7]{26}@[a-z0-9.-]+")
_REFERENCE = re.compile(r"\b[A-Z]{2,8}-20\d\d-\d{4,6}\b")

_PERSON, _REQUEST, _LETTER = Participant.__table__.c, Dossier.__table__.c, OutboxMessage.__table__.c
#: Made once (models/statements.py).
_SEAT = (select(_PERSON.id, _PERSON.email, _PERSON.role, _PERSON.dossier_id, _REQUEST.kind)
         .join_from(Participant.__table__, Dossier.__table__, _PERSON.dossier_id == _REQUEST.id)
         .where(_PERSON.id == bindparam("who")))
_ANSWERED = (select(_LETTER.message_id, _LETTER.participant_id, _LETTER.answer_for_id)
             .where(_LETTER.message_id.in_([bindparam(f"name{place}") for place in range(REFERENCES)]),
                    _LETTER.participant_id.is_not(None)))
_BODY = OutboxBody.__table__.c
_LAST_LETTER = (select(_BODY.raw).join_from(OutboxMessage.__table__, OutboxBody.__table__, _LETTER.id == _BODY.outbox_message_id)
                .where(_LETTER.participant_id == bindparam("who")).order_by(_LETTER.id.desc()).limit(1))


class Seat(NamedTuple):
    """A participant's place in a request: their ``email`` there, ``role`` and ``kind`` as the database writes them."""

    participant_id: int
    email: str
    role: str
    dossier_id: int
    kind: str


#: A seat, and the id of whom the answer is for, 0 for the coordination.
Candidate = tuple[Seat, int]


def seat_of(participant_id: int) -> Seat:
    """The seat of that participant.

    :raises NotFound: no such participant.
    """
    if (found := _seat(participant_id)) is None:
        raise NotFound()
    return found


def _seat(participant_id: int) -> Seat | None:
    row = ask(_SEAT, who=participant_id).first()
    return Seat(*row) if row else None


def find_participants(recipients: tuple[str, ...], references: tuple[str, ...]) -> list[Candidate]:
    """Conversations a message may belong to, by its addresses first, then by the letters it answers, the latest first (servers
    without plus-addresses).

    Of many references the last five are looked up: a long thread, or a forged one, costs one short question.
    """
    ring = instance()
    found = [(address.participant_id, address.to_id) for address in
             (read_address(text, ring.settings.SECRET_KEY) for text in recipients) if address]
    wanted = list(dict.fromkeys(reversed(references)))[:REFERENCES]
    if wanted:
        names = {f"name{place}": wanted[place] if place < len(wanted) else "" for place in range(REFERENCES)}
        answered = {message_id: (participant_id, to_id or 0) for message_id, participant_id, to_id in ask(_ANSWERED, **names)}
        found += [answered[message_id] for message_id in wanted if message_id in answered]
    seats = {participant_id: _seat(participant_id) for participant_id in dict.fromkeys(pair[0] for pair in found)}
    return [(seat, to_id) for participant_id, to_id in dict.fromkeys(found) if (seat := seats[participant_id])]


def find_by_subject(subject: str, sender: str) -> list[Candidate]:
    """Conversations a message may belong to by the reference in its subject, where ``sender`` takes part in that request.

    A reference can be guessed and an address imitated: this is never enough by itself (issue 3; osTicket's rule asks for
    the sender too, and the caller for the word of our own mail server). The answer is for the coordination.
    """
    named = list(dict.fromkeys(found[0] for found in _REFERENCE.finditer(subject.upper())))[:3]
    if not named or not sender:
        return []
    rows = db.session.scalars(
        select(Participant.id).join(Dossier, Participant.dossier_id == Dossier.id)
        .where(Dossier.reference.in_(named), func.lower(Participant.email) == sender.lower()).order_by(Participant.id))
    return [(seat_of(participant_id), 0) for participant_id in rows]


def last_letter_text(participant_id: int) -> str:
    """The text of the latest letter to that participant, to recognise it when it comes back quoted."""
    raw = ask(_LAST_LETTER, who=participant_id).scalar()
    return mailbox_reply.text_in(bytes(raw)) if raw else ""


def letter_answered(raw: bytes) -> str:
    """The text of the latest letter to whoever the head of a mail names by an address of ours, "" where it names nobody: asked
    before the mail is read, so that its new words are found at the same time. What is read of it decides, not this."""
    head = raw[:_HEAD].partition(b"\n\n" if b"\r" not in raw[:_HEAD] else b"\r\n\r\n")[0]
    for found in _OUR_ADDRESS.finditer(head):
        if address := read_address(found[0].decode("ascii"), instance().settings.SECRET_KEY):
            return last_letter_text(address.participant_id)
    return ""
