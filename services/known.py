"""What the network already knows of who writes: of an address, in one sentence; of a request to join, the member it made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.base import db
from models.dossier import Dossier, Participant
from models.states import Role
from models.structure import Membre
from territory.calendar import local, say_date

#: Why nothing of a member's can be done in a request to join, once they left.
NO_LONGER = "Vous ne faites plus partie du réseau."


def member_of(adhesion: Dossier) -> Membre | None:
    """The member that request to join made, while they are one."""
    return db.session.scalar(select(Membre).where(Membre.adhesion_id == adhesion.id, Membre.left_at.is_(None))
                             .options(joinedload(Membre.structure)))


def known_as(email: str) -> str:
    """What the network already knows of an address, in one sentence."""
    member = db.session.scalar(select(Membre).where(Membre.email == email.lower(), Membre.left_at.is_(None)))
    if member:
        return say_known(member.joined_at, 1)
    others = db.session.scalar(select(func.count()).select_from(Participant)
                               .where(func.lower(Participant.email) == email.lower(), Participant.role == Role.AUTHOR.value))
    return say_known(None, others or 1)


def say_known(member_since: datetime | None, requests: int) -> str:
    """The same, of somebody who sent so many requests, this one included."""
    if member_since:
        return f"Membre du réseau depuis le {say_date(local(member_since).date())}."
    earlier = requests - 1
    if not earlier:
        return "Cette personne n’est pas encore membre."
    times = "une autre demande" if earlier == 1 else f"{earlier} autres demandes"
    return f"Cette personne n’est pas encore membre. Elle a déjà envoyé {times}."
