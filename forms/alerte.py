"""The forms of alerts: leaving one, coming back with a code, a referent's key. What is typed here is never kept in clear."""

from __future__ import annotations

from models.network import Referent
from models.vocabulary import ALERT_ROLES, CALL_HOURS, DIFFICULTIES

from .base import RingForm
from .fields import Agreement, Checkboxes, Email, LongText, Phone, Radios, Text
from .fields.answers import clean_line

#: Signs of a message.
LONGEST = 8000
#: Told as words, not as an answer.
_APART = ("words",)


class Keepers(Checkboxes):
    """Referents to keep away; who they are is known when the page is asked for."""

    def offer(self, people: tuple[Referent, ...]) -> None:
        self.choices = tuple((person.email, _said(person)) for person in people)
        self._labels = dict(self.choices)


def _said(person: Referent) -> str:
    if person.outside:
        return f"{person.name}, contact extérieur au réseau"
    return f"{person.name}, qui travaille pour : {person.employer}" if person.employer else person.name


class Secret(Text):
    """A passphrase being typed: taken as it is, and never written back into a page."""

    kind = "password"

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0][:1000]

    def _value(self) -> str:
        return ""


class AlerteForm(RingForm):
    role = Radios("Vous êtes", choices=ALERT_ROLES, missing="Choisissez ce qui vous ressemble le plus.")
    difficulties = Checkboxes("Ce qui vous pèse", choices=DIFFICULTIES, optional=True, hint="Autant de cases que vous voulez")
    words = LongText("Ce que vous voulez dire", longest=LONGEST, rows=10,
                     missing="Écrivez quelques mots, même très peu : « J’aimerais vous parler » suffit.",
                     hint="Ne nommez pas les personnes que vous accompagnez. Rien ne vous oblige à parler de santé.")
    contact = Checkboxes("Comment vous répondre", optional=True, choices=(
        ("courriel", "Me prévenir par courriel qu’une réponse est là"), ("telephone", "Me rappeler")),
        hint="Sans rien cocher, la réponse vous attend ici, derrière un code qui vous sera donné.")
    email = Email("Votre adresse personnelle", when=("contact", "courriel"), autocomplete="email",
                  hint="Pas celle du travail : votre employeur peut y avoir accès. Le courriel ne dira rien de votre message.",
                  missing="Indiquez une adresse personnelle, par exemple prenom.nom@exemple.fr, ou décochez cette case.")
    phone = Phone("Votre téléphone personnel", when=("contact", "telephone"), autocomplete="tel",
                  missing="Indiquez un numéro de téléphone, ou décochez cette case.")
    hours = Checkboxes("Quand vous appeler", when=("contact", "telephone"), optional=True, choices=CALL_HOURS)
    name = Text("Votre nom, ou celui que vous voulez", optional=True, longest=120, width=30, autocomplete="off",
                hint="Vous pouvez rester anonyme.")
    employer = Text("Votre employeur", optional=True, longest=180, autocomplete="off",
                    hint="Il ne sera pas prévenu. Son nom sert à écarter les personnes référentes qui travaillent pour lui.")
    avoided = Keepers("Qui ne doit pas lire", optional=True, choices=())
    avoided_words = Text("Quelqu’un d’autre à tenir à l’écart", optional=True, longest=200, autocomplete="off",
                         hint="Un nom suffit. La personne qui vous lit en tiendra compte.")

    def __init__(self, *args, referents: tuple[Referent, ...] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.avoided.offer(referents)

    def told(self) -> list[list[str]]:
        """``[question, answer]`` for the reader, but for the words themselves."""
        return [row[:2] for field, row in self._pairs() if field not in _APART]

    def _pairs(self) -> list[tuple[str, list[str]]]:
        return [(field.short_name, [field.label.text, said]) for field in self.questions()
                if field.applies(self) and (said := field.say())]

    def carried(self) -> dict[str, object]:
        """What the page that asks "is this right?" carries back, by name of field."""
        return {field.short_name: field.data for field in self.questions() if field.data and field.applies(self)}


class Code(Text):
    """Eight words, however they were noted."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean_line(valuelist[0])


class CodeForm(RingForm):
    code = Code("Votre code", longest=200, autocomplete="off", missing="Écrivez les mots de votre code.",
                hint="Huit mots, dans l’ordre. Les accents, les majuscules et les tirets ne comptent pas.")


class WordsForm(RingForm):
    words = LongText("Votre message", longest=LONGEST, rows=6, missing="Écrivez votre message avant de l’envoyer.")


class PassphraseForm(RingForm):
    phrase = Secret("Votre phrase de passe", longest=1000, autocomplete="current-password",
                    missing="Écrivez votre phrase de passe.")


class EnrolForm(RingForm):
    phrase = Text("Votre phrase de passe", longest=1000, autocomplete="off",
                  missing="Choisissez une phrase de passe.",
                  hint="Gardez celle qui est proposée, ou écrivez la vôtre : 16 signes au moins, des mots sans lien entre eux.")
    again = Secret("La même, une deuxième fois", longest=1000, autocomplete="new-password",
                   missing="Écrivez la phrase une deuxième fois, sans regarder : c’est le moment de la retenir.")
    alone = Agreement("J’ai compris que personne ne pourra retrouver cette phrase à ma place",
                      missing="Cochez la case : sans la phrase ni la fiche de secours, les messages sont perdus.")


class RecoverForm(RingForm):
    sheet = Text("Le code de votre fiche de secours", longest=200, autocomplete="off",
                 missing="Recopiez le code de votre fiche de secours.", hint="Quatorze groupes de quatre signes")
    phrase = Text("Votre nouvelle phrase de passe", longest=1000, autocomplete="off", missing="Choisissez une phrase de passe.",
                  hint="16 signes au moins, des mots sans lien entre eux")


class ChangeForm(RingForm):
    phrase = Secret("Votre phrase de passe actuelle", longest=1000, autocomplete="current-password",
                    missing="Écrivez votre phrase de passe actuelle.")
    fresh = Text("La nouvelle", longest=1000, autocomplete="off", missing="Choisissez une nouvelle phrase de passe.",
                 hint="16 signes au moins, des mots sans lien entre eux")


class WayInForm(RingForm):
    email = Email("Votre adresse de personne référente", autocomplete="email",
                  missing="Indiquez votre adresse, celle que le réseau connaît.")


class SynthesisForm(RingForm):
    title = Text("Titre", longest=150, missing="Donnez un titre, par exemple « Ce qui pèse cette année ».")
    body = LongText("Les thèmes, sans aucun cas", longest=6000, rows=12, missing="Écrivez la synthèse.",
                    hint="Cette page est publique. Ni nom, ni lieu, ni structure, ni date, ni citation.")
    sure = Agreement("J’ai relu : ce texte ne permet de reconnaître personne",
                     missing="Relisez en pensant à chaque personne qui vous a écrit, puis cochez la case.")
