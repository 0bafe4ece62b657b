"""A pair is made: the coordination proposes a mentor, who says yes or no, then the newcomer does. Neither learns the other's
address before both said yes; a no is told to the coordination alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from mail import outbox
from mail.letters import conversation as conversation_letters
from mail.letters import mentorat as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import CLOCK, Actor, Dossier, Participant
from models.entraide import Answer, Solicitation
from models.instance import instance
from models.mentorat import Mentorat
from models.states import Kind, MentoratState, Role
from models.structure import Membre
from territory import communes
from territory.distance import describe

from .. import acting, digest, reminding, sweeping
from ..acting import Action, register, reply_address, who_coordinates
from ..conversation import keep_words
from ..errors import Refused
from ..links import personal_url
from .candidates import SHOWN, offers, possible_mentors, seat_of

#: Who is asked and says nothing is reminded after that long, once.
REMINDED_AFTER = timedelta(days=7)
_S = MentoratState


def propose(dossier: Mentorat, by: Actor, words: str, now: datetime, membre_id: int) -> str:
    """Ask a member whether they would be the mentor; they read what is sought, not who seeks it.

    :raises Refused: they cannot be asked, or not any more.
    """
    if not possible_mentors(dossier, now, only=membre_id):
        raise Refused("Cette personne ne peut pas être proposée maintenant\u00a0: choisissez-en une autre.")
    member = db.session.get(Membre, membre_id)
    mentor = Participant(role=Role.MENTOR.value, name=member.name, email=member.email, phone=member.phone, quality=member.job,
                         organisation=member.structure.name if member.structure else "", named=False, active=True)
    dossier.participants.append(mentor)
    db.session.flush()
    dossier.solicitations.append(Solicitation(participant=mentor, email=member.email.lower(), wave=0, asked_at=now))
    dossier.move_to(_S.MENTOR_ASKED, by, now, "mentor_asked")
    db.session.flush()
    _ask_mentor(dossier, mentor, words, by.participant.name, now)
    return f"Un courriel part à {mentor.name}, sans le nom de {dossier.author.name}. Sa réponse vous sera dite."


def _ask_mentor(dossier: Mentorat, mentor: Participant, words: str, coordinator: str, now: datetime) -> None:
    url = personal_url(Purpose.DOSSIER, mentor, now)
    outbox.post(letters.mentor_asked(instance().network, dossier, mentor, url, reply_address(mentor), how_far(dossier, mentor),
                                     words, coordinator), mentor, now)


def how_far(dossier: Mentorat, mentor: Participant) -> str:
    """« à environ 28 km » between the two, "" when unknown."""
    commune = db.session.scalar(select(Membre.commune).where(Membre.email == mentor.email.lower())) or ""
    here, there = communes.commune(dossier.commune), communes.commune(commune)
    return describe(here, there) if here and there else ""


def mentor_agrees(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The mentor would: the newcomer is told who it is, and asked in turn."""
    asked = seat_of(dossier, by.participant)
    asked.answer, asked.answered_at, by.participant.named = Answer.TAKEN.value, now, True
    dossier.move_to(_S.AUTHOR_ASKED, by, now, "mentor_agreed")
    keep_words(dossier, by, words, now)
    _ask_author(dossier, now)
    _tell_coordination(dossier, f"{by.participant.name} accepte d’être mentor ou mentore ({dossier.reference})\u00a0: la "
                                "personne est consultée à son tour.", now)
    return "Merci beaucoup. Nous demandons maintenant à la personne, puis vous saurez l’un·e et l’autre comment vous joindre."


def _ask_author(dossier: Mentorat, now: datetime) -> None:
    author = dossier.author
    outbox.post(letters.mentor_found(
        instance().network, dossier, author, dossier.mentor, personal_url(Purpose.DOSSIER, author, now), reply_address(author),
        how_far(dossier, dossier.mentor)), author, now)


