"""Who looks at a dossier: what they may do there, and who reads what they write."""

from __future__ import annotations

from dataclasses import dataclass

from models.dossier import Dossier, Participant
from models.states import Role


@dataclass(frozen=True)
class Visitor:
    """Who looks at a dossier, and where its pages are: ``base`` is ``/d/<token>`` or ``/coordination/<reference>``."""

    participant: Participant
    base: str
    layout: str

    @property
    def dossier(self) -> Dossier:
        return self.participant.dossier

    @property
    def role(self) -> Role:
        return Role(self.participant.role)

    @property
    def asker(self) -> str:
        """Who made the request, as this person may read it within a sentence."""
        author = self.dossier.author
        return author.name if self.role == Role.COORDINATOR else author.shown_to(self.participant, begins=False)


@dataclass(frozen=True)
class Writing:
    """How the box to write in is headed, by whom it is read, and what its button says."""

    heading: str
    hint: str
    button: str


def writing_of(visitor: Visitor) -> Writing:
    """Who reads what this person writes here."""
    dossier, person = visitor.dossier, visitor.participant
    hint = "Vous pouvez aussi répondre au dernier courriel reçu. Votre adresse n’est montrée à personne d’autre."
    if visitor.role == Role.HELPER and dossier.helper is None and not dossier.ended:
        return Writing("Répondre tout de suite", f"Vos mots partent à la personne, et la demande est à vous. {hint}",
                       "Envoyer ma réponse")
    pair = (dossier.author, dossier.helper)
    if dossier.helper is not None and person in pair:
        other = next(one for one in pair if one is not person).shown_to(person, begins=False)
        return Writing(f"Écrire à {other}", f"La coordination vous lit aussi. {hint}", "Envoyer le message")
    return Writing("Écrire à la coordination", hint, "Envoyer à la coordination")
