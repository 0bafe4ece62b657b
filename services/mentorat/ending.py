"""The end of a mentoring: it goes on when both wish so, else both are thanked, with a word from each to the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mail import outbox
from mail.letters import mentorat as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import CLOCK, Actor, Dossier, Participant
from models.instance import instance
from models.mentorat import Checkpoint, How, Mentorat
from models.states import MentoratState, Role
from territory.calendar import add_working_days, say_date

from .. import acting, digest, sweeping
from ..acting import Action, register, reply_address, who_coordinates
from ..conversation import keep_words
from ..links import personal_url
from ..relaying import relayed
from .following import answered, waiting
from .pairing import decline, in_states, is_mentor
from .protocol import months_after

#: How much longer it lasts when both wish to go on.
LONGER_MONTHS = 3
#: Without an answer from both, it ends that long after the last question.
ENDS_AFTER = timedelta(days=21)
_S = MentoratState
_PAIR = frozenset({Role.AUTHOR, Role.MENTOR})


def go_on(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """They wish to continue; once both do, it lasts three months more and both are told."""
    answered(dossier, by, How.WELL, now)
    dossier.record("mentorat_wish_to_continue", by, now)
    keep_words(dossier, by, words, now)
    last = [row for row in dossier.checkpoints if row.last][-2:]
    if not all(row.how == How.WELL for row in last):
        return "C’est noté, merci. Si l’autre personne le souhaite aussi, le mentorat continue trois mois."
    until = add_working_days(months_after(last[-1].due_on, LONGER_MONTHS), 0, instance().network.departement)
    dossier.checkpoints += [Checkpoint(participant=person, due_on=until, last=True, how="") for person in dossier.pair]
    dossier.record("mentorat_extended", CLOCK, now)
    for person in dossier.pair:
        other = next(one for one in dossier.pair if one is not person)
        outbox.post(letters.goes_on(instance().network, dossier, person, other.name, say_date(until)), person, now)
    return f"Vous le souhaitez l’un·e et l’autre : le mentorat continue jusqu’au {say_date(until)}."


def end(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """One of the two, or the coordination, ends it: thanks to both, without a reason; ``words`` go to the other, or to both."""
    answered(dossier, by, How.WELL, now)
    dossier.move_to(_S.CLOSED, by, now, "mentorat_ended")
    if words and by.role in _PAIR:
        dossier.record("last_word", by, now)
    _thank(dossier, by.participant, words, now)
    return "C’est noté. Chacun·e reçoit un courriel de remerciement."


def _thank(dossier: Mentorat, by: Participant | None, words: str, now: datetime) -> None:
    dossier.awaits_coordination = False
    for person in dossier.pair:
        other = next(one for one in dossier.pair if one is not person)
        read = relayed(words, dossier, person) if words and person is not by else ""
        outbox.post(letters.thanks(instance().network, dossier, person, other.name, by.name if by and read else "", read,
                                   personal_url(Purpose.DOSSIER, person, now), reply_address(person),
                                   said=_has_spoken(dossier, person) or (person is by and bool(words))), person, now)
    for person in who_coordinates(dossier):
        if person is not by:
            digest.tell(person.email, person.name, f"Le mentorat {dossier.reference} est terminé. Les deux personnes sont "
                        "remerciées.", now, dossier=dossier)


def forget_mentor(dossier: Mentorat, mentor: Participant, now: datetime) -> None:
    """A mentor has what is kept of them erased: what goes on ends as they would have ended it, and the protocol, which names
    them, goes; the newcomer has the copy they received. Inside a transaction, before the name goes."""
    if dossier.mentor is mentor and not dossier.ended:
        leave = end if dossier.state == _S.UNDER_WAY else decline
        leave(dossier, Actor(Role.MENTOR, mentor, "clock"), "", now)
    for version in list(dossier.protocoles):
        if version.file is not None:
            version.file.dossier_id = None  # the purge of uploads removes row and content
        dossier.protocoles.remove(version)
    db.session.flush()


def last_word(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """A short word to the other, once."""
    other = next(one for one in dossier.pair if one is not by.participant)
    dossier.record("last_word", by, now)
    outbox.post(letters.last_word(instance().network, dossier, other, by.participant.name, relayed(words, dossier, other)), other,
                now)
    return f"Votre mot part à {other.name}. Merci."


def take_up(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """It was ended by mistake."""
    dossier.move_to(_S.UNDER_WAY, by, now, "reopened")
    keep_words(dossier, by, words, now)
    for person in dossier.pair:
        other = next(one for one in dossier.pair if one is not person)
        outbox.post(letters.goes_on(instance().network, dossier, person, other.name, ""), person, now)
    return "Le mentorat reprend. Les deux personnes reçoivent un courriel."


def end_due(now: datetime) -> int:
    """End what nobody said would go on, some weeks after it was asked; gives how many."""
    late = db.session.scalars(select(Mentorat.id).where(Mentorat.state == _S.UNDER_WAY.value, Mentorat.checkpoints.any(
        Checkpoint.last & (Checkpoint.asked_at < now - ENDS_AFTER)))).all()
    return sweeping.each("dossier", late, _end, now)


def _end(dossier_id: int, now: datetime) -> int:
    with transaction():
        dossier = acting.lock(db.session.get(Mentorat, dossier_id))
        asked = [row for row in dossier.checkpoints if row.last][-2:]
        if dossier.state != _S.UNDER_WAY or not all(row.asked_at and row.asked_at < now - ENDS_AFTER for row in asked):
            return 0
        dossier.move_to(_S.CLOSED, CLOCK, now, "mentorat_ended_by_clock")
        _thank(dossier, None, "", now)
        return 1


def _has_spoken(dossier: Dossier, who: Any) -> bool:
    return any(entry.kind == "last_word" and entry.participant_id == who.id for entry in dossier.journal)


def _may_speak(dossier: Dossier, who: Any) -> str:
    if why := is_mentor(dossier, who):
        return why
    if who is None or not isinstance(dossier, Mentorat) or dossier.mentor is None:
        return "" if who is None else "Il n’y a personne à qui écrire."
    return "Votre mot est déjà parti, merci." if _has_spoken(dossier, who) else ""


def _at_the_end(dossier: Dossier, who: Any) -> str:
    if why := is_mentor(dossier, who):
        return why
    if who is None or not isinstance(dossier, Mentorat):
        return ""
    row = waiting(dossier, who)
    return "" if row is not None and row.last else "Le mentorat suit son cours : il n’y a rien à prolonger pour le moment."


register(
    Action("continuer", "Je souhaite continuer", "dit que vous souhaitez continuer trois mois de plus", in_states(_S.UNDER_WAY),
           _PAIR, go_on, words="optional", words_label="Un mot pour la coordination, qui seule le lira", main=True,
           only=_at_the_end),
    Action("terminer", "Terminer le mentorat", "met fin au mentorat, sans avoir à se justifier ; chacun·e est remercié·e",
           in_states(_S.UNDER_WAY), _PAIR, end, words="optional", words_label="Un mot pour l’autre personne", only=is_mentor),
    Action("terminer", "Terminer le mentorat", "met fin au mentorat ; chacun·e est remercié·e", in_states(_S.UNDER_WAY),
           frozenset({Role.COORDINATOR}), end, words="optional", words_label="Un mot pour les deux personnes"),
    Action("mot", "Laisser un mot à l’autre personne", "envoie un mot à l’autre personne", in_states(_S.CLOSED), _PAIR, last_word,
           words="required", words_label="Votre mot pour l’autre personne", main=True, only=_may_speak),
    Action("rouvrir", "Reprendre le mentorat", "reprend le mentorat ; les deux personnes sont prévenues", in_states(_S.CLOSED),
           frozenset({Role.COORDINATOR}), take_up, words="optional", words_label="Un mot pour la personne accompagnée"),
)
