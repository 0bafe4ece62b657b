"""Who takes part in a convention."""

from __future__ import annotations

from models.dossier import Immersion, Participant
from models.states import Role


def parties(dossier: Immersion) -> list[Participant]:
    """The three: the person received, their employer, their host."""
    found = (dossier.author, dossier.participant(Role.EMPLOYER), dossier.participant(Role.HOST))
    return [party for party in found if party is not None]
