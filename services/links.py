"""Personal links: made inside a transaction, read at a door, never kept in clear."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import contains_eager

from models.access_link import AccessLink, Purpose, hash_token, new_link
from models.base import db, insert_row, transaction
from models.dossier import Dossier, Participant
from models.instance import instance
from models.states import Role

from . import throttle
from .errors import LinkExpired, LinkUnknown

#: A link that is too old is still recognised this long after its end, so that a new one can be asked for.
KEPT = timedelta(days=30)
#: Where each kind of link leads. The path is short: mail clients cut long lines (reference immersion.md d.1).
PATHS: dict[Purpose, str] = {
    Purpose.CONFIRM: "/confirmer/{token}",
    Purpose.DOSSIER: "/d/{token}",
    Purpose.SIGN_IN: "/coordination/ouvrir/{token}",
    Purpose.ADDRESS: "/adresse/{token}",
    Purpose.DIGEST: "/desabonnement/{token}",
    Purpose.NEW_ADDRESS: "/nouvelle-adresse/{token}",
    Purpose.SPACE: "/mon-espace/{token}",
    Purpose.INVITATION: "/invitation/{token}",
    Purpose.MOVE: "/changer-adresse/{token}",
    Purpose.CHARTER: "/engagements/{token}",
    Purpose.ERASURE: "/effacement/{token}",
}


def personal_url(purpose: Purpose, participant: Participant, now: datetime, until: datetime | None = None) -> str:
    """A fresh link for that participant, living ``until`` then or as its purpose says; its row is part of the transaction."""
    token, row = new_link(purpose, participant.email, now, participant, until)
    insert_row(row)
    return link_url(purpose, token)


def link_url(purpose: Purpose, token: str) -> str:
    """The whole address of a link."""
    return link_to(PATHS[purpose].format(token=token))


def link_to(path: str) -> str:
    """The whole address of a page of ours; ``path`` begins with a slash."""
    return instance().settings.PUBLIC_URL.rstrip("/") + path


def seats_of(email: str) -> list[Participant]:
    """Where that address takes part in confirmed requests, coordination aside: one seat a request, the oldest first."""
    seats = db.session.scalars(select(Participant).join(Dossier).where(
        func.lower(Participant.email) == email.lower(), Participant.active, Participant.role != Role.COORDINATOR.value,
        Dossier.confirmed_at.is_not(None)).options(contains_eager(Participant.dossier)).order_by(Participant.id))
    return list({seat.dossier_id: seat for seat in seats}.values())


def read_link(token: str, purpose: Purpose, now: datetime, *, spent: bool = False) -> AccessLink:
    """The living link of that purpose; changes nothing.

    :param spent: accept a link that was used already (the caller tells the person what was done).
    :raises LinkUnknown: no such link, or made for something else.
    :raises LinkExpired: too old, replaced or used.
    """
    row = db.session.scalar(select(AccessLink).where(AccessLink.token_hash == hash_token(token)))
    if row is None or row.purpose != purpose:
        raise LinkUnknown()
    if not row.alive(now):
        raise LinkExpired(renewable=row.participant_id is not None)
    if row.used_at is not None and not spent:
        raise LinkExpired("Ce lien a déjà servi.", renewable=row.participant_id is not None)
    return row


def forget(now: datetime) -> int:
    """Remove links that are over for :data:`KEPT`, and what was counted of how often things were asked; gives how many links."""
    with transaction():
        throttle.forget(now)
        return db.session.execute(delete(AccessLink).where(AccessLink.expires_at < now - KEPT)).rowcount
