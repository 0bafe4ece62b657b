"""Mail set aside: a coordinator attaches it, opens a request from it, sends a form to its writer, or discards it.

The same verbs for the page and for the reply (issue 3, part 3); the first coordinator is heard, the other is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from mail import outbox
from mail.addresses import read_queue_address
from mail.letters import courriels as letters
from models.base import db, transaction
from models.dossier import Actor, Dossier, Participant
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.network import Coordinator
from models.states import Kind, Role
from territory.calendar import say_datetime

from .. import acting, conversation, files
from ..errors import AlreadyDone, NotAllowed, NotFound, Refused
from . import addresses, opening, requests
from .addresses import aside, note
from .answering import is_person
from .citing import reference_in
from .items import Item, item_of
from .opening import OpenRequest
from .reading import MailContent, read
from .storing import mark

__all__ = ["Item", "attach", "can_put_back", "cited_reference", "decide", "discard", "find", "find_request", "handled", "item_of",
           "open_request", "put_back", "queue_item", "recent_requests", "request_of", "send_form", "to_decide", "unmatched",
           "waiting", "who_decided"]

#: States in which a coordinator may still decide; in the last two, somebody else is also awaited.
OPEN = (InboundState.QUARANTINED, InboundState.WAITING, InboundState.FORM)
SHOWN = 100
RECENT = timedelta(days=365)


def queue_item(recipients: tuple[str, ...]) -> int | None:
    """The mail set aside that a message is about, by the address it was sent to."""
    secret = instance().settings.SECRET_KEY
    return next((found for text in recipients if (found := read_queue_address(text, secret)) is not None), None)


def unmatched(message_id: int, content: MailContent, now: datetime) -> None:
    """A person's mail that belongs to nothing we know: set aside, and its writer told so, once a day."""
    with transaction():
        row = note(message_id, content)
        answered = opening.letter_answered(content.answers)
        reason = f"répond à notre courriel « {answered} »"[:290] if answered else "aucun échange ne correspond à ce courriel"
        aside(row, reason, content, now)


def to_decide() -> list[InboundMessage]:
    """Mail that waits for a coordinator, the oldest first."""
    return _rows(InboundMessage.state == InboundState.QUARANTINED.value, InboundMessage.id)


def waiting() -> list[InboundMessage]:
    """Mail whose writer, or the person expected, is awaited; the oldest first."""
    return _rows(InboundMessage.state.in_([InboundState.WAITING.value, InboundState.FORM.value]), InboundMessage.id)


def handled() -> list[InboundMessage]:
    """What coordinators decided, the latest first."""
    return _rows(InboundMessage.handled_at.is_not(None) & InboundMessage.state.notin_([state.value for state in OPEN]),
                 InboundMessage.handled_at.desc())


def _rows(which, order) -> list[InboundMessage]:
    return list(db.session.scalars(select(InboundMessage).where(which).order_by(order).limit(SHOWN)))


def find(inbound_id: int) -> InboundMessage:
    """A mail a coordinator may look at: set aside now, or decided before.

    :raises NotFound: none, or one that never was in the queue (its words are in a conversation).
    """
    row = db.session.get(InboundMessage, inbound_id) if inbound_id < 2**31 else None
    if row is None or not (row.state in OPEN or row.handled_at):
        raise NotFound("Ce courriel n’est pas, ou n’est plus, parmi les courriels mis de côté.")
    return row


def cited_reference(row: InboundMessage) -> str:
    """The request a mail most likely belongs to: the one it answers, else the one its subject names, else ""."""
    if row.participant:
        return row.participant.dossier.reference
    return reference_in(row.subject)


def request_of(row: InboundMessage) -> Dossier | None:
    """The request a mail was put into, or that was opened from it."""
    return db.session.get(Dossier, row.dossier_id) if row.dossier_id else None


def can_put_back(row: InboundMessage) -> bool:
    """True where :func:`put_back` would undo something."""
    if row.state == InboundState.DISCARDED:
        return bool(row.raw)
    return row.state == InboundState.FORM and row.handled_at is not None


def recent_requests(email: str, now: datetime) -> list[Dossier]:
    """Requests that person takes part in, by any address of theirs, the latest first."""
    main = addresses.main_address(email)
    return list(db.session.scalars(
        select(Dossier).where(Dossier.confirmed_at.is_not(None), Dossier.moved_at > now - RECENT, Dossier.id.in_(
            select(Participant.dossier_id).where(func.lower(Participant.email).in_([email.lower(), main]),
                                                 Participant.role != Role.COORDINATOR.value)))
        .order_by(Dossier.moved_at.desc()).limit(8)))


