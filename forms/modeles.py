"""A reply written beforehand."""

from __future__ import annotations

from models.states import Kind

from .base import RingForm
from .fields import LongText, Radios, Text


class TemplateForm(RingForm):
    title = Text("Le nom du modèle", longest=120, hint="Pour le retrouver dans la liste : la personne ne le lit pas",
                 missing="Donnez un nom au modèle, par exemple « Demander une précision ».")
    body = LongText("Le texte", longest=8000, rows=10, missing="Écrivez le texte du modèle.")
    kind = Radios("Pour quelles demandes", choices=(
        ("toutes", "Toutes"), *((kind.value, f"{kind.label[0].upper()}{kind.label[1:]}") for kind in Kind)),
                  missing="Choisissez pour quelles demandes, ou « Toutes ».")
