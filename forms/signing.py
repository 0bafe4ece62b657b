"""The page where a person signs: their name, in which quality, that they have read, the code received."""

from __future__ import annotations

from .base import RingForm
from .fields import Agreement, Text


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
