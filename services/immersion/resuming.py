"""Said by mistake that an immersion stops, or does not take place: taken back within a week, calendars restored."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from mail import outbox
from mail.letter import Attachment
from mail.letters import sessions as letters
from models.access_link import Purpose
from models.base import db
from models.convention import ImmersionSession
from models.dossier import Actor, Dossier, Immersion, Participant
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from territory.calendar import local

from ..acting import Action, register
from ..attestation.awarding import standing
from ..convention.appointments import moved
from ..conversation import keep_words
from ..links import personal_url
from . import appointments
from .ending import TAKEN_BACK_WITHIN, in_order
from .hosting import say_session


def resume(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """It goes on as if nothing had been said: dates, calendars and reports are what they were; all are told."""
    ending, today, said_at = dossier.answers["ending"], local(now).date(), _said_at(dossier)
    dossier.evaluations[:] = [row for row in dossier.evaluations if row.asked_at < said_at]
    dossier.sessions.extend(_again(row) for row in ending.get("dropped", []))
    db.session.flush()
    to_come = sorted((session for session in dossier.sessions if session.on >= today), key=lambda session: session.on)
    for session in to_come:
        moved(session)
        session.reminded_at = None
    dossier.answers = {name: value for name, value in dossier.answers.items() if name != "ending"}
    back = ImmersionState(ending.get("from", ImmersionState.SIGNED.value))
    dossier.move_to(back, by, now, "resumed")
    keep_words(dossier, by, words, now)
    _tell(dossier, by, words, to_come, now)
    return "L’immersion reprend comme prévu. Toutes les personnes concernées reçoivent un courriel, et leurs dates."


def _again(row: dict[str, Any]) -> ImmersionSession:
    hours = {name: time.fromisoformat(value) if (value := row[name]) else None
             for name in ("starts", "ends", "starts_again", "ends_again")}
    return ImmersionSession(on=date.fromisoformat(row["on"]), **hours)


def _tell(dossier: Immersion, by: Actor, words: str, to_come: list[ImmersionSession], now: datetime) -> None:
    lines = [say_session(session) for session in to_come]
    who = by.participant.display_name if by.participant else ""
    for person in in_order(dossier):
        if person is by.participant and person.role == Role.COORDINATOR:
            continue  # they have no calendar to mend
        files: tuple[Attachment, ...] = () if person.role == Role.COORDINATOR else tuple(
            appointments.invited(appointments.of_session(session, person), person, now) for session in to_come)
        outbox.post(letters.immersion_resumed(instance().network, dossier, person, who, words, lines,
                                              personal_url(Purpose.DOSSIER, person, now), files, own=person is by.participant),
                    person, now)


def _said_at(dossier: Dossier) -> datetime:
    return datetime.fromisoformat(dossier.answers["ending"]["said_at"])


def _until(dossier: Dossier) -> datetime | None:
    return _said_at(dossier) + TAKEN_BACK_WITHIN if (dossier.answers or {}).get("ending") else None


def _why_not(dossier: Dossier, who: Participant | None) -> str:
    if who is None:  # anybody in that role
        return ""
    ending = (dossier.answers or {}).get("ending")
    if not ending:
        return "Rien n’est à reprendre : personne n’a dit que l’immersion s’arrêtait."
    if who.role != Role.COORDINATOR and ending.get("said_by") != who.role:
        return "Qui l’a dit, ou la coordination, peut le reprendre. Répondez à un courriel reçu : la coordination vous lit."
    asked_since = [row for row in dossier.evaluations if row.asked_at >= _said_at(dossier)]
    if standing(dossier) or any(row.given_at for row in asked_since):
        return "Un retour ou une attestation a déjà suivi : demandez plutôt une nouvelle étape."
    return ""


_S = ImmersionState
register(
    Action("reprendre-immersion", "C’était une erreur : reprendre l’immersion",
           "dit, dans la semaine, que c’était une erreur ; l’immersion reprend, chacun retrouve les dates dans son agenda",
           {Kind.IMMERSION: frozenset({_S.NOT_HELD.value, _S.INTERRUPTED.value})},
           frozenset({Role.AUTHOR, Role.HOST, Role.EMPLOYER, Role.COORDINATOR}), resume, words="optional",
           words_label="Un mot pour les autres, si vous le souhaitez", only=_why_not, until=_until,
           too_late="L’immersion pouvait reprendre jusqu’au {day}. Pour une autre immersion, demandez-en une nouvelle. Une "
                    "question ? Répondez à un courriel reçu : la coordination vous lit."),
)
