"""Reports are asked the day after the last session, and asked again twice: on the third day and on the tenth."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from mail import outbox
from mail.letters import evaluation as letters
from models.access_link import Purpose
from models.dossier import CLOCK, Immersion, Participant
from models.evaluation import Evaluation, Voice
from models.instance import instance
from models.states import ImmersionState, Kind
from territory.calendar import local

from .. import acting, reminding, sweeping
from ..links import personal_url
from .questions import ROLES, VOICES, prepared

#: Days after the last session: the first reminder, the second and last (reference immersion.md b.4 and b.6).
REMINDED_ON = (3, 10)
#: Where a report may be given.
GIVEN_IN = frozenset({ImmersionState.LIVED.value, ImmersionState.INTERRUPTED.value})


def last_day(dossier: Immersion) -> date | None:
    """The day of the last session, None without any."""
    return max((session.on for session in dossier.sessions), default=None)


def evaluation_of(dossier: Immersion, voice: Voice | str) -> Evaluation | None:
    return next((row for row in dossier.evaluations if row.voice == voice), None)


def awaited_of(dossier: Immersion, who: Participant | None) -> Evaluation | None:
    """The report that person was asked and may still give or correct."""
    voice = VOICES.get(who.role) if who is not None else None
    return evaluation_of(dossier, voice) if voice and dossier.kind_ == Kind.IMMERSION and dossier.state in GIVEN_IN else None


def report_awaited(participant_id: int) -> Voice | None:
    """Whose report that person was asked for and may still give, for who reads their mail."""
    row = awaited_of((person := acting.load_participant(participant_id)).dossier, person)
    return Voice(row.voice) if row is not None else None


def ask(dossier: Immersion, now: datetime) -> None:
    """Ask each party for its report; inside a transaction, in working hours."""
    for voice in Voice:
        person = dossier.author if voice == Voice.COMPANION else dossier.participant(ROLES[voice.value])
        if evaluation_of(dossier, voice) is not None or person is None:
            continue
        dossier.evaluations.append(Evaluation(voice=voice.value, asked_at=now, answers={}, agreements={}))
        outbox.post(letters.report_to_give(instance().network, dossier, person, *_ways(person, voice, now)), person, now)
    dossier.record("reports_asked", CLOCK, now)


def ask_due(now: datetime) -> int:
    """Each hour: ask for the reports of what took place and was not asked about yet; gives how many requests."""
    if reminding.working(now) != now:
        return 0
    return sweeping.each_due(select(Immersion).where(
        Immersion.state == ImmersionState.LIVED.value, ~Immersion.evaluations.any()), _ask, now)


def _ask(dossier: Immersion, now: datetime) -> int:
    ask(dossier, now)
    return 1


def remind_due(now: datetime) -> int:
    """Each hour, in working hours: a word to who has not given their report; at most two, one a day; gives how many."""
    if reminding.working(now) != now:
        return 0
    return sweeping.each_due(select(Immersion).where(Immersion.state.in_(GIVEN_IN), Immersion.evaluations.any(
        Evaluation.given_at.is_(None) & (Evaluation.reminders < len(REMINDED_ON)))), _remind_late, now)


def _remind_late(dossier: Immersion, now: datetime) -> int:
    return sum(_remind(row, now) for row in dossier.evaluations
               if row.given_at is None and row.reminders < len(REMINDED_ON))


def _remind(row: Evaluation, now: datetime) -> int:
    dossier, voice = row.immersion, Voice(row.voice)
    person = dossier.author if voice == Voice.COMPANION else dossier.participant(ROLES[row.voice])
    ended = last_day(dossier)
    if person is None or ended is None or local(now).date() < ended + timedelta(days=REMINDED_ON[row.reminders]):
        return 0
    if reminding.may_leave(person.email, now) > now:  # this person was reminded of something today
        return 0
    row.reminders += 1
    last = row.reminders == len(REMINDED_ON)
    reminding.post(letters.report_reminder(instance().network, dossier, person, *_ways(person, voice, now), last=last), person,
                   now)
    dossier.record("report_reminded", CLOCK, now)
    return 1


def _ways(person: Participant, voice: Voice, now: datetime) -> tuple[str, str, str]:
    """The page, the address of an answer by mail, and that answer prepared."""
    return (f"{personal_url(Purpose.DOSSIER, person, now)}/bilan", acting.reply_address(person), prepared(voice))
