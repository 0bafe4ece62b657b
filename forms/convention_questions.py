"""The lists and the questions of a convention that more than one page asks."""

from __future__ import annotations

from typing import Any

from .fields import Answer, Day, LongText, Number, Radios, Text

_PAYERS = ("la structure employeuse", "l’association", "la structure d’accueil", "la personne accueillie", "le réseau")
PAYERS = tuple((words, words[0].upper() + words[1:]) for words in _PAYERS)


def keep_payers(form: Any, behind: str) -> None:
    """Leave, of who may pay, who there is: ``behind`` is what the convention calls who stands behind the person, or ""."""
    others = {"la structure employeuse", "l’association"} - {"l’association" if behind == "association" else f"la {behind}"}
    for name in ("travel_payer", "meal_payer"):
        if name in form:
            form[name].choices = tuple(choice for choice in PAYERS if choice[0] not in others or choice[0] == form[name].data)
CAPACITIES = (("représentant·e légal·e", "Représentant·e légal·e"), ("par délégation", "Par délégation"))
YES_NO = (("oui", "Oui"), ("non", "Non"))

#: frame -> its own questions: (name in FrameDetails, question, kind, hint and the rest).
FRAME_QUESTIONS: dict[str, tuple[tuple[str, str, type[Answer], dict[str, Any]], ...]] = {
    "pret_main_oeuvre": (
        ("qualification", "Qualification de la personne", Text, {}),
        ("cost_method", "Calcul des salaires, charges et frais facturés", LongText, {"hint": "Rien de plus que le coût"}),
        ("entrusted_work", "Travail confié", LongText, {}),
        ("post_features", "Caractéristiques particulières du poste", LongText, {"hint": "Ou écrivez qu’il n’y en a pas"}),
        ("trial_period", "Période probatoire", Text, {}),
        ("cse_employer_on", "CSE de l’employeur consulté le", Day, {"hint": "Le comité social et économique, s’il y en a un"}),
        ("cse_host_on", "CSE de l’accueil consulté le", Day, {"hint": "Le comité social et économique, s’il y en a un"}),
        ("cse_note", "Ou pourquoi le CSE n’est pas consulté", Text,
         {"hint": "Par exemple : pas de CSE dans les deux structures"}),
        ("amendment_signed_on", "Avenant au contrat signé le", Day, {"hint": "Son contenu est en annexe de la convention"}),
    ),
    "pret_interet_general": (
        ("qualification", "Qualification de la personne", Text, {}),
        ("purpose", "Finalité du prêt", LongText, {}),
        ("missions", "Missions confiées", LongText, {}),
        ("cost_method", "Calcul des salaires, charges et frais facturés", LongText, {"hint": "La facture peut être nulle"}),
        ("consent_on", "Accord écrit de la personne le", Day, {}),
    ),
    "immersion_agent_public": (
        ("requested_on", "Date de la demande de l’agent", Day, {}),
        ("shorter_notice_agreed", "L’employeur accepte un délai de moins de trois mois", Radios, {"choices": YES_NO}),
        ("days_elsewhere", "Jours d’immersion déjà faits hors du réseau, sur trois ans", Number,
         {"hint": "Ceux que le réseau connaît sont comptés sans vous. 20 jours au plus en tout"}),
        ("project", "Projet de l’agent", LongText, {}),
    ),
    "mise_a_disposition": (
        ("missions", "Nature des activités confiées", LongText, {}),
        ("employment_terms", "Conditions d’emploi", LongText, {}),
        ("control", "Contrôle et évaluation des activités", LongText, {}),
        ("notice", "Préavis de fin", Text, {}),
        ("reimbursement", "Remboursement de la rémunération", LongText, {}),
        ("decision", "Arrêté ou décision", Text, {}),
    ),
    "independant_benevole": (
        ("liability_insurance", "Assurance de responsabilité civile de la personne", Text,
         {"hint": "Professionnelle à son compte ; celle de l’association, ou la sienne, pour une personne bénévole"}),
    ),
}


def plain(field: Answer) -> Any:
    """The answer to a frame's question as FrameDetails keeps it: a number, a day, yes or no, else words."""
    if isinstance(field, Number):
        return field.number
    if isinstance(field, Day):
        return field.data
    if isinstance(field, Radios):
        return field.data == "oui"
    return field.data or ""
