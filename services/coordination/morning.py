"""What waits, told to each coordinator once on the morning of a working day; nothing to say, no letter."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from mail import outbox
from mail.letters import coordination as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import Dossier, Participant
from models.instance import instance
from models.shelf import SHELF
from territory.calendar import local, say_date

from .. import reminding, subscription, sweeping, throttle
from ..acting import commands, reply_address
from ..links import personal_url
from . import presence
from .desk import Shelf, days_left

#: Requests of one letter; what is beyond is counted in it.
MOST = 15
#: Words offered for each of them, the first of the table.
_WORDS = 4


def send(now: datetime) -> int:
    """One letter to each coordinator who is there, wants it, and is waited for; gives how many left."""
    if reminding.working(now) != now:
        return 0
    today = local(now).date()
    away = presence.absent_on(today)
    people = instance().network.coordinators
    present = [place for place, person in enumerate(people) if person.email.lower() not in away]
    return sweeping.each("coordinator", present, _to, now)


def _to(place: int, now: datetime) -> int:
    """The letter to the coordinator of that place in the network's file."""
    person, today = instance().network.coordinators[place], local(now).date()
    with transaction():
        if not subscription.wants(person.email):
            return 0
        found, beyond = waiting_for(person.email)
        if not found or not throttle.allow(f"morning:{person.email.lower()}:{today.isoformat()}", 1, 86400, now):
            return 0
        ring = instance()
        told = [_told(dossier, seat, today, now) for dossier, seat in found]
        ways = subscription.new_subscription(person.email, now)
        letter = letters.morning(ring.network, person.name, say_date(today), told, beyond,
                                 ring.settings.PUBLIC_URL.rstrip("/"), ways)
        outbox.post_to_address(letter, person.email, person.name, now)
        return 1


def waiting_for(email: str) -> tuple[list[tuple[Dossier, Participant]], int]:
    """What waits for that coordinator, the oldest promises first, with their seat in it, and how many more wait: what they
    took, and what nobody who still coordinates has taken where they take part."""
    team = [one.email.lower() for one in instance().network.coordinators]
    holder = func.lower(Dossier.assigned_to)
    oldest = Dossier.promised_on.is_(None), Dossier.promised_on, Dossier.id
    waits = list(db.session.scalars(select(Dossier.id).where(
        Shelf.TO_DO.value == SHELF, or_(holder == email.lower(), holder.notin_(team)), presence.takes_part(email))
        .order_by(*oldest)))
    rows = db.session.scalars(select(Dossier).where(Dossier.id.in_(waits[:MOST])).options(selectinload(Dossier.participants))
                              .order_by(*oldest))
    return [(dossier, next(one for one in dossier.coordinators if one.email.lower() == email.lower()))
            for dossier in rows], len(waits[MOST:])


def _told(dossier: Dossier, seat: Participant, today: date, now: datetime) -> letters.Waits:
    left = days_left(dossier, today)
    late = f"En retard de {-left} jour{'s' if left < -1 else ''}." if left is not None and left < 0 else ""
    return letters.Waits(
        dossier.reference, dossier.title, dossier.author.name, dossier.state_label,
        say_date(dossier.promised_on) if dossier.promised_on else "", late, dossier.assigned_to.lower() == seat.email.lower(),
        personal_url(Purpose.DOSSIER, seat, now), reply_address(seat, dossier.author), commands(dossier, seat, now)[:_WORDS])
