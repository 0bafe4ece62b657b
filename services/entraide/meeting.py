"""A moment to talk: slots somebody of the exchange proposes, one that another chooses, and the file for calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mail import outbox
from mail.calendar_invitation import Appointment, Person, cancellation, invitation, uid
from mail.letters import entraide as letters
from models.access_link import Purpose
from models.dossier import Actor, Dossier, Entraide, Participant
from models.entraide import Meeting
from models.instance import instance
from models.states import Kind, Role
from territory.calendar import say_datetime, say_duration

from ..acting import Action, register, reply_address
from ..conversation import keep_words
from ..errors import Refused
from ..links import personal_url
from .ending import everybody

MOST_SLOTS = 3
_OPEN = {Kind.ENTRAIDE: frozenset({"submitted", "in_progress"})}
_ALL = frozenset({Role.AUTHOR, Role.HELPER, Role.COORDINATOR})


@dataclass(frozen=True)
class Proposal:
    """``slots`` are aware, in any order."""

    slots: tuple[datetime, ...]
    minutes: int
    place: str


def propose(dossier: Entraide, by: Actor, words: str, now: datetime, proposal: Proposal | None = None) -> str:
    """Propose slots to the others; a meeting already set is changed once one of them is chosen."""
    slots = sorted({slot for slot in proposal.slots if slot > now}) if proposal else []
    if not slots:
        raise Refused("Proposez au moins un créneau à venir\u00a0: un jour et une heure.")
    before = dossier.meeting
    meeting = before or Meeting(dossier_id=dossier.id, sequence=0)
    meeting.proposed_by, meeting.proposed_at = by.participant, now
    meeting.slots = [slot.isoformat() for slot in slots[:MOST_SLOTS]]
    meeting.minutes, meeting.place = proposal.minutes, proposal.place
    if before is None:
        dossier.meetings.append(meeting)
    dossier.record("slots_proposed", by, now)
    keep_words(dossier, by, words, now)
    for person in _others(dossier, by):
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.slots_proposed(
            instance().network, dossier, person, by.participant.shown_to(person),
            [say_datetime(slot) for slot in meeting.moments], say_duration(meeting.minutes),
            meeting.place, words, url, reply_address(person)), person, now)
    return "Vos créneaux partent par courriel. Une des personnes de l’échange en choisira un."


def _others(dossier: Entraide, by: Actor) -> list[Participant]:
    return [person for person in everybody(dossier) if person is not by.participant]


def choose(dossier: Entraide, by: Actor, words: str, now: datetime, chosen: str | None = None) -> str:
    """One slot is chosen: everybody gets it for their calendar. ``chosen``: its place in the list, from 1."""
    meeting = dossier.meeting
    moments = meeting.moments if meeting else []
    rank = int(chosen) if chosen and chosen.strip().isdecimal() and len(chosen) < 4 else (1 if len(moments) == 1 else 0)
    if not 1 <= rank <= len(moments):
        raise Refused(f"Indiquez le numéro du créneau, de 1 à {len(moments)}, par exemple «\u00a0créneau 1\u00a0».")
    if moments[rank - 1] <= now:
        raise Refused("Ce créneau est déjà passé. Choisissez-en un autre, ou proposez les vôtres.")
    # Above the last file sent, a cancellation's too: calendars leave alone what is not newer (RFC 5545, 3.8.7.4).
    meeting.sequence = meeting.sequence + 1 if meeting.starts_at or meeting.sequence else 0
    meeting.starts_at = moments[rank - 1]
    meeting.slots = []
    dossier.record("slot_chosen", by, now)
    keep_words(dossier, by, words, now)
    when = say_datetime(meeting.starts_at)
    for person in everybody(dossier):
        file = invitation(_appointment(dossier, meeting), _network(), Person(person.name, person.email), now)
        outbox.post(letters.meeting_set(instance().network, dossier, person, by.participant.shown_to(person), when,
                                        say_duration(meeting.minutes), meeting.place, file), person, now)
    return f"Le rendez-vous est fixé\u00a0: {when}. Il part par courriel à chacune et chacun, pour son calendrier."


def cancel(dossier: Entraide, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The meeting does not take place: calendars are told."""
    meeting = dossier.meeting
    meeting.sequence += 1
    appointment, when = _appointment(dossier, meeting), say_datetime(meeting.starts_at)
    meeting.starts_at = None
    dossier.record("meeting_cancelled", by, now)
    keep_words(dossier, by, words, now)
    for person in _others(dossier, by):
        file = cancellation(appointment, _network(), Person(person.name, person.email), now)
        outbox.post(letters.meeting_cancelled(instance().network, dossier, person, by.participant.shown_to(person), when, words,
                                              file), person, now)
    return "Le rendez-vous est annulé. Les autres personnes reçoivent un courriel."


def _appointment(dossier: Entraide, meeting: Meeting) -> Appointment:
    ring = instance()
    return Appointment(
        uid("entraide", meeting.id, ring.settings.mail_domain), meeting.sequence, meeting.starts_at,
        meeting.starts_at + timedelta(minutes=meeting.minutes), f"{ring.network.name}\u00a0: {dossier.title}", meeting.place,
        f"Demande {dossier.reference}")


def _network() -> Person:
    ring = instance()
    return Person(ring.network.name, ring.settings.sender)


def to_choose(dossier: Dossier, who: Any, now: datetime | None = None) -> Sequence[datetime]:
    """The slots that person may choose from: those somebody else proposed."""
    meeting = dossier.meeting if isinstance(dossier, Entraide) else None
    if meeting is None or who is None or meeting.proposed_by_id == who.id:
        return []
    return [moment for moment in meeting.moments if now is None or moment > now]


def _takes_part(dossier: Dossier, who: Any) -> str:
    if who is not None and who.role == Role.HELPER and (dossier.helper is None or dossier.helper.id != who.id):
        return "Prenez d’abord la demande."
    return ""


def _may_choose(dossier: Dossier, who: Any) -> str:
    if why := _takes_part(dossier, who):
        return why
    return "" if to_choose(dossier, who) else "Aucun créneau n’attend votre choix."


def _is_set(dossier: Dossier, who: Any) -> str:
    if who is None or _takes_part(dossier, who) or dossier.meeting is None or dossier.meeting.starts_at is None:
        return "Aucun rendez-vous n’est fixé."
    return ""


def _helps(dossier: Dossier, who: Any) -> str:
    return "Prenez d’abord la demande." if who is None else _takes_part(dossier, who)


_SLOTS = ("creneaux", "Proposer des créneaux pour se parler",
          "propose jusqu’à trois créneaux aux autres personnes de l’échange", _OPEN)


register(
    Action("choisir", "Choisir un créneau", "fixe le rendez-vous ; tout le monde le reçoit pour son calendrier", _OPEN, _ALL,
           choose, words="optional", words_label="Un mot pour la coordination", form=True, main=True, only=_may_choose),
    Action(*_SLOTS, _ALL - {Role.HELPER}, propose, words="optional", words_label="Un mot pour les autres", form=True),
    Action(*_SLOTS, frozenset({Role.HELPER}), propose, words="optional", words_label="Un mot pour les autres", form=True,
           only=_helps),
    Action("annuler", "Annuler le rendez-vous", "annule le rendez-vous ; les autres personnes sont prévenues", _OPEN, _ALL,
           cancel, words="optional", words_label="Un mot pour les autres", only=_is_set),
)
