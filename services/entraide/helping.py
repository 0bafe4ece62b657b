"""What a peer who is asked to help says: « je prends », « pas cette fois », « à un·e collègue », « en pause jusqu'au »; and
their words, which go to who asked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import false, or_, select

from mail import outbox
from mail.letters import entraide as letters
from models.access_link import Purpose
from models.base import db
from models.conversation import Message
from models.dossier import Actor, Dossier, Entraide, Participant
from models.entraide import Answer, Solicitation
from models.french_words import groups
from models.instance import instance
from models.search import MEMBER_MARK, SearchEntry
from models.states import EntraideState, Kind, Role
from models.structure import Membre
from territory.calendar import local, say_date
from territory.said_days import Days, UnreadableDays, read_days
from territory.spelling import fold

from .. import conversation
from ..acting import Action, register, reply_address, who_coordinates
from ..conversation import keep_words
from ..errors import NotAllowed, Refused
from ..links import personal_url
from ..search import holds
from . import waves
from .candidates import candidates

_OPEN = frozenset({"submitted", "in_progress"})
_ANY = {Kind.ENTRAIDE: frozenset(state.value for state in EntraideState) - {"unconfirmed"}}
_HELPER = frozenset({Role.HELPER})
#: Members of one name that are looked at: two are too many already.
_NAMED = 50

TOO_LATE = ("Merci d’avoir répondu. Quelqu’un d’autre du réseau a pris cette demande entre-temps\u00a0: vous n’avez rien "
            "à faire.")
OVER = "Merci d’avoir répondu. Cette demande n’attend plus d’aide\u00a0: vous n’avez rien à faire."


def solicitation(dossier: Dossier, who: Any) -> Solicitation:
    """How that person was asked.

    :raises NotAllowed: they were not.
    """
    if (found := _found(dossier, who)) is None:
        raise NotAllowed("Cette demande ne vous a pas été adressée.")
    return found


def _found(dossier: Dossier, who: Any) -> Solicitation | None:
    if not isinstance(dossier, Entraide):
        return None
    return next((asked for asked in dossier.solicitations if asked.participant_id == who.id), None)


def _say(dossier: Entraide, by: Actor, answer: Answer, now: datetime) -> Solicitation:
    asked = solicitation(dossier, by.participant)
    asked.answer, asked.answered_at = answer.value, now
    return asked


def take(dossier: Entraide, by: Actor, words: str, now: datetime, named: bool | None = None) -> str:
    """They help: who asked, the coordination and themselves are told how to write to each other.

    ``named``: whether who asked may read their name; None: as they agreed to for the directory.
    """
    _join(dossier, by, now, named)
    for person in [dossier.author, *who_coordinates(dossier)]:
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.peer_found(instance().network, dossier, person, by.participant, url), person, now)
    if words:
        conversation.write(dossier, by, words, now)
    url = personal_url(Purpose.DOSSIER, by.participant, now)
    outbox.post(letters.to_help(instance().network, dossier, by.participant, url, _due(dossier), words), by.participant, now)
    return f"Merci, vous prenez cette demande. {dossier.author.shown_to(by.participant)} est prévenu·e."


def _join(dossier: Entraide, by: Actor, now: datetime, named: bool | None = None) -> None:
    _say(dossier, by, Answer.TAKEN, now)
    by.participant.active, by.participant.muted_at = True, None
    if named is not None:
        by.participant.named = named
    dossier.next_wave_at = None
    if dossier.state == EntraideState.SUBMITTED:
        dossier.move_to(EntraideState.IN_PROGRESS, by, now, "peer_took")
    else:
        dossier.record("peer_took", by, now)


def _due(dossier: Entraide) -> str:
    return say_date(dossier.promised_on) if dossier.promised_on and dossier.first_answer_at is None else ""


def decline(dossier: Entraide, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Not this time: no reason is asked for."""
    _say(dossier, by, Answer.DECLINED, now)
    dossier.record("peer_declined", by, now)
    keep_words(dossier, by, words, now)
    _ask_others(dossier, now)
    return "Merci de l’avoir dit. Nous demandons à quelqu’un d’autre."


