"""What is looked for."""

from __future__ import annotations

from .base import RingForm
from .fields import Text


class SearchForm(RingForm):
    q = Text("Ce que vous cherchez", longest=200,
             hint="Un nom, une adresse, une référence, un téléphone, des mots d’un message ou d’un courriel",
             missing="Écrivez au moins un mot, par exemple un nom ou une référence.")
