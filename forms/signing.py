"""The page where a person signs: their name, in which quality, that they have read, the code received."""

from __future__ import annotations

from .base import RingForm
from .fields import Agreement, Checkboxes, Day, Email, Files, LongText, Radios, Text


class SignForm(RingForm):
    """The words of ``agreed`` are those of the declaration kept as a proof (services/convention/signing.py)."""

    signer = Text("Vos prénom et nom", longest=200, autocomplete="name", width=40,
                  missing="Écrivez vos prénom et nom, tels qu’ils sont dans le document.")
    quality = Text("En quelle qualité vous signez", longest=200, autocomplete="organization-title", width=40,
                   hint="Votre fonction, par exemple : directrice, maire, médiateur numérique",
                   missing="Indiquez votre fonction, par exemple : directrice, maire, médiateur numérique.")
    code = Text("Le code reçu par courriel", longest=20, autocomplete="one-time-code", width=10, hint="6 chiffres",
                missing="Tapez les 6 chiffres reçus par courriel, ou demandez un autre code.")
    agreed = Agreement("", missing="Cochez la case pour dire que vous avez lu et que vous signez.")

    def declare(self, words: str) -> None:
        """Put the words of the declaration beside the box."""
        self.agreed.label.text = words


#: (value in the document, as the page says it).
CAPACITIES = (("par délégation", "Par délégation, ou en suppléance"), ("représentant·e légal·e", "Elle représente la structure"))


class OtherSignerForm(RingForm):
    """Who signs instead of who was asked to."""

    who = Radios("Qui doit signer", choices=(
        ("same", "La personne nommée dans la convention, à une autre adresse"),
        ("other", "Une autre personne que celle nommée dans la convention"),
        ("unknown", "Je ne sais pas")), missing="Dites qui doit signer, ou choisissez « Je ne sais pas ».",
        hints={"same": "Le lien lui est transmis tout de suite ; la coordination est prévenue",
               "other": "La coordination corrige la convention, puis la lui envoie",
               "unknown": "La coordination cherche la bonne personne"})
    same_email = Email("Son adresse de courriel", autocomplete="off", when=("who", "same"),
                       missing="Indiquez l’adresse de la personne qui signe, par exemple prenom.nom@exemple.fr.")
    name = Text("Ses prénom et nom", longest=200, width=40, when=("who", "other"),
                missing="Indiquez les prénom et nom de la personne qui signera.")
    quality = Text("Sa fonction", longest=200, width=40, when=("who", "other"),
                   missing="Indiquez sa fonction, par exemple : directeur adjoint.")
    email = Email("Son adresse de courriel", autocomplete="off", when=("who", "other"),
                  missing="Indiquez l’adresse de la personne qui signera, par exemple prenom.nom@exemple.fr.")
    capacity = Radios("À quel titre elle signe", choices=CAPACITIES, when=("who", "other"),
                      missing="Dites à quel titre cette personne signe.")
    words = LongText("Un mot pour la coordination", optional=True, longest=4000, rows=4)


class RecallForm(RingForm):
    """``person`` gets its choices from the service: the people whose signature is missing."""

    person = Radios("Qui relancer", choices=(), missing="Choisissez la personne à relancer.")
    words = LongText("Un mot pour cette personne", optional=True, longest=4000, rows=4,
                     hint="Il est cité dans le rappel, sous votre nom")

    def offer(self, rows) -> None:
        """``rows``: ``(value, who, when they were last reminded, and why they cannot be now)``."""
        self.person.choices = tuple((value, name) for value, name, _ in rows)
        self.person._labels = dict(self.person.choices)
        self.person.hints = {value: hint for value, _, hint in rows}


class SentFiles(Files):
    """Files read as soon as they come, and kept by the verb."""

    accept = "application/pdf,image/*"

    @property
    def empty(self) -> bool:
        return not self.uploads


class PaperForm(RingForm):
    fichiers = SentFiles("Le document signé", hint="Un PDF, ou les photos de toutes les pages, dans l’ordre. 20 Mo au plus.",
                         missing="Joignez le document signé : un PDF, ou les photos de toutes les pages.")


class PaperDecisionForm(RingForm):
    """``signatures`` gets its choices from the service: the people who have not signed yet."""

    signatures = Checkboxes("Qui a signé sur ce document", choices=(), missing="Cochez les personnes dont la signature se voit.")
    signed_on = Day("La date écrite à la main", missing="Indiquez la date écrite à la main sur le document.")
    checked = Agreement("J’ai vérifié moi-même que le texte est celui qui a été envoyé, et que la signature se voit",
                        optional=True)
    words = LongText("Si vous ne le retenez pas : pourquoi", optional=True, longest=4000, rows=4,
                     hint="Ces mots partent à la personne qui a envoyé le document")

    def offer(self, rows, today) -> None:
        """``rows``: ``(value, who)``."""
        self.signatures.choices = tuple(rows)
        self.signatures._labels = dict(rows)
        self.signed_on.today = today
