"""A coordinator picks one peer by hand: who suits is shown with the reasons; a pace is respected, or overridden knowingly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.dossier import Actor, Dossier
from models.states import Kind, Role

from .. import conversation
from ..acting import Action, register
from ..errors import Refused, TextMissing
from .candidates import considered
from .waves import ask


@dataclass(frozen=True)
class Pick:
    """Who was chosen; ``knowingly``: the coordinator read what speaks against it, and asks all the same."""

    membre_id: int
    knowingly: bool


def ask_by_hand(dossier: Dossier, by: Actor, words: str, now: datetime, pick: Pick | None = None) -> str:
    """Ask the member that a coordinator chose; the others who were asked still may take it.

    :raises Refused: that member may not be asked any more, or would rather not and it was not said knowingly.
    :raises TextMissing: a pace is overridden, and not why.
    """
    found = next(iter(considered(dossier, now, only=pick.membre_id)), None) if pick is not None else None
    if found is None:
        raise Refused("Cette personne ne peut plus être sollicitée pour cette demande. Choisissez-en une autre.")
    if found.against and not pick.knowingly:
        raise Refused(f"{found.candidate.name}\u00a0: {found.against}. Cochez la case sous la liste pour passer outre, "
                      "ou choisissez une autre personne.")
    if found.against and not words:
        raise TextMissing("Dites pourquoi vous passez outre\u00a0: ces mots restent en note interne.")
    ask(dossier, found.candidate, 0, now, by.participant.name)
    dossier.record("peer_asked_beyond" if found.against else "peer_asked_by_hand", by, now)
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
