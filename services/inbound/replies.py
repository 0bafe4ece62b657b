"""A reply finds its conversation, and does what it says: words to relay, or a command like the button of the same name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from mail import outbox
from mail.letters import accueil, coordination
from mail.letters import conversation as letters
from models.access_link import Purpose
from models.base import db, end_part, transaction
from models.dossier import Actor, Participant
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.states import Kind, Role
from models.stored_file import StoredFile
from territory.calendar import local, say_date

from .. import acting, conversation
from ..convention.paper import deposit_from_mail
from ..coordination import regrouping
from ..links import link_to, personal_url
from ..relaying import relayed
from ..words import AGREES_TO_COMMITMENTS, STILL_RIGHT
from .addresses import coordinator_at
from .answering import may_answer
from .braking import Brake, brake, said_before, tells
from .finding import Candidate, Seat, seat_of
from .orders import NO_WORDS, doubt, obey
from .storing import mark_once
from .understood import Understood, copied, elided_with_copies, kept_files, say_refused_files

#: Seconds after which a transaction of several replies takes no more of them: forms wait meanwhile.
LONGEST_HELD = 0.05
#: Said to who answered with nothing but what they answered: sent too soon, or written where it is not read.
NO_NEW_WORDS = ("Nous n’y avons trouvé aucun mot de vous. Répondez de nouveau, en écrivant tout en haut, au-dessus du texte "
                "auquel vous répondez.")
#: The action that confirms the author's address (services/submission.py).
CONFIRMS = "confirmer"
#: Where a new request of that kind begins.
_FORMS = {Kind.ADHESION: "/rejoindre", Kind.ENTRAIDE: "/aide", Kind.IMMERSION: "/immersion",
          Kind.MENTORAT: "/mon-espace"}


def as_colleague(candidates: list[Candidate], sender: str) -> Candidate | None:
    """A coordinator who answers a letter written to another one (a deputy, a colleague it was forwarded to): themselves in
    that conversation, and whom the answer is for. None when the sender coordinates nothing, or the letter was nobody's of
    the coordination."""
    if (person := coordinator_at(sender)) is None:
        return None
    for seat, to_id in candidates:
        if seat.role == Role.COORDINATOR:
            return seat_of(acting.participant_for(seat.dossier_id, person.email)), to_id
    return None


class Reply(NamedTuple):
    """A mail that answers in a conversation: :func:`take_reply` does what it says."""

    message_id: int
    mail_id: str
    seat: Seat
    to_id: int
    said: Understood


def plain(reply: Reply) -> Reply | None:
    """``reply`` at the seat it is for, where all it holds is words to relay, for :func:`take_replies`; else None."""
    if reply.said.command or reply.said.doubtful:
        return None
    seat = _where_it_went(reply.seat)
    return None if _left_the_coordination(seat) else reply._replace(seat=seat)


def _where_it_went(seat: Seat) -> Seat:
    participant_id = regrouping.where_it_went(seat.participant_id)
    return seat if participant_id == seat.participant_id else seat_of(participant_id)


def take_replies(replies: Sequence[Reply], now: datetime) -> int:
    """Write several replies of words alone in one transaction, each as if by :func:`take_reply`; gives how many: the others have
    to wait for the next one, since nobody else can write for so long.

    Whatever is raised, nothing of any of them is done.
    """
    kept = [kept_files(reply.said, now) for reply in replies]  # first: nobody waits for the disk behind the lock
    with transaction():
        until = monotonic() + LONGEST_HELD
        for done, (reply, files) in enumerate(zip(replies, kept, strict=True), 1):
            _write_words(*reply, files, now)
            end_part()
            if monotonic() > until:
                return done
    return len(replies)


def take_reply(message_id: int, mail_id: str, seat: Seat, to_id: int, reply: Understood, now: datetime) -> None:
    """Do what a reply says: a command like the button of the same name, else words to relay.

    All in one transaction with the fate of the message; what a command did is confirmed by mail, and so is what it did
    not. Words that look like a command and are not one are kept as a note and told, rather than sent to somebody. Too
    many mails are kept and go no further.
    """
    seat = _where_it_went(seat)
    participant_id = seat.participant_id
    reply = _as_asked(participant_id, reply, now) if reply.command in _ANSWERS.get(Role(seat.role), ()) else reply
    if _left_the_coordination(seat):
        _former_coordinator(message_id, mail_id, participant_id, reply, now)
    elif reply.command == CONFIRMS and (person := acting.load_participant(participant_id)).dossier.confirmed_at is not None:
        if acting.find_action(person.dossier, Role(person.role), STILL_RIGHT, now, person):
            obey(message_id, mail_id, participant_id, replace(reply, command=STILL_RIGHT), now)
            return
        if acting.find_action(person.dossier, Role(person.role), AGREES_TO_COMMITMENTS, now, person):
            obey(message_id, mail_id, participant_id, replace(reply, command=AGREES_TO_COMMITMENTS), now)
            return
        _confirmed_already(message_id, mail_id, person, seat, to_id, reply, now)
    elif not (reply.command or reply.doubtful):
        _words(message_id, mail_id, seat, to_id, reply, now)
    elif _may_go(message_id, mail_id, participant_id, reply, now):
        (doubt if reply.doubtful else obey)(message_id, mail_id, participant_id, reply, now)


def _left_the_coordination(seat: Seat) -> bool:
    return seat.role == Role.COORDINATOR and instance().network.coordinator(seat.email) is None


#: Words that answer what was just asked, and are words like others where nothing was.
_ANSWERS = {Role.AUTHOR: (CONFIRMS, "accepter", "refuser", AGREES_TO_COMMITMENTS), Role.HOST: ("accepter",)}


def _as_asked(participant_id: int, reply: Understood, now: datetime) -> Understood:
    """« Oui » and « non » answer the question that waits for that person; where none does, they are for the coordination."""
    person = acting.load_participant(participant_id)
    offered = {slug: acting.find_action(person.dossier, Role(person.role), slug, now, person)
               for slug in ("accepter", "refuser", AGREES_TO_COMMITMENTS)}
    if reply.command == CONFIRMS:
        asked = person.dossier.confirmed_at is not None and offered["accepter"]
        return replace(reply, command="accepter") if asked else reply
    return reply if offered[reply.command] else replace(reply, command="")


def _confirmed_already(message_id: int, mail_id: str, person: Participant, seat: Seat, to_id: int, reply: Understood,
                       now: datetime) -> None:
    """« Oui » once the address is confirmed: the same answer twice as long as nobody wrote to this person, then words."""
    if reply.command_words or reply.files or any(message.to_id == person.id for message in person.dossier.messages):
        _words(message_id, mail_id, seat, to_id, reply, now)
        return
    with transaction():
        mark_once(message_id, mail_id, InboundState.DONE, "adresse déjà confirmée", person.id)


def _words(message_id: int, mail_id: str, seat: Seat, to_id: int, reply: Understood, now: datetime) -> None:
    take_replies([Reply(message_id, mail_id, seat, to_id, reply)], now)


def _write_words(message_id: int, mail_id: str, seat: Seat, to_id: int, reply: Understood, files: list[StoredFile],
                 now: datetime) -> None:
    participant = acting.take_seat(seat.participant_id)
    dossier, participant_id = participant.dossier, participant.id
    if not _goes(message_id, mail_id, participant, reply, now, files):
        return
    to = db.session.get(Participant, to_id) if to_id else None
    if to is not None and to.dossier_id != participant.dossier_id:
        to = None
    if said_before(participant, to_id, reply.words, files, now):
        mark_once(message_id, mail_id, InboundState.DONE, "mêmes mots qu’un courriel reçu peu avant", participant_id,
             reply.subject)
        if tells(participant, "same-words", now):
            dossier.record("same_words", _by(participant), now)
        return
    said = bool(reply.words or reply.files)
    mark_once(message_id, mail_id, InboundState.DONE, "" if said else "sans mots nouveaux", participant_id, reply.subject)
    if participant.role == Role.COORDINATOR:
        participant.active = True  # who had handed the request over, and writes, takes part again
    if said:
        over = conversation.is_over(dossier, now) and participant.role != Role.COORDINATOR
        if reply.proved:
            conversation.say(dossier, _by(participant), reply.words or NO_WORDS, now, to=to,
                             elided=elided_with_copies(reply), files=files)
            deposit_from_mail(participant, files, now)
        else:
            conversation.tell_coordination(dossier, _by(participant), reply.words or NO_WORDS, now, proved=False,
                                           elided=elided_with_copies(reply), files=files)
        if over and may_answer(participant.email, f"over-{dossier.id}", now):
            form = link_to(_FORMS[dossier.kind_])
            outbox.post(letters.request_over(instance().network, dossier, participant,
                                             say_date(local(dossier.moved_at).date()), form), participant, now)
    elif (reply.proved and dossier.confirmed_at is not None and not reply.refused_files
          and may_answer(participant.email, f"empty-{dossier.id}", now)):
        outbox.post(letters.reply_not_taken(instance().network, participant.name, [NO_NEW_WORDS], ""), participant, now)
    if dossier.confirmed_at is None and may_answer(participant.email, f"confirm-{dossier.id}", now):
        outbox.post(accueil.confirm_first(instance().network, dossier, participant, acting.reply_address(participant)),
                    participant, now)
    copied(participant, reply, now)
    say_refused_files(participant, reply.refused_files, now)


def _may_go(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime) -> bool:
    with transaction():
        participant = acting.take_seat(participant_id)
        _remember_subject(message_id, reply)
        return _goes(message_id, mail_id, participant, reply, now)


def _remember_subject(message_id: int, reply: Understood) -> None:
    """What is answered keeps its subject in that person's mail program (mail/threads.py)."""
    db.session.get(InboundMessage, message_id).subject = reply.subject[:300]


