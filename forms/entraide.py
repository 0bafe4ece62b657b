"""Asking for help: the question first, then who asks."""

from __future__ import annotations

from models.vocabulary import CONCERNS, HELP_KINDS, OPINIONS, THEMES, URGENCIES, label

from .base import RingForm
from .fields import Checkboxes, CommuneChoice, Day, Files, Hour, LongText, Radios, Text
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
    organisation = Text("Votre structure", autocomplete="organization", optional=True, longest=180,
                        hint="Nécessaire si personne de chez vous ne doit voir votre question")
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


#: Said on the last page to who does not want their structure to be asked, and does not name it.
NAME_IT = ("Indiquez votre structure\u00a0: sans son nom, nous ne pouvons pas l’écarter. Ou décochez «\u00a0Ne la montrez à "
           "personne de ma structure\u00a0», à l’étape précédente.")


class TakeForm(RingForm):
    """A peer takes a request."""

    words = LongText("Vos premiers mots pour la personne", optional=True, longest=8000, rows=7,
                     hint="Une réponse, une question. Vous pourrez aussi répondre au courriel")
    named = Checkboxes("Votre nom", optional=True, choices=(("oui", "La personne peut lire mon nom"),),
                       hint="Sans cette case, elle lira «\u00a0un·e pair du réseau\u00a0»")


class PickForm(RingForm):
    """A coordinator picks one member. ``peer`` gets its choices from the service."""

    peer = Radios("Qui solliciter", choices=(), missing="Choisissez une personne.")
    words = LongText("Une note pour la coordination", optional=True, longest=4000, rows=3,
                     hint="Seule la coordination la lit. La personne sollicitée reçoit la question, et votre nom")

    def offer(self, options) -> None:
        """Set who can be chosen: ``(id, name, hint)``."""
        self.peer.choices = tuple((number, name) for number, name, _hint in options)
        self.peer._labels = dict(self.peer.choices)
        self.peer.hints = {number: hint for number, _name, hint in options}


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


class OrientInWordsForm(RingForm):
    """Somebody does not know, and the network has no contact to give: words alone."""

    words = LongText("Vos mots pour la personne", longest=8000, rows=6,
                     hint="Ce que vous savez, même un peu, ou qui demander de votre part",
                     missing="Écrivez à qui la personne peut s’adresser\u00a0: nous n’avons pas de contact à lui donner.")


class OrientForm(RingForm):
    """Somebody does not know: whom to turn to."""

    contacts = Checkboxes("Les contacts à donner", optional=True, choices=())
    words = LongText("Un mot pour la personne", optional=True, longest=4000, rows=4,
                     hint="Ce que vous savez, même un peu, ou qui demander de votre part")

    def offer(self, contacts) -> None:
        """Set whom one may point to."""
        self.contacts.choices = tuple((one.key, one.name) for one in contacts)
        self.contacts._labels = dict(self.contacts.choices)
        self.contacts.hints = {one.key: ", ".join(filter(None, (one.about, one.how))) for one in contacts}


DURATIONS = (("30", "30 minutes"), ("45", "45 minutes"), ("60", "1 heure"), ("90", "1 h 30"))


class SlotsForm(RingForm):
    """Up to three slots; the first one is needed."""

    day1 = Day("Premier créneau : le jour", missing="Indiquez le jour du premier créneau, par exemple 27 3 2027.", future=True)
    hour1 = Hour("Premier créneau : l’heure", missing="Indiquez l’heure du premier créneau, par exemple 14 h.")
    day2 = Day("Deuxième créneau : le jour", optional=True, future=True)
    hour2 = Hour("Deuxième créneau : l’heure", optional=True)
    day3 = Day("Troisième créneau : le jour", optional=True, future=True)
    hour3 = Hour("Troisième créneau : l’heure", optional=True)
    minutes = Radios("Durée", choices=DURATIONS, missing="Choisissez une durée.")
    place = Text("Où, ou comment", optional=True, longest=200, hint="Un lien de visio, « je vous appelle », une adresse")
    words = LongText("Un mot pour les autres", optional=True, longest=4000, rows=3)

    def validate(self, extra_validators=None) -> bool:
        """A slot is a day and an hour: one without the other is asked for."""
        good = super().validate(extra_validators)
        for day, hour, rank in ((self.day2, self.hour2, "deuxième"), (self.day3, self.hour3, "troisième")):
            if day.data and not hour.data:
                hour.errors = [*hour.errors, f"Indiquez l’heure du {rank} créneau, ou effacez son jour."]
                good = False
            elif hour.data and not day.data and not day.errors:
                day.errors = [*day.errors, f"Indiquez le jour du {rank} créneau, ou effacez son heure."]
                good = False
        return good

    def moments(self) -> list[tuple]:
        """``(day, hour)`` of each slot, as they are on the clocks of Paris."""
        pairs = ((self.day1, self.hour1), (self.day2, self.hour2), (self.day3, self.hour3))
        return [(day.data, hour.hour) for day, hour in pairs if day.data and hour.data]


class ChooseForm(RingForm):
    slot = Radios("Le créneau", choices=(), missing="Choisissez un créneau.")
    words = LongText("Un mot pour la coordination", optional=True, longest=4000, rows=3)

    def offer(self, slots) -> None:
        """``slots``: the number of each and its words."""
        self.slot.choices = tuple(slots)
        self.slot._labels = dict(slots)


class OpinionForm(RingForm):
    answered = Radios(OPINIONS["answered"].words, choices=OPINIONS["answered"].choices, missing="Choisissez une réponse.")
    again = Radios(OPINIONS["again"].words, choices=OPINIONS["again"].choices, missing="Choisissez oui ou non.")
    words = LongText("Un mot pour la coordination", optional=True, longest=4000, rows=3)


class FicheForm(RingForm):
    title = Text("Titre", missing="Donnez un titre à la fiche.", longest=140)
    question = LongText("La question", missing="Écrivez la question, sans nom.", longest=4000, rows=5)
    answer = LongText("La réponse", missing="Écrivez la réponse, sans nom.", longest=8000, rows=10)
