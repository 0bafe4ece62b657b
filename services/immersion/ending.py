"""An immersion stops before its end, or does not take place: whose cause, the employer told first, all told, calendars too."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from mail import outbox
from mail.letter import Attachment
from mail.letters import sessions as letters
from models.access_link import Purpose
from models.convention import ImmersionSession
from models.dossier import Actor, Dossier, Immersion, Participant
from models.ending import Cause
from models.instance import instance
from models.session_move import MoveState
from models.states import ImmersionState, Kind, Role
from territory.calendar import local, say_date

from ..acting import Action, register, who_coordinates
from ..convention.appointments import moved
from ..conversation import keep_words
from ..errors import Refused
from ..evaluation import asking
from ..links import personal_url
from . import appointments
from .hosting import say_session
from .moving import open_move
from .planning import as_planned

#: How long after it was said it can be taken back; calendars and reports have not gone far by then.
TAKEN_BACK_WITHIN = timedelta(days=7)
_OWN = {Role.AUTHOR: Cause.COMPANION, Role.HOST: Cause.HOST, Role.EMPLOYER: Cause.EMPLOYER, Role.COORDINATOR: Cause.NETWORK}


@dataclass(frozen=True)
class Ending:
    """Why it stops; ``last_on``: the last day that was lived, None where none was."""

    cause: Cause
    last_on: date | None = None


def stop(dossier: Immersion, by: Actor, words: str, now: datetime, ending: Ending | None) -> str:
    """It goes no further, or does not take place at all: what was lived is reported on and attested.

    Without ``ending``, as a reply says it: the cause is that of who writes, the last day that of the latest session.

    :raises Refused: the last day said is not that of a session that took place.
    """
    today = local(now).date()
    lived = lived_days(dossier, today)
    ending = ending or Ending(_OWN[by.role], max(lived, default=None))
    if ending.last_on is not None and ending.last_on not in lived:
        raise Refused("Choisissez le dernier jour d’immersion parmi les séances qui ont eu lieu.")
    begun = ending.last_on is not None
    dropped = [session for session in dossier.sessions if session.on > (ending.last_on or date.min)]
    _tell(dossier, by, words, now, in_words(dossier, ending.cause), dropped, begun=begun)
    if begun:
        for session in dropped:
            dossier.sessions.remove(session)
    _keep(dossier, ending, dropped if begun else [], by, now)
    keep_words(dossier, by, words, now)
    if begun:
        dossier.move_to(ImmersionState.INTERRUPTED, by, now, "interrupted", cause=in_words(dossier, ending.cause))
        asking.ask(dossier, now)
        return f"L’immersion s’arrête. {_who_is_told(dossier)}"
    dossier.move_to(ImmersionState.NOT_HELD, by, now, "not_held", cause=in_words(dossier, ending.cause))
    return f"L’immersion n’a pas lieu. {_who_is_told(dossier)}"


def _keep(dossier: Immersion, ending: Ending, dropped: list[ImmersionSession], by: Actor, now: datetime) -> None:
    """``from`` and ``dropped`` are what it takes to go back, if it was said by mistake (resuming.py)."""
    last = ending.last_on
    dossier.answers = {**dossier.answers, "ending": {
        "cause": ending.cause.value, "last_on": last.isoformat() if last else "", "said_by": by.role.value,
        "said_at": now.isoformat(), "from": dossier.state, "dropped": [
            {name: value.isoformat() if value else None for name, value in asdict(as_planned(session)).items()}
            for session in dropped]}}
    if (move := open_move(dossier)) is not None:
        move.state, move.decided_at = MoveState.REPLACED.value, now


def _tell(dossier: Immersion, by: Actor, words: str, now: datetime, cause: str, dropped: list[ImmersionSession], *,
          begun: bool) -> None:
    to_come = [session for session in dropped if session.on >= local(now).date()]
    for session in to_come:
        moved(session)
    lines = [say_session(session) for session in to_come]
    for person in in_order(dossier):
        if person is by.participant and person.role == Role.COORDINATOR:
            continue  # they have no calendar to mend
        files = () if person.role == Role.COORDINATOR else _out(to_come, person, now)
        who = by.participant.display_name if by.participant else ""
        own = person is by.participant
        # Who said it and the coordination can take it back (resuming.py).
        back = own or person.role == Role.COORDINATOR
        outbox.post(letters.immersion_stopped(
            instance().network, dossier, person, who, cause, words, lines, files, begun=begun, own=own,
            url=personal_url(Purpose.DOSSIER, person, now) if back else "",
            until=say_date(local(now + TAKEN_BACK_WITHIN).date()) if back else ""), person, now)


def _out(sessions: list[ImmersionSession], person: Participant, now: datetime) -> tuple[Attachment, ...]:
    return tuple(appointments.cancelled(appointments.of_session(session, person), person, now) for session in sessions)


def in_order(dossier: Immersion) -> list[Participant]:
    """The employer first: they answer for the person, whom they expect at work (reference immersion.md b.6)."""
    people = [*appointments.people(dossier), *who_coordinates(dossier)]
    return sorted(dict.fromkeys(people), key=lambda person: person.role != Role.EMPLOYER)


def cause(value: str) -> Cause:
    """The cause of that code."""
    return Cause(value)


def causes(dossier: Immersion) -> list[tuple[str, str]]:
    """The causes to choose from: none of an employer where there is none."""
    said = {cause: in_words(dossier, cause) for cause in Cause if cause != Cause.EMPLOYER or dossier.backing}
    return [(cause.value, words[0].upper() + words[1:]) for cause, words in said.items()]


def in_words(dossier: Immersion, cause: Cause) -> str:
    """« un empêchement de l’association »: the cause, by the name that party has here."""
    return f"un empêchement {dossier.backing.of}" if cause == Cause.EMPLOYER and dossier.backing else cause.label


def _who_is_told(dossier: Immersion) -> str:
    if not dossier.backing:
        return "Toutes les personnes concernées sont prévenues."
    the = dossier.backing.the
    return f"{the[0].upper()}{the[1:]} reçoit un courriel en premier, puis toutes les personnes concernées."


def said(dossier: Dossier) -> str:
    """How it ended, in a sentence; "" where it did not end before its time."""
    ending = dossier.answers.get("ending") if dossier.state in ("interrupted", "not_held", "closed") else None
    if not ending:
        return ""
    last = f", dernier jour le {say_date(date.fromisoformat(ending['last_on']))}" if ending["last_on"] else ""
    return f"Cause\u00a0: {in_words(dossier, Cause(ending['cause']))}{last}."


def lived_days(dossier: Immersion, today: date) -> list[date]:
    """The days of sessions that may have taken place."""
    return sorted({session.on for session in dossier.sessions if session.on <= today})


_S = ImmersionState
_SIGNED = {Kind.IMMERSION: frozenset({_S.SIGNED.value, _S.LIVED.value})}
_ALL = frozenset({Role.AUTHOR, Role.HOST, Role.EMPLOYER, Role.COORDINATOR})

register(
    Action("arreter", "Arrêter l’immersion, ou dire qu’elle n’a pas lieu",
           "arrête l’immersion, ou dit qu’elle n’a pas lieu ; toutes les personnes concernées sont prévenues", _SIGNED, _ALL,
           stop,
           words="required", words_label="Ce que les autres doivent savoir, sans raison de santé", form=True),
)
