"""The other addresses of a member: seen, removed, or made the one they are written to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from models.address import SecondAddress
from models.base import db, transaction
from models.structure import Membre

from ..errors import NotFound
from .space import whose


def others(member: Membre) -> list[str]:
    """The other addresses they are recognised by, in alphabetical order."""
    return sorted(db.session.scalars(select(SecondAddress.other).where(
        SecondAddress.email == member.email, SecondAddress.confirmed_at.is_not(None))))


def remove(token: str, other: str, now: datetime) -> None:
    """What comes from that address is not taken for theirs any more.

    :raises LinkUnknown, LinkExpired: and :class:`NotFound` for an address that is none of theirs, or is removed already.
    """
    with transaction() as session:
        member, address = whose(token, now), other.strip().lower()
        if address not in others(member):
            raise NotFound("Cette adresse n’est pas, ou n’est plus, une de vos autres adresses.")
        session.execute(delete(SecondAddress).where(SecondAddress.email == member.email, SecondAddress.other == address))


def follow(old: str, new: str, now: datetime) -> None:
    """The other addresses of who is written to at ``new`` from now on; inside a transaction.

    An address of theirs that becomes the main one changes places with it; one that was given up is not theirs any more.
    """
    session = db.session
    swapped = session.scalar(select(SecondAddress.id).where(
        SecondAddress.email == old, SecondAddress.other == new, SecondAddress.confirmed_at.is_not(None))) is not None
    session.execute(delete(SecondAddress).where(SecondAddress.email == old, SecondAddress.other == new))
    known = select(SecondAddress.other).where(SecondAddress.email == new)
    session.execute(delete(SecondAddress).where(SecondAddress.email == old, SecondAddress.other.in_(known)))
    session.execute(update(SecondAddress).where(SecondAddress.email == old).values(email=new))
    if swapped and session.scalar(select(SecondAddress.id).where(SecondAddress.email == new, SecondAddress.other == old)) is None:
        session.add(SecondAddress(email=new, other=old, asked_at=now, confirmed_at=now))
