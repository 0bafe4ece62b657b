"""The coordinators' space: what waits for a decision, what goes on, what ended."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from models.base import db
from models.dossier import Dossier
from models.outbox import OutboxMessage, OutboxState
from models.states import ENDED, WAITING_FOR_COORDINATOR

from .errors import NotFound


def to_do() -> list[Dossier]:
    """What waits for the coordination, oldest promise first."""
    return list(db.session.scalars(select(Dossier).where(_awaits()).order_by(Dossier.promised_on, Dossier.id)))


def _awaits():
    return or_(Dossier.state.in_(WAITING_FOR_COORDINATOR), Dossier.awaits_coordination)


def under_way() -> list[Dossier]:
    """What goes on but waits for somebody else, the one that has not moved for longest first."""
    return list(db.session.scalars(
        select(Dossier).where(Dossier.state.notin_([*ENDED, "unconfirmed"]), ~_awaits())
        .order_by(Dossier.moved_at, Dossier.id)))


def ended(limit: int = 50) -> list[Dossier]:
    """What ended, the latest first."""
    return list(db.session.scalars(select(Dossier).where(Dossier.state.in_(ENDED), ~_awaits(), Dossier.confirmed_at.is_not(None))
                                   .order_by(Dossier.moved_at.desc()).limit(limit)))


def find(reference: str) -> Dossier:
    """The confirmed dossier of that reference.

    :raises NotFound: none, or its author has not confirmed it yet.
    """
    dossier = db.session.scalar(select(Dossier).where(Dossier.reference == reference.upper(),
                                                      Dossier.confirmed_at.is_not(None)))
    if dossier is None:
        raise NotFound("Aucune demande ne porte cette référence.")
    return dossier


def days_left(dossier: Dossier, today: date) -> int | None:
    """Days to the promise, negative once it is late; None when nothing is promised any more."""
    return (dossier.promised_on - today).days if dossier.promised_on else None


def failed_letters(dossier: Dossier) -> list[OutboxMessage]:
    """Letters of that dossier the server would not take."""
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id,
                                                               OutboxMessage.state == OutboxState.FAILED.value)))
