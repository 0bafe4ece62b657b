"""A session is moved once the convention is signed: anybody may ask, it is done when the three parties agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mail import outbox
from mail.letters import sessions as letters
from models.access_link import Purpose
from models.convention import ConventionState, ImmersionSession
from models.dossier import Actor, Dossier, Immersion, Participant
from models.instance import instance
from models.session_move import MoveState, SessionMove
from models.states import ImmersionState, Kind, Role
from pdf.convention_data import Session
from territory.calendar import local, say_date

from ..acting import Action, register, reply_address, who_coordinates
from ..convention.appointments import moved
from ..convention.in_force import open_amendment
from ..convention.people import parties
from ..conversation import keep_words
from ..errors import Refused
from ..links import personal_url
from . import appointments, planning
from .hosting import say_session
from .session_checks import Finding

PARTIES = {Role.AUTHOR: "companion", Role.HOST: "host", Role.EMPLOYER: "employer"}


@dataclass(frozen=True)
class Move:
    """Which session, and its day and hours wished."""

    session_id: int
    to: Session


@dataclass(frozen=True)
class SaidMove:
    """A move as a mail says it: ``wanted`` with its hours, or only ``on``, the hours staying. ``why``: it cannot be read."""

    day: date | None = None
    on: date | None = None
    wanted: Session | None = None
    why: str = ""


def as_asked(dossier: Immersion, move: SaidMove, today: date) -> Move:
    """:raises Refused: nothing certain was read, or no session is on that day."""
    if move.why or move.day is None:
        raise Refused(f"Nous n’avons pas compris quelle séance déplacer, ni à quand\u00a0: {move.why}. Écrivez par "
                      "exemple\u00a0: déplacer le mardi 2 février 2027 au jeudi 4 février 2027, 9 h - 12 h 30 et 13 h 30 - 17 h")
    session = session_on(dossier, move.day, today)
    wanted = move.wanted or Session(move.on, session.starts, session.ends, session.starts_again, session.ends_again)
    return Move(session.id, wanted)


def open_move(dossier: Immersion) -> SessionMove | None:
    """The proposal that waits for agreements, if any: one at a time."""
    return next((move for move in reversed(dossier.moves) if move.state == MoveState.ASKED), None)


def moved_since(dossier: Immersion) -> bool:
    """True where a session is not on the day, or at the hours, that the signed documents say: all agreed to that."""
    if dossier.state not in (ImmersionState.SIGNED, ImmersionState.LIVED):
        return False
    signed = next((row for row in reversed(dossier.conventions) if row.state == ConventionState.SIGNED), None)
    if signed is None:
        return False
    said = signed.data.get("consolidated", signed.data).get("sessions") or ()
    return {_as_written(session) for session in planning.days_known(dossier)} != {tuple(map(each.get, _HOURS)) for each in said}


_HOURS = ("on", "starts", "ends", "starts_again", "ends_again")


def _as_written(session: Session) -> tuple[str | None, ...]:
    """A session as the stored documents have it."""
    values = (getattr(session, name) for name in _HOURS)
    return tuple(value.isoformat() if value is not None else None for value in values)


def movable(dossier: Immersion, today: date) -> list[ImmersionSession]:
    """The sessions that are not over."""
    return [session for session in dossier.sessions if session.on >= today]


def ask(dossier: Immersion, by: Actor, words: str, now: datetime, move: Move) -> str:
    """Propose another day or other hours; who proposes agrees, the two or three others are asked.

    :raises Refused: the session is over or unknown, nothing would change, or the new date cannot be.
    """
    today = local(now).date()
    session = next((found for found in movable(dossier, today) if found.id == move.session_id), None)
    if session is None:
        raise Refused("Cette séance est passée, ou n’existe plus : choisissez-en une à venir.")
    if planning.as_planned(session) == move.to:
        raise Refused("La date et les heures proposées sont celles de la séance : rien ne changerait.")
    if errors := [found.sentence for found in findings(dossier, move, now) if found.error]:
        raise Refused(" ".join(errors))
    if (before := open_move(dossier)) is not None:
        before.state, before.decided_at = MoveState.REPLACED.value, now
    row = SessionMove(session=session, was=say_session(session), on=move.to.on, starts=move.to.starts, ends=move.to.ends,
                      starts_again=move.to.starts_again, ends_again=move.to.ends_again, state=MoveState.ASKED.value,
                      asked_by=by.participant, asked_at=now, agreed={})
    dossier.moves.append(row)
    if by.role in PARTIES:
        row.agreed = {PARTIES[by.role]: now.isoformat()}
    dossier.record("move_asked", by, now)
    keep_words(dossier, by, words, now)
    asked = [person for person in parties(dossier) if PARTIES[Role(person.role)] not in row.agreed]
    for person in asked:
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.move_asked(instance().network, dossier, person, _who(by), row.was, say_session(_wanted(row)), words,
                                       url,
                                       reply_address(person)), person, now)
    names = ", ".join(person.display_name for person in asked)
    return f"La proposition part par courriel à {names}. La date change dès que tous sont d’accord."


def agree(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """One more agrees; with the last one, the date changes, and calendars are told."""
    row = open_move(dossier)
    row.agreed = {**row.agreed, PARTIES[by.role]: now.isoformat()}
    dossier.record("move_agreed", by, now)
    keep_words(dossier, by, words, now)
    if any(PARTIES[Role(person.role)] not in row.agreed for person in parties(dossier)):
        return "Merci, votre accord est enregistré. La date change dès que tous sont d’accord."
    _move(dossier, row, by, now)
    return "La séance est déplacée : tous étaient d’accord. Chacun reçoit la nouvelle date pour son agenda."


def _move(dossier: Immersion, row: SessionMove, by: Actor, now: datetime) -> None:
    session, wanted = row.session, _wanted(row)
    row.state, row.decided_at = MoveState.DONE.value, now
    if session is None:
        raise Refused("Cette séance n’existe plus.")
    session.on, session.starts, session.ends = wanted.on, wanted.starts, wanted.ends
    session.starts_again, session.ends_again = wanted.starts_again, wanted.ends_again
    session.reminded_at = None
    moved(session)
    dossier.record("move_done", by, now)
    for person in dict.fromkeys([*appointments.people(dossier), *who_coordinates(dossier)]):
        event = appointments.of_session(session, person)
        files = () if person.role == Role.COORDINATOR else (appointments.invited(event, person, now),)
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.move_done(instance().network, dossier, person, row.was, say_session(session), url, files),
                    person, now)


def refuse(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """One prefers the date as it is: it stays, everybody is told."""
    row = open_move(dossier)
    row.state, row.decided_at = MoveState.REFUSED.value, now
    dossier.record("move_refused", by, now)
    keep_words(dossier, by, words, now)
    for person in dict.fromkeys([*parties(dossier), *who_coordinates(dossier)]):
        if person is not by.participant:
            outbox.post(letters.move_refused(instance().network, dossier, person, _who(by), row.was, words), person, now)
    return "La date reste celle de la convention. Les autres personnes reçoivent un courriel."


def findings(dossier: Immersion, move: Move, now: datetime) -> tuple[Finding, ...]:
    """What is to be said of the dates as they would be, those that stay being no news."""
    kept = [planning.as_planned(session) for session in dossier.sessions
            if session.id != move.session_id and session.on >= local(now).date()]
    before = {found.sentence for found in planning.findings(dossier, kept, now)}
    return tuple(found for found in planning.findings(dossier, [*kept, move.to], now) if found.sentence not in before)


def session_on(dossier: Immersion, day: date, today: date) -> ImmersionSession:
    """The session of that day, for who names it in a mail. :raises Refused: none."""
    found = next((session for session in movable(dossier, today) if session.on == day), None)
    if found is None:
        can = " ; ".join(say_session(session) for session in movable(dossier, today))
        raise Refused(f"Aucune séance à venir le {say_date(day)}. " + (f"Les séances à venir\u00a0: {can}." if can else ""))
    return found


def _wanted(row: SessionMove) -> Session:
    return Session(row.on, row.starts, row.ends, row.starts_again, row.ends_again)


def said(row: SessionMove) -> str:
    """The day and hours proposed, in words."""
    return say_session(_wanted(row))


def _who(by: Actor) -> str:
    return by.participant.display_name if by.participant else instance().network.name


def _not_to_answer(dossier: Dossier, who: Participant | None) -> str:
    row = open_move(dossier)
    if row is None:
        return "Aucun changement de date n’est proposé."
    if who is not None and PARTIES.get(Role(who.role), "") in row.agreed:
        return "Vous êtes déjà d’accord avec ce changement de date."
    return ""


def _not_to_accept(dossier: Dossier, who: Participant | None) -> str:
    return _not_to_answer(dossier, who) or _amended_meanwhile(dossier)


def _none_to_come(dossier: Dossier, _who: Any) -> str:
    return _amended_meanwhile(dossier) if dossier.sessions else "Il n’y a pas de séance à déplacer."


def _amended_meanwhile(dossier: Dossier) -> str:
    # Its text lists the sessions: once signed, it would take back a move that was agreed on while it waited.
    return ("Un avenant, qui dit toutes les séances, attend ses signatures. Une fois signé, ou une fois que la coordination y "
            "renonce, vous pourrez déplacer une séance." if open_amendment(dossier) else "")


_SIGNED = {Kind.IMMERSION: frozenset({ImmersionState.SIGNED.value})}
_THREE = frozenset({Role.AUTHOR, Role.HOST, Role.EMPLOYER})

register(
    Action("accepter", "Accepter le changement de date", "accepte la nouvelle date", _SIGNED, _THREE, agree, words="optional",
           words_label="Un mot pour la coordination", main=True, only=_not_to_accept),
    Action("refuser", "Garder la date prévue", "garde la date de la convention ; les autres sont prévenus", _SIGNED, _THREE,
           refuse,
           words="optional", words_label="Un mot pour les autres personnes", only=_not_to_answer),
    Action("deplacer", "Déplacer une séance", "propose une autre date ; elle change si tous sont d’accord", _SIGNED,
           _THREE | {Role.COORDINATOR}, ask, words="optional", words_label="Pourquoi, en quelques mots", form=True,
           only=_none_to_come),
)
