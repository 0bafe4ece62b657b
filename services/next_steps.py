"""What the receipt of a request says comes next."""

from __future__ import annotations

from models.dossier import Dossier
from models.states import Kind

NEXT_STEPS: dict[Kind, str] = {
    Kind.ADHESION: "Nous décidons ensuite avec vous de votre entrée dans le réseau.",
    Kind.ENTRAIDE: "La réponse viendra d’une personne du réseau qui connaît le sujet, ou de la coordination.",
    Kind.MENTORAT: "Nous cherchons près de chez vous une personne du réseau qui peut vous accompagner.",
    Kind.IMMERSION: "Nous écrirons ensuite à votre employeur, pour demander son accord de principe.",
}


def next_step(dossier: Dossier) -> str:
    """What happens once the coordination has read the request, in a sentence."""
    if "placement" in dossier.answers:
        return ("Nous vous enverrons ensuite votre fiche préparatoire. Nous cherchons avec vous une structure d’accueil, si vous "
                "n’en avez pas.")
    return NEXT_STEPS[dossier.kind_]
