"""What the clock does once a convention is signed: a word before each session, then the request goes on by itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, select

from mail import outbox
from mail.letters import convention as closing
from mail.letters import sessions as letters
from models.access_link import Purpose
from models.convention import ImmersionSession
from models.dossier import CLOCK, Immersion, Participant
from models.instance import instance
from models.states import ImmersionState, Role
from territory.calendar import PARIS, is_working_day, local

from .. import reminding, sweeping
from ..convention.in_force import on_the_spot
from ..links import personal_url
from .hosting import say_session

#: Days before a session at which who takes part in it is reminded; the working day before, where that one is not.
REMINDED_BEFORE = 3
#: Days after the last session at which the request is closed, whatever came.
CLOSED_AFTER = 30


def remind_sessions(now: datetime) -> int:
    """Each hour, in working hours: a word before each session; gives how many sessions."""
    if reminding.working(now) != now:
        return 0
    today = local(now).date()
    near = (ImmersionSession.reminded_at.is_(None), ImmersionSession.on > today,
            ImmersionSession.on <= today + timedelta(days=REMINDED_BEFORE + 7))
    return sweeping.each_due(select(Immersion).where(
        Immersion.state == ImmersionState.SIGNED.value, Immersion.sessions.any(and_(*near))), _remind_near, now)


def _remind_near(dossier: Immersion, now: datetime) -> int:
    today = local(now).date()
    due = [session for session in dossier.sessions
           if session.reminded_at is None and session.on > today >= reminded_on(session.on)]
    for session in due:
        _remind(session, now)
    return len(due)


def reminded_on(day: date) -> date:
    """The day whose morning brings the reminder of a session on ``day``: never later than three days before."""
    departement, found = instance().network.departement, day - timedelta(days=REMINDED_BEFORE)
    while not is_working_day(found, departement):
        found -= timedelta(days=1)
    return found


def _remind(session: ImmersionSession, now: datetime) -> None:
    dossier = session.immersion
    session.reminded_at = now
    begins = datetime.combine(session.on, session.starts, PARIS)
    for person in who_comes(dossier):
        if reminding.may_leave(person.email, now) >= begins:
            continue
        url = personal_url(Purpose.DOSSIER, person, now)
        letter = letters.session_reminder(instance().network, dossier, person, say_session(session), on_the_spot(dossier), url)
        reminding.post(letter, person, now)
    dossier.record("session_reminded", CLOCK, now)


def who_comes(dossier: Immersion) -> list[Participant]:
    """Who is there on the day: the person received, the host, the tutor."""
    found = (dossier.author, dossier.participant(Role.HOST), dossier.participant(Role.TUTOR))
    return [person for person in found if person is not None]


def live_due(now: datetime) -> int:
    """Each hour: what had its last session yesterday or before waits for its reports; gives how many requests."""
    today = local(now).date()
    return sweeping.each_due(select(Immersion).where(
        Immersion.state == ImmersionState.SIGNED.value, Immersion.sessions.any(),
        ~Immersion.sessions.any(ImmersionSession.on >= today)), _live, now)


def _live(dossier: Immersion, now: datetime) -> int:
    dossier.move_to(ImmersionState.LIVED, CLOCK, now, "lived")
    return 1


def close_due(now: datetime) -> int:
    """Each hour: a month after the last session the request is closed, and its people thanked; gives how many."""
    limit = local(now).date() - timedelta(days=CLOSED_AFTER)
    states = [state.value for state in (ImmersionState.LIVED, ImmersionState.INTERRUPTED, ImmersionState.NOT_HELD)]
    return sweeping.each_due(select(Immersion).where(
        Immersion.state.in_(states), Immersion.moved_at < datetime.combine(limit, time(0), PARIS),
        ~Immersion.sessions.any(ImmersionSession.on >= limit)), _close, now)


def _close(dossier: Immersion, now: datetime) -> int:
    dossier.move_to(ImmersionState.CLOSED, CLOCK, now, "closed_by_clock")
    for person in (dossier.author, dossier.participant(Role.HOST), dossier.participant(Role.EMPLOYER)):
        if person:
            outbox.post(closing.immersion_closed(instance().network, dossier, person, ""), person, now)
    return 1
