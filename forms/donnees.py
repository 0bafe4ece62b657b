"""One's own space: what a member may see and change of themselves, a page a subject."""

from __future__ import annotations

from typing import Any

from models.vocabulary import DIRECTORY_FIELDS, LEVELS, PACES, SKILLS

from .adhesion import MENTORS, MENTORS_HINT, PACE, PACE_HINT, HostingPage
from .base import RingForm
from .fields import Checkboxes, CommuneChoice, Day, Email, LongText, People, Phone, Radios, Text

#: How the fields of levels are named: one for each skill.
_LEVEL = "niveau_"


class AskSpaceForm(RingForm):
    email = Email("Votre adresse de courriel", autocomplete="email",
                  missing="Indiquez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")


class ContactPage(RingForm):
    given_name = Text("Prénom", autocomplete="given-name", missing="Indiquez votre prénom.", longest=100)
    family_name = Text("Nom", autocomplete="family-name", missing="Indiquez votre nom.", longest=100)
    phone = Phone("Téléphone", autocomplete="tel", optional=True)
    job = Text("Votre fonction", autocomplete="organization-title", optional=True, longest=150)
    commune = CommuneChoice("Votre commune", hint="Son nom ou son code postal",
                            missing="Indiquez votre commune, par son nom ou son code postal.")


class SkillsPage(RingForm):
    skills_offered = Checkboxes("Ce que vous savez faire et pouvez partager", choices=SKILLS, optional=True)
    skills_sought = Checkboxes("Ce que vous aimeriez apprendre", choices=SKILLS, optional=True)


class PacePage(RingForm):
    pace = Radios(PACE, choices=PACES, optional=True, hint=PACE_HINT)
    pause_ends_on = Day("Une pause, jusqu’au", optional=True, future=True,
                        hint="Ce jour compris. Videz ces cases pour mettre fin à la pause")


class MentoringPage(RingForm):
    mentors = Checkboxes("Être mentor, mentore", choices=MENTORS, optional=True, hint=MENTORS_HINT)


class LevelsPage(RingForm):
    """One question for each skill a member named: made by :func:`levels_page`."""

    def answers(self) -> dict[str, Any]:
        return {"levels": {name.removeprefix(_LEVEL): value for name, value in super().answers().items() if value}}


def levels_page(skills: list[tuple[str, str]]) -> type[LevelsPage]:
    """The page of levels for these skills, as ``(code, words)``."""
    fields = {f"{_LEVEL}{code}": Radios(words, choices=LEVELS, optional=True) for code, words in skills}
    return type("LevelsPage", (LevelsPage,), fields)


class DirectoryPage(RingForm):
    directory = Checkboxes("Ce qui peut être montré dans l’annuaire du réseau", choices=DIRECTORY_FIELDS, optional=True,
                           hint="Rien n’est montré si vous ne cochez rien")


class OfferPage(HostingPage):
    host_periods = LongText("Les périodes qui conviennent", optional=True, longest=500, rows=2, when=("hosts", "oui"),
                            hint="Par exemple de septembre à juin, le mardi et le jeudi")
    host_access = LongText("Venir et circuler chez vous", optional=True, longest=500, rows=3, when=("hosts", "oui"),
                           hint="Transports, stationnement, marches, ce qui aide une personne en situation de handicap")


class TeamPage(RingForm):
    team = People("Qui inviter", missing="Indiquez au moins une personne : prénom, nom et adresse de courriel.",
                  hint="Une personne par ligne, par exemple : Dominique Essai, dominique@structure.fr")


class MovePage(RingForm):
    email = Email("Votre nouvelle adresse de courriel", autocomplete="email",
                  missing="Indiquez votre nouvelle adresse, par exemple prenom.nom@exemple.fr.")


class LeavePage(RingForm):
    words = LongText("Un mot pour la coordination", optional=True, longest=2000, rows=4)
