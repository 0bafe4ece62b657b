"""What the samples of letters are made of: one request of each kind in the middle of its story, its people, words and links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from house.tree import ROOT

from mail.letter import Letter
from models.dossier import DOSSIERS, Dossier, Participant
from models.network import load_network
from models.states import Kind
from models.typography import french

NETWORK = load_network(ROOT / "demonstration" / "network.toml")
URL = "http://127.0.0.1:5000/d/EXEMPLE-DE-LIEN-PERSONNEL-DE-43-CARACTERES-000"
QUEUE_REPLY = "courrier+exempleexempleexempleexemp@ring.example"
REPLY = "reponse+exempleexempleexempleexemp@ring.example"
AT = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
WORDS = "Bonjour Noa,\n\nVoici une première piste :\n- le modèle de mandat ;\n- un atelier <mardi> *prochain*.\n\nÀ bientôt"
SUMMARY = {
    "adhesion": [["Vous", [["Prénom", "Noa"], ["Nom", "Fictif"], ["Adresse de courriel", "noa@structure-b.example", "contact"]]],
                 ["Les engagements", [["J’ai lu ces engagements et je les partage", "oui"]]]],
    "entraide": [["Votre question", [["Votre question", "Quelle procédure de mandat\u00a0?\nLa personne n’a pas d’adresse."],
                                     ["Le sujet", "Démarches administratives en ligne"]]],
                 ["Vous", [["Prénom", "Noa"], ["Téléphone", "06 39 98 00 01", "contact"]]]],
    "immersion": [["Ce que vous cherchez", [["Vos objectifs", "Découvrir les ateliers collectifs\nComparer les postures"]]],
                  ["Vous", [["Prénom", "Noa"], ["Adresse de courriel", "noa@structure-b.example", "contact"]]]],
    "mentorat": [["La personne à accompagner", [["Situation", "professionnel·le"], ["Aimerait apprendre", "Diagnostic, Pix"]]],
                 ["Qui elle est", [["Nom", "Noa Fictif"], ["Adresse de courriel", "noa@structure-b.example", "contact"]]]],
}
TITLES = {"adhesion": "Adhésion d’un·e professionnel·le", "entraide": "Une question simple : Démarches administratives en ligne",
          "immersion": "Immersion : médiateur·rice numérique, 2 journées sur 2 semaines",
          "mentorat": "Mentorat d’un·e professionnel·le"}


def dossier(kind: Kind, state: str = "submitted") -> Dossier:
    """A dossier as it is in the middle of its story, not stored."""
    made = DOSSIERS[kind](year=2027, number=7, reference=f"{kind.prefix}-2027-0007", state=state,
                          title=french(TITLES[kind.value]), commune="12145", created_at=AT, moved_at=AT, answers={},
                          summary=SUMMARY[kind.value])
    made.participants += [
        Participant(role="author", name="Noa Fictif", email="noa@structure-b.example", organisation="Structure Exemple B"),
        Participant(role="coordinator", name="Alix Coordination", email="coordination@ring.example"),
        Participant(role="employer", name="Andréa Direction", email="direction@structure-b.example",
                    organisation="Structure Exemple B"),
        Participant(role="host", name="Claude Accueil", email="claude@structure-c.example", organisation="Structure Exemple C")]
    for person in made.participants:
        person.active = person.named = True
    return made


def alone(of: Dossier, status: str = "independant") -> Dossier:
    """That request, of somebody in their own name, or of a volunteer."""
    of.answers = {**of.answers, "work_status": status}
    return of


def who(of: Dossier, role: str) -> Participant:
    return next(person for person in of.participants if person.role == role)


def about(kind: Kind, write: Callable[[Dossier], Letter], state: str = "submitted") -> Callable[[], Letter]:
    return lambda: write(dossier(kind, state))
