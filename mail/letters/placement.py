"""Letters of a placement that another service's convention covers (PMSMP)."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Attachment, Letter, compose


def sheet_ready(network: Network, dossier: Dossier, to: Participant, words: str, service_url: str, url: str, name: str,
                pdf: bytes) -> Letter:
    """To the person: the preparatory sheet, who prescribes, and where the convention is made."""
    return compose("placement/sheet_ready", attachments=(Attachment(name, "application/pdf", pdf),), network=network,
                   dossier=dossier, to=to, words=words, service_url=service_url, url=url)


def goes_outside(network: Network, dossier: Dossier, to: Participant, coordinator: str) -> Letter:
    """To an employer or a host who had been asked: what goes on, goes on with a public service."""
    return compose("placement/goes_outside", network=network, dossier=dossier, to=to, coordinator=coordinator)


def placement_held_reminder(network: Network, dossier: Dossier, to: Participant, url: str) -> Letter:
    """To the person, once the days are over: did it take place, and a few words if they wish."""
    return compose("placement/placement_held_reminder", network=network, dossier=dossier, to=to, url=url)


def placement_told(network: Network, dossier: Dossier, to: Participant, outcome: str, words: str, url: str) -> Letter:
    """To the coordination: whether the placement took place."""
    return compose("placement/placement_told", network=network, dossier=dossier, to=to, outcome=outcome, words=words, url=url)
