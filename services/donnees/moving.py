"""A member changes their address: the old one and the new one both say yes, and everything follows at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from mail import outbox
from mail.letters import donnees as letters
from models.access_link import AccessLink, Purpose, new_link
from models.address import AddressMove
from models.base import db, insert_row, transaction
from models.dossier import Participant
from models.instance import instance
from models.states import Role
from models.structure import Membre

from .. import delivery, throttle
from ..delivery import stopping
from ..errors import AlreadyDone, LinkExpired, Refused, TooMany
from ..links import link_url, read_link
from . import addresses
from .space import close_links, whose

_ASKED_A_DAY = 5
#: What was asked and answered is of no use any more.
KEPT = timedelta(days=30)
OLD, NEW = "old", "new"


def ask_to_move(token: str, email: str, now: datetime) -> None:
    """Write to both addresses; the latest demand takes the place of those before it.

    :raises LinkUnknown, LinkExpired:
    :raises Refused: an address this member cannot have.
    """
    ring, new = instance(), email.strip().lower()
    with transaction():
        member = whose(token, now)
        _check(member, new)
        if not throttle.allow(f"move:{member.id}", _ASKED_A_DAY, 86400, now):
            raise TooMany("Plusieurs changements d’adresse ont déjà été demandés aujourd’hui. Réessayez demain.")
        for move in _open_moves(member):
            move.done_at = now
        db.session.execute(update(AccessLink).where(
            AccessLink.purpose == Purpose.MOVE.value, AccessLink.about.in_([f"{OLD}:{member.id}", f"{NEW}:{member.id}"]),
            AccessLink.revoked_at.is_(None)).values(revoked_at=now))
        db.session.add(AddressMove(member_id=member.id, old=member.email, new=new, asked_at=now))
        db.session.flush()
        outbox.post_to_address(letters.move_from(ring.network, member.name, new, _url(OLD, member, member.email, now)),
                               member.email, member.name, now)
        # The new address may be anybody's: it is told no name.
        outbox.post_to_address(letters.move_to(ring.network, _url(NEW, member, new, now)), new, "", now)


def _check(member: Membre, new: str) -> None:
    if new == member.email:
        raise Refused("C’est déjà votre adresse.")
    if new.rpartition("@")[2] == instance().settings.mail_domain.lower():
        raise Refused("C’est une adresse du réseau : indiquez la vôtre.")
    if stopping.stopped_among({new}):
        raise Refused("Nos courriels ne parviennent pas à cette adresse. Vérifiez-la.")


def _open_moves(member: Membre) -> list[AddressMove]:
    return list(db.session.scalars(select(AddressMove).where(AddressMove.member_id == member.id, AddressMove.done_at.is_(None))))


def _url(side: str, member: Membre, email: str, now: datetime) -> str:
    token, row = new_link(Purpose.MOVE, email, now)
    row.about = f"{side}:{member.id}"
    insert_row(row)
    return link_url(Purpose.MOVE, token)


@dataclass(frozen=True)
class Said:
    """Where a change of address stands. ``side`` is that of the link; ``other`` has already said yes."""

    side: str
    old: str
    new: str
    mine: bool
    other: bool
    done: bool


def read_move(token: str, now: datetime) -> Said:
    """What a link of a change of address asks; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    return _said(*_found(token, now))


def _found(token: str, now: datetime) -> tuple[str, AddressMove]:
    row = read_link(token, Purpose.MOVE, now)
    side, _, member_id = row.about.partition(":")
    move = db.session.scalar(select(AddressMove).where(AddressMove.member_id == int(member_id)).order_by(AddressMove.id.desc())
                             .limit(1))
    if move is None:
        raise LinkExpired("Ce changement d’adresse n’est plus attendu.")
    return side, move


def _said(side: str, move: AddressMove) -> Said:
    said = {OLD: move.old_said_at is not None, NEW: move.new_said_at is not None}
    return Said(side, move.old, move.new, said[side], said[NEW if side == OLD else OLD], move.done_at is not None)


def say_yes(token: str, now: datetime) -> Said:
    """One of the two addresses agrees; the member is written to at the new one once both did. Twice is once.

    :raises LinkUnknown, LinkExpired:
    :raises AlreadyDone: the new address became another member's meanwhile.
    """
    with transaction():
        side, move = _found(token, now)
        db.session.refresh(move, with_for_update=True)
        if move.done_at is None:
            if side == OLD:
                move.old_said_at = move.old_said_at or now
            else:
                move.new_said_at = move.new_said_at or now
            if move.old_said_at and move.new_said_at:
                _follow(move, now)
        return _said(side, move)


def forget(now: datetime) -> int:
    """Remove changes of address asked for more than :data:`KEPT` ago; gives how many. For the hourly job."""
    with transaction():
        return db.session.execute(delete(AddressMove).where(AddressMove.asked_at < now - KEPT)).rowcount


def _follow(move: AddressMove, now: datetime) -> None:
    """Everything that went to the old address goes to the new one."""
    member = db.session.get(Membre, move.member_id)
    if db.session.scalar(select(Membre.id).where(Membre.email == move.new, Membre.id != member.id)) is not None:
        raise AlreadyDone("Cette adresse est déjà celle d’un autre membre du réseau.")
    move.done_at = now
    for seat in db.session.scalars(select(Participant).where(
            func.lower(Participant.email) == move.old, Participant.role != Role.COORDINATOR.value)).all():
        if not any(other.role == seat.role and other.email.lower() == move.new for other in seat.dossier.participants):
            delivery.move_seat(seat, move.old, move.new, now)
    addresses.follow(move.old, move.new, now)
    member.email = move.new
    close_links(move.old, now)
    stopping.lift(move.new, now)
    outbox.post_to_address(letters.moved(instance().network, member.name), move.new, member.name, now)
