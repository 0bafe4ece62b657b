"""The way in of the team: an address, then for some the code of a telephone."""

from __future__ import annotations

from .base import RingForm
from .fields import Email, Text


class SignInForm(RingForm):
    email = Email("Votre adresse de coordination", autocomplete="email",
                  missing="Indiquez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")


class CodeForm(RingForm):
    code = Text("Le code", width=14, longest=30, autocomplete="one-time-code",
                hint="Les 6 chiffres montrés par l’application de votre téléphone, ou un code de secours",
                missing="Écrivez les 6 chiffres montrés par votre téléphone, par exemple 123 456.")
