"""The coordinator's page for a convention: everything can be corrected, nothing is needed to save a draft."""

from __future__ import annotations

from typing import Any

from .base import RingForm
from .fields import Answer, Day, LongText, Number, Radios, Text
from .immersion import SessionsMixin

PAYERS = tuple((words, words[0].upper() + words[1:]) for words in (
    "la structure employeuse", "la structure d’accueil", "la personne accueillie", "le réseau"))
CAPACITIES = (("représentant·e légal·e", "Représentant·e légal·e"), ("par délégation", "Par délégation"))

#: frame -> its own questions: (name in FrameDetails, question, kind, hint).
FRAME_QUESTIONS: dict[str, tuple[tuple[str, str, type[Answer], str], ...]] = {
    "pret_main_oeuvre": (
        ("qualification", "Qualification de la personne", Text, ""),
        ("cost_method", "Calcul des salaires, charges et frais facturés", LongText, "Rien de plus que le coût"),
        ("entrusted_work", "Travail confié", LongText, ""),
        ("post_features", "Caractéristiques particulières du poste", LongText, "Ou écrivez qu’il n’y en a pas"),
        ("trial_period", "Période probatoire", Text, ""),
        ("cse_employer_on", "CSE de l’employeur consulté le", Day, ""),
        ("cse_host_on", "CSE de l’accueil consulté le", Day, ""),
        ("cse_note", "Ou pourquoi le CSE n’est pas consulté", Text, "Par exemple : pas de CSE dans les deux structures"),
        ("amendment_signed_on", "Avenant au contrat signé le", Day, ""),
    ),
    "pret_interet_general": (
        ("qualification", "Qualification de la personne", Text, ""),
        ("purpose", "Finalité du prêt", LongText, ""),
        ("missions", "Missions confiées", LongText, ""),
        ("cost_method", "Calcul des salaires, charges et frais facturés", LongText, "La facture peut être nulle"),
        ("consent_on", "Accord écrit de la personne le", Day, ""),
    ),
    "immersion_agent_public": (
        ("requested_on", "Date de la demande de l’agent", Day, ""),
        ("days_in_three_years", "Jours d’immersion sur trois ans, celle-ci comprise", Number, "20 au plus"),
        ("project", "Projet de l’agent", LongText, ""),
    ),
    "mise_a_disposition": (
        ("missions", "Nature des activités confiées", LongText, ""),
        ("employment_terms", "Conditions d’emploi", LongText, ""),
        ("control", "Contrôle et évaluation des activités", LongText, ""),
        ("notice", "Préavis de fin", Text, ""),
        ("reimbursement", "Remboursement de la rémunération", LongText, ""),
        ("decision", "Arrêté ou décision", Text, ""),
    ),
    "independant_benevole": (
        ("liability_insurance", "Assurance de responsabilité civile de la personne", Text, ""),
    ),
}


class ConventionForm(SessionsMixin, RingForm):
    """``frame`` gets its choices from the service."""

    frame = Radios("Cadre juridique", choices=(), missing="Choisissez le cadre juridique.",
                   hint="En cas de doute, demandez conseil à un ou une juriste avant l’envoi")
    objectives = LongText("Objectifs", optional=True, hint="Un par ligne", rows=5)
    functions = LongText("Activités observées ou partagées", optional=True, rows=4)
    publics = Text("Publics rencontrés", optional=True, longest=400)
    remote = Text("Part à distance", optional=True, longest=300)
    place_address = Text("Adresse de l’accueil", optional=True, longest=200)
    place_commune = Text("Commune de l’accueil", optional=True, longest=100)
    tutor_name = Text("Qui accueille sur place", optional=True, longest=150)
    tutor_quality = Text("Sa fonction", optional=True, longest=150)
    tutor_phone = Text("Comment la joindre", optional=True, longest=150)
    companion_job = Text("Poste de la personne accueillie", optional=True, longest=150)
    companion_contract = Text("Son contrat ou statut", optional=True, longest=150)
    host_name = Text("Pour l’accueil, signe", optional=True, longest=150)
    host_quality = Text("En qualité de", optional=True, longest=150)
    host_capacity = Radios("Pour l’accueil, cette personne signe comme", choices=CAPACITIES, optional=True)
    employer_name = Text("Pour l’employeur, signe", optional=True, longest=150)
    employer_quality = Text("En qualité de", optional=True, longest=150)
    employer_capacity = Radios("Pour l’employeur, cette personne signe comme", choices=CAPACITIES, optional=True)
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
        found = {}
        for name, _label, kind, _hint in FRAME_QUESTIONS.get(self.frame.data, ()):
            field = self[f"{self.frame.data}__{name}"]
            found[name] = field.number if kind is Number else field.data or (None if kind is Day else "")
        return found

    def general(self) -> list[Answer]:
        """The questions that are not a frame's own."""
        return [field for field in self.questions() if "__" not in field.short_name]


for _frame, _questions in FRAME_QUESTIONS.items():
    for _name, _label, _kind, _hint in _questions:
        setattr(ConventionForm, f"{_frame}__{_name}", _kind(_label, optional=True, hint=_hint, when=("frame", _frame)))
