"""The next exchange around an immersion: a day and hours that go to everybody's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from mail import outbox
from mail.letters import sessions as letters
from models.dossier import Actor, Dossier, Immersion, Participant
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from territory.calendar import local, say_date, say_time

from ..acting import Action, register, who_coordinates
from ..errors import Refused
from . import appointments


@dataclass(frozen=True)
class Exchange:
    """When and where; ``place`` may be the address of a video meeting."""

    on: date
    starts: time
    ends: time
    place: str


def plan(dossier: Immersion, by: Actor, words: str, now: datetime, exchange: Exchange) -> str:
    """Fix the next exchange, or change it: everybody's calendar is told, under the same name.

    :raises Refused: the day is over, or the hours do not follow each other.
    """
    if exchange.on < local(now).date():
        raise Refused("Ce jour est passé : indiquez un jour à venir.")
    if exchange.ends <= exchange.starts:
        raise Refused("L’heure de fin doit suivre celle de début.")
    before = dossier.answers.get("exchange")
    rank = before["sequence"] + 1 if before else dossier.answers.get("exchanges_cancelled", 0)
    dossier.answers = {**dossier.answers, "exchange": {
        "on": exchange.on.isoformat(), "starts": exchange.starts.isoformat(), "ends": exchange.ends.isoformat(),
        "place": exchange.place, "sequence": rank}}
    dossier.record("exchange_planned", by, now)
    event = appointments.of_exchange(dossier)
    for person in _people(dossier):
        outbox.post(letters.exchange_planned(instance().network, dossier, person, say(dossier), exchange.place, words,
                                             (appointments.invited(event, person, now),), changed=bool(before)), person, now)
    return f"L’échange est fixé\u00a0: {say(dossier)}. Chacun reçoit la date pour son agenda."


def cancel(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """It will not be: calendars are emptied of it."""
    planned = dict(dossier.answers["exchange"])
    planned["sequence"] += 1
    dossier.answers = {**dossier.answers, "exchange": planned}
    event, was = appointments.of_exchange(dossier), say(dossier)
    for person in _people(dossier):
        outbox.post(letters.exchange_cancelled(instance().network, dossier, person, was, words,
                                               (appointments.cancelled(event, person, now),)), person, now)
    dossier.answers = {key: value for key, value in dossier.answers.items() if key != "exchange"} | {
        "exchanges_cancelled": planned["sequence"] + 1}
    dossier.record("exchange_cancelled", by, now)
    return "L’échange est annulé. Chacun reçoit un courriel."


def say(dossier: Dossier) -> str:
    """« jeudi 11 mars 2027, de 14 h à 15 h », "" where none is planned."""
    planned = dossier.answers.get("exchange") if dossier.kind_ == Kind.IMMERSION else None
    if not planned:
        return ""
    starts, ends = (time.fromisoformat(planned[name]) for name in ("starts", "ends"))
    return f"{say_date(date.fromisoformat(planned['on']))}, de {say_time(starts)} à {say_time(ends)}"


def known(dossier: Dossier) -> dict[str, Any]:
    """What the page shows: the exchange planned, if any."""
    planned = dossier.answers.get("exchange")
    if not planned:
        return {}
    return {"on": date.fromisoformat(planned["on"]), "place": planned["place"],
            **{name: say_time(time.fromisoformat(planned[name])) for name in ("starts", "ends")}}


def place(dossier: Dossier) -> str:
    """Where the next exchange is, "" where none is planned."""
    return dossier.answers.get("exchange", {}).get("place", "")


def _people(dossier: Immersion) -> list[Participant]:
    return list(dict.fromkeys([*appointments.people(dossier), *who_coordinates(dossier)]))


def _none(dossier: Dossier, _who: Any) -> str:
    return "" if (dossier.answers or {}).get("exchange") else "Aucun échange n’est prévu."


_S = ImmersionState
_WHERE = {Kind.IMMERSION: frozenset({_S.SIGNED.value, _S.LIVED.value, _S.INTERRUPTED.value, _S.CLOSED.value})}
_COORDINATOR = frozenset({Role.COORDINATOR})

register(
    Action("echange", "Fixer le prochain échange", "fixe la date du prochain échange, qui entre dans les agendas", _WHERE,
           _COORDINATOR, plan, words="optional", words_label="Un mot pour les personnes invitées", form=True),
    Action("annuler-echange", "Annuler le prochain échange", "annule le prochain échange, retiré des agendas", _WHERE,
           _COORDINATOR,
           cancel, words="optional", words_label="Un mot pour les personnes invitées", only=_none),
)
