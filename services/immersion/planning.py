"""What the network knows around the dates of an immersion, for session_checks.py: other immersions and places."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import joinedload

from models.base import db
from models.convention import ConventionState, ImmersionSession
from models.dossier import Immersion, Participant
from models.instance import instance
from models.states import ENDED, ImmersionState, Role
from pdf.convention import ConventionData, Session, from_json
from territory.calendar import local

from .session_checks import PUBLIC_AGENT, Around, Elsewhere, Finding, check_sessions, months_before

#: States in which dates given before hold nobody any more: the visit will not be.
_FREED = frozenset({ImmersionState.REFUSED.value, ImmersionState.WITHDRAWN.value, "not_held"})
#: States in which those who take part are shown its days.
_HELD = frozenset({ImmersionState.HOST_AGREED, ImmersionState.IN_REVIEW, ImmersionState.TO_SIGN, ImmersionState.CHANGE_ASKED,
                   ImmersionState.SIGNED, ImmersionState.LIVED, ImmersionState.INTERRUPTED})
#: The frame each status of work suggests; the coordination chooses (reference field.md 4.1).
SUGGESTED_FRAMES = {"agent_public": PUBLIC_AGENT, "benevole": "independant_benevole", "independant": "independant_benevole"}
DEFAULT_FRAME = "mission_observation"


def suggested_frame(dossier: Immersion) -> str:
    """The frame that the situation of the person suggests, before anybody chooses."""
    frame = SUGGESTED_FRAMES.get(dossier.answers.get("work_status", ""), DEFAULT_FRAME)
    host = dossier.host
    return DEFAULT_FRAME if frame == PUBLIC_AGENT and host is not None and not host.public else frame


def around(dossier: Immersion, now: datetime, data: ConventionData | None = None) -> Around:
    """What is known around the dates of that dossier; with ``data``, the frame is the one chosen there."""
    answers, network = dossier.answers, instance().network
    details = data.details if data else None
    earliest = answers.get("earliest")
    host, others = dossier.host, _others(dossier)
    of_person = [other for other, theirs in others if theirs and other.state not in ENDED]
    at_host = [other for other, _theirs in others if dossier.host_id and other.host_id == dossier.host_id and
               other.state not in ENDED]
    return Around(
        today=local(now).date(), departement=network.departement, frame=data.frame if data else suggested_frame(dossier),
        chosen=data is not None, rhythm=answers.get("rhythm", ""), earliest=date.fromisoformat(earliest) if earliest else None,
        requested_on=(details.requested_on if details else None) or local(dossier.created_at).date(),
        shorter_notice_agreed=bool(details and details.shorter_notice_agreed),
        of_person=_elsewhere(of_person), at_host=_elsewhere(at_host), places=host.host_places if host else 0,
        days_before=_days_before(others, _last_day(dossier, data, now)),
        days_elsewhere=(details.days_elsewhere if details else None) or 0)


def findings(dossier: Immersion, sessions: Iterable[Session], now: datetime,
             data: ConventionData | None = None) -> tuple[Finding, ...]:
    """What is to be said of these dates for that dossier."""
    return check_sessions(tuple(sessions), around(dossier, now, data))


def _days_before(others: list[_Other], until: date) -> int:
    since = months_before(until, 36)
    days = {(other.id, session.on) for other, theirs in others for session in other.sessions
            if theirs and since < session.on <= until and _frame(other) == PUBLIC_AGENT}
    return len(days)


def _last_day(dossier: Immersion, data: ConventionData | None, now: datetime) -> date:
    days = [s.on for s in (data.sessions if data else dossier.sessions)]
    return max(days, default=months_before(local(now).date(), -12))


def _frame(dossier: Immersion) -> str:
    latest = next((row for row in reversed(dossier.conventions) if not row.number or row.state == ConventionState.SIGNED), None)
    return latest.data.get("frame", "") if latest else suggested_frame(dossier)


_Other = tuple[Immersion, bool]
"""Another immersion that will be or was, and whether it is of the same person; else it is at the same host."""


def _others(dossier: Immersion) -> list[_Other]:
    """Both sorts by one question, with all that is asked of them."""
    theirs = Immersion.id.in_(select(Participant.dossier_id).where(
        Participant.role == Role.AUTHOR.value, func.lower(Participant.email) == dossier.author.email.lower()))
    there = (Immersion.host_id == dossier.host_id) & Immersion.state.not_in(ENDED) if dossier.host_id else false()
    return [(other, same) for other, same in db.session.execute(
        select(Immersion, theirs).where(Immersion.id != dossier.id, Immersion.state.not_in(_FREED), or_(theirs, there))
        .options(joinedload(Immersion.sessions), joinedload(Immersion.conventions), joinedload(Immersion.host))
        .order_by(Immersion.id)).unique()]


def _elsewhere(others: list[Immersion]) -> tuple[Elsewhere, ...]:
    return tuple(Elsewhere(as_planned(session), other.reference) for other in others for session in other.sessions)


def as_planned(session: ImmersionSession) -> Session:
    """A stored session as the document has it."""
    return Session(session.on, session.starts, session.ends, session.starts_again, session.ends_again)


def taken_days(hosts: Collection[int], but: int, today: date) -> dict[int, list[tuple[date, int]]]:
    """Days to come on which these hosts receive somebody already, and how many people, the first ones first."""
    people = func.count(ImmersionSession.immersion_id.distinct())
    rows = db.session.execute(
        select(Immersion.host_id, ImmersionSession.on, people)
        .join(ImmersionSession, ImmersionSession.immersion_id == Immersion.id)
        .where(Immersion.host_id.in_(hosts), Immersion.id != but, Immersion.state.not_in(_FREED | ENDED),
               ImmersionSession.on >= today)
        .group_by(Immersion.host_id, ImmersionSession.on).order_by(ImmersionSession.on))
    found: dict[int, list[tuple[date, int]]] = {}
    for host, on, number in rows:
        found.setdefault(host, []).append((on, number))
    return found


def days_known(dossier: Immersion) -> list[Session]:
    """The sessions as they stand for those who take part, moved ones included; none where there is none, or none will be."""
    return [as_planned(session) for session in dossier.sessions] if dossier.state in _HELD else []


def dates_to_check(dossier: Immersion, now: datetime) -> tuple[list[Session], tuple[Finding, ...]]:
    """The dates of a request that goes on, in order, and what is to be said of them; none where there is nothing to check."""
    if dossier.state in ENDED or not dossier.sessions or dossier.sessions[-1].on < local(now).date():
        return [], ()
    if dossier.state == ImmersionState.SIGNED:  # agreed on, moved ones too: nothing is about to leave
        return days_known(dossier), ()
    data = from_json(dossier.convention.data) if dossier.convention else None
    sessions = list(data.sessions) if data else [as_planned(session) for session in dossier.sessions]
    return sessions, findings(dossier, sessions, now, data)
