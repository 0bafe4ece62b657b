"""The sessions of an immersion as appointments, for the calendars of those who take part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mail.calendar_invitation import Appointment, Person, uid
from models.convention import ConventionState, ImmersionSession
from models.dossier import Immersion, Participant
from models.instance import instance
from models.states import Role
from territory.calendar import PARIS, say_date, say_time

#: They are there themselves: their calendar shows them busy.
_THERE = frozenset({Role.AUTHOR, Role.HOST, Role.TUTOR})


def network_address() -> Person:
    """Whom a calendar file names as its organiser."""
    ring = instance()
    return Person(ring.network.name, ring.settings.sender)


def appointments(dossier: Immersion, to: Participant, sessions: Iterable[ImmersionSession] | None = None) -> list[Appointment]:
    """One appointment for each session (all of them, or those given), as ``to`` reads it.

    No address to write to, no telephone and no personal link: calendars are shared with colleagues.
    """
    wanted = dossier.sessions if sessions is None else sessions
    return [_appointment(dossier, session, to) for session in sorted(wanted, key=lambda each: (each.on, each.starts))]


def said_sessions(dossier: Immersion) -> list[tuple[str, str]]:
    """Day and hours of each session, in words."""
    return [(say_date(each.on), _hours(each)) for each in sorted(dossier.sessions, key=lambda each: (each.on, each.starts))]


def moved(session: ImmersionSession) -> None:
    """Say, inside the transaction that moves or cancels a session, that the next file about it replaces those sent before."""
    session.calendar_rank += 1


def _appointment(dossier: Immersion, session: ImmersionSession, to: Participant) -> Appointment:
    host = dossier.host.name if dossier.host else "la structure d’accueil"
    title = f"Immersion chez {host}" if to.role == Role.AUTHOR else f"Immersion de {dossier.author.name} chez {host}"
    return Appointment(
        uid=uid("seance", session.id, instance().settings.mail_domain), sequence=session.calendar_rank,
        starts=datetime.combine(session.on, session.starts, PARIS),
        ends=datetime.combine(session.on, session.ends_again or session.ends, PARIS),
        title=title, place=_place(dossier), details=f"{_hours(session)}.\nConvention {dossier.reference}.",
        busy=to.role in _THERE)


def _hours(session: ImmersionSession) -> str:
    hours = f"{say_time(session.starts)} à {say_time(session.ends)}"
    if session.starts_again and session.ends_again:
        hours += f", puis {say_time(session.starts_again)} à {say_time(session.ends_again)}"
    return hours


def _place(dossier: Immersion) -> str:
    """Where what is in force says it is."""
    signed = [row for row in dossier.conventions if row.state == ConventionState.SIGNED] or [dossier.convention]
    data = signed[-1].data if signed[-1] else {}
    said = data.get("consolidated", data).get("places")
    return ", ".join(filter(None, (said[0].get("address"), said[0].get("commune")))) if said else ""
