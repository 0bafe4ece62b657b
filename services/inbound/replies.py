"""A reply finds its conversation, and does what it says: words to relay, or a command like the button of the same name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from mail import outbox
from mail.addresses import read_address
from mail.letters import conversation as letters
from mail.letters import coordination
from models.base import db, transaction
from models.dossier import CLOCK, Actor, Dossier, Participant
from models.inbound import InboundState
from models.instance import instance
from models.outbox import OutboxMessage
from models.states import Role

from .. import acting, conversation, mailbox_reply
from ..errors import Refused
from ..files import new_file
from .storing import mark

#: How many of the letters a message names are looked up, from the last one back.
REFERENCES = 5
_REFERENCE = re.compile(r"\b[A-Z]{2,8}-20\d\d-\d{4,6}\b")


@dataclass(frozen=True)
class Understood:
    """What a reply says, without reference to the database. ``command`` is the slug of an action, or ""."""

    words: str
    elided: str = ""
    command: str = ""
    command_words: str = ""
    doubtful: str = ""
    """A word of command the reply begins with, where it is not certain that a command was meant."""
    files: tuple[tuple[str, str, bytes], ...] = ()
    """``(name, media type, content)`` of the files that were accepted."""
    refused_files: tuple[str, ...] = field(default=())
    """A sentence for each file that was not."""


def find_participants(recipients: tuple[str, ...], references: tuple[str, ...]) -> list[tuple[int, int]]:
    """Conversations a message may belong to: ``(participant, whom the answer is for)``, by its addresses first, then
    by the letters it answers, the latest first (servers without plus-addresses).

    Of many references the last five are looked up: a long thread, or a forged one, costs one short question.
    """
    ring = instance()
    found = [(address.participant_id, address.to_id) for address in
             (read_address(text, ring.settings.SECRET_KEY) for text in recipients) if address]
    wanted = list(dict.fromkeys(reversed(references)))[:REFERENCES]
    if wanted:
        rows = db.session.execute(select(OutboxMessage.message_id, OutboxMessage.participant_id, OutboxMessage.answer_for_id)
                                  .where(OutboxMessage.message_id.in_(wanted), OutboxMessage.participant_id.is_not(None)))
        answered = {message_id: (participant_id, to_id or 0) for message_id, participant_id, to_id in rows}
        found += [answered[message_id] for message_id in wanted if message_id in answered]
    return [pair for pair in dict.fromkeys(found) if db.session.get(Participant, pair[0])]


def find_by_subject(subject: str, sender: str) -> list[tuple[int, int]]:
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
    return [(participant_id, 0) for participant_id in rows]


def address_of(participant_id: int) -> str:
    """The address replies of that participant are expected from, in lower case."""
    return acting.load_participant(participant_id).email.lower()


def take_reply(message_id: int, mail_id: str, participant_id: int, to_id: int, reply: Understood, now: datetime) -> None:
    """Do what a reply says: a command like the button of the same name, else words to relay.

    All in one transaction with the fate of the message; what a command did is confirmed by mail, and so is what it did
    not. Words that look like a command and are not one are kept as a note and told, rather than sent to somebody.
    """
    if reply.command:
        _command(message_id, mail_id, participant_id, reply, now)
        return
    if reply.doubtful:
        _doubt(message_id, mail_id, participant_id, reply, now)
        return
    with transaction():
        participant = acting.load_participant(participant_id)
        acting.lock(participant.dossier)
        to = db.session.get(Participant, to_id) if to_id else None
        if to is not None and to.dossier_id != participant.dossier_id:
            to = None
        mark(message_id, mail_id, InboundState.DONE, "", participant_id)
        if reply.words or reply.files:
            files = [new_file(name, kind, content, now) for name, kind, content in reply.files]
            words = reply.words or "(sans texte, voir les pièces jointes)"
            conversation.write(participant.dossier, Actor(Role(participant.role), participant, "mail"), words, now, to=to,
                               elided=reply.elided, files=files)
        _say_refused_files(participant, reply.refused_files, now)


def _doubt(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime) -> None:
    with transaction():
        participant = acting.load_participant(participant_id)
        dossier = acting.lock(participant.dossier)
        mark(message_id, mail_id, InboundState.DONE, f"commande incertaine : {reply.doubtful}", participant_id)
        conversation.note(dossier, Actor(Role(participant.role), participant, "mail"), reply.words, now, elided=reply.elided)
        reason = (f"Votre réponse commence par le mot « {reply.doubtful} », mais ce n’est pas certain que ce soit un ordre. "
                  f"Pour agir, écrivez /{reply.doubtful} sur la première ligne. Pour écrire à la personne, commencez autrement. "
                  "Vos mots sont gardés en note interne.")
        outbox.post(coordination.command_refused(instance().network, participant, reply.doubtful, reason), participant, now)


def _command(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime) -> None:
    network = instance().network

    def confirm(participant: Participant, done: str) -> None:
        mark(message_id, mail_id, InboundState.DONE, f"commande : {reply.command}", participant_id)
        outbox.post(coordination.command_done(network, participant, done), participant, now)
        _say_refused_files(participant, reply.refused_files, now)

    try:
        acting.perform(reply.command, participant_id, reply.command_words, now, via="mail", also=confirm)
    except Refused as refusal:
        with transaction():
            participant = acting.load_participant(participant_id)
            mark(message_id, mail_id, InboundState.DONE, f"commande refusée : {reply.command}", participant_id)
            outbox.post(coordination.command_refused(network, participant, reply.command, refusal.sentence), participant, now)


def _say_refused_files(participant: Participant, reasons: tuple[str, ...], now: datetime) -> None:
    if reasons:
        participant.dossier.record("file_refused", CLOCK, now)
        outbox.post(letters.reply_not_taken(instance().network, participant.name, list(reasons),
                                            participant.dossier.reference), participant, now)


def last_letter_text(participant_id: int) -> str:
    """The text of the latest letter to that participant, to recognise it when it comes back quoted."""
    raw = db.session.scalar(select(OutboxMessage.raw).where(OutboxMessage.participant_id == participant_id)
                            .order_by(OutboxMessage.id.desc()).limit(1))
    return mailbox_reply.text_in(raw) if raw else ""


def role_of(participant_id: int) -> str:
    """The role of that participant, as written in :class:`models.states.Role`."""
    return acting.load_participant(participant_id).role
