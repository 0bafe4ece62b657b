"""Words that stand in the wrong request: moved to the right one, made a request of their own, or two requests made one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from mail import outbox
from mail.letters import conversation as letters
from models.base import ask, db, transaction
from models.conversation import Message
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.network import Coordinator
from models.states import AdhesionState, EntraideState, ImmersionState, Kind, Role

from .. import submission
from ..acting import as_coordinator, lock, promise
from ..errors import AlreadyDone, NotFound, Refused
from ..submission import Author, Submission

#: Where a request that becomes part of another one ends, and from where it may.
_MERGED = {Kind.ADHESION: (AdhesionState.REFUSED, {"submitted"}),
           Kind.ENTRAIDE: (EntraideState.CLOSED, {"submitted", "in_progress"}),
           Kind.IMMERSION: (ImmersionState.REFUSED, {"submitted"})}
_INTO = "merged_into"
_PERSON = Participant.__table__.c
#: Asked for every mail: made once (models/statements.py).
_WENT_INTO = (select(Dossier.__table__.c.answers[_INTO].as_integer())
              .join_from(Participant.__table__, Dossier.__table__, _PERSON.dossier_id == Dossier.__table__.c.id)
              .where(_PERSON.id == bindparam("who"), _PERSON.role != Role.COORDINATOR.value))


def find_message(dossier: Dossier, message_id: int) -> Message:
    """Words of somebody else than the coordination, in that request.

    :raises NotFound: none of that number, or the coordination's own.
    """
    found = next((one for one in dossier.messages if one.id == message_id and not one.is_note), None)
    if found is None or found.participant is None or found.participant.role == Role.COORDINATOR:
        raise NotFound("Ce message n’est pas, ou n’est plus, dans cette demande.")
    return found


def _other(reference: str, dossier: Dossier) -> Dossier:
    found = db.session.scalar(select(Dossier).where(Dossier.reference == reference.strip().upper(),
                                                    Dossier.confirmed_at.is_not(None)))
    if found is None or found.id == dossier.id:
        raise Refused("Indiquez la référence d’une autre demande, par exemple AIDE-2026-0042.")
    return found


def _both(dossier_id: int, reference: str) -> tuple[Dossier, Dossier]:
    """The two requests, locked. In the order of their numbers: two moves in opposite directions at once wait, each for the
    other's end and never for each other.

    :raises Refused: no such other request.
    """
    dossier = db.session.get(Dossier, dossier_id)
    other = _other(reference, dossier)
    for one in sorted((dossier, other), key=lambda one: one.id):
        lock(one)
    return dossier, other


def move_message(dossier_id: int, message_id: int, reference: str, by: Coordinator, now: datetime) -> str:
    """Put a message, with its files, in the request it is about: as the words of its writer where they take part in it, else as
    an internal note. Nobody is written to. Gives the reference it is in now.

    :raises Refused: no such request. :raises NotFound: it was moved meanwhile.
    """
    with transaction():
        dossier, other = _both(dossier_id, reference)
        message = find_message(dossier, message_id)
        _move(message, dossier, other, by, now)
        return other.reference


def split(dossier_id: int, message_id: int, by: Coordinator, now: datetime) -> str:
    """Make a request for help of its own of somebody's message; they get a receipt. Gives the new reference.

    :raises NotFound: it was moved meanwhile. :raises AlreadyDone: a request was made of it before.
    """
    with transaction():
        dossier = lock(db.session.get(Dossier, dossier_id))
        message = find_message(dossier, message_id)
        who = message.participant
        given, _, family = who.name.partition(" ")
        made = submission.take_in(Submission(
            kind=Kind.ENTRAIDE, key=f"message-{message.id}", title=f"Suite de {dossier.reference}", commune=dossier.commune,
            author=Author(given, family, who.email, who.phone, who.quality, who.organisation),
            answers={"question": message.body, "help_kind": "question", "theme": "autre", "concerns": "", "urgency": "normale",
                     "visibility": [], "post": ""},
            summary=[["Ce qui vous amène", [["Votre question", message.body], ["Vient de", dossier.reference]]],
                     ["Vous", [["Nom", who.name], ["Adresse de courriel", who.email, "contact"]]]]), now, "mail")
        db.session.flush()
        _move(message, dossier, made, by, now)
        submission.bring_to(made, by, "routed", now)
        return made.reference


def _move(message: Message, dossier: Dossier, other: Dossier, by: Coordinator, now: datetime) -> None:
    writer = message.participant
    theirs = next((one for one in other.participants if one.active and one.role != Role.COORDINATOR
                   and one.email.lower() == writer.email.lower()), None)
    here, there = (Actor(Role.COORDINATOR, as_coordinator(one, by.email)) for one in (dossier, other))
    db.session.flush()
    for file in message.files:
        file.dossier_id = other.id
    if theirs is None:
        message.body = f"Message de {writer.display_name}, venu de {dossier.reference}\u00a0:\n\n{message.body}"
        message.is_note = True
    else:
        other.awaits_coordination = True
        promise(other, now)
    message.dossier_id, message.to_id = other.id, None
    message.participant_id = theirs.id if theirs else there.participant.id
    dossier.record("message_moved_out", here, now, reference=other.reference)
    other.record("message_moved_in", there, now, reference=dossier.reference)
    db.session.flush()
    for one in (dossier, other):
        db.session.expire(one, ["messages", "files"])


def merge(dossier_id: int, reference: str, by: Coordinator, now: datetime) -> str:
    """Make one request of two of the same person: this one ends, its words and files go into the other, where answers to its
    letters arrive from now on; its author is told. Gives the reference of the one that goes on.

    :raises Refused: not the same person or kind, or too far on. :raises AlreadyDone: it ended meanwhile.
    """
    with transaction():
        dossier, other = _both(dossier_id, reference)
        _mergeable(dossier, other)
        here, there = (Actor(Role.COORDINATOR, as_coordinator(one, by.email)) for one in (dossier, other))
        db.session.flush()
        for message in list(dossier.messages):
            message.to_id = _seat(other, message.to)
            message.participant_id = _seat(other, message.participant)
            message.dossier_id = other.id
        for file in list(dossier.files):
            file.dossier_id = other.id
        dossier.answers = dossier.answers | {_INTO: other.id}
        dossier.awaits_coordination, dossier.promised_on = False, None
        dossier.move_to(_MERGED[dossier.kind_][0], here, now, "merged", reference=other.reference)
        other.record("merged_in", there, now, reference=dossier.reference)
        letter = letters.requests_merged(instance().network, other, other.author, dossier.reference)
        outbox.post(letter, other.author, now)
        db.session.flush()
        for one in (dossier, other):
            db.session.expire(one, ["messages", "files"])
        return other.reference


def _mergeable(dossier: Dossier, other: Dossier) -> None:
    if dossier.kind != other.kind or dossier.author.email.lower() != other.author.email.lower():
        raise Refused("Seules deux demandes de la même sorte et de la même personne peuvent n’en faire qu’une.")
    if dossier.ended:
        raise AlreadyDone("Cette demande est déjà terminée.")
    if dossier.state not in _MERGED[dossier.kind_][1] or other.ended:
        raise Refused("Il est trop tard pour réunir ces deux demandes\u00a0: l’une est terminée, ou d’autres personnes y "
                      "prennent part.")


def _counterpart(other: Dossier, person: Participant) -> Participant | None:
    return next((one for one in other.participants
                 if one.role == person.role and one.email.lower() == person.email.lower()), None)


def _seat(other: Dossier, person: Participant | None) -> int | None:
    """Who that person is in the other request; somebody new sits there in the same role."""
    if person is None:
        return None
    found = _counterpart(other, person)
    if found is None:
        found = Participant(role=person.role, name=person.name, email=person.email, phone=person.phone, quality=person.quality,
                            organisation=person.organisation, active=person.active)
        other.participants.append(found)
        db.session.flush()
    return found.id


def where_it_went(participant_id: int) -> int:
    """The same person in the request that theirs became part of; themselves where it stands alone."""
    into = ask(_WENT_INTO, who=participant_id).scalar()
    other = db.session.get(Dossier, into) if into else None
    if other is None:
        return participant_id
    found = _counterpart(other, db.session.get(Participant, participant_id))
    return found.id if found else participant_id
