"""A placement that another service's convention covers (PMSMP): a preparatory sheet, no convention of ours, and its follow-up.

Prescribing it takes an authorised body, which the network is not (code du travail, L5135-1 to L5135-8).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from mail import outbox
from mail.letters import convention as convention_letters
from mail.letters import placement as letters
from models.access_link import Purpose
from models.base import db
from models.dossier import CLOCK, Actor, Immersion
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from models.vocabulary import PLACEMENT_OUTCOMES, label
from pdf.convention_data import NetworkIdentity
from pdf.preparatory_sheet import SERVICE_URL, SheetData, sheet_pdf
from territory.calendar import local

from .. import reminding, sweeping
from ..acting import Action, register, who_coordinates
from ..convention.values import lines
from ..conversation import keep_words
from ..errors import NotAllowed
from ..files import new_file
from ..links import personal_url

#: After the last day, or after the sheet when no day is known: when it is asked whether it took place.
ASKED_AFTER, ASKED_WITHOUT_DAY, ASKED_AGAIN_AFTER = timedelta(days=1), timedelta(days=45), timedelta(days=10)
#: Said in a letter, where no link leads elsewhere than to the network.
_SERVICE = SERVICE_URL.removeprefix("https://").rstrip("/")
#: Questions of the sheet, in the words of SheetData.
NAMES = ("purpose", "objectives", "tasks", "host", "place", "tutor", "tutor_quality", "first_on", "last_on", "days", "hours",
         "timetable", "safety", "prescriber")


def sheet_values(dossier: Immersion) -> dict[str, Any]:
    """What the sheet says so far, by question: what the person gave, or what a common request holds."""
    answers = dossier.answers
    common = {"objectives": answers.get("objectives", ""), "tasks": answers.get("functions", ""),
              "host": dossier.host.name if dossier.host else ""}
    return dict.fromkeys(NAMES, "") | common | {name: value for name, value in answers.get("placement", {}).items() if value}


def sheet(dossier: Immersion, values: Mapping[str, Any], now: datetime) -> tuple[dict[str, Any], bytes]:
    """The values as they are kept, and the PDF of the sheet; made before the transaction that sends it."""
    network = instance().network
    kept = {name: value.isoformat() if isinstance(value, date) else value or ""
            for name, value in values.items() if name in NAMES}
    text = {name: str(kept.get(name) or "") for name in NAMES}
    data = SheetData(
        reference=dossier.reference,
        network=NetworkIdentity(network.name, network.full_name, who_coordinates(dossier)[-1].name, network.email, network.phone),
        person=dossier.author.name, purpose=text["purpose"], objectives=lines(text["objectives"]), issued_on=local(now).date(),
        tasks=text["tasks"], host=text["host"], place=text["place"], tutor=text["tutor"], tutor_quality=text["tutor_quality"],
        first_on=date.fromisoformat(text["first_on"]) if text["first_on"] else None,
        last_on=date.fromisoformat(text["last_on"]) if text["last_on"] else None,
        days=int(text["days"] or 0), hours=int(text["hours"] or 0), timetable=text["timetable"], safety=text["safety"],
        prescriber=text["prescriber"])
    return kept, sheet_pdf(data)


def send_sheet(dossier: Immersion, by: Actor, words: str, now: datetime, ready: tuple[dict[str, Any], bytes]) -> str:
    """The request goes on outside of the network's convention: the person gets the sheet, the others are told."""
    kept, pdf = ready
    name = f"fiche-{dossier.reference}.pdf"
    file = new_file(name, "application/pdf", pdf, now)
    db.session.add(file)
    file.dossier = dossier
    dossier.answers = {**dossier.answers, "placement": {**kept, "sent_on": local(now).date().isoformat()}}
    others = [p for p in dossier.participants if p.active and p.role in (Role.EMPLOYER, Role.HOST)]
    dossier.move_to(ImmersionState.OUTSIDE, by, now, "sent_outside")
    network = instance().network
    outbox.post(letters.sheet_ready(network, dossier, dossier.author, words, _SERVICE,
                                    personal_url(Purpose.DOSSIER, dossier.author, now), name, pdf), dossier.author, now)
    for person in others:
        outbox.post(letters.goes_outside(network, dossier, person, by.participant.name), person, now)
    return f"La fiche préparatoire part à {dossier.author.display_name}, avec le chemin à suivre."


