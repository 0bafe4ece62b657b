"""Asking peers, a few at a time: the first ones when a request arrives, others when nobody takes it within the delay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from mail import outbox
from mail.letters import entraide as letters
from models.access_link import Purpose
from models.base import db
from models.dossier import CLOCK, Dossier, Entraide, Participant
from models.entraide import Answer, Solicitation
from models.instance import instance
from models.states import EntraideState, Role
from models.structure import Membre
from models.vocabulary import HELP_KINDS, PACES, THEMES, label
from territory import communes
from territory.calendar import say_date
from territory.distance import describe

from .. import acting, digest, reminding, sweeping
from ..acting import reply_address
from ..links import personal_url
from .candidates import Candidate, candidates, for_employers


def begin(dossier: Dossier, now: datetime) -> None:
    """Ask the first peers about a request that just arrived, if it is for help and its author agreed; inside a transaction."""
    if isinstance(dossier, Entraide) and "pairs" in (dossier.answers.get("visibility") or []):
        dossier.next_wave_at = reminding.working(now)
        if dossier.next_wave_at == now:
            ask_next(dossier, now)


def send_waves(now: datetime) -> int:
    """Ask others about what nobody took within the delay; gives how many were asked. Every minute, in working hours."""
    if reminding.working(now) != now:
        return 0
    due = select(Entraide).where(Entraide.next_wave_at <= now)
    # Decided under the lock: another run, a peer or the asker may be faster.
    return sweeping.each_due(due, ask_next, now)


def ask_next(dossier: Entraide, now: datetime) -> int:
    """Ask the next peers, as many as the network asks at a time; gives how many. On a locked dossier, inside a transaction."""
    if dossier.state != EntraideState.SUBMITTED or dossier.helper is not None:
        dossier.next_wave_at = None
        return 0
    settings = instance().network.help
    chosen = candidates(dossier, now, settings.wave_size)
    if not chosen:
        _exhausted(dossier, now)
        return 0
    dossier.waves = (dossier.waves or 0) + 1
    for one in chosen:
        ask(dossier, one, dossier.waves, now)
    dossier.record("peers_asked", CLOCK, now, count=len(chosen))
    dossier.next_wave_at = reminding.working(now + timedelta(hours=settings.wave_hours))
    return len(chosen)


def ask(dossier: Entraide, one: Candidate, wave: int, now: datetime, suggested_by: str = "") -> Participant:
    """Write to one member; their answer, by link or by reply, comes back to this request."""
    person = Participant(role=Role.HELPER.value, name=one.name, email=one.email, named=one.shows_name)
    dossier.participants.append(person)
    db.session.flush()
    dossier.solicitations.append(Solicitation(participant=person, email=one.email.lower(), wave=wave, asked_at=now))
    db.session.flush()
    url = personal_url(Purpose.DOSSIER, person, now)
    outbox.post(letters.peer_asked(
        instance().network, dossier, person, url, reply_address(person), dossier.answers["question"],
        [label(HELP_KINDS, dossier.help_kind), label(THEMES, dossier.answers["theme"])], how_far(dossier, one.commune),
        say_date(dossier.promised_on) if dossier.promised_on else "", pace_of(one.membre_id),
        [file.name for file in dossier.files], suggested_by, employers=for_employers(dossier)), person, now)
    return person


def how_far(dossier: Entraide, commune: str) -> str:
    """« à environ 28 km » between who asks and that commune, "" when unknown."""
    here, there = communes.commune(dossier.commune), communes.commune(commune)
    return describe(here, there) if here and there else ""


def pace_of(membre_id: int) -> str:
    """The pace they accepted, in French words."""
    return label(PACES, db.session.get(Membre, membre_id).pace).lower()


def all_said_no(dossier: Entraide) -> bool:
    """True when everybody who was asked answered, and nobody helps: the next ones need not wait."""
    return all(asked.answer not in (Answer.NONE, Answer.TAKEN) for asked in dossier.solicitations)


def look_again(dossier: Entraide, now: datetime) -> None:
    """Ask others at the next opening, where peers may be asked at all."""
    if "pairs" in (dossier.answers.get("visibility") or []):
        dossier.next_wave_at = reminding.working(now)


def _exhausted(dossier: Entraide, now: datetime) -> None:
    """Nobody is left to ask: the coordination has known the request from the beginning, and is told that it is its turn."""
    dossier.next_wave_at = None
    dossier.record("peers_exhausted", CLOCK, now)
    if not dossier.waves:
        return  # said in the letter that brings the request
    for person in acting.who_coordinates(dossier):
        digest.tell(person.email, person.name, f"Plus personne à solliciter pour la demande d’aide {dossier.reference}\u00a0: "
                    "c’est à la coordination de répondre.", now, dossier=dossier)


def said_of_peers(dossier: Dossier) -> str:
    """What the coordination reads of the peers who are asked about a request for help, in one sentence."""
    if not isinstance(dossier, Entraide):
        return ""
    if "pairs" not in (dossier.answers.get("visibility") or []):
        return "Aucun pair n’est sollicité\u00a0: la personne ne l’a pas souhaité. La réponse vous revient."
    names = [asked.participant.name for asked in dossier.solicitations]
    if names:
        return (f"Des pairs sont sollicités en ce moment\u00a0: {', '.join(names)}. D’autres le seront si personne ne prend la "
                "demande.")
    if dossier.next_wave_at:
        return "Des pairs seront sollicités dès la prochaine ouverture."
    return ("Aucun membre disponible n’a proposé d’aider sur ce sujet\u00a0: la réponse vous revient.")
