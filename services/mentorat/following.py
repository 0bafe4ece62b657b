"""« Comment ça se passe ? », asked of each of the two apart, a month after the beginning, midway and at the end; what is said
goes to the coordination alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from mail import outbox
from mail.letters import mentorat as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import CLOCK, Actor, Dossier
from models.instance import instance
from models.mentorat import Checkpoint, How, Mentorat
from models.states import MentoratState, Role
from territory.calendar import local, say_date

from .. import acting, conversation, digest, reminding, sweeping
from ..acting import Action, register, reply_address, who_coordinates
from ..links import personal_url
from .pairing import in_states, is_mentor

#: Who says nothing is asked once more after that long.
AGAIN_AFTER = timedelta(days=7)
_S = MentoratState


def ask(now: datetime) -> int:
    """Ask what is due, in working hours, and once more what had no answer; gives how many letters left."""
    if reminding.working(now) != now:
        return 0
    today, later = local(now).date(), aliased(Checkpoint)
    overtaken = exists().where(later.participant_id == Checkpoint.participant_id, later.due_on > Checkpoint.due_on,
                               later.due_on <= today)
    due = db.session.scalars(select(Checkpoint.id).join(Mentorat, Mentorat.id == Checkpoint.dossier_id).where(
        Mentorat.state == _S.UNDER_WAY.value, Checkpoint.due_on <= today, Checkpoint.how == How.NONE.value, ~overtaken,
        or_(Checkpoint.asked_at.is_(None), Checkpoint.reminded_at.is_(None) & (Checkpoint.asked_at < now - AGAIN_AFTER)))
        .order_by(Checkpoint.due_on, Checkpoint.id)).all()
    return sweeping.each("checkpoint", due, _ask, now)


def _ask(number: int, now: datetime) -> int:
    with transaction():
        row = db.session.get(Checkpoint, number)
        dossier, person = acting.lock(row.mentorat), row.participant
        db.session.refresh(row)
        again = row.asked_at is not None
        if dossier.state != _S.UNDER_WAY or row.how or row.reminded_at or reminding.may_leave(person.email, now) > now:
            return 0
        if again:
            row.reminded_at = now
            for one in who_coordinates(dossier):
                digest.tell(one.email, one.name, f"{person.name} n’a pas encore dit comment se passe le mentorat "
                            f"{dossier.reference}\u00a0: un rappel est parti.", now, dossier=dossier)
        else:
            row.asked_at = now
            dossier.record("checkpoint_asked", CLOCK, now)
        other = next(one for one in dossier.pair if one is not person)
        reminding.post(letters.how_it_goes_reminder(
            instance().network, dossier, person, other.name, personal_url(Purpose.DOSSIER, person, now), reply_address(person),
            say_date(row.due_on) if row.last else ""), person, now)
        return 1


def waiting(dossier: Mentorat, who: Any) -> Checkpoint | None:
    """The question that person was asked last and has not answered."""
    asked = [row for row in dossier.checkpoints if row.participant_id == who.id and row.asked_at is not None]
    return asked[-1] if asked and not asked[-1].how else None


def answered(dossier: Mentorat, by: Actor, how: How, now: datetime) -> None:
    """Keep what they say of it, on the question asked last; an older one they left open is not asked any more."""
    for row in dossier.checkpoints:
        if row.participant_id == by.participant.id and row.asked_at is not None and not row.how:
            row.how, row.answered_at = how.value, now


def goes_well(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """It goes well; words besides are for the coordination."""
    answered(dossier, by, How.WELL, now)
    dossier.record("checkpoint_answered", by, now)
    if words:
        conversation.tell_coordination(dossier, by, words, now)
    return "Merci, voilà une bonne nouvelle. Bonne suite à vous."


def would_talk(dossier: Mentorat, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Something is on their mind: the coordination is told at once, the other never."""
    answered(dossier, by, How.TALK, now)
    dossier.record("checkpoint_answered", by, now)
    if words:
        conversation.keep(dossier, by, words, now)
    dossier.awaits_coordination = True
    acting.promise(dossier, now)
    for person in who_coordinates(dossier):
        outbox.post(letters.would_like_to_talk(
            instance().network, dossier, person, by.participant, words, personal_url(Purpose.DOSSIER, person, now)), person, now,
            answer_for=by.participant)
    return "Merci de l’avoir dit. La coordination vous répond ; l’autre personne n’en sait rien."


def _is_asked(dossier: Dossier, who: Any) -> str:
    if why := is_mentor(dossier, who):
        return why
    if who is not None and isinstance(dossier, Mentorat):
        row = waiting(dossier, who)
        if row is None:
            return "C’est déjà noté, merci."
        if row.last:
            return "Cette fois, dites-nous plutôt si vous souhaitez continuer, ou vous arrêter là."
    return ""


def said(dossier: Mentorat) -> list[tuple[str, str, str]]:
    """What was asked and answered, for the coordination: day, who, what."""
    return [(say_date(row.due_on), row.participant.name, How(row.how).label) for row in dossier.checkpoints
            if row.asked_at is not None]


_PAIR = frozenset({Role.AUTHOR, Role.MENTOR})

register(
    Action("ca-va", "Ça se passe bien", "dit que ça se passe bien", in_states(_S.UNDER_WAY), _PAIR, goes_well, words="optional",
           words_label="Un mot pour la coordination, qui seule le lira", main=True, only=_is_asked),
    Action("en-parler", "J’aimerais en parler", "dit à la coordination, et à elle seule, que vous aimeriez en parler",
           in_states(_S.UNDER_WAY), _PAIR, would_talk, words="optional",
           words_label="Un mot pour la coordination, qui seule le lira", only=is_mentor),
)
