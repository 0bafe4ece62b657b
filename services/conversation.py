"""Writing to each other: words are stored, then relayed under reply addresses; nobody sees another's address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from mail import outbox
from mail.letter import Attachment
from mail.letters import conversation, coordination
from models.access_link import Purpose
from models.base import ask, db, insert_kept
from models.conversation import Message
from models.dossier import CLOCK, Actor, Dossier, Entraide, Participant
from models.instance import instance
from models.states import STATES, TRANSITIONS, EntraideState, Kind, Role
from models.stored_file import StoredFile
from territory.calendar import local, say_date, say_duration

from . import routing
from .acting import Action, as_coordinator, commands, promise, register, reply_address, who_coordinates
from .coordination import presence
from .errors import NotAllowed
from .files import read_content
from .links import personal_url
from .relaying import relayed

_OPEN = {
    Kind.ADHESION: frozenset({"submitted", "accepted", "refused", "withdrawn"}),
    Kind.ENTRAIDE: frozenset(s.value for s in EntraideState) - {"unconfirmed"},
    Kind.IMMERSION: frozenset(s.value for s in STATES[Kind.IMMERSION]) - {"unconfirmed"},
    Kind.MENTORAT: frozenset(s.value for s in STATES[Kind.MENTORAT]),
}
_EVERYWHERE = {kind: frozenset(state.value for state in STATES[kind]) for kind in Kind}
_NOTE = (select(Message.__table__.c.id).where(
    Message.__table__.c.dossier_id == bindparam("of"), Message.__table__.c.participant_id == bindparam("who"),
    Message.__table__.c.is_note).order_by(Message.__table__.c.id.desc()).limit(1))
_PEOPLE = frozenset(Role) - {Role.CLOCK}
#: A dossier that ended longer ago is over: words about it are kept and told, and do not take it up again by themselves.
OVER_AFTER = timedelta(days=90)
#: Files heavier than this stay on the page instead of travelling with the relayed letter.
_RELAYED_BYTES = 8 * 1024 * 1024


#: A role whose words may do more than be relayed -> what takes them in, called as :func:`write`.
SPEAKERS: dict[Role, Callable[..., Message]] = {}


def say(dossier: Dossier, by: Actor, words: str, now: datetime, **more: Any) -> Message:
    """Words of somebody, taken in as their role has it; inside a transaction."""
    return SPEAKERS.get(by.role, write)(dossier, by, words, now, **more)


def write(dossier: Dossier, by: Actor, words: str, now: datetime, *, to: Participant | None = None, elided: str = "",
          files: list[StoredFile] | None = None) -> Message:
    """Store words and relay them; inside a transaction.

    A coordinator writes to ``to`` (the author by default); anybody else writes to the coordination. Once a peer helps, the
    words of each of the three go to the two others, but for those a coordinator writes to one person. A request for help
    moves on: a first answer opens the exchange, a word after the end reopens it, but for :data:`OVER_AFTER`.
    """
    if by.participant is None:
        raise NotAllowed()
    late = is_over(dossier, now) and by.role != Role.COORDINATOR
    pair = [dossier.author, dossier.helper] if dossier.helper and to is None else []
    recipients = [person for person in pair if person is not by.participant]
    if by.role == Role.COORDINATOR:
        to = to or (None if pair else dossier.author)
        recipients = recipients or [to]
    else:
        to = None
        recipients += _who_reads(dossier, now) if dossier.confirmed_at else []
        _hear_again(dossier, by, now)
    message = keep(dossier, by, words, now, to=to, elided=elided, files=files, shared=bool(pair))
    if late:
        dossier.record("wrote_late", by, now)
    else:
        _move_on(dossier, by, now)
    _await(dossier, by.role != Role.COORDINATOR and (late or not pair), now)
    db.session.flush()
    _relay(dossier, message, recipients, by, now, ended_on=say_date(local(dossier.moved_at).date()) if late else "")
    return message


def tell_coordination(dossier: Dossier, by: Actor, words: str, now: datetime, *, elided: str = "",
                      files: list[StoredFile] | None = None, proved: bool = True) -> Message:
    """Store words and relay them to the coordination alone, whatever the request is at; inside a transaction.

    :param proved: False where nothing proves who wrote them: the coordination is told, and the journal says it.
    """
    message = keep(dossier, by, words, now, elided=elided, files=files)
    dossier.record("wrote" if proved else "wrote_by_subject", by, now)
    _await(dossier, True, now)
    db.session.flush()
    _relay(dossier, message, _who_reads(dossier, now), by, now, ended_on="", proved=proved)
    return message


def _await(dossier: Dossier, waits: bool, now: datetime) -> None:
    if waits != dossier.awaits_coordination:
        dossier.awaits_coordination = waits
        promise(dossier, now)


def is_over(dossier: Dossier, now: datetime) -> bool:
    """True once a dossier ended so long ago that words about it begin something else."""
    return dossier.ended and now - dossier.moved_at > OVER_AFTER


def keep(dossier: Dossier, by: Actor, words: str, now: datetime, *, to: Participant | None = None, elided: str = "",
         files: list[StoredFile] | None = None, is_note: bool = False, shared: bool = False) -> Message:
    """Store words and their files, and tell nobody; inside a transaction."""
    if db.session.new:  # somebody who joined a moment ago has no id yet
        db.session.flush()
    # Not by dossier.messages, which would read the whole conversation to add to it (bench/README.md).
    message = Message(dossier_id=dossier.id, participant_id=by.participant.id, to_id=to.id if to else None, at=now, body=words,
                      elided=elided, is_note=is_note, shared=shared, via=by.via)
    insert_kept(message)
    for file in files or []:
        file.dossier_id, file.message_id = dossier.id, message.id
        insert_kept(file)
    set_committed_value(message, "files", list(files or []))
    if loaded := [name for name in ("messages", "files") if name in dossier.__dict__]:
        db.session.expire(dossier, loaded)  # read again by whoever shows them
    return message


def _who_reads(dossier: Dossier, now: datetime) -> list[Participant]:
    """The dossier's coordinators; when all are away, who stands in for them too."""
    network, today = instance().network, local(now).date()
    readers = who_coordinates(dossier)
    away = presence.absent_on(today)
    if away >= {person.email.lower() for person in readers}:
        person = network.coordinator(readers[-1].email)
        deputy = routing.stand_in(network, person, today, away) if person else None
        if deputy is not None:
            added = as_coordinator(dossier, deputy.email)
            db.session.flush()
            dossier.record("routed_to_deputy", Actor(Role.CLOCK, added, "clock"), now)
            return [*readers, added]
    return readers


