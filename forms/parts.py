"""Each party's own part of the convention: one page, nothing needed to save it, what is right is kept.

The names of the questions are those of ``services/convention/values.py``; the coordinator's page asks the same, all parties
together (forms/convention.py).
"""

from __future__ import annotations

from typing import Any

from models.states import Role

from .base import RingForm
from .convention_questions import CAPACITIES, FRAME_QUESTIONS, PAYERS, plain
from .fields import Answer, Email, LongText, Phone, Radios, Siret, Text

Question = tuple[str, str, type[Answer], dict[str, Any]]
#: A heading, what is said under it, the names of its questions.
Section = tuple[str, str, tuple[str, ...]]

_LEGAL: tuple[Question, ...] = (
    ("legal_name", "Nom légal de la structure", Text, {"longest": 200}),
    ("address", "Adresse du siège", Text, {"longest": 200}),
    ("commune", "Code postal et commune", Text, {"longest": 100}),
    ("siret", "Numéro SIRET", Siret, {"hint": "14 chiffres. Laissez vide s’il n’y en a pas"}),
)
_SIGNS: tuple[Question, ...] = (
    ("name", "Qui signe", Text, {"longest": 150, "hint": "Prénom et nom"}),
    ("quality", "Sa fonction", Text, {"longest": 150, "hint": "Par exemple maire, présidente, directeur"}),
    ("capacity", "Cette personne signe comme", Radios, {"choices": CAPACITIES}),
    ("email", "Son adresse de courriel", Email,
     {"hint": "Son lien pour signer y est envoyé. Laissez vide si c’est la vôtre. Elle n’est pas imprimée"}),
)
_SECOND: tuple[Question, ...] = (
    ("2_name", "Qui signe aussi", Text, {"longest": 150}),
    ("2_quality", "La fonction de cette deuxième personne", Text, {"longest": 150}),
    ("2_capacity", "Cette deuxième personne signe comme", Radios, {"choices": CAPACITIES}),
    ("2_email", "L’adresse de courriel de cette deuxième personne", Email, {}),
)
_CONTACT: tuple[Question, ...] = (
    ("contact_name", "La personne à joindre", Text, {"longest": 150}),
    ("contact_quality", "Sa fonction dans la structure", Text, {"longest": 150}),
    ("contact_phone", "Son téléphone", Phone, {}),
    ("contact_email", "Son courriel", Email, {"hint": "Imprimé dans la convention, que toutes les parties lisent"}),
)


def _structure(prefix: str) -> tuple[Question, ...]:
    def named(questions: tuple[Question, ...], joint: str = "_") -> tuple[Question, ...]:
        return tuple((f"{prefix}{joint}{name}", label, kind, more) for name, label, kind, more in questions)
    return (*named(_LEGAL), *named(_SIGNS), *named(_SECOND, ""), *named(_CONTACT))


#: ``host`` and ``employer`` -> the questions about that structure, signatories and contact included.
STRUCTURES: dict[str, tuple[Question, ...]] = {prefix: _structure(prefix) for prefix in ("host", "employer")}


def _names(prefix: str, questions: tuple[Question, ...], joint: str = "_") -> tuple[str, ...]:
    return tuple(f"{prefix}{joint}{name}" for name, *_ in questions)


def _structure_sections(prefix: str) -> tuple[Section, ...]:
    return (
        ("Votre structure", "Comme il faut la nommer dans un document qui engage.", _names(prefix, _LEGAL)),
        ("Qui signe pour elle", "Une personne qui peut l’engager. Ce n’est pas forcément vous, ni la personne à joindre.",
         _names(prefix, _SIGNS)),
        ("Une deuxième signature, si vos règles la demandent",
         "Une mairie peut par exemple faire signer l’élu·e et la direction. Laissez vide sinon.", _names(prefix, _SECOND, "")),
        ("Qui joindre", "En cas de question, d’imprévu ou d’accident.", _names(prefix, _CONTACT)),
    )


