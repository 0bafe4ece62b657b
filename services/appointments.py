"""What calendars are told of an immersion: an event a session, one for the next exchange, each under one name for ever."""

from __future__ import annotations

from datetime import date, datetime, time

from mail.calendar_invitation import Appointment, Person, cancellation, invitation, uid
from mail.letter import Attachment
from models.convention import ImmersionSession
from models.dossier import Immersion, Participant
from models.instance import instance
from models.states import Role
from territory.calendar import PARIS, say_time

SESSION, EXCHANGE = "seance", "echange"


def of_session(session: ImmersionSession) -> Appointment:
    """The event of a session, from its first hour to its last; the hours are in its words where there is a break."""
    dossier = session.immersion
    host, answers = dossier.host, dossier.answers.get("host", {})
    details = [f"Immersion {dossier.reference}"]
    if session.starts_again and session.ends_again:
        details.append(f"De {say_time(session.starts)} à {say_time(session.ends)} et de {say_time(session.starts_again)} "
                       f"à {say_time(session.ends_again)}")
    if answers.get("tutor_name"):
        contact = f", {answers['tutor_contact']}" if answers.get("tutor_contact") else ""
        details.append(f"Sur place\u00a0: {answers['tutor_name']}{contact}")
    return Appointment(
        uid(SESSION, session.id, instance().settings.mail_domain), session.sequence, _at(session.on, session.starts),
        _at(session.on, session.ends_again or session.ends), f"Immersion chez {host.name}" if host else "Immersion",
        answers.get("address", "") or (host.address if host else ""), "\n".join(details))


def of_exchange(dossier: Immersion) -> Appointment | None:
    """The event of the next exchange, None where none is planned."""
    planned = dossier.answers.get("exchange")
    if not planned:
        return None
    on = date.fromisoformat(planned["on"])
    return Appointment(uid(EXCHANGE, dossier.id, instance().settings.mail_domain), planned["sequence"],
                       _at(on, time.fromisoformat(planned["starts"])), _at(on, time.fromisoformat(planned["ends"])),
                       f"Échange autour de l’immersion {dossier.reference}", planned["place"])


def invited(appointment: Appointment, to: Participant, now: datetime) -> Attachment:
    """The file that puts it in that person's calendar, or changes it there."""
    return invitation(appointment, _network(), Person(to.name, to.email), now)


def cancelled(appointment: Appointment, to: Participant, now: datetime) -> Attachment:
    """The file that takes it out; its rank must be above the last one sent."""
    return cancellation(appointment, _network(), Person(to.name, to.email), now)


def people(dossier: Immersion) -> list[Participant]:
    """Whose calendars are told: the three parties and the tutor."""
    found = [dossier.author, *(dossier.participant(role) for role in (Role.EMPLOYER, Role.HOST, Role.TUTOR))]
    return [person for person in found if person is not None]


def _network() -> Person:
    return Person(instance().network.name, instance().network.email)


def _at(on: date, at: time) -> datetime:
    return datetime.combine(on, at, PARIS)