def _hear_again(dossier: Dossier, by: Actor, now: datetime) -> None:
    """Somebody who had said « stop » and writes wants an answer."""
    if by.participant.muted_at is not None:
        by.participant.muted_at = None
        dossier.record("unmuted", by, now)


def _relay(dossier: Dossier, message: Message, recipients: list[Participant], by: Actor, now: datetime, ended_on: str,
           proved: bool = True) -> None:
    network, attachments = instance().network, _attachments(message)
    for recipient in recipients:
        url = personal_url(Purpose.DOSSIER, recipient, now)
        coordinates = recipient.role == Role.COORDINATOR
        answer_for = by.participant if coordinates and not message.shared else None
        letter = conversation.message_relayed(
            network, dossier, message, recipient, url, relayed(message.body, dossier, recipient),
            can_resolve=dossier.kind_ == Kind.ENTRAIDE and recipient.role == Role.AUTHOR, attachments=attachments,
            commands=commands(dossier, recipient, now) if coordinates else (), ended_on=ended_on,
            reply_address=reply_address(recipient, answer_for), speaker=_speaker(by, recipient),
            readers=_others(dossier, message, recipient), proved=proved)
        sent = outbox.post(letter, recipient, now, answer_for=answer_for)
        if sent is None and by.role == Role.COORDINATOR:
            outbox.post(conversation.words_wait(network, dossier, by.participant, recipient.display_name), by.participant, now,
                        answer_for=recipient)


