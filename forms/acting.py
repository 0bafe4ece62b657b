"""The small forms of an action: a few words, or an address to sign in."""

from __future__ import annotations

from .base import RingForm
from .fields import Answer, Email, Files, LongText


class WordsForm(RingForm):
    """``words`` is named by the action, which says too whether it is needed."""

    words = LongText("Votre message", optional=True, longest=8000, rows=7)

    def name_words(self, label: str, needed: bool) -> None:
        """Put the action's own words on the question."""
        field: Answer = self.words
        field.label.text = label
        field.optional = not needed
        field.missing = f"Écrivez quelques mots : {label[0].lower()}{label[1:]}."


class SignInForm(RingForm):
    email = Email("Votre adresse de coordination", autocomplete="email",
                  missing="Indiquez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")


class NewAddressForm(RingForm):
    email = Email("La nouvelle adresse de cette personne", autocomplete="off",
                  missing="Indiquez la nouvelle adresse de courriel, par exemple prenom.nom@exemple.fr.")


class MailReplyForm(RingForm):
    """A reply written in the built-in mailbox."""

    words = LongText("Votre réponse", optional=True, longest=20000, rows=8)
    fichiers = Files("Joindre des fichiers", optional=True)
