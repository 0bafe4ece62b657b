"""Writing to each other: words are stored, then relayed under reply addresses; nobody sees another's address."""

from __future__ import annotations

from datetime import datetime

from mail import outbox
from mail.letter import Attachment
from mail.letters import conversation
from models.access_link import Purpose
from models.base import db
from models.conversation import Message
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.states import STATES, TRANSITIONS, EntraideState, Kind, Role
from models.stored_file import StoredFile

from .acting import Action, promise, register, who_coordinates
from .errors import NotAllowed
from .files import read_content
from .links import personal_url

_OPEN = {
    Kind.ADHESION: frozenset({"submitted", "accepted", "refused", "withdrawn"}),
    Kind.ENTRAIDE: frozenset(s.value for s in EntraideState) - {"unconfirmed"},
    Kind.IMMERSION: frozenset(s.value for s in STATES[Kind.IMMERSION]) - {"unconfirmed"},
}
_PEOPLE = frozenset({Role.AUTHOR, Role.COORDINATOR, Role.EMPLOYER, Role.HOST, Role.HELPER})
#: Files heavier than this stay on the page instead of travelling with the relayed letter.
_RELAYED_BYTES = 8 * 1024 * 1024


def write(dossier: Dossier, by: Actor, words: str, now: datetime, *, to: Participant | None = None, elided: str = "",
          files: list[StoredFile] | None = None) -> Message:
    """Store words and relay them; inside a transaction.

    A coordinator writes to ``to`` (the author by default); anybody else writes to the coordination. A request for help
    moves on: a first answer opens the exchange, a word after the end reopens it.
    """
    if by.participant is None:
        raise NotAllowed()
    if by.role == Role.COORDINATOR:
        to = to or dossier.author
        recipients = [to]
    else:
        to = None
        recipients = who_coordinates(dossier) if dossier.confirmed_at else []
    message = Message(dossier=dossier, participant=by.participant, to=to, at=now, body=words, elided=elided, via=by.via)
    db.session.add(message)
    for file in files or []:
        db.session.add(file)
        file.dossier, file.message = dossier, message
    _move_on(dossier, by, now)
    if (by.role != Role.COORDINATOR) != dossier.awaits_coordination:
        dossier.awaits_coordination = by.role != Role.COORDINATOR
        promise(dossier, now)
    db.session.flush()
    attachments = _attachments(message)
    for recipient in recipients:
        url = personal_url(Purpose.DOSSIER, recipient, now)
        can_resolve = dossier.kind_ == Kind.ENTRAIDE and recipient.role == Role.AUTHOR
        letter = conversation.message_relayed(instance().network, dossier, message, recipient, url,
                                              can_resolve=can_resolve, attachments=attachments)
        answer_for = by.participant if recipient.role == Role.COORDINATOR else None
        outbox.post(letter, recipient, now, answer_for=answer_for)
    return message


def _move_on(dossier: Dossier, by: Actor, now: datetime) -> None:
    if dossier.kind_ == Kind.ENTRAIDE:
        if dossier.state == EntraideState.SUBMITTED and by.role in (Role.COORDINATOR, Role.HELPER):
            dossier.move_to(EntraideState.IN_PROGRESS, by, now, "answered")
            return
        if by.role in TRANSITIONS[Kind.ENTRAIDE][EntraideState(dossier.state)].get(EntraideState.IN_PROGRESS, ()):
            dossier.move_to(EntraideState.IN_PROGRESS, by, now, "reopened")
            return
    dossier.record("wrote", by, now)


def keep_words(dossier: Dossier, by: Actor, words: str, now: datetime) -> None:
    """Keep the words that go with a decision: the coordination's are for the author, anybody else's for the coordination."""
    if words and by.participant is not None:
        to = dossier.author if by.role == Role.COORDINATOR else None
        dossier.messages.append(Message(participant=by.participant, to=to, at=now, body=words, via=by.via))


def _attachments(message: Message) -> list[Attachment]:
    if sum(file.size for file in message.files) > _RELAYED_BYTES:
        return []
    return [Attachment(file.name, file.media_type, read_content(file)) for file in message.files]


def note(dossier: Dossier, by: Actor, words: str, now: datetime, *, elided: str = "") -> Message:
    """Keep an internal note: coordinators read it, nobody is written to."""
    message = Message(participant=by.participant, at=now, body=words, elided=elided, is_note=True, via=by.via)
    dossier.messages.append(message)
    dossier.record("noted", by, now)
    return message


def _answer(dossier: Dossier, by: Actor, words: str, now: datetime, to: Participant | None) -> str:
    message = write(dossier, by, words, now, to=to)
    whom = message.to.name if message.to else "la coordination"
    return f"Votre message part par courriel à {whom}."


def _note(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object) -> str:
    note(dossier, by, words, now)
    return "La note interne est enregistrée. Seule la coordination la lit, aucun courriel ne part."


register(
    Action("repondre", "Envoyer le message", "vos mots sont transmis", _OPEN, _PEOPLE, _answer, words="required",
           words_label="Votre message"),
    Action("note", "Enregistrer la note interne", "garde une note, que seule la coordination lit", _OPEN,
           frozenset({Role.COORDINATOR}), _note, words="required", words_label="La note interne"),
)