#: It is still to come.
NOT_YET = "pas_encore"


def tell_outcome(dossier: Immersion, by: Actor, words: str, now: datetime, outcome: str) -> str:
    """Whether the placement took place; it ends the request, unless it is still to come.

    :raises NotAllowed: no answer was chosen.
    """
    if outcome not in dict(PLACEMENT_OUTCOMES):
        raise NotAllowed()
    keep_words(dossier, by, words, now)
    if outcome == NOT_YET:
        dossier.answers = {**dossier.answers, "placement": {
            **dossier.answers.get("placement", {}), "asked": 0,
            "ask_on": (local(now).date() + 3 * ASKED_AGAIN_AFTER).isoformat()}}
        dossier.record("placement_later", by, now)
        return "Merci. Nous vous le redemanderons dans un mois."
    dossier.answers = {**dossier.answers, "placement": {**dossier.answers.get("placement", {}), "outcome": outcome}}
    dossier.move_to(ImmersionState.CLOSED, by, now, "placement_told", outcome=label(PLACEMENT_OUTCOMES, outcome).lower())
    for person in who_coordinates(dossier):
        if person is not by.participant:
            outbox.post(letters.placement_told(instance().network, dossier, person, label(PLACEMENT_OUTCOMES, outcome), words,
                                               personal_url(Purpose.DOSSIER, person, now)), person, now)
    if by.role == Role.COORDINATOR:
        outbox.post(convention_letters.immersion_closed(instance().network, dossier, dossier.author, words), dossier.author, now)
    return "Merci, votre réponse est enregistrée. Le dossier est clos."


def follow_up(now: datetime) -> int:
    """Ask once the days are over whether the placement took place, and once more ten days later; gives how many letters.

    Nobody who does not answer is pressed: the request stays as it is, the coordination sees it.
    """
    if reminding.working(now) != now:
        return 0
    return sweeping.each_due(select(Immersion).where(Immersion.state == ImmersionState.OUTSIDE.value), _ask, now)


def _ask(dossier: Immersion, now: datetime) -> int:
    today = local(now).date()
    if not _due(dossier, today) or reminding.may_leave(dossier.author.email, now) > now:
        return 0
    known = dossier.answers["placement"]
    dossier.answers = {**dossier.answers, "placement": {
        **known, "asked": known.get("asked", 0) + 1, "ask_on": (today + ASKED_AGAIN_AFTER).isoformat()}}
    dossier.record("placement_asked", CLOCK, now)
    url = f"{personal_url(Purpose.DOSSIER, dossier.author, now)}/suivi"
    reminding.post(letters.placement_held_reminder(instance().network, dossier, dossier.author, url), dossier.author, now)
    return 1


def _due(dossier: Immersion, today: date) -> bool:
    known = dossier.answers.get("placement", {})
    if known.get("asked", 0) >= 2 or dossier.author.muted_at is not None:
        return False
    if known.get("ask_on"):
        return date.fromisoformat(known["ask_on"]) <= today
    if known.get("last_on"):
        return date.fromisoformat(known["last_on"]) + ASKED_AFTER <= today
    return bool(known.get("sent_on")) and date.fromisoformat(known["sent_on"]) + ASKED_WITHOUT_DAY <= today


_S = ImmersionState

register(
    Action("fiche", "Envoyer la fiche préparatoire d’une PMSMP",
           "envoie la fiche préparatoire à la personne ; la suite se fait avec un service public, hors convention du réseau",
           {Kind.IMMERSION: frozenset({_S.SUBMITTED.value, _S.EMPLOYER_ASKED.value, _S.EMPLOYER_AGREED.value,
                                       _S.HOST_ASKED.value, _S.HOST_AGREED.value, _S.IN_REVIEW.value})},
           frozenset({Role.COORDINATOR}), send_sheet, words="optional", words_label="Un mot pour la personne", form=True),
    Action("suivi", "Dire si elle a eu lieu", "dit si la période a eu lieu", {Kind.IMMERSION: frozenset({_S.OUTSIDE.value})},
           frozenset({Role.AUTHOR, Role.COORDINATOR}), tell_outcome, words="optional",
           words_label="Ce que vous en retenez", form=True, main=True),
)
