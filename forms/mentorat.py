"""Mentoring: whom to propose, and the protocol."""

from __future__ import annotations

from models.vocabulary import MENTORING_MONTHS, MENTORING_RHYTHMS, MENTORING_WAYS

from .base import RingForm
from .fields import Agreement, Checkboxes, Day, Email, LongText, Radios, Text

#: How many objectives a protocol lists, and how long each is.
MOST_OBJECTIVES, LONGEST_OBJECTIVE = 8, 250


class ProposeMentorForm(RingForm):
    """The coordination chooses a member to ask."""

    mentor = Radios("La personne à solliciter", choices=(), missing="Choisissez une personne.")
    words = LongText("Un mot pour cette personne", optional=True, longest=2000, rows=4,
                     hint="Sans le nom de la personne à accompagner : il n’est dit qu’une fois la paire faite")

    def offer(self, choices) -> None:
        """Set who can be chosen."""
        self.mentor.choices = tuple((str(one.membre_id), one.name) for one in choices)
        self.mentor._labels = dict(self.mentor.choices)
        self.mentor.hints = {str(one.membre_id): one.about for one in choices}


class TermsForm(RingForm):
    """What the pair agrees on."""

    objectives = LongText("Les objectifs", hint="Un par ligne, avec vos mots. Ils pourront changer", longest=1800, rows=5,
                          missing="Écrivez au moins un objectif, même en quelques mots.")
    rhythm = Radios("Le rythme", choices=MENTORING_RHYTHMS, missing="Choisissez un rythme. Il pourra changer.")
    ways = Checkboxes("Comment", choices=MENTORING_WAYS, missing="Choisissez au moins une façon de vous parler.")
    months = Radios("La durée, pour commencer", choices=MENTORING_MONTHS,
                    missing="Choisissez une durée. Elle pourra être prolongée.")
    starts_on = Day("À partir du", future=True, hint="Par exemple 1 3 2027",
                    missing="Indiquez le jour où vous commencez, par exemple 1 3 2027.")
    words = LongText("Un mot pour la coordination", optional=True, longest=2000, rows=3)

    def lines(self) -> tuple[str, ...]:
        """The objectives, one a line, without the dashes people type before them."""
        found = [line.strip(" -•*\t") for line in (self.objectives.data or "").splitlines()]
        return tuple(line[:LONGEST_OBJECTIVE] for line in found if line)[:MOST_OBJECTIVES]


TELL = (("oui", "Oui, le réseau peut l’informer"), ("non", "Non, je préfère ne pas le dire, ou le dire moi-même"))


class NewcomerTermsForm(TermsForm):
    """The same for the newcomer, who alone says whether their employer is told."""

    tell_employer = Radios("Votre employeur", choices=TELL, hint="S’il est informé, c’est du rythme et de la durée. Ni des "
                           "objectifs, ni de ce qui se dit", missing="Choisissez si votre employeur est informé.")
    employer_name = Text("Nom de la personne à informer", longest=150, when=("tell_employer", "oui"),
                         missing="Indiquez le nom de la personne à informer.")
    employer_email = Email("Son adresse de courriel", autocomplete="off", when=("tell_employer", "oui"),
                           missing="Indiquez son adresse, par exemple prenom.nom@exemple.fr.")


class AgreeForm(RingForm):
    agreement = Agreement("J’ai lu ce protocole et je l’accepte",
                          missing="Cochez la case pour dire que vous acceptez ce protocole.")
