"""When a letter nobody waits for may leave: the one place for working hours and for "never two reminders a day".

Answers, receipts and what a person just asked for leave at once and never ask here.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import delete, func, select

from mail import outbox
from mail.letter import Letter
from models.base import db
from models.dossier import Participant
from models.instance import instance
from models.outbox import REMINDERS, OutboxMessage, OutboxState
from territory.calendar import PARIS, local, next_working_moment


def working(now: datetime) -> datetime:
    """``now`` in this instance's working hours, else the next opening."""
    ring = instance()
    return next_working_moment(now, ring.settings.REMINDERS_FROM, ring.settings.REMINDERS_UNTIL, ring.network.departement)


def may_leave(email: str, now: datetime) -> datetime:
    """When a reminder may go to that address: in working hours, on a day that has no other one for it."""
    moment = working(now)
    while _reminded_on_the_day_of(moment, email):
        tomorrow = datetime.combine(local(moment).date() + timedelta(days=1), time(0), PARIS)
        moment = working(tomorrow)
    return moment


def post(letter: Letter, to: Participant, now: datetime) -> OutboxMessage:
    """Write a reminder, to leave when it may; inside a transaction."""
    return outbox.post(letter, to, now, due_at=may_leave(to.email, now))


def withdraw(to: Participant, letter: str, now: datetime) -> None:
    """Take back the reminders of that name which have not left yet: what they ask for is done. Inside a transaction."""
    db.session.execute(delete(OutboxMessage).where(
        OutboxMessage.participant_id == to.id, OutboxMessage.letter == letter, OutboxMessage.state == OutboxState.DUE,
        OutboxMessage.attempts == 0, OutboxMessage.due_at > now))


def _reminded_on_the_day_of(moment: datetime, email: str) -> bool:
    day = local(moment).date()
    begins = datetime.combine(day, time(0), PARIS)
    ends = datetime.combine(day + timedelta(days=1), time(0), PARIS)
    return db.session.scalar(select(OutboxMessage.id).where(
        func.lower(OutboxMessage.recipient) == email.lower(), REMINDERS,
        func.coalesce(OutboxMessage.sent_at, OutboxMessage.due_at) >= begins,
        func.coalesce(OutboxMessage.sent_at, OutboxMessage.due_at) < ends).limit(1)) is not None
