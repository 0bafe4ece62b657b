"""What the receipt of a request says comes next."""

from __future__ import annotations

from models.dossier import Dossier, Immersion
from models.states import Kind

NEXT_STEPS: dict[Kind, str] = {
    Kind.ADHESION: "Nous décidons ensuite avec vous de votre entrée dans le réseau.",
    Kind.ENTRAIDE: "La réponse viendra d’une personne du réseau qui connaît le sujet, ou de la coordination.",
    Kind.MENTORAT: "Nous cherchons près de chez vous une personne du réseau qui peut vous accompagner.",
}
_NO_AGREEMENT = ("Nous chercherons ensuite avec vous une structure d’accueil\u00a0: vous parlez en votre nom, aucun accord n’est "
                 "à demander.")


def next_step(dossier: Dossier) -> str:
    """What happens once the coordination has read the request, in a sentence."""
    if "placement" in dossier.answers:
        return ("Nous vous enverrons ensuite votre fiche préparatoire. Nous cherchons avec vous une structure d’accueil, si vous "
                "n’en avez pas.")
    if isinstance(dossier, Immersion):
        return (f"Nous écrirons ensuite à {dossier.backing.yours}, pour demander un accord de principe." if dossier.backing
                else _NO_AGREEMENT)
    return NEXT_STEPS[dossier.kind_]
