"""The legal frames an immersion may have, what each asks for, and what a convention still lacks.

A frame is chosen by the coordinator; its article is worded in the dated template, and is to be reviewed by
a jurist of each network. A prescribed placement (code du travail, L5135-1 and
following) is not among them: it takes an authorised prescriber and has its own form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pdf.convention_data import ConventionData

Wanted = tuple[str, str]
Rule = tuple[str, str, Callable[[ConventionData], bool]]


@dataclass(frozen=True)
class Frame:
    """A legal frame. `required`: (path of a field, sentence that asks for it); `rules`: (path, sentence, holds).

    `own`: what of FrameDetails it asks, needed or not.
    """

    code: str
    name: str
    who: str
    source: str
    required: tuple[Wanted, ...] = ()
    rules: tuple[Rule, ...] = ()
    needs_employer: bool = True
    own: tuple[str, ...] = ()


COMMON: tuple[Wanted, ...] = (
    ("network.name", "Indiquez le nom du réseau."),
    ("network.coordinator", "Indiquez qui coordonne cette immersion pour le réseau."),
    ("network.email", "Indiquez l’adresse de courriel de la coordination."),
    ("network.data_controller", "Indiquez qui est responsable des données personnelles."),
    ("network.retention", "Indiquez combien de temps la convention est conservée."),
    ("host.legal_name", "Indiquez le nom de la structure d’accueil."),
    ("host.address", "Indiquez l’adresse de la structure d’accueil."),
    ("host.signatories", "Indiquez qui signe pour la structure d’accueil, et en quelle qualité."),
    ("companion.name", "Indiquez le nom de la personne accueillie."),
    ("companion.job_title", "Indiquez la fonction de la personne accueillie."),
    ("companion.contract", "Indiquez le statut de la personne accueillie (par exemple : salariée en CDI)."),
    ("tutor.name", "Indiquez qui reçoit et accompagne la personne sur place."),
    ("objectives", "Indiquez au moins un objectif."),
    ("functions", "Indiquez les activités observées ou partagées."),
    ("sessions", "Indiquez les dates et les horaires de l’immersion."),
    ("places", "Indiquez où se passe l’immersion."),
    ("costs", "Indiquez qui prend en charge les frais de déplacement et de repas."),
    ("insurance_host", "Indiquez l’assurance de responsabilité civile de la structure d’accueil."),
)
EMPLOYER: tuple[Wanted, ...] = (
    ("employer.legal_name", "Indiquez le nom de la structure employeuse."),
    ("employer.address", "Indiquez l’adresse de la structure employeuse."),
    ("employer.signatories", "Indiquez qui signe pour la structure employeuse, et en quelle qualité."),
)
#: Of who comes in their own name.
ALONE: tuple[Wanted, ...] = (
    ("companion.address", "Indiquez l’adresse professionnelle de la personne accueillie."),
)
COST_METHOD: Wanted = (
    "details.cost_method", "Indiquez comment sont calculés les salaires, les charges et les frais facturés.")
CSE_ASKED = "Indiquez à quelle date le CSE de chaque structure a été consulté, ou qu’il n’y en a pas."

FRAMES: dict[str, Frame] = {
    frame.code: frame
    for frame in (
        Frame(
            "mission_observation",
            "Mission d’observation",
            "Une personne salariée ou agente, qui reste sous l’autorité de son employeur et se déplace pour observer.",
            "code du travail, article L. 6321-1",
        ),
        Frame(
            "pret_main_oeuvre",
            "Prêt de main-d’œuvre à but non lucratif",
            "Une personne salariée de droit privé, dont la structure d’accueil dirige le travail pendant le prêt.",
            "code du travail, articles L. 8241-1 et L. 8241-2",
            required=(
                ("details.qualification", "Indiquez la qualification de la personne accueillie."),
                COST_METHOD,
                ("details.entrusted_work", "Indiquez le travail confié pendant le prêt."),
                ("details.post_features",
                 "Indiquez les caractéristiques particulières du poste, ou qu’il n’y en a pas."),
                ("details.cse", CSE_ASKED),
            ),
            own=("qualification", "cost_method", "entrusted_work", "post_features", "trial_period", "cse_employer_on",
                 "cse_host_on", "cse_note", "amendment_signed_on"),
        ),
        Frame(
            "pret_interet_general",
            "Prêt de main-d’œuvre à une structure d’intérêt général",
            "Une personne salariée de droit privé, prêtée à une association ou un organisme d’intérêt général.",
            "code du travail, articles L. 8241-3 et R. 8241-2",
            required=(
                ("details.qualification", "Indiquez la qualification de la personne accueillie."),
                ("details.purpose", "Indiquez la finalité du prêt."),
                ("details.missions", "Indiquez les missions confiées."),
                COST_METHOD,
            ),
            rules=(
                ("employer.public", "Ce cadre demande un employeur de droit privé.",
                 lambda data: data.employer is None or not data.employer.public),
            ),
            own=("qualification", "purpose", "missions", "cost_method", "consent_on"),
        ),
        Frame(
            "immersion_agent_public",
            "Période d’immersion professionnelle d’un agent public",
            "Une personne fonctionnaire ou agente contractuelle, accueillie par un employeur ou un organisme public.",
            "décret n° 2016-1732 modifié par le décret n° 2022-1043 du 22 juillet 2022",
            required=(
                ("details.requested_on", "Indiquez la date de la demande de l’agent."),
            ),
            rules=(
                ("employer.public", "Ce cadre demande un employeur public.",
                 lambda data: data.employer is None or data.employer.public),
                ("host.public", "Ce cadre demande une structure d’accueil publique.", lambda data: data.host.public),
                ("sessions", "Ce cadre demande 2 jours au moins.", lambda data: len(data.days) != 1),
                ("sessions", "Ce cadre permet 10 jours au plus.", lambda data: len(data.days) <= 10),
                ("details.days_in_three_years", "Ce cadre permet 20 jours au plus sur trois ans.",
                 lambda data: (data.details.days_in_three_years or 0) <= 20),
            ),
            own=("requested_on", "shorter_notice_agreed", "days_in_three_years", "days_elsewhere", "project"),
        ),
        Frame(
            "mise_a_disposition",
            "Mise à disposition",
            "Une personne fonctionnaire, mise à disposition pour l’exercice de missions de service public.",
            "code général de la fonction publique, articles L. 512-6 à L. 512-8",
            required=(
                ("details.missions", "Indiquez la nature des activités confiées."),
                ("details.employment_terms", "Indiquez les conditions d’emploi pendant la mise à disposition."),
                ("details.control", "Indiquez comment les activités sont contrôlées et évaluées."),
                ("details.notice", "Indiquez le préavis qui met fin à la mise à disposition."),
                ("details.reimbursement", "Indiquez les règles de remboursement de la rémunération."),
            ),
            own=("missions", "employment_terms", "control", "notice", "reimbursement", "decision"),
            rules=(
                ("employer.public", "Ce cadre demande un employeur public.",
                 lambda data: data.employer is None or data.employer.public),
            ),
        ),
        Frame(
            "independant_benevole",
            "Accueil d’une personne indépendante ou bénévole",
            "Une personne sans contrat de travail : indépendante, ou bénévole d’une association.",
            "convention de partenariat ; code civil, articles 1240 et 1242",
            required=(
                ("details.liability_insurance",
                 "Indiquez l’assurance de responsabilité civile de la personne accueillie."),
            ),
            needs_employer=False,
            own=("liability_insurance",),
        ),
    )
}


class UnknownFrame(ValueError):
    """No legal frame has this code."""


def frame_of(code: str) -> Frame:
    """Return the frame of that code. Raises UnknownFrame."""
    try:
        return FRAMES[code]
    except KeyError:
        raise UnknownFrame(code) from None


def missing_fields(data: ConventionData) -> list[Wanted]:
    """Return what the convention lacks before it can be signed, in the order of the document: (path, French sentence).

    What the frame forbids (an employer that is not public, eleven days where ten are allowed) comes last.
    """
    frame = frame_of(data.frame)
    asked = COMMON + (EMPLOYER if frame.needs_employer or data.employer else ALONE) + frame.required
    missing = [(path, sentence) for path, sentence in asked if not _filled(data, path)]
    return missing + [(path, sentence) for path, sentence, holds in frame.rules if not holds(data)]


def _filled(data: ConventionData, path: str) -> bool:
    if path == "details.cse":
        details = data.details
        return bool(details.cse_note.strip() or (details.cse_employer_on and details.cse_host_on))
    if path.endswith(".signatories"):
        party = getattr(data, path.split(".")[0])
        return bool(party and party.signatories) and all(
            person.name.strip() and person.quality.strip() for person in party.signatories)
    value: Any = data
    for name in path.split("."):
        value = getattr(value, name) if value is not None else None
    if isinstance(value, str):
        return bool(value.strip())
    return bool(value) and (not isinstance(value, tuple) or any(not isinstance(v, str) or v.strip() for v in value))
