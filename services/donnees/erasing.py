"""Erasure by oneself: asked in one's space, confirmed by a link, waited for, then done by the hourly job (GDPR, article 17).

What was sent to be signed stays: it binds others, and proves what was agreed (code civil, article 2224).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from mail import outbox
from mail.letters import donnees as letters
from models.access_link import AccessLink, Purpose, new_link
from models.base import db, insert_row, transaction
from models.dossier import Dossier
from models.erasure import ErasureRequest
from models.instance import instance
from models.states import Kind
from models.structure import Membre
from territory.calendar import local, say_date

from .. import routing, sweeping, throttle
from ..coordination import presence
from ..errors import LinkExpired, TooMany
from ..links import link_url, read_link
from .erased import erase, kept_as_proof
from .space import requests_of, whose

#: Time to change one's mind, and for the coordination to tell those who wait for something.
DELAY = timedelta(days=14)


def planned(member: Membre) -> ErasureRequest | None:
    """The erasure that is to be done, if they confirmed one."""
    return db.session.scalar(select(ErasureRequest).where(
        ErasureRequest.membre_id == member.id, ErasureRequest.cancelled_at.is_(None), ErasureRequest.done_at.is_(None)))


def kept_and_under_way(member: Membre) -> tuple[list[Dossier], list[Dossier]]:
    """The requests that stay, since a convention of theirs was sent to be signed; those that go, which others may wait for."""
    found = [seat.dossier for seat in requests_of(member)]
    kept = kept_as_proof([dossier.id for dossier in found])
    return ([dossier for dossier in found if dossier.id in kept],
            [dossier for dossier in found if not dossier.ended and dossier.id not in kept and dossier.kind != Kind.ADHESION])


def ask(token: str, now: datetime) -> None:
    """Send the link that confirms, to the member's address; nothing is planned yet.

    :raises LinkUnknown, LinkExpired, TooMany:
    """
    with transaction():
        member = whose(token, now)
        if not throttle.allow(f"erasure:{member.id}", 3, 86400, now):
            raise TooMany("Plusieurs courriels sont déjà partis aujourd’hui. Regardez parmi les indésirables, ou réessayez "
                          "demain.")
        secret, row = new_link(Purpose.ERASURE, member.email, now)
        row.about = str(member.id)
        insert_row(row)
        outbox.post_to_address(letters.erasure_to_confirm(instance().network, member.name, link_url(Purpose.ERASURE, secret),
                                                          DELAY.days), member.email, member.name, now)


def read_erasure(token: str, now: datetime) -> Membre:
    """Whose erasure a link confirms or cancels; changes nothing.

    :raises LinkUnknown, LinkExpired: among others once it is done.
    """
    link = read_link(token, Purpose.ERASURE, now)
    member = db.session.get(Membre, int(link.about))
    if member is None or member.left_at is not None or member.email != link.email:
        raise LinkExpired("Ce lien n’est plus attendu.")
    return member


def confirm(token: str, now: datetime) -> None:
    """The member confirms: it is planned, they and the coordination are told. Twice is once.

    :raises LinkUnknown, LinkExpired:
    """
    ring = instance()
    with transaction():
        member = read_erasure(token, now)
        if planned(member) is not None:
            return
        row = ErasureRequest(membre_id=member.id, asked_at=now, due_at=now + DELAY)
        db.session.add(row)
        day = say_date(local(row.due_at).date())
        secret, link = new_link(Purpose.ERASURE, member.email, now)
        link.about = str(member.id)
        insert_row(link)
        proofs, _going = kept_and_under_way(member)
        outbox.post_to_address(letters.erasure_planned(
            ring.network, member.name, day, [one.reference for one in proofs], link_url(Purpose.ERASURE, secret)),
            member.email, member.name, now)
        _tell(member, day, now, cancelled=False)


def _tell(member: Membre, day: str, now: datetime, *, cancelled: bool) -> None:
    network, today = instance().network, local(now).date()
    person = routing.choose(network, Kind.ADHESION, member.commune, today, presence.away_on(today)).coordinator
    waiting = [] if cancelled else [f"{one.reference}, {one.title}" for one in kept_and_under_way(member)[1]]
    outbox.post_to_address(letters.erasure_told(network, person.name, member.name, day, waiting, cancelled=cancelled),
                           person.email, person.name, now)


def cancel(token: str, now: datetime) -> None:
    """The member changes their mind. Twice is once.

    :raises LinkUnknown, LinkExpired: once it is done.
    """
    with transaction():
        _cancelled(read_erasure(token, now), now)


def cancel_in_space(token: str, now: datetime) -> None:
    """The same from their space."""
    with transaction():
        _cancelled(whose(token, now), now)


def _cancelled(member: Membre, now: datetime) -> None:
    row = planned(member)
    if row is None:
        return
    row.cancelled_at = now
    db.session.execute(update(AccessLink).where(
        AccessLink.purpose == Purpose.ERASURE.value, AccessLink.about == str(member.id), AccessLink.revoked_at.is_(None))
        .values(revoked_at=now))
    _tell(member, "", now, cancelled=True)


def erase_due(now: datetime) -> int:
    """Do what is due; gives how many members were erased. For the hourly job: one transaction for each."""
    due = select(ErasureRequest).where(
        ErasureRequest.due_at <= now, ErasureRequest.cancelled_at.is_(None), ErasureRequest.done_at.is_(None))
    return sweeping.each_due(due, _erase, now)


def _erase(row: ErasureRequest, now: datetime) -> int:
    if row.membre is not None:
        erase(row.membre, now)
    row.done_at = now
    return 1
