"""A coordinator leaves: somebody takes all they had, and nothing they held opens anything any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from mail import outbox
from mail.letters import coordination as letters
from models.access_link import AccessLink
from models.address import CoordinatorAbsence
from models.base import db, transaction
from models.delivery import DigestItem, MailOptOut
from models.dossier import CLOCK, Actor, Dossier, Participant
from models.instance import instance
from models.network import Coordinator
from models.outbox import OutboxMessage, OutboxState
from models.states import ENDED, Role

from ..acces import second_factor
from ..acting import as_coordinator, lock
from ..errors import Refused
from .presence import as_held, takes_part

_COORDINATES = (Participant.role == Role.COORDINATOR.value) & Participant.active


@dataclass(frozen=True)
class Leaving:
    """Somebody whose requests can be taken over: ``open_`` of them go on; ``left`` once the network's file knows them no more."""

    email: str
    name: str
    open_: int
    left: bool


def who_may_leave() -> list[Leaving]:
    """Those who coordinate, and those who did and still have requests to their name; those who left first."""
    network = instance().network
    goes_on = Dossier.state.notin_([*ENDED, "unconfirmed"])
    held = select(func.lower(Participant.email).label("who"), Dossier.id.label("what")).join(
        Dossier, Dossier.id == Participant.dossier_id).where(_COORDINATES, goes_on).union(
        select(func.lower(Dossier.assigned_to), Dossier.id).where(Dossier.assigned_to != "", goes_on)).subquery()
    numbers = dict(db.session.execute(select(held.c.who, func.count(func.distinct(held.c.what))).group_by(held.c.who)).all())
    known = {one.email.lower(): one.name for one in network.coordinators}
    names = dict(db.session.execute(select(func.lower(Participant.email), func.max(Participant.name)).where(
        func.lower(Participant.email).in_(numbers), _COORDINATES).group_by(func.lower(Participant.email))).all())
    gone = [Leaving(email, names.get(email) or email, number, left=True) for email, number in sorted(numbers.items())
            if email not in known]
    return gone + [Leaving(email, name, numbers.get(email, 0), left=False) for email, name in known.items()]


def hand_over_all(leaving: str, to: str, now: datetime) -> str:
    """Give all that somebody has to a colleague, in one transaction: what goes on and what ended, told in one letter; then end
    their sessions, links, codes and letters to come. Gives the sentence that says it is done.

    What they may still open depends on the network's file alone: taken out of it, their address opens nothing.

    :raises Refused: the same person, or nobody who coordinates.
    """
    colleague = instance().network.coordinator(to)
    if colleague is None or to.lower() == leaving.lower():
        raise Refused("Choisissez une autre personne, de la coordination.")
    with transaction():
        held, count = _give(leaving.lower(), colleague, now)
        _close(leaving.lower(), now)
        name = next((one.name for one in instance().network.coordinators if one.email.lower() == leaving.lower()), "") or leaving
        letter = letters.taken_over(instance().network, colleague.name, name, held)
        outbox.post_to_address(letter, colleague.email, colleague.name, now)
    return (f"Tout est confié à {colleague.name}\u00a0: {_say(len(held), 'demande en cours', 'demandes en cours')}, "
            f"{_say(count - len(held), 'terminée', 'terminées')}.")


def _say(number: int, one: str, several: str) -> str:
    return f"{number or 'aucune'} {one if number < 2 else several}"


def _give(leaving: str, colleague: Coordinator, now: datetime) -> tuple[list[letters.Held], int]:
    """``(what goes on, for the letter; how many in all)``."""
    dossiers = db.session.scalars(select(Dossier).where(
        Dossier.confirmed_at.is_not(None), or_(func.lower(Dossier.assigned_to) == leaving, takes_part(leaving)))
        .order_by(Dossier.promised_on.is_(None), Dossier.promised_on, Dossier.id)).all()
    for dossier in sorted(dossiers, key=lambda one: one.id):  # in that order everywhere, or two would wait for each other
        lock(dossier)
    held = []
    for dossier in dossiers:
        receiver = as_coordinator(dossier, colleague.email)
        db.session.flush()
        before = next((one for one in dossier.coordinators if one.email.lower() == leaving), None)
        if before is not None:
            before.active = False
        if dossier.assigned_to.lower() == leaving:
            dossier.assigned_to = "" if dossier.ended else receiver.email
        dossier.record("coordinator_left", Actor(CLOCK.role, before, "clock"), now)
        dossier.record("routed", Actor(CLOCK.role, receiver, "clock"), now)
        if not dossier.ended:
            held.append(as_held(dossier))
    return held, len(dossiers)


def _close(leaving: str, now: datetime) -> None:
    """End every key of that address but those of their own requests, if they made any."""
    own = select(Participant.id).where(Participant.role != Role.COORDINATOR.value)
    db.session.execute(update(AccessLink).where(
        func.lower(AccessLink.email) == leaving, AccessLink.revoked_at.is_(None),
        or_(AccessLink.participant_id.is_(None), AccessLink.participant_id.notin_(own))).values(revoked_at=now)
        .execution_options(synchronize_session=False))
    second_factor.forget(leaving)
    db.session.execute(delete(DigestItem).where(DigestItem.email == leaving))
    db.session.execute(delete(CoordinatorAbsence).where(CoordinatorAbsence.email == leaving))
    db.session.execute(delete(MailOptOut).where(MailOptOut.email == leaving))
    seats = select(Participant.id).where(Participant.role == Role.COORDINATOR.value)
    db.session.execute(update(OutboxMessage).where(
        func.lower(OutboxMessage.recipient) == leaving, OutboxMessage.state.in_([OutboxState.DUE.value, OutboxState.HELD.value]),
        or_(OutboxMessage.participant_id.is_(None), OutboxMessage.participant_id.in_(seats)))
        .values(state=OutboxState.FAILED.value, server_said="la personne a quitté la coordination")
        .execution_options(synchronize_session=False))
