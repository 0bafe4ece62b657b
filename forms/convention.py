"""The coordinator's page for a convention: everything can be corrected, nothing is needed to save a draft."""

from __future__ import annotations

from typing import Any

from .base import RingForm
from .convention_questions import FRAME_QUESTIONS, PAYERS, plain
from .fields import Answer, Email, LongText, Phone, Radios, Siret, Text
from .immersion import SessionsMixin
from .parts import STRUCTURES


class ConventionForm(SessionsMixin, RingForm):
    """``frame`` gets its choices from the service. The questions of the two structures are those of their own pages."""

    frame = Radios("Cadre juridique", choices=(), missing="Choisissez le cadre juridique.",
                   hint="En cas de doute, demandez conseil à un ou une juriste avant l’envoi")
    objectives = LongText("Objectifs", optional=True, hint="Un par ligne", rows=5)
    functions = LongText("Activités observées ou partagées", optional=True, rows=4)
    publics = Text("Publics rencontrés", optional=True, longest=400)
    remote = Text("Part à distance", optional=True, longest=300)
    place_label = Text("Nom du lieu", optional=True, longest=150)
    place_address = Text("Adresse de l’accueil", optional=True, longest=200)
    place_commune = Text("Commune de l’accueil", optional=True, longest=100)
    place_access = LongText("Comment venir et entrer", optional=True, longest=600, rows=2)
    tutor_name = Text("Qui accueille sur place", optional=True, longest=150)
    tutor_quality = Text("Sa fonction", optional=True, longest=150)
    tutor_phone = Text("Comment la joindre", optional=True, longest=150)
    tutor_email = Email("Son adresse de courriel, imprimée", optional=True)
    companion_name = Text("Nom de la personne accueillie", optional=True, longest=150)
    companion_job = Text("Poste de la personne accueillie", optional=True, longest=150)
    companion_contract = Text("Son contrat ou statut", optional=True, longest=150)
    companion_phone = Phone("Son téléphone, imprimé", optional=True)
    companion_activity = Text("Son activité, à son compte", optional=True, longest=200)
    companion_siret = Siret("Son numéro SIRET", optional=True)
    companion_address = Text("Son adresse professionnelle", optional=True, longest=200)
    companion_commune = Text("Ses code postal et commune", optional=True, longest=100)
    travel_payer = Radios("Les déplacements sont payés par", choices=PAYERS, optional=True)
    travel_detail = Text("Précision sur les déplacements", optional=True, longest=200, hint="Par exemple 94 km aller et retour")
    meal_payer = Radios("Les repas sont payés par", choices=PAYERS, optional=True)
    meals = Text("Précision sur les repas", optional=True, longest=200)
    insurance_host = Text("Assurance de la structure d’accueil", optional=True, longest=200)
    insurance_employer = Text("Assurance de la structure employeuse", optional=True, longest=200)
    safety = LongText("Sécurité et règles du lieu", optional=True, rows=3, longest=1500)
    equipment = LongText("Équipement", optional=True, rows=2, longest=1000)
    access_needs = LongText("Aménagements pratiques", optional=True, rows=2, longest=1000)
    special_clauses = LongText("Clauses particulières", optional=True, rows=4, longest=4000)

    def offer_frames(self, frames) -> None:
        """Set the frames to choose from: ``(code, name, who, source)``."""
        self.frame.choices = tuple((code, name) for code, name, *_ in frames)
        self.frame._labels = dict(self.frame.choices)
        self.frame.hints = {code: f"{who} Source : {source}." for code, _name, who, source in frames}

    def details(self) -> dict[str, Any]:
        """The answers to the questions of the chosen frame."""
        return {name: plain(self[f"{self.frame.data}__{name}"]) for name, *_ in FRAME_QUESTIONS.get(self.frame.data, ())}

    def structure(self, prefix: str) -> list[Answer]:
        """The questions about one of the two structures: ``host`` or ``employer``."""
        return [self[name] for name, *_ in STRUCTURES[prefix]]


_WHOSE = {"host": "Accueil", "employer": "Employeur"}
for _prefix, _questions in STRUCTURES.items():
    for _name, _label, _kind, _more in _questions:
        _said = f"{_WHOSE[_prefix]} : {_label[0].lower()}{_label[1:]}"
        setattr(ConventionForm, _name, _kind(_said, optional=True, **{**_more, "hint": ""}))
for _frame, _asked in FRAME_QUESTIONS.items():
    for _name, _label, _kind, _more in _asked:
        setattr(ConventionForm, f"{_frame}__{_name}", _kind(_label, optional=True, when=("frame", _frame), **_more))
