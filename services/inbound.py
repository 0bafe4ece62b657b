"""Mail that arrives: stored before anything else, then understood once, then kept or set aside, never lost."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from mail import outbox
from mail.addresses import read_address
from mail.letters import conversation as letters
from mail.letters import coordination
from models.base import db, transaction
from models.dossier import CLOCK, Actor, Participant
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.outbox import OutboxMessage, OutboxState
from models.states import Role

from . import acting, conversation, mailbox_reply, throttle
from .errors import Refused
from .files import new_file

#: After this many failures a message is set aside, and the rest goes on.
TRIES = 3


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


def store(raw: bytes, carrier: str, now: datetime) -> int:
    """Keep the bytes of a message; the same message twice is kept once. Gives its id, committed."""
    key = hashlib.sha256(raw).hexdigest()
    with transaction():
        row = db.session.scalar(select(InboundMessage).where(InboundMessage.dedupe_key == key))
        if row is None:
            row = InboundMessage(dedupe_key=key, received_at=now, carrier=carrier, raw=raw)
            db.session.add(row)
            db.session.flush()
        return row.id


def claim(message_id: int, now: datetime) -> bytes | None:
    """The bytes of a message still to be understood, its try counted first; None when it is dealt with.

    After :data:`TRIES` failures it is set aside: one poisonous message never blocks the others.
    """
    with transaction():
        row = db.session.get(InboundMessage, message_id)
        if row is None or row.state != InboundState.RECEIVED:
            return None
        row.attempts += 1
        if row.attempts > TRIES:
            _set_aside(row.id, row.message_id, "ce courriel n’a pas pu être lu", now, row.sender, row.subject)
            return None
        return row.raw


def unprocessed(now: datetime) -> list[int]:
    """Messages stored and not yet understood (the program stopped in between)."""
    return list(db.session.scalars(
        select(InboundMessage.id).where(InboundMessage.state == InboundState.RECEIVED.value,
                                        InboundMessage.received_at < now - timedelta(seconds=30)).order_by(InboundMessage.id)))


def ignore(message_id: int, mail_id: str, reason: str) -> None:
    """An automatic message: kept, attached to nothing, never answered."""
    with transaction():
        _mark(message_id, mail_id, InboundState.IGNORED, reason)


def set_aside(message_id: int, mail_id: str, reason: str, now: datetime, sender: str, subject: str) -> None:
    """Keep apart what a person must look at; the default coordinator is told, at most once an hour."""
    with transaction():
        _set_aside(message_id, mail_id, reason, now, sender, subject)


def _set_aside(message_id: int, mail_id: str, reason: str, now: datetime, sender: str, subject: str) -> None:
    network = instance().network
    _mark(message_id, mail_id, InboundState.QUARANTINED, reason)
    row = db.session.get(InboundMessage, message_id)
    row.sender, row.subject = sender[:254], subject[:300]
    if throttle.allow("mail-set-aside", 1, 3600, now):
        person = network.default_coordinator
        outbox.post_to_address(coordination.mail_set_aside(network, person.name, reason, sender, subject),
                               person.email, person.name, now)


def bounced(message_id: int, mail_id: str, participant_id: int | None, letters: tuple[str, ...], said: str, permanent: bool,
            now: datetime) -> None:
    """A letter came back: told on the dossier; nobody is answered.

    :param letters: Message-IDs of ours the report names; where it names none, the latest letter is taken to be the one.
    """
    with transaction():
        _mark(message_id, mail_id, InboundState.IGNORED, f"avis de non-remise : {said}"[:300], participant_id)
        participant = db.session.get(Participant, participant_id) if participant_id else None
        if participant is None:
            return
        if permanent:
            sent = select(OutboxMessage).where(OutboxMessage.participant_id == participant.id)
            named = db.session.scalars(sent.where(OutboxMessage.message_id.in_(letters))).all()
            for letter in named or db.session.scalars(sent.order_by(OutboxMessage.id.desc()).limit(1)):
                letter.state, letter.server_said = OutboxState.FAILED.value, said[:500]
        participant.dossier.record("mail_failed", CLOCK, now)


def find_participants(recipients: tuple[str, ...], references: tuple[str, ...]) -> list[tuple[int, int]]:
    """Conversations a message may belong to: ``(participant, whom the answer is for)``, by its addresses first, then
    by the letters it answers (servers without plus-addresses)."""
    ring = instance()
    found = [(address.participant_id, address.to_id) for address in
             (read_address(text, ring.settings.SECRET_KEY) for text in recipients) if address]
    for message_id in reversed(references):
        row = db.session.scalar(select(OutboxMessage).where(OutboxMessage.message_id == message_id))
        if row is not None and row.participant_id:
            found.append((row.participant_id, row.answer_for_id or 0))
    return [pair for pair in dict.fromkeys(found) if db.session.get(Participant, pair[0])]


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
        _mark(message_id, mail_id, InboundState.DONE, "", participant_id)
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
        _mark(message_id, mail_id, InboundState.DONE, f"commande incertaine : {reply.doubtful}", participant_id)
        conversation.note(dossier, Actor(Role(participant.role), participant, "mail"), reply.words, now, elided=reply.elided)
        reason = (f"Votre réponse commence par le mot « {reply.doubtful} », mais ce n’est pas certain que ce soit un ordre. "
                  f"Pour agir, écrivez /{reply.doubtful} sur la première ligne. Pour écrire à la personne, commencez autrement. "
                  "Vos mots sont gardés en note interne.")
        outbox.post(coordination.command_refused(instance().network, participant, reply.doubtful, reason), participant, now)


def _command(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime) -> None:
    network = instance().network

    def confirm(participant: Participant, done: str) -> None:
        _mark(message_id, mail_id, InboundState.DONE, f"commande : {reply.command}", participant_id)
        outbox.post(coordination.command_done(network, participant, done), participant, now)
        _say_refused_files(participant, reply.refused_files, now)

    try:
        acting.perform(reply.command, participant_id, reply.command_words, now, via="mail", also=confirm)
    except Refused as refusal:
        with transaction():
            participant = acting.load_participant(participant_id)
            _mark(message_id, mail_id, InboundState.DONE, f"commande refusée : {reply.command}", participant_id)
            outbox.post(coordination.command_refused(network, participant, reply.command, refusal.sentence), participant, now)


def _say_refused_files(participant: Participant, reasons: tuple[str, ...], now: datetime) -> None:
    if reasons:
        participant.dossier.record("file_refused", CLOCK, now)
        outbox.post(letters.reply_not_taken(instance().network, participant.name, list(reasons),
                                            participant.dossier.reference), participant, now)


def _mark(message_id: int, mail_id: str, state: InboundState, reason: str, participant_id: int | None = None) -> None:
    row = db.session.get(InboundMessage, message_id)
    row.state, row.reason, row.message_id = state.value, reason[:300], mail_id[:300]
    row.participant_id = participant_id or row.participant_id


def is_repeat(message_id: int, mail_id: str, participant_id: int) -> bool:
    """True when the same Message-ID was already taken for that participant (delivered by two ways, bytes differ)."""
    return db.session.scalar(select(InboundMessage.id).where(
        InboundMessage.message_id == mail_id, InboundMessage.participant_id == participant_id,
        InboundMessage.id != message_id, InboundMessage.state == InboundState.DONE.value).limit(1)) is not None


def last_letter_text(participant_id: int) -> str:
    """The text of the latest letter to that participant, to recognise it when it comes back quoted."""
    row = db.session.scalar(select(OutboxMessage).where(OutboxMessage.participant_id == participant_id)
                            .order_by(OutboxMessage.id.desc()).limit(1))
    return mailbox_reply.text_of(row) if row else ""


def role_of(participant_id: int) -> str:
    """The role of that participant, as written in :class:`models.states.Role`."""
    return acting.load_participant(participant_id).role
