"""A coordinator picks one peer by hand: who suits is shown with the reasons; a pace and a pause are respected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.dossier import Actor, Dossier
from models.states import Kind, Role

from .. import conversation
from ..acting import Action, register
from ..errors import Refused
from .candidates import considered
from .waves import ask


def ask_by_hand(dossier: Dossier, by: Actor, words: str, now: datetime, membre_id: int | None = None) -> str:
    """Ask the member that a coordinator chose; the others who were asked still may take it.

    :raises Refused: that member may not be asked any more, or not now: a pause and a pace hold for the coordination too.
    """
    found = next(iter(considered(dossier, now, only=membre_id)), None) if membre_id is not None else None
    if found is None:
        raise Refused("Cette personne ne peut plus être sollicitée pour cette demande. Choisissez-en une autre.")
    if found.against:
        raise Refused(f"{found.candidate.name}\u00a0: {found.against}. Choisissez une autre personne.")
    ask(dossier, found.candidate, 0, now, by.participant.name)
    dossier.record("peer_asked_by_hand", by, now)
    if words:
        conversation.note(dossier, by, f"À propos de la sollicitation de {found.candidate.name}\u00a0:\n\n{words}", now)
    return f"{found.candidate.name} reçoit la demande par courriel."


def _not_now(dossier: Dossier, who: Any) -> str:
    if who is None:
        return ""
    if "pairs" not in (dossier.answers.get("visibility") or []):
        return "La personne n’a pas souhaité que des pairs soient sollicités."
    return "Quelqu’un aide déjà sur cette demande." if dossier.helper is not None else ""


register(Action("solliciter", "Solliciter une personne", "écrit à un membre que vous choisissez",
                {Kind.ENTRAIDE: frozenset({"submitted", "in_progress"})}, frozenset({Role.COORDINATOR}), ask_by_hand,
                words="optional", words_label="Une note pour la coordination", form=True, only=_not_now))