def _ask_others(dossier: Entraide, now: datetime) -> None:
    if dossier.state == EntraideState.SUBMITTED and dossier.helper is None and waves.all_said_no(dossier):
        waves.look_again(dossier, now)


def pause(dossier: Entraide, by: Actor, words: str, now: datetime, days: Days | None = None) -> str:
    """They ask for peace until a day: nobody asks them anything meanwhile, in any request."""
    if days is None:
        raise Refused("Indiquez jusqu’à quel jour.")
    member = db.session.scalar(select(Membre).where(Membre.email == by.participant.email.lower()))
    if member is not None:
        member.pause_ends_on = days.last
    if solicitation(dossier, by.participant).answer == Answer.NONE:
        _say(dossier, by, Answer.PAUSED, now)
        _ask_others(dossier, now)
    dossier.record("peer_paused", by, now)
    keep_words(dossier, by, words, now)
    return (f"C’est noté\u00a0: aucune demande d’aide ne vous sera envoyée jusqu’au {say_date(days.last)} compris. Prenez soin "
            "de vous.")


def pause_said(words: str, now: datetime) -> Days:
    """The last day of a pause that words of a mail name.

    :raises Refused: none, past, or a pause that begins later; the sentence says what to write.
    """
    try:
        return read_days(words, local(now).date())
    except UnreadableDays as unread:
        why = str(unread)
        raise Refused(f"{why[:1].upper()}{why[1:]}. Écrivez par exemple «\u00a0en pause jusqu’au 12 décembre\u00a0».") from unread


def pass_on(dossier: Entraide, by: Actor, words: str, now: datetime, whom: str = "") -> str:
    """They think of somebody else. A member who accepts to be asked is asked; of anybody else the coordination is told, and
    the answer is the same: whether somebody is a member is nobody's business."""
    if not whom.strip():
        raise Refused("Indiquez le nom ou l’adresse de la personne à qui vous pensez.")
    _say(dossier, by, Answer.PASSED, now)
    dossier.record("peer_passed", by, now)
    idea = f"{by.participant.name} a pensé à\u00a0: {whom.strip()[:200]}"
    conversation.note(dossier, by, f"{idea}\n\n{words}".strip(), now)
    if dossier.state in _OPEN and dossier.helper is None and (found := _named(dossier, whom, now)):
        waves.ask(dossier, found, 0, now, by.participant.shown_to(None, begins=False))
    _ask_others(dossier, now)
    return ("Merci. Si cette personne est membre du réseau et accepte d’être sollicitée en ce moment, elle reçoit la demande. "
            "Sinon, la coordination lit votre idée.")


def _named(dossier: Entraide, whom: str, now: datetime):
    """The one member who may be asked and bears that name or address, whatever they offer."""
    wanted = fold(whom)
    address = next((piece.strip("<>()[],;.").lower() for piece in whom.split() if "@" in piece), "")
    words = groups(whom)[:12]
    called = Membre.id.in_(select(SearchEntry.membre_id).where(holds(words, among=MEMBER_MARK))) if words else false()
    found = [one for one in candidates(dossier, now, _NAMED, among=or_(Membre.email == address, called))
             if one.email == address or fold(one.name) == wanted]
    return found[0] if len(found) == 1 else None


