"""Help to choose the legal frame of an immersion: which ones may suit, which cannot, and why. Pure; it never decides.

Facts, not legal advice (reference field.md 4.1): the page says to ask a jurist, and the coordination chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pdf.frames import FRAMES, Frame

SALARIED, AGENT, FREELANCE, VOLUNTEER, JOBSEEKER, STUDENT = (
    "salarie", "agent_public", "independant", "benevole", "recherche_emploi", "stagiaire")
PRIVATE, PUBLIC, GENERAL_INTEREST = "prive", "public", "interet_general"
OBSERVES, WORKS = "observe", "travaille"


@dataclass(frozen=True)
class Situation:
    """``status``: of the person; ``host``: private, public, or of general interest; ``doing``: observes, or works under the
    host's direction. "" where it is not said: then nothing is ruled out by it."""

    status: str = ""
    host: str = ""
    doing: str = ""


@dataclass(frozen=True)
class Advice:
    """A frame, whether it may suit, and the reasons for and against, each a sentence."""

    frame: Frame
    suits: bool
    reasons: tuple[str, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True)
class _Rule:
    """``against``: what rules a frame out; ``for_``: what speaks for it; ``acts``: what it takes besides the convention."""

    against: tuple[tuple[Callable[[Situation], bool], str], ...]
    for_: tuple[tuple[Callable[[Situation], bool], str], ...]
    acts: tuple[str, ...]


def _not(*statuses: str) -> Callable[[Situation], bool]:
    return lambda it: bool(it.status) and it.status not in statuses


_RULES: dict[str, _Rule] = {
    "mission_observation": _Rule(
        ((_not(SALARIED, AGENT), "Il faut un employeur qui envoie la personne en mission."),
         (lambda it: it.doing == WORKS, "Dans ce cadre, la personne ne travaille pas sous la direction de l’accueil.")),
        ((lambda it: it.doing == OBSERVES, "La personne reste sous l’autorité de son employeur et se déplace pour apprendre."),
         (lambda it: it.status == AGENT and it.host != PUBLIC, "L’accueil n’est pas public : la période d’immersion des agents "
                                                               "ne s’applique pas.")),
        ("Un ordre de mission, remis par l’employeur avant le premier jour.",)),
    "pret_main_oeuvre": _Rule(
        ((_not(SALARIED), "Il faut un contrat de travail de droit privé."),
         (lambda it: it.doing == OBSERVES, "Si personne d’autre ne dirige le travail, ce n’est pas un prêt.")),
        ((lambda it: it.doing == WORKS, "La structure d’accueil dirige le travail : c’est un prêt, et il doit rester sans but "
                                        "lucratif (L. 8241-1)."),),
        ("L’accord de la personne.", "Un avenant à son contrat de travail (son contenu est en annexe de la convention).",
         "La consultation du comité social et économique (CSE) des deux structures, s’il y en a un.")),
    "pret_interet_general": _Rule(
        ((_not(SALARIED), "Il faut un contrat de travail de droit privé."),
         (lambda it: it.host in (PRIVATE,), "L’accueil doit être d’intérêt général (association, fondation, organisme "
                                            "reconnu)."),
         (lambda it: it.doing == OBSERVES, "Si personne d’autre ne dirige le travail, ce n’est pas un prêt.")),
        ((lambda it: it.host == GENERAL_INTEREST and it.doing == WORKS,
          "Un prêt à une structure d’intérêt général peut être facturé moins que son coût, ou pas du tout (L. 8241-3)."),),
        ("L’accord exprès et écrit de la personne.",)),
    "immersion_agent_public": _Rule(
        ((_not(AGENT), "Ce cadre est pour les fonctionnaires et les agents contractuels."),
         (lambda it: it.host in (PRIVATE, GENERAL_INTEREST), "L’accueil doit être un employeur public ou un organisme public.")),
        ((lambda it: it.status == AGENT and it.host == PUBLIC, "Un agent public, accueilli par une structure publique : deux "
                                                              "à dix jours ouvrés, vingt au plus sur trois ans."),),
        ("Une demande motivée de l’agent, trois mois avant, ou moins si l’employeur l’accepte.",
         "Une réponse de l’employeur dans le mois.")),
    "mise_a_disposition": _Rule(
        ((_not(AGENT), "Ce cadre est pour les fonctionnaires."),
         (lambda it: it.doing == OBSERVES, "Il sert à confier un travail, non à observer : c’est lourd pour quelques jours."),
         (lambda it: it.host == PRIVATE, "L’accueil doit exercer une mission de service public.")),
        ((lambda it: it.status == AGENT and it.doing == WORKS, "La personne exerce des missions de service public pour "
                                                               "l’accueil."),),
        ("Un arrêté.", "L’information de l’assemblée.", "Le remboursement de la rémunération, ou sa dispense.")),
    "independant_benevole": _Rule(
        ((_not(FREELANCE, VOLUNTEER), "Ce cadre est pour qui vient sans contrat de travail."),),
        ((lambda it: it.status in (FREELANCE, VOLUNTEER), "La personne vient en son nom : un accord de partenariat suffit."),),
        ("Une assurance de responsabilité civile de la personne : aucun employeur ne couvre ses accidents.",)),
}


def advise(it: Situation) -> list[Advice]:
    """Every frame, those that may suit first, with the reasons; nothing is ruled out by what is not said."""
    found = []
    for code, rule in _RULES.items():
        against = tuple(sentence for holds, sentence in rule.against if holds(it))
        reasons = against or tuple(sentence for holds, sentence in rule.for_ if holds(it))
        found.append(Advice(FRAMES[code], not against, reasons, rule.acts))
    return sorted(found, key=lambda advice: (not advice.suits, -len(advice.reasons) if advice.suits else 0))


def elsewhere(it: Situation) -> str:
    """"pmsmp" or "stage" where the law has another convention than the network's; "" otherwise."""
    return {JOBSEEKER: "pmsmp", STUDENT: "stage"}.get(it.status, "")