Also = Callable[[str], None]
"""Called at the end, inside the transaction, with the sentence that tells what was done."""


def attach(inbound_id: int, reference: str, participant_id: int | None, also_theirs: bool, by: Coordinator, now: datetime,
           via: str = "web", also: Also | None = None) -> str:
    """Put a mail where it belongs: as the words of that participant, relayed as if they had answered, or as a note.

    :param participant_id: whose words they are; None keeps them as an internal note.
    :param also_theirs: the address it came from is another one of that participant.
    :returns: the sentence that tells it is done.
    :raises AlreadyDone: somebody decided meanwhile. :raises NotFound: no such request. :raises NotAllowed: not a participant.
    """
    content = read(find(inbound_id).raw)
    kept = [files.new_file(*file, now) for file in content.files]
    with transaction():
        row = _take(inbound_id)
        dossier = acting.lock(find_request(reference))
        colleague = Actor(Role.COORDINATOR, acting.as_coordinator(dossier, by.email), via)
        words = content.words or ("(sans texte, voir les pièces jointes)" if kept else "(sans texte)")
        who = next((p for p in dossier.participants if p.id == participant_id), None)
        if participant_id is not None and (who is None or not who.active or who.role == Role.COORDINATOR):
            raise NotAllowed("Cette personne ne prend pas, ou plus, part à cette demande.")
        if who is None:
            message = conversation.note(dossier, colleague, f"Courriel de {row.sender or 'inconnu'} :\n\n{words}", now,
                                        elided=content.elided)
            for file in kept:
                db.session.add(file)
                file.dossier, file.message = dossier, message
            done = f"Le courriel est gardé en note interne dans {dossier.reference}."
        else:
            dossier.record("mail_attached", colleague, now)
            conversation.write(dossier, Actor(Role(who.role), who, "mail"), words, now, elided=content.elided, files=kept)
            done = f"Le courriel est rattaché à {dossier.reference}, comme les mots de {who.display_name}."
            if also_theirs and addresses.learn(who.email, row.sender, now):
                done += f" L’adresse {row.sender} est maintenant reconnue comme la sienne."
        db.session.flush()
        row.dossier_id = dossier.id
        _close(row, InboundState.DONE, by, now, participant_id)
        return _told(done, also)


def find_request(reference: str) -> Dossier:
    """The confirmed request of that reference, however it is typed (« aide 2026 3 »).

    :raises NotFound: there is none.
    """
    dossier = db.session.scalar(select(Dossier).where(Dossier.reference == reference_in(reference),
                                                      Dossier.confirmed_at.is_not(None)))
    if dossier is None:
        raise NotFound(f"Aucune demande ne porte la référence « {reference.strip()[:40]} ».")
    return dossier


def _told(done: str, also: Also | None) -> str:
    if also:
        also(done)
    return done


def open_request(inbound_id: int, asked: OpenRequest, by: Coordinator, now: datetime, also: Also | None = None) -> str:
    """Make a request for help of a mail, as its writer's; the coordinator vouches for the address.

    :returns: the sentence that tells it is done. :raises AlreadyDone: somebody decided meanwhile.
    """
    content = read(find(inbound_id).raw)
    kept = [files.new_file(*file, now) for file in content.files]
    with transaction():
        row = _take(inbound_id)
        try:
            dossier = opening.open_for(row, asked, kept, by, now)
        except IntegrityError as error:
            raise AlreadyDone("La personne vient d’envoyer elle-même le formulaire.") from error
        row.dossier_id = dossier.id
        _close(row, InboundState.DONE, by, now, dossier.author.id)
        return _told(f"La demande {dossier.reference} est ouverte au nom de {dossier.author.name}, qui en reçoit l’accusé de "
                     f"réception. {dossier.coordinators[0].name} la reçoit.", also)


def send_form(inbound_id: int, kind: Kind, by: Coordinator, now: datetime) -> str:
    """Send the writer of a mail a link to that form, filled with what the mail says.

    :returns: the sentence that tells it is done. :raises AlreadyDone: somebody decided meanwhile.
    :raises NotAllowed: nobody can be written to there.
    """
    content = read(find(inbound_id).raw)
    with transaction():
        row = _take(inbound_id)
        if not is_person(row.sender):
            raise NotAllowed("Cette adresse n’est pas celle d’une personne à qui écrire.")
        requests.send_form(row, kind, content, now)
        row.handled_by, row.handled_at = by.email, now
        return f"Le lien du formulaire part à {row.sender}. Sans suite dans 7 jours, ce courriel revient dans la file."


