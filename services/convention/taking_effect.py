"""All have signed an amendment: dates, place and who welcomes are what it says, and calendars are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mail import outbox
from mail.letter import Attachment
from mail.letters import sessions as letters
from models.base import db
from models.convention import Convention, ImmersionSession
from models.dossier import Immersion, Participant
from models.instance import instance
from models.states import Role
from pdf.convention import ConventionData
from territory.calendar import local

from ..acting import who_coordinates
from ..immersion import appointments, planning
from ..immersion.hosting import say_session
from . import completion
from .appointments import moved
from .in_force import in_force, said_by, said_place
from .people import seat_of_tutor, tutors


@dataclass(frozen=True)
class Changed:
    """Sessions to come: what leaves calendars, what enters them, what stays there and is to be sent again.

    ``place``: the new one, "" where it stays.
    """

    gone: list[ImmersionSession]
    added: list[ImmersionSession]
    again: list[ImmersionSession]
    place: str


def apply(row: Convention, now: datetime) -> None:
    """The dossier follows the amendment; inside the transaction of the last signature."""
    dossier, today = row.immersion, local(now).date()
    before, after = in_force(dossier, but=row), said_by(row)
    left = _change_tutor(dossier, before, after)
    wanted = {session for session in after.sessions if session.on >= today}
    to_come = [session for session in dossier.sessions if session.on >= today]
    gone = [session for session in to_come if planning.as_planned(session) not in wanted]
    known = {planning.as_planned(session) for session in dossier.sessions}
    added = [ImmersionSession(on=s.on, starts=s.starts, ends=s.ends, starts_again=s.starts_again, ends_again=s.ends_again)
             for s in sorted(wanted - known, key=lambda session: session.on)]
    kept = [session for session in to_come if session not in gone]
    place = said_place(after) if said_place(after) != said_place(before) else ""
    for session in (*gone, *(kept if place or left else ())):
        moved(session)
    dossier.sessions.extend(added)
    db.session.flush()
    _tell(dossier, Changed(gone, added, kept if place else [], place), kept, left, now)
    for session in gone:
        dossier.sessions.remove(session)


completion.AFTER_AMENDMENT.append(apply)


def _change_tutor(dossier: Immersion, before: ConventionData, after: ConventionData) -> list[Participant]:
    """Seat who welcomes from now on; gives those who do no more, at their own address."""
    wanted = after.tutor.email.strip().lower()
    if before.tutor == after.tutor:
        return []
    left = [person for person in tutors(dossier) if person.email.lower() != wanted] if before.tutor.name != after.tutor.name or (
        wanted) else []
    for person in left:
        person.active = False
    seat_of_tutor(dossier, after.tutor)
    return left


def _tell(dossier: Immersion, changed: Changed, kept: list[ImmersionSession], left: list[Participant], now: datetime) -> None:
    network = instance().network
    for person in left:
        outbox.post(letters.tutor_relieved(network, dossier, person, _out((*kept, *changed.gone), person, now)), person, now)
    people = dict.fromkeys([*appointments.people(dossier), *who_coordinates(dossier)])
    news = changed.gone or changed.added or changed.place
    for person in people:
        # Who has just taken the place of another has none of these days yet.
        fresh = bool(left) and person.role == Role.TUTOR
        if not news and not fresh:
            continue
        files: tuple[Attachment, ...] = ()
        if person.role != Role.COORDINATOR:
            files = (*_out(() if fresh else changed.gone, person, now),
                     *_in((*changed.added, *(kept if fresh else changed.again)), person, now))
        outbox.post(letters.sessions_changed(
            network, dossier, person, [say_session(each) for each in changed.gone], [say_session(each) for each in changed.added],
            files, changed.place, [say_session(each) for each in kept] if fresh or changed.place else []), person, now)


def _out(sessions: Iterable[ImmersionSession], person: Participant, now: datetime) -> tuple[Attachment, ...]:
    return tuple(appointments.cancelled(appointments.of_session(each, person), person, now) for each in sessions)


def _in(sessions: Iterable[ImmersionSession], person: Participant, now: datetime) -> tuple[Attachment, ...]:
    return tuple(appointments.invited(appointments.of_session(each, person), person, now) for each in sessions)
