"""What asks for a coordinator's attention, counted: the head of their space. Nothing of alerts, which are read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from models.base import db
from models.delivery import StoppedAddress
from models.dossier import Dossier, Participant
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.outbox import OutboxMessage, OutboxState
from models.shelf import SHELF
from models.states import ENDED
from models.typography import french

from . import presence
from .desk import QUIET_FOR, Shelf, Wanted, count, counts

#: A letter that failed longer ago was seen, or matters no more.
_FAILED_FOR = timedelta(days=30)
#: The same twice: read from the index of the lists, or asked of the few requests that something else leads to.
_ON_THE_LISTS = SHELF.in_([Shelf.TO_DO.value, Shelf.UNDER_WAY.value])
_GOES_ON = Dossier.state.notin_([*ENDED, "unconfirmed"])


@dataclass(frozen=True)
class Matter:
    """One thing to look at: how many, in a sentence, and the page where they are; ``pressing`` is said first."""

    sentence: str
    url: str
    pressing: bool = False


def matters(me: str, now: datetime, today: date) -> list[Matter]:
    """What to look at now, the pressing first; nothing when all is well."""
    found = [*_promises(me, now, today), *_mail(now), *_silent(me, now, today)]
    return sorted((matter for matter in found if matter), key=lambda matter: not matter.pressing)


def _promises(me: str, now: datetime, today: date) -> list[Matter | None]:
    """What is late or soon, and what is in the hands of nobody, of somebody away, or of somebody who coordinates no more."""
    number = counts(Shelf.TO_DO, Wanted(), me, now, today)
    team = {one.email.lower() for one in instance().network.coordinators}
    away = presence.absent_on(today) & team
    holder = func.lower(Dossier.assigned_to)
    near = (Dossier.promised_on >= today) & (Dossier.promised_on <= today + timedelta(days=2))
    soon, held, orphan = db.session.execute(select(
        func.sum(case((near, 1), else_=0)), func.sum(case((holder.in_(away), 1), else_=0)),
        func.sum(case(((Dossier.assigned_to != "") & holder.notin_(team), 1), else_=0))).where(_ON_THE_LISTS)).one()
    return [
        _matter(number["retard"], "réponse promise est en retard", "réponses promises sont en retard",
                "/coordination/?retard=oui", pressing=True),
        _matter(orphan or 0, "demande est à une personne qui ne coordonne plus",
                "demandes sont à une personne qui ne coordonne plus", "/coordination/?qui=personne", pressing=True),
        _matter(soon or 0, "réponse est promise d’ici deux jours", "réponses sont promises d’ici deux jours", "/coordination/"),
        _matter(number["personne"], "demande n’est à personne", "demandes ne sont à personne", "/coordination/?qui=personne"),
        _matter(held or 0, "demande est à une personne absente", "demandes sont à des personnes absentes",
                "/coordination/?qui=absents"),
    ]


def _mail(now: datetime) -> list[Matter | None]:
    aside = db.session.scalar(select(func.count()).where(InboundMessage.state == InboundState.QUARANTINED.value)) or 0
    failed, to = db.session.execute(select(func.count(), func.max(Dossier.reference)).select_from(OutboxMessage).join(
        Dossier, Dossier.id == OutboxMessage.dossier_id).where(
            OutboxMessage.state == OutboxState.FAILED.value, OutboxMessage.created_at > now - _FAILED_FOR, _GOES_ON)).one()
    lost, whose = db.session.execute(select(
        func.count(func.distinct(func.lower(Participant.email))), func.max(Dossier.reference)).select_from(Participant).join(
        Dossier, Dossier.id == Participant.dossier_id).where(Participant.active, _GOES_ON, func.lower(Participant.email).in_(
            # A word as it is and a word of lower() are not alike to SQLite: of the second it finds the index.
            select(func.lower(StoppedAddress.email)).where(StoppedAddress.lifted_at.is_(None))))).one()
    return [
        _matter(aside, "courriel attend qu’on dise où il va", "courriels attendent qu’on dise où ils vont",
                "/coordination/courriels"),
        _matter(lost, "adresse ne marche plus", "adresses ne marchent plus", f"/coordination/{whose}", pressing=True),
        _matter(failed, "courriel n’a pas pu être remis", "courriels n’ont pas pu être remis", f"/coordination/{to}"),
    ]


def _silent(me: str, now: datetime, today: date) -> list[Matter | None]:
    quiet = count(Shelf.UNDER_WAY, Wanted(quiet=True), me, now, today)
    said = f"depuis {QUIET_FOR.days} jours"
    return [_matter(quiet, f"demande attend quelqu’un, sans nouvelle {said}",
                    f"demandes attendent quelqu’un, sans nouvelle {said}", "/coordination/en-cours?calme=oui")]


def _matter(number: int, one: str, several: str, url: str, *, pressing: bool = False) -> Matter | None:
    if not number:
        return None
    return Matter(french(f"{number} {one if number == 1 else several}"), url, pressing)
