"""What still names who was erased where they took part in somebody else's request: answers, drafts, quotes, letters to others.

The request stays, and what others said of their own; who is gone becomes "Personne effacée".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Part
from typing import Any

from sqlalchemy import delete, func, or_, select

from models.base import db
from models.conversation import Message
from models.dossier import Dossier, Immersion, Participant
from models.inbound import InboundMessage
from models.instance import instance
from models.outbox import OutboxBody, OutboxMessage, OutboxState
from models.structure import Membre
from pdf.convention import content_hash, from_json

from ..inbound import erasing as inbound
from ..inbound.orders import NO_WORDS
from ..mailbox_reply import text_in
from ..membre.resemblance import digits

NAME = "Personne effacée"
#: A letter that left, or never will: the others are still to be sent.
_OVER = (OutboxState.SENT.value, OutboxState.FAILED.value, OutboxState.CAPTURED.value)
#: Of words, as much as tells them from others in a quote; fewer are anybody's (« Oui, merci »).
_LEAST, _BEGINNING = 25, 60


@dataclass(frozen=True)
class Marks:
    """By what somebody is known in texts: names as they were written, addresses, the last nine figures of telephones, the
    beginnings of what they wrote."""

    names: frozenset[str]
    addresses: frozenset[str]
    phones: frozenset[str]
    words: frozenset[str] = frozenset()

    def without(self, value: Any) -> Any:
        """``value``, of JSON, with nothing left of who it was."""
        if isinstance(value, dict):
            return {key: self.without(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.without(one) for one in value]
        if not isinstance(value, str) or not value:
            return value
        if value.strip().lower() in self.addresses or any(re.fullmatch(_telephone(one), value.strip()) for one in self.phones):
            return ""
        return self.renamed(value)

    def renamed(self, text: str) -> str:
        for pattern in (*map(_whole, (*self.names, *self.addresses)), *map(_telephone, self.phones)):
            text = re.sub(pattern, NAME, text, flags=re.IGNORECASE)
        return text

    def are_in(self, text: str) -> bool:
        """True where a text names them, or repeats their words, however its lines were cut and quoted."""
        said = _squeezed(text)
        patterns = (*(_whole(_squeezed(mark)) for mark in (*self.names, *self.addresses)), *map(_telephone, self.phones))
        return any(re.search(one, said) for one in patterns) or any(mark in said for mark in self.words)


def _whole(written: str) -> str:
    """The pattern of a name or an address that is no piece of a longer word."""
    return rf"(?<!\w){re.escape(written)}(?!\w)"


def _telephone(figures: str) -> str:
    """The pattern of a telephone, given its last nine figures, as people write it: 06 12…, +33 6 12…, 06.12…"""
    between = r"[\s.\-()/]*"
    return rf"(?<!\d)(?:\+{between}\d{{2,3}}{between}|00\d{{2,3}}{between})?(?:\(?0\)?{between})?{between.join(figures)}(?!\d)"


def _squeezed(text: str) -> str:
    return " ".join(re.sub(r"[>\s]+", " ", text).split()).lower()


def marks_of(member: Membre, seats: Sequence[Participant], addresses: set[str]) -> Marks:
    """Read before they are taken out."""
    bodies = db.session.scalars(select(Message.body).where(Message.participant_id.in_([seat.id for seat in seats])))
    words = {_squeezed(body) for body in bodies} - {_squeezed(NO_WORDS)}
    return Marks(frozenset({member.name, *(seat.name for seat in seats if seat.name.strip())}), frozenset(addresses),
                 frozenset(filter(None, (digits(phone) for phone in (member.phone, *(seat.phone for seat in seats))))),
                 frozenset(said[:_BEGINNING] for said in words if len(said) >= _LEAST))


def take_out(dossier: Dossier, marks: Marks) -> None:
    """Have a request of somebody else name them nowhere; inside a transaction."""
    for name in ("answers", "summary"):
        said = getattr(dossier, name)
        if (without := marks.without(said)) != said:
            setattr(dossier, name, without)
    if isinstance(dossier, Immersion):
        for draft in dossier.conventions:
            if (without := marks.without(draft.data)) != draft.data:
                draft.data = without
                draft.content_hash = content_hash(from_json(without)) if draft.content_hash else ""
    for message in dossier.messages:
        # A quote is no word of who sent it.
        if message.elided and marks.are_in(message.elided):
            message.elided = ""
    _forget_letters(marks, OutboxMessage.dossier_id == dossier.id)
    _empty_mail(marks, dossier)


def take_out_of_the_rest(marks: Marks) -> None:
    """Letters about them to the team, outside of any request, and why a mail of somebody else was set aside; inside a
    transaction."""
    team = [person.email.lower() for person in instance().network.team]
    _forget_letters(marks, OutboxMessage.dossier_id.is_(None), func.lower(OutboxMessage.recipient).in_(team))
    for row in db.session.scalars(select(InboundMessage).where(or_(*(
            InboundMessage.reason.icontains(name, autoescape=True) for name in marks.names)))) if marks.names else ():
        row.reason = marks.renamed(row.reason)[:300]


def _empty_mail(marks: Marks, dossier: Dossier) -> None:
    """Mail of the others that was dealt with and quotes them: emptied now, as it would be after thirty days."""
    seats = [one.id for one in dossier.participants]
    rows = db.session.scalars(select(InboundMessage).where(
        or_(InboundMessage.dossier_id == dossier.id, InboundMessage.participant_id.in_(seats)),
        InboundMessage.state.in_(inbound.DEALT_WITH), InboundMessage.body.has()))
    for row in rows.all():
        if marks.are_in(row.subject) or marks.are_in(_said(row.raw)):
            row.body, row.sender, row.subject = None, "", ""


def _said(raw: bytes) -> str:
    """The words of a mail as it came, its quotes among them."""
    texts = [part for part in message_from_bytes(raw).walk() if part.get_content_maintype() == "text"]
    return "\n".join(map(_decoded, texts))


def _decoded(part: Part) -> str:
    content = part.get_payload(decode=True) or b""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a charset nobody knows
        return content.decode("utf-8", "replace")


def _forget_letters(marks: Marks, *which: Any) -> None:
    rows = db.session.execute(select(OutboxBody.outbox_message_id, OutboxBody.raw).join(
        OutboxMessage, OutboxMessage.id == OutboxBody.outbox_message_id).where(*which, OutboxMessage.state.in_(_OVER))).all()
    gone = [number for number, raw in rows if marks.are_in(text_in(bytes(raw)))]
    db.session.execute(delete(OutboxBody).where(OutboxBody.outbox_message_id.in_(gone)))