def author_agrees(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The newcomer agrees too: each is told how to reach the other."""
    by.participant.named = True
    dossier.move_to(_S.AGREED, by, now, "newcomer_agreed")
    keep_words(dossier, by, words, now)
    for person, other in (dossier.pair, dossier.pair[::-1]):
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.pair_made(instance().network, dossier, person, other, url, reply_address(person)), person, now)
    _tell_coordination(dossier, f"La paire du mentorat {dossier.reference} est faite\u00a0: {dossier.author.name} et "
                                f"{dossier.mentor.name}. Elle écrit maintenant son protocole.", now)
    return f"C’est fait. {dossier.mentor.name} est prévenu·e, et vous recevez par courriel comment vous joindre."


def decline(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """One of the two would rather not: kindly, privately, at any moment before it begins; somebody else may be proposed."""
    mentor, state = dossier.mentor, dossier.state
    by_mentor = by.role == Role.MENTOR
    journal = "newcomer_declined" if not by_mentor else "mentor_declined" if state == _S.MENTOR_ASKED else "mentor_left"
    _let_go(dossier, by, now, journal, Answer.DECLINED if by_mentor else Answer.GIVEN_BACK)
    keep_words(dossier, by, words, now)
    other = dossier.author if by_mentor else mentor
    if state != _S.MENTOR_ASKED:
        outbox.post(letters.not_this_pair(instance().network, dossier, other), other, now)
    choices = offers(possible_mentors(dossier, now, SHOWN))
    for person in who_coordinates(dossier):
        outbox.post(letters.not_this_time(
            instance().network, dossier, person, by.participant.name, words, personal_url(Purpose.DOSSIER, person, now), choices,
            reply_address(person, dossier.author), mentor=by_mentor), person, now, answer_for=by.participant)
    return ("Merci de l’avoir dit simplement. Seule la coordination le sait, avec vos mots s’il y en a." if by_mentor else
            "C’est noté. Seule la coordination le sait, et vous proposera quelqu’un d’autre si elle le peut.")


def change_mentor(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination looks for somebody else; who was asked is told kindly, and the newcomer where they knew."""
    mentor, known = dossier.mentor, dossier.state != _S.MENTOR_ASKED
    _let_go(dossier, by, now, "mentor_changed", Answer.GIVEN_BACK)
    for person in (mentor, *([dossier.author] if known else [])):
        outbox.post(letters.not_this_pair(instance().network, dossier, person, words if person is mentor else ""), person, now)
    return f"La recherche reprend. {mentor.name} reçoit un courriel."


def _let_go(dossier: Mentorat, by: Actor, now: datetime, journal: str, answer: Answer) -> None:
    if dossier.mentor is not None:
        asked = seat_of(dossier, dossier.mentor)
        asked.answer, asked.answered_at = answer.value, now
    for version in dossier.protocoles:
        version.state = "superseded"
    dossier.author.named = False
    dossier.move_to(_S.SUBMITTED, by, now, journal)


def refuse(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Nobody can be proposed for now: both are told, the newcomer why."""
    mentor = dossier.mentor
    dossier.move_to(_S.REFUSED, by, now, "refused")
    keep_words(dossier, by, words, now)
    outbox.post(letters.nobody_for_now(instance().network, dossier, dossier.author, words, by.participant.name), dossier.author,
                now)
    if mentor is not None:
        outbox.post(letters.not_this_pair(instance().network, dossier, mentor), mentor, now)
    return f"Le mentorat s’arrête là. {dossier.author.name} reçoit vos mots par courriel."


def withdraw(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The newcomer no longer wishes for a mentor."""
    mentor = dossier.mentor
    dossier.move_to(_S.WITHDRAWN, by, now, "withdrawn")
    keep_words(dossier, by, words, now)
    for person in who_coordinates(dossier):
        outbox.post(conversation_letters.request_withdrawn(instance().network, dossier, person, words), person, now)
    if mentor is not None:
        outbox.post(letters.not_this_pair(instance().network, dossier, mentor), mentor, now)
    return "C’est noté, vous n’attendez plus de mentor. Vous pourrez en demander un de nouveau depuis votre espace."


def look_again(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """What stopped for want of a mentor is taken up again."""
    for asked in dossier.solicitations:
        asked.answer = Answer.GIVEN_BACK.value if asked.answer in (Answer.NONE, Answer.TAKEN) else asked.answer
    dossier.author.named = False
    dossier.move_to(_S.SUBMITTED, by, now, "reopened")
    keep_words(dossier, by, words, now)
    outbox.post(conversation_letters.request_reopened(instance().network, dossier, dossier.author, by.participant.name, words),
                dossier.author, now)
    return "La recherche d’un mentor ou d’une mentore reprend."


def remind(now: datetime) -> int:
    """Remind once who was asked a week ago and said nothing, in working hours; gives how many. The coordination is told."""
    if reminding.working(now) != now:
        return 0
    late = db.session.scalars(select(Mentorat.id).where(
        Mentorat.state.in_((_S.MENTOR_ASKED.value, _S.AUTHOR_ASKED.value)), Mentorat.moved_at < now - REMINDED_AFTER,
        or_(Mentorat.reminded_at.is_(None), Mentorat.reminded_at < Mentorat.moved_at))).all()
    return sweeping.each("dossier", late, _remind, now)


def _remind(dossier_id: int, now: datetime) -> int:
    with transaction():
        dossier = acting.lock(db.session.get(Mentorat, dossier_id))
        asks_mentor = dossier.state == _S.MENTOR_ASKED
        who = dossier.mentor if asks_mentor else dossier.author
        if dossier.state not in (_S.MENTOR_ASKED, _S.AUTHOR_ASKED) or who is None or reminding.may_leave(who.email, now) > now:
            return 0
        if dossier.reminded_at is not None and dossier.reminded_at >= dossier.moved_at:
            return 0
        dossier.reminded_at = now
        dossier.record("pair_reminded", CLOCK, now)
        url, far = personal_url(Purpose.DOSSIER, who, now), how_far(dossier, dossier.mentor)
        network, answer = instance().network, reply_address(who)
        letter = (letters.mentor_asked_reminder(network, dossier, who, url, answer, far) if asks_mentor else
                  letters.mentor_found_reminder(network, dossier, who, dossier.mentor, url, answer, far))
        reminding.post(letter, who, now)
        _tell_coordination(dossier, f"{who.name} n’a pas encore répondu pour le mentorat {dossier.reference}\u00a0: un rappel "
                                    "est parti. Vous pouvez aussi chercher quelqu’un d’autre.", now)
        return 1


def _tell_coordination(dossier: Mentorat, sentence: str, now: datetime) -> None:
    for person in who_coordinates(dossier):
        digest.tell(person.email, person.name, sentence, now, dossier=dossier)


def is_mentor(dossier: Dossier, who: Any) -> str:
    """Why a member who was asked may do nothing any more, kindly; "" for who is the mentor, or is asked to be."""
    if who is None or who.role != Role.MENTOR or (isinstance(dossier, Mentorat) and dossier.mentor is not None
                                                  and dossier.mentor.id == who.id):
        return ""
    return "Merci d’avoir répondu. Vous n’avez plus rien à faire pour ce mentorat."


def in_states(*states: MentoratState) -> dict[Kind, frozenset[str]]:
    """Where an action of a mentoring is offered."""
    return {Kind.MENTORAT: frozenset(state.value for state in states)}


_AUTHOR, _MENTOR, _COORDINATOR = frozenset({Role.AUTHOR}), frozenset({Role.MENTOR}), frozenset({Role.COORDINATOR})
_BEFORE = (_S.MENTOR_ASKED, _S.AUTHOR_ASKED, _S.AGREED, _S.TO_AGREE)
_PRIVATE = "Un mot pour la coordination, qui seule le lira"

register(
    Action("proposer", "Proposer un mentor, une mentore", "demande à un membre s’il veut bien être mentor ou mentore",
           in_states(_S.SUBMITTED), _COORDINATOR, propose, words="optional", words_label="Un mot pour cette personne", form=True,
           main=True),
    Action("accepter", "Oui, je veux bien", "dit oui ; la personne est consultée à son tour", in_states(_S.MENTOR_ASKED), _MENTOR,
           mentor_agrees, words="optional", words_label=_PRIVATE, main=True, only=is_mentor),
    Action("accepter", "Oui, je suis d’accord", "dit oui ; vous recevez chacun·e de quoi vous joindre",
           in_states(_S.AUTHOR_ASKED), _AUTHOR, author_agrees, words="optional", words_label=_PRIVATE, main=True),
    Action("refuser", "Non merci", "dit non merci ; seule la coordination le sait", in_states(*_BEFORE), _MENTOR, decline,
           words="optional", words_label=_PRIVATE, only=is_mentor),
    Action("refuser", "Non merci, plutôt quelqu’un d’autre", "dit non merci ; seule la coordination le sait",
           in_states(_S.AUTHOR_ASKED, _S.AGREED, _S.TO_AGREE), _AUTHOR, decline, words="optional", words_label=_PRIVATE),
    Action("changer-mentor", "Chercher quelqu’un d’autre", "reprend la recherche ; les personnes concernées sont prévenues",
           in_states(*_BEFORE), _COORDINATOR, change_mentor, words="optional", words_label="Un mot pour la personne sollicitée"),
    Action("refuser", "Ne pas donner suite", "ne donne pas suite ; le motif est transmis à la personne",
           in_states(_S.SUBMITTED, *_BEFORE), _COORDINATOR, refuse, words="required",
           words_label="Le motif, transmis à la personne"),
    Action("retirer", "Je ne souhaite plus de mentor", "arrête la recherche", in_states(_S.SUBMITTED, *_BEFORE), _AUTHOR,
           withdraw, words="optional", words_label="Un mot pour la coordination"),
    Action("rouvrir", "Reprendre la recherche", "reprend la recherche d’un mentor ou d’une mentore", in_states(_S.REFUSED),
           _COORDINATOR, look_again, words="optional", words_label="Un mot pour la personne"),
)
