"""Once a year, a member is asked whether what the network knows of them is still right; « oui » in reply is enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select

from mail.letters import donnees as letters
from models.base import db
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.states import Kind, Role
from models.structure import Membre
from models.vocabulary import SKILLS, labels
from territory import communes

from .. import reminding, sweeping
from ..acting import Action, register
from ..known import NO_LONGER, member_of
from ..words import STILL_RIGHT
from .space import space_url

EVERY = timedelta(days=365)
#: No more in an hour: a network that grew in one day does not fill as many mailboxes a year later.
AT_ONCE = 50


def ask(now: datetime) -> int:
    """Ask those whose answer is a year old, in working hours; gives how many."""
    if reminding.working(now) != now:
        return 0
    known = func.coalesce(Membre.checked_at, Membre.joined_at)
    seated = exists().where(Participant.dossier_id == Membre.adhesion_id, Participant.role == Role.AUTHOR.value,
                            Participant.active, func.lower(Participant.email) == Membre.email)
    return sweeping.each_due(select(Membre).where(
        Membre.left_at.is_(None), known < now - EVERY, seated,
        or_(Membre.asked_to_check_at.is_(None), Membre.asked_to_check_at < now - EVERY)).order_by(known).limit(AT_ONCE),
        _ask, now)


def _ask(member: Membre, now: datetime) -> int:
    seat = _seat(member)
    if seat is None or reminding.may_leave(member.email, now) > now:
        return 0
    member.asked_to_check_at = now
    url = space_url(member, now)
    reminding.post(letters.yearly_reminder(instance().network, seat.dossier, seat, _facts(member), url), seat, now)
    return 1


def _seat(member: Membre) -> Participant | None:
    """The member's place in their own request to join, where an answer comes back to."""
    adhesion = db.session.get(Dossier, member.adhesion_id)
    author = adhesion.author if adhesion else None
    return author if author and author.active and author.email.lower() == member.email else None


def _facts(member: Membre) -> list[tuple[str, str]]:
    place = communes.commune(member.commune)
    found = [("Nom", member.name), ("Téléphone", member.phone), ("Fonction", member.job),
             ("Structure", member.structure.name if member.structure else ""), ("Commune", place.label if place else ""),
             ("Vous proposez", ", ".join(labels(SKILLS, member.skills_offered))),
             ("Vous recherchez", ", ".join(labels(SKILLS, member.skills_sought)))]
    return [(words, value) for words, value in found if value]


def _not_asked(dossier: Dossier, who: object) -> str:
    if who is None:
        return ""
    if (member := member_of(dossier)) is None:
        return NO_LONGER
    if member.asked_to_check_at is None:
        return "Rien ne vous est demandé pour le moment."
    if member.checked_at and member.checked_at >= member.asked_to_check_at:
        return "Vous l’avez déjà dit, merci."
    return ""


def say_right(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Nothing has changed."""
    member_of(dossier).checked_at = now
    dossier.record("still_right", by, now)
    return "Merci, c’est noté : vos informations sont à jour."


register(Action(STILL_RIGHT, "Mes informations sont toujours justes", "dit que vos informations sont à jour",
                {Kind.ADHESION: frozenset({"accepted"})}, frozenset({Role.AUTHOR}), say_right, only=_not_asked))