_HOST_ONLY: tuple[Question, ...] = (
    ("tutor_name", "Qui accueille et accompagne sur place", Text, {"longest": 150}),
    ("tutor_quality", "Sa fonction auprès de l’équipe", Text, {"longest": 150}),
    ("tutor_phone", "Comment joindre cette personne le jour même", Text, {"longest": 150}),
    ("tutor_email", "L’adresse de courriel de cette personne", Email, {"hint": "Imprimée dans la convention"}),
    ("place_label", "Nom du lieu", Text, {"longest": 150, "hint": "Par exemple Mairie, Espace numérique"}),
    ("place_address", "Adresse de l’accueil", Text, {"longest": 200}),
    ("place_commune", "Commune de l’accueil", Text, {"longest": 100}),
    ("place_access", "Comment venir et entrer", LongText, {"longest": 600, "rows": 3}),
    ("functions", "Ce que la personne pourra voir ou pratiquer", LongText, {"longest": 4000, "rows": 4}),
    ("publics", "Les publics rencontrés", Text, {"longest": 400}),
    ("meals", "Les repas", Text, {"longest": 200}),
    ("insurance_host", "Votre assurance de responsabilité civile", Text,
     {"longest": 200, "hint": "Le nom de l’assureur, et le numéro de contrat si vous l’avez"}),
    ("safety", "Sécurité et règles du lieu", LongText, {"longest": 1500, "rows": 3}),
    ("equipment", "Le matériel prêté", LongText, {"longest": 1000, "rows": 2}),
)
_EMPLOYER_ONLY: tuple[Question, ...] = (
    ("travel_payer", "Les déplacements sont payés par", Radios, {"choices": PAYERS}),
    ("travel_detail", "Précision sur les déplacements", Text, {"longest": 200, "hint": "Par exemple 94 km aller et retour"}),
    ("meal_payer", "Les repas sont payés par", Radios, {"choices": PAYERS}),
    ("insurance_employer", "Votre assurance", Text, {"longest": 200}),
)
_COMPANION_ONLY: tuple[Question, ...] = (
    ("companion_name", "Votre nom", Text, {"longest": 150, "hint": "Prénom et nom, comme vous signez"}),
    ("companion_job", "Votre poste", Text, {"longest": 150}),
    ("companion_contract", "Votre contrat ou statut", Text, {"longest": 150, "hint": "Par exemple CDI, agente contractuelle"}),
    ("companion_phone", "Votre téléphone", Phone, {"hint": "Seulement si vous voulez qu’il soit imprimé dans la convention"}),
    ("companion_activity", "Le nom de votre activité", Text,
     {"longest": 200, "hint": "Votre enseigne ou votre entreprise. Laissez vide si vous exercez sous votre nom"}),
    ("companion_siret", "Votre numéro SIRET", Siret, {"hint": "14 chiffres. Laissez vide s’il n’y en a pas"}),
    ("companion_address", "Votre adresse professionnelle", Text, {"longest": 200}),
    ("companion_commune", "Vos code postal et commune", Text, {"longest": 100}),
    ("objectives", "Vos objectifs", LongText, {"longest": 4000, "rows": 5, "hint": "Un par ligne"}),
    ("access_needs", "Besoins pratiques d’aménagement", LongText,
     {"longest": 1000, "rows": 2, "hint": "Ne donnez pas d’information de santé"}),
)
#: Of who comes in their own name, besides: nobody else pays nor signs for them.
_ALONE = ("companion_activity", "companion_siret", "companion_address", "companion_commune")
_COSTS = ("travel_payer", "travel_detail", "meal_payer")
#: Who knows the answers that a legal frame wants; the coordination knows the rest.
FRAME_OWNERS: dict[str, Role] = {name: role for role, names in {
    Role.EMPLOYER: ("qualification", "cost_method", "cse_employer_on", "cse_note", "amendment_signed_on", "trial_period",
                    "purpose", "employment_terms", "control", "notice", "reimbursement", "decision", "shorter_notice_agreed"),
    Role.HOST: ("entrusted_work", "post_features", "missions", "cse_host_on"),
    Role.AUTHOR: ("project", "days_elsewhere", "liability_insurance", "consent_on"),
}.items() for name in names}


class PartForm(RingForm):
    """``frame``: the questions of that legal frame which are this party's are asked too."""

    role: Role
    sections: tuple[Section, ...]
    #: Asked besides of who has nobody behind them.
    sections_alone: tuple[Section, ...] = ()
    alone = False

    def asked(self, frame: str) -> list[tuple[str, str, list[Answer]]]:
        """``(heading, what is said, questions)``, in order, those of ``frame`` last."""
        groups = [(title, said, [self[name] for name in names]) for title, said, names in (
            *self.sections, *(self.sections_alone if self.alone else ()))]
        own = [self[f"{frame}__{name}"] for name, *_ in FRAME_QUESTIONS.get(frame, ()) if FRAME_OWNERS.get(name) == self.role]
        return [*groups, ("Ce que le cadre juridique demande", "Le cadre est celui que la coordination a retenu.", own)
                ] if own else groups

    def good(self, frame: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The answers that are right, by name, then those the frame asks; what is wrong keeps its former value."""
        right = [question for _, _, questions in self.asked(frame) for question in questions if not question.errors]
        return ({question.short_name: question.data for question in right if "__" not in question.short_name},
                {question.short_name.partition("__")[2]: plain(question) for question in right if "__" in question.short_name})

    def wrong_here(self, frame: str) -> list[Answer]:
        """The questions asked on this page that are to be looked at again."""
        return [question for _, _, questions in self.asked(frame) for question in questions if question.errors]


class HostPart(PartForm):
    role = Role.HOST
    sections = (*_structure_sections("host"),
                ("Sur place", "La personne qui accueille peut être encore une autre.", _names("", _HOST_ONLY, "")))


class EmployerPart(PartForm):
    role = Role.EMPLOYER
    sections = (*_structure_sections("employer"), ("Frais et assurance", "Rien d’autre n’est dû entre les parties.",
                                                   _names("", _EMPLOYER_ONLY, "")))


class CompanionPart(PartForm):
    role = Role.AUTHOR
    sections = (("Vous", "", _names("", _COMPANION_ONLY[:4], "")), ("Votre immersion", "", ("objectives", "access_needs")))
    sections_alone = (("Votre activité", "Vous signez en votre nom : la convention dit qui vous êtes.", _ALONE),
                      ("Frais", "Rien d’autre n’est dû entre les parties.", _COSTS))


PARTS: dict[Role, type[PartForm]] = {form.role: form for form in (HostPart, EmployerPart, CompanionPart)}

for _form, _questions in ((HostPart, (*STRUCTURES["host"], *_HOST_ONLY)),
                          (EmployerPart, (*STRUCTURES["employer"], *_EMPLOYER_ONLY)),
                          (CompanionPart, (*_COMPANION_ONLY, *_EMPLOYER_ONLY[:3]))):
    for _name, _label, _kind, _more in _questions:
        setattr(_form, _name, _kind(_label, optional=True, **_more))
    for _frame, _own in FRAME_QUESTIONS.items():
        for _name, _label, _kind, _more in _own:
            if FRAME_OWNERS.get(_name) == _form.role:
                setattr(_form, f"{_frame}__{_name}", _kind(_label, optional=True, **_more))
