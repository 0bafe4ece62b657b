"""A structure names its professionals; each is invited to fill in their own data, and is free to say no thank you."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from mail import outbox
from mail.letters import donnees as letters
from models.access_link import Purpose, new_link
from models.base import db, insert_row, transaction
from models.instance import instance
from models.structure import Invitation, Membre, Structure

from .. import employing, reminding, sweeping, throttle
from ..delivery import stopping
from ..errors import LinkExpired, NotAllowed, TooMany
from ..links import link_url, read_link
from .space import speaks_for, whose

REMINDED_AFTER = timedelta(days=10)
KEPT = timedelta(days=90)
_A_DAY = 40

#: Somebody named: first name, name, address.
Named = tuple[str, str, str]


def colleagues(member: Membre) -> list[Membre]:
    """The other members who work for the structure this one speaks for, but those who keep it from their employer as yet."""
    if not speaks_for(member):
        return []
    return [one for one in member.structure.members
            if one is not member and one.left_at is None and not employing.keeps_quiet(one)]


def pending(structure: Structure) -> list[Invitation]:
    """Who was invited and has neither joined, as far as their employer may know, nor said no thank you."""
    members = select(Membre.email).where(Membre.left_at.is_(None), ~employing.not_reached())
    return list(db.session.scalars(select(Invitation).where(
        Invitation.structure_id == structure.id, Invitation.declined_at.is_(None), Invitation.email.not_in(members))
        .order_by(Invitation.id)))


def invite(token: str, people: list[Named], now: datetime) -> int:
    """Invite the people a structure's representative names from their space; gives how many letters left.

    :raises LinkUnknown, LinkExpired, NotAllowed, TooMany:
    """
    with transaction():
        member = whose(token, now)
        if not speaks_for(member):
            raise NotAllowed()
        return invite_all(member.structure, member.name, people, now)


def invite_all(structure: Structure, by: str, people: list[Named], now: datetime) -> int:
    """Invite each person once, but those who are members already; inside a transaction.

    A member who keeps it from their employer as yet stands in the list like anybody who was invited, and is not written to.

    :raises TooMany: too many invitations from that structure today.
    """
    sent, network = 0, instance().network
    for given_name, family_name, address in people:
        email = address.lower()
        # (whether their employer must not learn that they are here,), None for who is no member
        known = db.session.execute(select(employing.not_reached()).where(Membre.email == email, Membre.left_at.is_(None))).first()
        invited = db.session.scalar(select(Invitation).where(Invitation.structure_id == structure.id, Invitation.email == email))
        if (known and not known[0]) or invited or stopping.stopped_among({email}):
            continue
        if not throttle.allow(f"invitation:{structure.id}", _A_DAY, 86400, now):
            raise TooMany("Beaucoup d’invitations sont parties aujourd’hui pour cette structure. Réessayez demain.")
        row = Invitation(structure_id=structure.id, by=by, given_name=given_name, family_name=family_name, email=email,
                         invited_at=now)
        insert_row(row)
        if known:
            continue
        outbox.post_to_address(letters.invitation(network, row.name, by, structure.name, _url(row, now)), email, row.name, now)
        sent += 1
    return sent


def _url(row: Invitation, now: datetime) -> str:
    token, link = new_link(Purpose.INVITATION, row.email, now)
    link.about = str(row.id)
    insert_row(link)
    return link_url(Purpose.INVITATION, token)


def read_invitation(token: str, now: datetime) -> Invitation:
    """The invitation of a link; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    row = db.session.get(Invitation, int(read_link(token, Purpose.INVITATION, now).about))
    if row is None:
        raise LinkExpired("Cette invitation n’est plus attendue.")
    if db.session.scalar(select(Membre.id).where(Membre.email == row.email, Membre.left_at.is_(None))):
        raise LinkExpired("Vous faites déjà partie du réseau.")
    return row


def decline(token: str, now: datetime) -> Invitation:
    """No thank you: nothing more is written about it. Twice is once.

    :raises LinkUnknown, LinkExpired:
    """
    with transaction():
        row = read_invitation(token, now)
        row.declined_at = row.declined_at or now
        return row


def remind(now: datetime) -> int:
    """Remind once, in working hours, who has not answered; gives how many."""
    if reminding.working(now) != now:
        return 0
    members = select(Membre.email).where(Membre.left_at.is_(None))
    return sweeping.each_due(select(Invitation).where(
        Invitation.reminded_at.is_(None), Invitation.declined_at.is_(None), Invitation.invited_at < now - REMINDED_AFTER,
        Invitation.email.not_in(members)).order_by(Invitation.id), _remind, now)


def _remind(row: Invitation, now: datetime) -> int:
    due = reminding.may_leave(row.email, now)
    if due > now:
        return 0
    row.reminded_at = now
    letter = letters.invitation_reminder(instance().network, row.name, row.by, row.structure.name, _url(row, now))
    outbox.post_to_address(letter, row.email, row.name, now, due_at=due)
    return 1


def forget(now: datetime) -> int:
    """Remove invitations made more than :data:`KEPT` ago; gives how many. For the hourly job."""
    with transaction():
        return db.session.execute(delete(Invitation).where(Invitation.invited_at < now - KEPT)).rowcount