def give_back(dossier: Entraide, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """They cannot help after all: somebody else is looked for, and who asked is told without delay."""
    _say(dossier, by, Answer.GIVEN_BACK, now)
    dossier.move_to(EntraideState.SUBMITTED, by, now, "peer_gave_back")
    keep_words(dossier, by, words, now)
    waves.look_again(dossier, now)
    for person in [dossier.author, *who_coordinates(dossier)]:
        outbox.post(letters.peer_gave_back(instance().network, dossier, person, by.participant, looked_for=bool(
            dossier.next_wave_at)), person, now)
    return "C’est noté, vous n’aidez plus sur cette demande. La personne et la coordination sont prévenues."


#: How people say no in their own words, at the beginning of a short answer.
_NO = re.compile(
    r"(?:bonjour\b.{0,20}? )?(?:merci\b.{0,40}? )?(?:(?:je suis |vraiment |toute? )*(?:desolee?|navree?)\b|malheureusement\b"
    r"|je regrette\b"
    r"|pas (?:cette fois|le temps|disponible|possible|pour moi|la bonne personne|en mesure)\b"
    r"|je n(?:e)? (?:peux|pourrai|suis|connais|maitrise|ai)\b.{0,20}? pas\b|non(?: merci)?$)")


def says_no(words: str) -> bool:
    """True when a short answer begins by saying no: it is for the network, and must not reach who asked as an answer."""
    return len(words) < 400 and _NO.match(" ".join(fold(words).split())) is not None


def speak(dossier: Entraide, by: Actor, words: str, now: datetime, *, to: Participant | None = None, elided: str = "",
          files: list | None = None) -> Message:
    """Words of a peer: of who helps, for all three; of who was asked, an answer: they take the request by giving it.

    When somebody else was faster, or the request ended, the coordination has the words, and the peer is thanked.
    """
    if by.participant is dossier.helper or _found(dossier, by.participant) is None:
        return conversation.write(dossier, by, words, now, elided=elided, files=files)
    if dossier.helper is None and dossier.state in _OPEN:
        if says_no(words) and not files:
            message = conversation.keep(dossier, by, words, now, elided=elided)
            done = decline(dossier, by, "", now)
            letter = letters.answer_understood(instance().network, dossier, by.participant, done, reply_address(by.participant))
            outbox.post(letter, by.participant, now)
            return message
        _join(dossier, by, now)
        message = conversation.write(dossier, by, words, now, elided=elided, files=files)
        url = personal_url(Purpose.DOSSIER, by.participant, now)
        outbox.post(letters.to_help(instance().network, dossier, by.participant, url, "", words), by.participant, now)
        return message
    message = conversation.tell_coordination(dossier, by, words, now, elided=elided, files=files)
    letter = letters.too_late(instance().network, dossier, by.participant, TOO_LATE if dossier.helper else OVER)
    outbox.post(letter, by.participant, now)
    return message


conversation.SPEAKERS[Role.HELPER] = speak


def _free(dossier: Dossier, who: Any) -> str:
    """Why that peer may not take it, kindly; "" when they may."""
    if who is not None and dossier.helper is not None:
        return "Vous aidez déjà sur cette demande." if dossier.helper.id == who.id else TOO_LATE
    return "" if dossier.state in _OPEN else OVER


def _asked(dossier: Dossier, who: Any) -> str:
    if (why := _free(dossier, who)) or who is None:
        return why
    answer = solicitation(dossier, who).answer
    return "C’est déjà noté, merci de l’avoir dit." if answer != Answer.NONE else ""


def _helps(dossier: Dossier, who: Any) -> str:
    if who is None or dossier.helper is None or dossier.helper.id != who.id:
        return "Vous n’aidez pas sur cette demande."
    return "" if dossier.state == EntraideState.IN_PROGRESS else "Cette demande est terminée, merci de votre aide."


_WORDS = "Un mot pour la coordination"
register(
    Action("prendre", "Je prends", "vous aidez cette personne ; elle est prévenue", _ANY, _HELPER, take, words="optional",
           words_label="Vos premiers mots pour la personne", form=True, main=True, only=_free),
    Action("pas-cette-fois", "Pas cette fois", "nous demandons à quelqu’un d’autre ; vous n’avez pas à vous justifier", _ANY,
           _HELPER, decline, words="optional", words_label=_WORDS, only=_asked),
    Action("collegue", "Proposer à un·e collègue",
           "propose la demande à un·e collègue, qui la reçoit si c’est un membre disponible", _ANY, _HELPER, pass_on,
           words="optional", words_label=_WORDS, form=True, only=_asked),
    Action("pause", "Me mettre en pause", "arrête toutes les demandes d’aide jusqu’au jour que vous dites", _ANY, _HELPER, pause,
           words="optional", words_label=_WORDS, form=True),
    Action("rendre", "Je ne peux plus aider", "rend la demande ; quelqu’un d’autre est cherché", _ANY, _HELPER, give_back,
           words="optional", words_label=_WORDS, only=_helps),
)