def _goes(message_id: int, mail_id: str, participant: Participant, reply: Understood, now: datetime,
          files: list[StoredFile] | None = None) -> bool:
    """False when that person's mails come too fast: this one is kept, and the coordination told once.

    :param files: its files, where they are stored already.
    """
    found = brake(participant, now)
    if found == Brake.GOES:
        return True
    dossier = participant.dossier
    mark_once(message_id, mail_id, InboundState.DONE if found == Brake.KEPT else InboundState.IGNORED,
         "beaucoup de courriels en peu de temps : gardé, non transmis", participant.id, reply.subject)
    if found == Brake.KEPT:
        conversation.keep(dossier, _by(participant), reply.words or NO_WORDS, now, elided=elided_with_copies(reply),
                          files=kept_files(reply, now) if files is None else files,
                          is_note=participant.role == Role.COORDINATOR)
    if tells(participant, "slowed", now):
        dossier.record("slowed", _by(participant), now)
        dossier.awaits_coordination = True
        acting.promise(dossier, now)
        reason = (f"Beaucoup de courriels de {participant.display_name} arrivent en peu de temps sur cette demande : peut-être "
                  "un répondeur automatique. Les derniers sont gardés sur la page, sans être transmis, et cet avis est le seul.")
        _tell_coordination(participant, reason, "", now)
    return False


