"""Who has not signed is reminded, a few times and never twice a day; on the day of the first session it is too late.

The days are those of reference immersion.md b.6: three and seven days after the letter, then five, two and one working days
before the first session.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from mail import outbox
from mail.letters import signature as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.convention import Convention, ConventionKind, ConventionState
from models.dossier import CLOCK, Dossier
from models.instance import instance
from models.signature import ReturnedCopy, Signature
from models.states import ImmersionState
from territory.calendar import add_working_days, local, say_date

from .. import digest, reminding, sweeping
from ..acting import lock, promise, who_coordinates
from ..delivery.stopping import stopped_among
from ..links import personal_url
from .people import parties, tutors
from .reading import first_day
from .signing import sign_url, what, who, why_not

AFTER_DAYS, BEFORE_WORKING_DAYS = (3, 7), (5, 2, 1)
APART = timedelta(hours=24)


def days_to_remind(issued_on: date, first: date | None) -> list[date]:
    """The days on which somebody who has not signed is reminded, in order; none on the first session or after."""
    days = {issued_on + timedelta(days=days) for days in AFTER_DAYS}
    if first:
        days |= {add_working_days(first, -days, instance().network.departement) for days in BEFORE_WORKING_DAYS}
    return sorted(day for day in days if day > issued_on and (first is None or day < first))


def remind(now: datetime) -> int:
    """Remind those whose day has come, in working hours; gives how many.

    A reminder is written when it may leave and not before: meanwhile the person may sign.
    """
    if reminding.working(now) != now:
        return 0
    return sweeping.each("convention", _waiting(), _remind, now)


def _waiting() -> list[int]:
    found = list(db.session.scalars(select(Convention.id).where(Convention.state == ConventionState.ISSUED)))
    db.session.rollback()
    return found


def _remind(version_id: int, now: datetime) -> int:
    with transaction():
        version = db.session.get(Convention, version_id)
        if version is None or version.state != ConventionState.ISSUED or version.issued_at is None:
            return 0
        lock(version.immersion)
        rows = [row for row in version.signatures if _due(row, now)]
        stopped = stopped_among(row.participant.email for row in rows)
        count = 0
        for row in rows:
            email = row.participant.email
            if row.copy_to_decide is not None:
                _tell_copy_waits(row, row.copy_to_decide, now)
                continue
            if email.lower() in stopped or reminding.may_leave(email, now) > now:
                continue
            _remind_one(row, now)
            count += 1
        return count


def _due(row: Signature, now: datetime) -> bool:
    if row.participant is None or not row.participant.active or why_not(row):
        return False
    since = row.reminded_at or row.convention.issued_at
    if now - since < APART:
        return False
    today, issued_on = local(now).date(), local(row.convention.issued_at).date()
    return any(local(since).date() < day <= today for day in days_to_remind(issued_on, first_day(row.convention)))


def _tell_copy_waits(row: Signature, copy: ReturnedCopy, now: datetime) -> None:
    """Who sent a signed copy back has done their part: it is the coordination that is reminded, once a day."""
    today = local(now).date().isoformat()
    if copy.found.get("told_on") == today:
        return
    copy.found = {**copy.found, "told_on": today}
    for person in who_coordinates(row.convention.immersion):
        digest.tell(person.email, person.name, f"{who(row)} a renvoyé un document signé à la main pour {what(row.convention)} : "
                    "il attend votre décision.", now, dossier=row.convention.immersion)


def _remind_one(row: Signature, now: datetime) -> None:
    version, dossier, first = row.convention, row.convention.immersion, first_day(row.convention)
    row.reminders, row.reminded_at = row.reminders + 1, now
    write_reminder(row, now)
    if row.reminders >= len(AFTER_DAYS) + 1:
        for person in who_coordinates(dossier):
            digest.tell(person.email, person.name, f"La signature de {who(row)} manque encore sur {what(version)}"
                        + (f" : la première séance est le {say_date(first)}." if first else "."), now, dossier=dossier)


def write_reminder(row: Signature, now: datetime, *, words: str = "", sender: str = "") -> None:
    """The letter with the link again, to leave when it may; ``words``: what ``sender``, of the coordination, adds to it."""
    version, first = row.convention, first_day(row.convention)
    others = [who(other) for other in version.signatures if not other.signed and other is not row]
    letter = letters.signature_reminder(instance().network, version.immersion, row.participant, what(version),
                                        f"le {say_date(first)}" if first else "", others, sign_url(row, now), words, sender)
    reminding.post(letter, row.participant, now)


def expire(now: datetime) -> int:
    """On the day of the first session, what is not signed by all is not signed any more: everybody is told; gives how many."""
    return sweeping.each("convention", _waiting(), _expire, now)


def _expire(version_id: int, now: datetime) -> int:
    with transaction():
        version = db.session.get(Convention, version_id)
        if version is None or version.kind != ConventionKind.CONVENTION:
            return 0
        dossier = lock(version.immersion)
        first = first_day(version)
        late = first is not None and first <= local(now).date() and version.state == ConventionState.ISSUED
        if not late or dossier.state not in (ImmersionState.TO_SIGN, ImmersionState.CHANGE_ASKED):
            return 0
        _tell_expired(version, dossier, now)
        return 1


def _tell_expired(version: Convention, dossier: Dossier, now: datetime) -> None:
    dossier.move_to(ImmersionState.EXPIRED, CLOCK, now, "convention_expired", version=version.version)
    promise(dossier, now)
    missing = [who(row) for row in version.signatures if not row.signed]
    people = dict.fromkeys([*parties(dossier), *(row.participant for row in version.signatures if row.participant),
                            *tutors(dossier), *who_coordinates(dossier)])
    for person in people:
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.convention_expired(instance().network, dossier, person, what(version), missing, url), person, now)
