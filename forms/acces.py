"""The way in of the team: an address, then for some the code of a telephone."""

from __future__ import annotations

from .base import RingForm
from .fields import Email, Radios, Text


class SignInForm(RingForm):
    email = Email("Votre adresse de coordination", autocomplete="email",
                  missing="Indiquez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")


class CodeForm(RingForm):
    code = Text("Le code", width=14, longest=30, autocomplete="one-time-code",
                hint="Les 6 chiffres montrés par l’application de votre téléphone, ou un code de secours",
                missing="Écrivez les 6 chiffres montrés par votre téléphone, par exemple 123 456.")


class DepartureForm(RingForm):
    """Both lists come from the service: who leaves, and who takes all."""

    leaving = Radios("Qui part", choices=(), missing="Choisissez la personne qui part.")
    to = Radios("À qui tout confier", choices=(), missing="Choisissez la personne qui prend la suite.")

    def offer(self, leaving: list[tuple[str, str, str]], to: list[tuple[str, str]]) -> None:
        """``leaving`` are ``(address, name, what they have)``; ``to`` are ``(address, name)``."""
        for field, choices in ((self.leaving, [row[:2] for row in leaving]), (self.to, to)):
            field.choices = tuple(choices)
            field._labels = dict(choices)
        self.leaving.hints = {address: hint for address, _name, hint in leaving}
