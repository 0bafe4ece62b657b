"""Who is told that a letter did not get through: the coordinators of its request, at an address that works."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from mail import outbox
from mail.letters import coordination
from models.access_link import Purpose
from models.base import db
from models.delivery import Outcome
from models.dossier import Dossier, Participant
from models.instance import instance
from models.outbox import OutboxMessage
from models.states import Role

from .. import acting, throttle
from ..links import personal_url

log = logging.getLogger(__name__)

StoppedAmong = Callable[[Iterable[str]], set[str]]

#: Said to a coordinator, who has no use for a server's code.
REASONS: dict[Outcome, str] = {
    Outcome.BOUNCED_HARD: "l’adresse n’existe pas, ou n’existe plus",
    Outcome.BOUNCED_SOFT: "les derniers courriels sont revenus, la boîte est peut-être pleine",
    Outcome.REFUSED: "son serveur de messagerie l’a refusé",
    Outcome.GIVEN_UP: "son serveur de messagerie ne l’a pas accepté pendant trois jours",
    Outcome.TOO_BIG: "il est trop lourd pour sa messagerie",
}


def tell_stopped(letter: OutboxMessage, stopped_among: StoppedAmong, because: Outcome, now: datetime) -> None:
    """An address stopped: one letter to each coordinator of the request, with the page where it can be corrected."""
    person, dossier = letter.participant, letter.dossier
    reason = REASONS[because]
    tried = letter.recipient.lower() != person.email.lower()
    for coordinator in _whom_to_tell(dossier, person, stopped_among):
        url = f"{personal_url(Purpose.DOSSIER, coordinator, now)}/adresse?personne={person.id}"
        outbox.post(coordination.address_stopped(instance().network, dossier, coordinator, person, reason, url, tried=tried),
                    coordinator, now)


def tell_failed(letter: OutboxMessage, stopped_among: StoppedAmong, outcome: Outcome, now: datetime) -> None:
    """A letter will not get through, though its address works: told once a day and person."""
    person, dossier = letter.participant, letter.dossier
    if dossier is None or person is None or person.role == Role.COORDINATOR:
        return
    if not throttle.allow(f"letter-failed:{person.id}", 1, 86400, now):
        return
    for coordinator in _whom_to_tell(dossier, person, stopped_among):
        url = personal_url(Purpose.DOSSIER, coordinator, now)
        outbox.post(coordination.letter_failed(instance().network, dossier, coordinator, person, letter.subject,
                                               REASONS[outcome], url), coordinator, now)


def _whom_to_tell(dossier: Dossier, person: Participant, stopped_among: StoppedAmong) -> list[Participant]:
    """Coordinators whose own address works; nobody before the author has confirmed theirs: no stranger's form disturbs."""
    if dossier.confirmed_at is None:
        return []
    network = instance().network
    everybody = [network.default_coordinator.email, *(c.email for c in network.coordinators)]
    stopped = stopped_among([*everybody, *(p.email for p in dossier.coordinators)]) | {person.email.lower()}
    present = [p for p in acting.who_coordinates(dossier) if p.email.lower() not in stopped]
    if present:
        return present
    email = next((email for email in everybody if email.lower() not in stopped), None)
    if email is None:
        log.error("no coordinator has an address that works: nobody could be told about request %s", dossier.id)
        return []
    found = acting.as_coordinator(dossier, email)
    db.session.flush()
    return [found]
