"""The small forms of an action: a few words, or an address to sign in."""

from __future__ import annotations

from .base import RingForm
from .fields import Answer, Day, Email, Files, LongText, Radios


class WordsForm(RingForm):
    """``words`` is named by the action, which says too whether it is needed."""

    words = LongText("Votre message", optional=True, longest=8000, rows=7)

    def name_words(self, label: str, needed: bool) -> None:
        """Put the action's own words on the question."""
        field: Answer = self.words
        field.label.text = label
        field.optional = not needed
        field.missing = f"Écrivez quelques mots : {label[0].lower()}{label[1:]}."


class HandOverForm(RingForm):
    """``colleague`` gets its choices from the service: everybody of the coordination but who asks."""

    colleague = Radios("À qui transmettre", choices=(), missing="Choisissez une personne.")
    words = LongText("Un mot pour votre collègue", optional=True, longest=4000, rows=4)

    def offer(self, colleagues, away) -> None:
        """Set who can be chosen; ``away`` gives the last day of somebody's absence in words, or ""."""
        self.colleague.choices = tuple((person.email, person.name) for person in colleagues)
        self.colleague._labels = dict(self.colleague.choices)
        self.colleague.hints = {person.email: hint for person in colleagues if (hint := away(person))}


class AbsenceForm(RingForm):
    """The first day is today when it is not given."""

    first = Day("Premier jour d’absence", optional=True, hint="Aujourd’hui, si vous ne remplissez rien", future=True)
    last = Day("Dernier jour d’absence", hint="Par exemple 27 3 2027. Ce jour est compris dans l’absence.", future=True,
               missing="Indiquez le dernier jour de votre absence, par exemple 27 3 2027.")


class LostLinkForm(RingForm):
    email = Email("Votre adresse de courriel", autocomplete="email", hint="Celle où vous avez reçu nos courriels",
                  missing="Indiquez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")


class NewAddressForm(RingForm):
    email = Email("La nouvelle adresse de cette personne", autocomplete="off",
                  missing="Indiquez la nouvelle adresse de courriel, par exemple prenom.nom@exemple.fr.")


class EmployerForm(RingForm):
    email = Email("L’adresse de courriel de votre employeur", autocomplete="off",
                  missing="Indiquez l’adresse de votre employeur, par exemple prenom.nom@exemple.fr.")


class MailReplyForm(RingForm):
    """A reply written in the built-in mailbox."""

    words = LongText("Votre réponse", optional=True, longest=20000, rows=8)
    fichiers = Files("Joindre des fichiers", optional=True)
