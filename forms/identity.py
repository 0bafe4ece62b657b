"""Who writes: the same questions, in the same words, in every public form."""

from __future__ import annotations

from models.vocabulary import POSTS, TYPOLOGIES

from .base import RingForm
from .fields import CommuneChoice, Decoy, Email, Phone, Radios, Siret, Text, Website

PUBLIC_OR_PRIVATE = (("prive", "Privée : association, entreprise, travail indépendant"),
                     ("public", "Publique : commune, intercommunalité, département, établissement public"))


class DecoyMixin:
    """Ends a form with a field that only machines fill."""

    leurre = Decoy()


class Person(RingForm):
    given_name = Text("Prénom", autocomplete="given-name", missing="Indiquez votre prénom.", width=24, longest=80)
    family_name = Text("Nom", autocomplete="family-name", missing="Indiquez votre nom.", width=24, longest=80)
    email = Email("Adresse de courriel", autocomplete="email",
                  hint="Un lien y est envoyé pour confirmer votre demande",
                  missing="Indiquez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")
    phone = Phone("Téléphone", autocomplete="tel", optional=True, hint="Seulement si vous acceptez d’être appelé·e")


class StructureQuestions(RingForm):
    """A structure: what it is and where."""

    structure_name = Text("Nom de la structure", autocomplete="organization", missing="Indiquez le nom de la structure.",
                          longest=180)
    structure_status = Radios("La structure est", choices=PUBLIC_OR_PRIVATE, missing="Choisissez publique ou privée.")
    typology = Radios("Type de structure", choices=TYPOLOGIES, missing="Choisissez le type de structure.")
    siret = Siret("Numéro SIRET", optional=True, hint="14 chiffres, si vous le connaissez")
    address = Text("Adresse", autocomplete="street-address", missing="Indiquez l’adresse de la structure, sans la commune.",
                   longest=200)
    structure_commune = CommuneChoice("Commune de la structure", hint="Son nom ou son code postal",
                                      missing="Indiquez la commune de la structure, par son nom ou son code postal.")


class WebsiteQuestion(RingForm):
    website = Website("Site internet", autocomplete="url", optional=True)


class PostQuestion(RingForm):
    post = Radios("Votre métier", choices=POSTS, missing="Choisissez votre métier dans la liste.")
    job = Text("Intitulé de votre poste", autocomplete="organization-title", optional=True, longest=150)


def structure_values(answers: dict, *, commune: str = "structure_commune") -> dict:
    """The columns of a structure, from the answers of :class:`StructureQuestions`."""
    return {"name": answers["structure_name"], "public": answers["structure_status"] == "public",
            "typology": answers["typology"], "siret": answers.get("siret") or "", "address": answers["address"],
            "commune": answers[commune], "website": answers.get("website") or ""}
