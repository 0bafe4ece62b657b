"""What a coordinator says of a mail set aside: where it belongs, the request to open, the form to send; and the question
asked to the owner of an address."""

from __future__ import annotations

from models.vocabulary import HELP_KINDS, THEMES

from .base import RingForm
from .fields import Checkboxes, CommuneChoice, Email, LongText, Phone, Radios, Text

#: The value of the choice that makes an internal note of a mail.
NOTE = "note"
#: The value of the choice that names no request of the list.
ANOTHER = "autre"


class FindForm(RingForm):
    """Which request; the recent ones of the sender are offered where there are some."""

    parmi = Radios("Les demandes récentes de cette personne", choices=(), optional=True)
    reference = Text("La référence de la demande", width=18, longest=30, hint="Par exemple AIDE-2026-0042",
                     missing="Indiquez la référence de la demande, par exemple AIDE-2026-0042.")

    def offer(self, requests: list[tuple[str, str]]) -> None:
        """Set the requests to choose from, ``(reference, title)``; without any, the reference alone is asked."""
        if not requests:
            del self.parmi
            return
        self.parmi.choices = (*((reference, f"{reference} : {title}") for reference, title in requests),
                              (ANOTHER, "Une autre demande"))
        self.parmi._labels = dict(self.parmi.choices)
        self.parmi.optional, self.parmi.missing = False, "Choisissez une demande, ou « Une autre demande »."
        self.reference.when = ("parmi", ANOTHER)

    @property
    def chosen(self) -> str:
        """The reference that was given, one way or the other."""
        chosen = self.parmi.data if "parmi" in self else ANOTHER
        return self.reference.data or "" if chosen in (ANOTHER, None) else chosen


class AttachForm(RingForm):
    """Whose words they are, in the request that was found."""

    qui = Radios("De qui sont ces mots", choices=(), missing="Choisissez de qui sont ces mots, ou une note interne.")
    aussi = Checkboxes("L’adresse de l’expéditeur", choices=(), optional=True)

    def offer(self, people: list[tuple[str, str, str]], sender: str) -> None:
        """``people`` are ``(value, name, what happens)``; ``sender`` is offered as another address of theirs, unless ""."""
        self.qui.choices = tuple((value, name) for value, name, _ in people)
        self.qui.hints = {value: hint for value, _, hint in people}
        self.qui._labels = dict(self.qui.choices)
        if sender:
            self.aussi.choices = (("oui", f"{sender} est aussi l’adresse de cette personne"),)
            self.aussi.hints = {"oui": "Ses prochains courriels arriveront tout droit. Elle en est prévenue à l’autre adresse"}
            self.aussi._labels = dict(self.aussi.choices)
        else:
            del self.aussi

    @property
    def also(self) -> bool:
        return "aussi" in self and "oui" in (self.aussi.data or [])


class OpenForm(RingForm):
    """A request for help, as the person would have written it."""

    question = LongText("La question", longest=20000, rows=8, missing="Écrivez la question, même en quelques mots.",
                        hint="Les mots du courriel, que vous pouvez abréger. La personne en reçoit une copie")
    help_kind = Radios("Ce que la personne cherche", choices=HELP_KINDS, missing="Choisissez ce que la personne cherche.")
    theme = Radios("Le sujet", choices=THEMES, missing="Choisissez le sujet le plus proche, ou « Autre sujet ».")
    given_name = Text("Prénom", missing="Indiquez son prénom.", width=24, longest=80)
    family_name = Text("Nom", optional=True, width=24, longest=80)
    email = Email("Adresse de courriel", hint="Nos courriels partiront à cette adresse",
                  missing="Indiquez l’adresse de courriel de la personne, par exemple prenom.nom@exemple.fr.")
    phone = Phone("Téléphone", optional=True)
    organisation = Text("Structure", optional=True, longest=180)
    commune = CommuneChoice("Commune de travail", optional=True, hint="Elle désigne qui suivra la demande. Sans elle, c’est vous")


class SendForm(RingForm):
    """Which form the person receives a link to."""

    formulaire = Radios("Quel formulaire", missing="Choisissez un formulaire.", choices=(
        ("entraide", "Demander de l’aide"), ("adhesion", "Rejoindre le réseau"), ("immersion", "Demander une immersion")))
