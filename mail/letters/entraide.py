"""Letters of a request for help that ends."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Letter, compose


def resolved(network: Network, dossier: Dossier, to: Participant, by: str) -> Letter:
    """To the others: it is resolved; a reply reopens it."""
    return compose("entraide/resolved", network=network, dossier=dossier, to=to, by=by)


def ended(network: Network, dossier: Dossier, to: Participant, by: str, words: str) -> Letter:
    """A coordinator closes or does not take up a request: to its author, with the reason; a reply reopens it."""
    return compose("entraide/ended", automatic=False, network=network, dossier=dossier, to=to, by=by, words=words)