def discard(inbound_id: int, by: Coordinator, now: datetime, also: Also | None = None) -> str:
    """Put a mail away; nothing is erased, and it can be put back.

    :returns: the sentence that tells it is done. :raises AlreadyDone: somebody decided meanwhile.
    """
    with transaction():
        row = _take(inbound_id)
        _close(row, InboundState.DISCARDED, by, now)
        return _told(f"Le courriel de {row.sender or 'inconnu'} est écarté. Rien n’est effacé, et rien ne part.", also)


def put_back(inbound_id: int, _by: Coordinator, now: datetime, also: Also | None = None) -> str:
    """Undo :func:`discard`, or the sending of a form: the mail waits for a decision again.

    :returns: the sentence that tells it is done. :raises AlreadyDone: it is in the queue, or dealt with for good.
    """
    with transaction():
        row = _locked(inbound_id)
        if not can_put_back(row):
            raise AlreadyDone("Ce courriel est déjà dans la file." if row.state == InboundState.QUARANTINED
                              else f"{who_decided(row)} Cela ne se défait pas.")
        row.state, row.handled_by, row.handled_at = InboundState.QUARANTINED.value, "", None
        return _told(f"Le courriel de {row.sender or 'inconnu'} est remis dans la file.", also)


def _locked(inbound_id: int) -> InboundMessage:
    row = db.session.scalar(select(InboundMessage).where(InboundMessage.id == inbound_id).with_for_update()
                            .execution_options(populate_existing=True))
    if row is None:
        raise NotFound("Ce courriel n’existe plus.")
    return row


def _take(inbound_id: int) -> InboundMessage:
    """The row, locked, while it may be decided.

    :raises AlreadyDone: somebody did.
    """
    row = _locked(inbound_id)
    if row.state not in OPEN:
        raise AlreadyDone(who_decided(row))
    return row


def who_decided(row: InboundMessage) -> str:
    """Who dealt with a mail, when and how, in sentences."""
    person = instance().network.coordinator(row.handled_by) if row.handled_by else None
    who = person.name if person else row.handled_by or "le réseau"
    when = f", {say_datetime(row.handled_at)}" if row.handled_at else ""
    dossier = request_of(row)
    where = f" Il est dans {dossier.reference}." if dossier else ""
    return f"Ce courriel est déjà traité par {who}{when} : {InboundState(row.state).label}.{where}"


def _close(row: InboundMessage, state: InboundState, by: Coordinator, now: datetime, participant_id: int | None = None) -> None:
    mark(row.id, row.message_id, state, row.reason, participant_id)
    row.handled_by, row.handled_at = by.email, now


def decide(message_id: int, inbound_id: int, by: Coordinator, what: str, reference: str, content: MailContent,
           now: datetime) -> None:
    """A coordinator's reply about a mail set aside: does what its first line says, and confirms it by mail.

    :param what: attach, open, discard, put_back, or "" where the first line is none of these: told, and nothing is done.
    """
    def confirm(done: str, refusal: str = "") -> None:
        row = note(message_id, content)
        mark(row.id, content.mail_id, InboundState.DONE, f"décision : {what or 'non comprise'}")
        about = db.session.get(InboundMessage, inbound_id)
        network, item = instance().network, item_of(about) if about else None
        letter = (letters.decision_done(network, by.name, item, done, undo=what == "discard") if done else
                  letters.decision_refused(network, by.name, item, content.words.partition("\n")[0][:80], refusal))
        outbox.post_to_address(letter, by.email, by.name, now, reply_to=item.reply_address if item else "",
                               answering=content.mail_id)

    try:
        done = _do(inbound_id, by, what, reference, now, confirm)
        refusal = ""
    except (Refused, NotFound) as refused:
        done, refusal = "", refused.sentence
    if not done:
        with transaction():
            confirm("", refusal)


def _do(inbound_id: int, by: Coordinator, what: str, reference: str, now: datetime, also: Also) -> str:
    if what == "attach":
        return attach(inbound_id, reference, _writer_in(inbound_id, reference), False, by, now, via="mail", also=also)
    if what == "open":
        row = find(inbound_id)
        return open_request(inbound_id, opening.guessed(row, read(row.raw)), by, now, also)
    if what == "discard":
        return discard(inbound_id, by, now, also)
    return put_back(inbound_id, by, now, also) if what == "put_back" else ""


def _writer_in(inbound_id: int, reference: str) -> int | None:
    """Whose words a mail is in that request: the participant who wrote it, by an address of theirs; else nobody's (a note)."""
    row, dossier = find(inbound_id), find_request(reference)
    return next((p.id for p in dossier.participants if p.active and p.role != Role.COORDINATOR
                 and addresses.is_theirs(p.email, row.sender)), None)