def _speaker(by: Actor, reader: Participant) -> str:
    return by.participant.shown_to(reader)


def _others(dossier: Dossier, message: Message, reader: Participant) -> str:
    """Who reads an answer to words said to all three, besides who said them."""
    if not message.shared:
        return ""
    others = [person.shown_to(reader, begins=False) for person in (dossier.author, dossier.helper)
              if person not in (reader, message.participant)]
    if reader.role != Role.COORDINATOR and message.participant.role != Role.COORDINATOR:
        others.append("la coordination")
    return " et ".join(others)


def relay_waiting(dossier: Dossier, author: Actor, now: datetime) -> None:
    """What the author wrote before their address was confirmed reaches the coordination; inside a transaction."""
    for message in [found for found in dossier.messages if found.participant is author.participant]:
        _relay(dossier, message, who_coordinates(dossier), author, now, ended_on="")


def _move_on(dossier: Dossier, by: Actor, now: datetime) -> None:
    _go_on(dossier, by, now)
    if dossier.kind_ == Kind.ENTRAIDE:
        note_first_answer(dossier, by, now)


def _go_on(dossier: Dossier, by: Actor, now: datetime) -> None:
    if dossier.kind_ == Kind.ENTRAIDE:
        if dossier.state == EntraideState.SUBMITTED and by.role in (Role.COORDINATOR, Role.HELPER):
            dossier.move_to(EntraideState.IN_PROGRESS, by, now, "answered")
            return
        if by.role in TRANSITIONS[Kind.ENTRAIDE][EntraideState(dossier.state)].get(EntraideState.IN_PROGRESS, ()):
            dossier.move_to(EntraideState.IN_PROGRESS, by, now, "reopened")
            return
    dossier.record("wrote", by, now)


def note_first_answer(dossier: Entraide, by: Actor, now: datetime) -> None:
    """How long who asked waited for a first answer; what was promised to them is kept."""
    if dossier.first_answer_at is not None or by.role not in (Role.COORDINATOR, Role.HELPER) or not dossier.confirmed_at:
        return
    dossier.first_answer_at, dossier.next_wave_at = now, None
    dossier.record("first_answer", CLOCK, now, after=say_wait(dossier.first_answer_minutes))
    promise(dossier, now)


def say_wait(minutes: int) -> str:
    """« 1 h 35 », « 3 jours »: how long somebody waited."""
    days = minutes // (24 * 60)
    return say_duration(minutes) if days < 2 else f"{days}\u00a0jours"


def keep_words(dossier: Dossier, by: Actor, words: str, now: datetime) -> None:
    """Keep the words that go with a decision: the coordination's are for the author, anybody else's for the coordination."""
    if words and by.participant is not None:
        to = dossier.author if by.role == Role.COORDINATOR else None
        keep(dossier, by, words, now, to=to)


def _attachments(message: Message) -> list[Attachment]:
    if sum(file.size for file in message.files) > _RELAYED_BYTES:
        return []
    return [Attachment(file.name, file.media_type, read_content(file)) for file in message.files]


def note(dossier: Dossier, by: Actor, words: str, now: datetime, *, elided: str = "",
         files: list[StoredFile] | None = None) -> Message:
    """Keep an internal note: coordinators read it, nobody is written to."""
    message = keep(dossier, by, words, now, elided=elided, files=files, is_note=True)
    dossier.record("noted", by, now)
    return message


