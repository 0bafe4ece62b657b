"""The network's team as an administrator looks after it: who signs in, how, and what to close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from mail import outbox
from mail.letters import coordination as letters
from models.access_link import AccessLink, Purpose
from models.base import db, transaction
from models.instance import instance
from models.second_factor import SecondFactor
from models.team import TeamMember

from ..errors import NotFound
from ..links import link_to
from . import second_factor, signing_in


@dataclass(frozen=True)
class Member:
    """One person of the team: ``sessions`` open now, ``code`` in use since when."""

    person: TeamMember
    sessions: int
    code_since: datetime | None


def members(now: datetime) -> list[Member]:
    """Everybody who may sign in, in the order of the network's file."""
    open_ = dict(db.session.execute(select(func.lower(AccessLink.email), func.count()).where(
        AccessLink.purpose == Purpose.SESSION.value, AccessLink.revoked_at.is_(None), AccessLink.expires_at > now)
        .group_by(func.lower(AccessLink.email))).all())
    codes = dict(db.session.execute(select(SecondFactor.email, SecondFactor.confirmed_at)).all())
    return [Member(person, open_.get(person.email.lower(), 0), codes.get(person.email.lower()))
            for person in instance().network.team]


def close_sessions(email: str, by: str, now: datetime) -> None:
    """End every session of somebody; they are told by mail. ``by`` is the name of who does it."""
    with transaction():
        person = _find(email)
        signing_in.close_all(person.email, now)
        _tell(person, f"{by} a fermé toutes vos sessions. Pour entrer de nouveau, demandez un lien.", now)


def reset_code(email: str, by: str, now: datetime) -> None:
    """Forget the telephone of somebody who lost it, and end their sessions: they enrol another at the next entry.

    :param by: the name of who does it.
    """
    with transaction():
        person = _find(email)
        second_factor.forget(person.email)
        signing_in.close_all(person.email, now)
        _tell(person, f"{by} a remis à zéro le code de votre téléphone. À la prochaine entrée, vous installerez le code sur le "
                      "téléphone de votre choix.", now)


def _find(email: str) -> TeamMember:
    person = instance().network.team_member(email)
    if person is None:
        raise NotFound("Cette adresse n’est pas, ou n’est plus, celle d’une personne de l’équipe.")
    return person


def _tell(person: TeamMember, sentence: str, now: datetime) -> None:
    network = instance().network
    outbox.post_to_address(letters.access_changed(network, person.name, sentence, link_to("/coordination/entrer")),
                           person.email, person.name, now)
