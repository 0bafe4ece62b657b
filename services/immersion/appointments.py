"""What calendars are told of an immersion: an event a session, one for the next exchange, each under one name for ever."""

from __future__ import annotations

from datetime import date, datetime, time

from mail.calendar_invitation import Appointment, Person, cancellation, invitation, uid
from mail.letter import Attachment
from models.convention import ImmersionSession
from models.dossier import Immersion, Participant
from models.instance import instance
from models.states import Role
from territory.calendar import PARIS

from ..convention.appointments import appointments, network_address

EXCHANGE = "echange"


def of_session(session: ImmersionSession, to: Participant) -> Appointment:
    """The event of a session, as ``to`` reads it: the one that came with the sealed convention."""
    (found,) = appointments(session.immersion, to, [session])
    return found


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
    return invitation(appointment, network_address(), Person(to.name, to.email), now)


def cancelled(appointment: Appointment, to: Participant, now: datetime) -> Attachment:
    """The file that takes it out; its rank must be above the last one sent."""
    return cancellation(appointment, network_address(), Person(to.name, to.email), now)


def people(dossier: Immersion) -> list[Participant]:
    """Whose calendars are told: the three parties and the tutor."""
    found = [dossier.author, *(dossier.participant(role) for role in (Role.EMPLOYER, Role.HOST, Role.TUTOR))]
    return [person for person in found if person is not None]


def _at(on: date, at: time) -> datetime:
    return datetime.combine(on, at, PARIS)