def remove_note(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The latest note this coordinator wrote is taken back; its files stay with the request."""
    message = _latest_note(dossier, by.participant)
    for file in list(message.files):
        file.message = None
    dossier.messages.remove(message)
    dossier.record("note_removed", by, now)
    return f"Votre note du {say_date(local(message.at).date())} est effacée."


def _latest_note(dossier: Dossier, who: Any) -> Message | None:
    found = ask(_NOTE, of=dossier.id, who=who.id).scalar()
    return db.session.get(Message, found) if found else None


def _without_note(dossier: Dossier, who: Any) -> str:
    written = who is not None and who.id and ask(_NOTE, of=dossier.id, who=who.id).first() is not None
    return "" if written else "Vous n’avez pas écrit de note sur cette demande."


def stop(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """No more mail to that person about this request, but for what they must decide, sign or know; the coordination is told."""
    by.participant.muted_at = now
    dossier.record("muted", by, now)
    keep_words(dossier, by, words, now)
    if dossier.confirmed_at:
        for person in who_coordinates(dossier):
            letter = coordination.person_stopped(instance().network, dossier, person, by.participant.display_name, words)
            outbox.post(letter, person, now, answer_for=by.participant)
    goes_on = (" Votre demande, elle, continue ; pour l’arrêter aussi, écrivez «\u00a0retirer ma demande\u00a0»."
               if by.role == Role.AUTHOR and not dossier.ended else "")
    return ("Nous ne vous écrirons plus au sujet de cette demande, sauf pour ce qui demande votre décision ou votre signature, "
            f"ou pour vous dire qu’elle s’arrête.{goes_on}")


def resume(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """They want the mail again."""
    by.participant.muted_at = None
    dossier.record("unmuted", by, now)
    return "Vous recevrez de nouveau les courriels de cette demande. Ce qui s’est dit entre-temps est sur sa page."


def _gets_mail(_dossier: Dossier, who: Any) -> str:
    return "Vous ne recevez déjà plus ces courriels." if who is not None and who.muted_at is not None else ""


def _gets_none(_dossier: Dossier, who: Any) -> str:
    return "" if who is not None and who.muted_at is not None else "Vous recevez déjà les courriels de cette demande."


def _answer(dossier: Dossier, by: Actor, words: str, now: datetime, to: Participant | None) -> str:
    message = say(dossier, by, words, now, to=to)
    if by.role == Role.HELPER:
        return "Merci, vos mots sont transmis."
    if message.shared:
        return "Votre message part par courriel aux autres personnes de l’échange."
    if message.to is not None and message.to.muted_at is not None:
        return (f"{message.to.display_name} ne veut plus recevoir de courriels sur cette demande : votre message l’attend "
                "sur sa page.")
    whom = message.to.name if message.to else "la coordination"
    return f"Votre message part par courriel à {whom}."


def _note(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object) -> str:
    note(dossier, by, words, now)
    return "La note interne est enregistrée. Seule la coordination la lit, aucun courriel ne part."


register(
    Action("repondre", "Envoyer le message", "vos mots sont transmis", _OPEN, _PEOPLE, _answer, words="required",
           words_label="Votre message", whole=True),
    Action("note", "Enregistrer la note interne", "garde une note, que seule la coordination lit", _OPEN,
           frozenset({Role.COORDINATOR}), _note, words="required", words_label="La note interne", whole=True),
    Action("retirer-note", "Effacer ma dernière note", "efface la dernière note que vous avez écrite", _OPEN,
           frozenset({Role.COORDINATOR}), remove_note, only=_without_note),
    Action("stop", "Ne plus recevoir de courriels",
           "arrête les courriels de cette demande, sauf ce qui demande votre décision ou votre signature", _EVERYWHERE,
           _PEOPLE - {Role.COORDINATOR}, stop, words="optional", words_label="Un mot pour la coordination", only=_gets_mail),
    Action("reprendre-courriels", "Recevoir de nouveau les courriels", "envoie de nouveau les courriels de cette demande",
           _EVERYWHERE, _PEOPLE - {Role.COORDINATOR}, resume, only=_gets_none),
)
