"""Asking for help: the question first, then who asks."""

from __future__ import annotations

from models.vocabulary import CONCERNS, HELP_KINDS, THEMES, URGENCIES, label

from .base import RingForm
from .fields import Checkboxes, CommuneChoice, Day, Files, LongText, Radios, Text
from .identity import DecoyMixin, Person, PostQuestion
from .journey import Journey, Step

#: Who may read a question, and what of its author.
VISIBILITIES = (
    ("pairs", "Ma question peut être montrée à des membres du réseau qui connaissent ce sujet"),
    ("employeur", "Ne la montrez à personne de ma structure"),
    ("nom", "La personne qui m’aidera peut lire mon nom"),
)


class QuestionPage(RingForm):
    question = LongText("Votre question", hint="Quelques lignes suffisent. Ne citez pas le nom d’une personne accompagnée",
                        missing="Écrivez votre question, même en quelques mots.", longest=4000, rows=8)
    help_kind = Radios("Ce que vous cherchez", choices=HELP_KINDS, missing="Choisissez ce que vous cherchez.")
    theme = Radios("Le sujet", choices=THEMES, missing="Choisissez le sujet le plus proche, ou « Autre sujet ».")


class ContextPage(RingForm):
    concerns = Radios("Qui est concerné", choices=CONCERNS, missing="Choisissez qui est concerné.")
    urgency = Radios("À quel point est-ce pressé", choices=URGENCIES, missing="Choisissez si c’est pressé ou non.")
    fichiers = Files("Joindre des fichiers", optional=True,
                     hint="PDF, images ou documents bureautiques, 10 Mo en tout. Cachez les noms des personnes accompagnées")
    visibility = Checkboxes("Qui peut vous répondre", optional=True, choices=VISIBILITIES,
                            hint="Sans la première case, seule la coordination lit votre question")


class WhoPage(Person, PostQuestion, DecoyMixin):
    organisation = Text("Votre structure", autocomplete="organization", optional=True, longest=180)
    commune = CommuneChoice("Votre commune de travail", hint="Son nom ou son code postal",
                            missing="Indiquez votre commune de travail, par son nom ou son code postal.")


JOURNEY = Journey("entraide", (
    Step("question", "Ce qui vous amène", QuestionPage),
    Step("contexte", "Le contexte", ContextPage),
    Step("vous", "Vous", WhoPage),
), check_title="Vérifiez votre demande d’aide", send_label="Envoyer ma demande d’aide")


def title_of(answers: dict) -> str:
    """A short line that names the request in lists and subjects; holds no name."""
    return f"{label(HELP_KINDS, answers['help_kind'])} : {label(THEMES, answers['theme'])}"


class TakeForm(RingForm):
    """A peer takes a request."""

    words = LongText("Vos premiers mots pour la personne", optional=True, longest=8000, rows=7,
                     hint="Une réponse, une question. Vous pourrez aussi répondre au courriel")
    named = Checkboxes("Votre nom", optional=True, choices=(("oui", "La personne peut lire mon nom"),),
                       hint="Sans cette case, elle lira «\u00a0un·e pair du réseau\u00a0»")


class ColleagueForm(RingForm):
    """A peer thinks of somebody else."""

    colleague = Text("La personne à qui vous pensez", longest=200, hint="Son nom ou son adresse de courriel",
                     missing="Indiquez le nom ou l’adresse de la personne à qui vous pensez.")
    words = LongText("Un mot pour la coordination", optional=True, longest=4000, rows=4)


class PauseForm(RingForm):
    """A peer asks for peace."""

    last = Day("Dernier jour de votre pause", hint="Par exemple 27 3 2027. Ce jour est compris", future=True,
               missing="Indiquez le dernier jour de votre pause, par exemple 27 3 2027.")
    words = LongText("Un mot pour la coordination", optional=True, longest=4000, rows=4)
