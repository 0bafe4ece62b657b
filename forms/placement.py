"""A placement prescribed by a public service (PMSMP): asked of the person, then completed by the coordination."""

from __future__ import annotations

from models.vocabulary import PLACEMENT_OUTCOMES, PLACEMENT_PURPOSES

from .base import RingForm
from .fields import CommuneChoice, Day, LongText, Number, Radios, Text
from .identity import DecoyMixin, Person
from .journey import Journey, Step


class ProjectPage(RingForm):
    purpose = Radios("Ce que vous voulez faire", choices=PLACEMENT_PURPOSES, missing="Choisissez ce que vous voulez faire.")
    objectives = LongText("Vos objectifs", hint="Un par ligne, par exemple voir une permanence d’aide aux démarches",
                          longest=2000, missing="Indiquez au moins un objectif, en une ligne.", rows=4)
    tasks = LongText("Les tâches que vous aimeriez découvrir", optional=True, longest=2000, rows=3)


class WherePage(RingForm):
    host = Text("La structure où vous aimeriez aller", optional=True, longest=200,
                hint="Laissez vide si vous n’en connaissez pas : la coordination cherchera avec vous")
    first_on = Day("Premier jour souhaité", optional=True, future=True)
    last_on = Day("Dernier jour souhaité", optional=True, future=True, hint="Un mois au plus après le premier")
    days = Number("Nombre de jours", optional=True, low=1, high=31)
    hours = Number("Nombre d’heures en tout", optional=True, low=1, high=217, hint="Par exemple 35 pour cinq jours")
    prescriber = Text("Qui vous suit", optional=True, longest=200, hint="Par exemple France Travail, mission locale, Cap emploi")


class WhoPage(Person, DecoyMixin):
    commune = CommuneChoice("Votre commune", missing="Indiquez votre commune.")


JOURNEY = Journey("immersion-fiche", (
    Step("projet", "Votre projet", ProjectPage),
    Step("accueil", "Où et quand", WherePage),
    Step("vous", "Vous", WhoPage),
), check_title="Vérifiez votre fiche", send_label="Envoyer ma fiche")


class SheetForm(RingForm):
    """The coordination completes the sheet with the person, then sends it; what is not known stays to be written on it."""

    purpose = Radios("Objet", choices=PLACEMENT_PURPOSES, missing="Choisissez l’objet de la période.")
    objectives = LongText("Objectifs", missing="Indiquez au moins un objectif.", longest=4000, rows=4, hint="Un par ligne")
    tasks = LongText("Tâches à découvrir", optional=True, longest=4000, rows=3)
    host = Text("Structure d’accueil", optional=True, longest=200)
    place = Text("Adresse de l’accueil", optional=True, longest=200)
    tutor = Text("Qui accueille sur place", optional=True, longest=150)
    tutor_quality = Text("Sa fonction", optional=True, longest=150)
    first_on = Day("Premier jour", optional=True)
    last_on = Day("Dernier jour", optional=True)
    days = Number("Nombre de jours", optional=True, low=1, high=31)
    hours = Number("Nombre d’heures en tout", optional=True, low=1, high=217)
    timetable = Text("Horaires", optional=True, longest=300, hint="Par exemple 9 h à 12 h et 13 h à 17 h, du lundi au vendredi")
    safety = LongText("Hygiène et sécurité", optional=True, longest=1000, rows=2)
    prescriber = Text("Qui suit la personne", optional=True, longest=200)
    words = LongText("Un mot pour la personne", optional=True, longest=2000, rows=3)


class OutcomeForm(RingForm):
    outcome = Radios("A-t-elle eu lieu", choices=PLACEMENT_OUTCOMES, missing="Dites si elle a eu lieu.")
    words = LongText("Ce que vous en retenez", optional=True, longest=4000, rows=5,
                     hint="Lu par la coordination. Quelques lignes suffisent, ou rien du tout")


def check_days(form: SheetForm | WherePage) -> None:
    """The last day is not before the first, and the whole is a month at most (L5135-5)."""
    first, last = form.first_on.data, form.last_on.data
    if form.first_on.errors or form.last_on.errors or not (first and last):
        return
    if last < first:
        form.last_on.errors = [*form.last_on.errors, "Le dernier jour vient avant le premier. Vérifiez les deux dates."]
    elif (last - first).days > 31:
        form.last_on.errors = [*form.last_on.errors, "Une PMSMP dure un mois au plus. Rapprochez les deux dates, ou prévoyez un "
                                                     "renouvellement avec la personne qui vous suit."]