def _former_coordinator(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime) -> None:
    """Somebody who left the coordination answers an old letter: nothing is done, the coordination has the words."""
    with transaction():
        participant = acting.take_seat(participant_id)
        dossier = participant.dossier
        participant.active = False
        _remember_subject(message_id, reply)
        mark_once(message_id, mail_id, InboundState.DONE, "ne coordonne plus", participant_id)
        conversation.keep(dossier, _by(participant), reply.words or NO_WORDS, now, elided=elided_with_copies(reply),
                          files=kept_files(reply, now), is_note=True)
        dossier.record("wrote_after_leaving", _by(participant), now)
        dossier.awaits_coordination = True
        acting.promise(dossier, now)
        db.session.flush()
        if not may_answer(participant.email, f"former-{dossier.id}", now):
            return
        reason = (f"{participant.name} ne coordonne plus, et a répondu à un ancien courriel. Rien n’a été fait ni transmis. "
                  "Ses mots sont gardés en note interne.")
        _tell_coordination(participant, reason, reply.words, now)
        now_with = acting.who_coordinates(dossier)[-1].name
        outbox.post(coordination.no_longer(instance().network, participant, now_with), participant, now)


def _tell_coordination(participant: Participant, reason: str, words: str, now: datetime) -> None:
    dossier = participant.dossier
    for person in acting.who_coordinates(dossier):
        letter = coordination.words_kept(instance().network, dossier, person, reason, relayed(words, dossier),
                                         personal_url(Purpose.DOSSIER, person, now))
        outbox.post(letter, person, now, answer_for=None if participant.role == Role.COORDINATOR else participant)


def _by(participant: Participant) -> Actor:
    return Actor(Role(participant.role), participant, "mail")
