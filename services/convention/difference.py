"""What changes from one version of a convention to the next, in words, and whether it has to be signed again.

What is agreed on is material: whoever signed must sign again. How to reach somebody is not (reference immersion.md b.6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from pdf.convention import FRAMES, ConventionData, FrameDetails, Party
from territory.calendar import say_date

from ..immersion.hosting import say_session


@dataclass(frozen=True)
class Difference:
    """One thing that is said otherwise; an empty ``before`` or ``after`` was, or is, not said at all."""

    label: str
    before: str
    after: str
    material: bool

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What is read of it, each with its heading: of a list, the lines that leave and those that come, and no other."""
        was, now = self.before.split("\n"), self.after.split("\n")
        gone, come = _left(was, now), _left(now, was)
        if (len(was) > 1 or len(now) > 1) and self.before and self.after and (gone or come):
            found = [("Retiré", gone), ("Ajouté", come)]
            rest = len(was) - len(gone)
            return [(heading, "\n".join(lines)) for heading, lines in found if lines] + (
                [("Le reste", "ne change pas")] if rest else [])
        return [("Avant", _around(self.before, self.after)), ("Maintenant", _around(self.after, self.before))]


@dataclass(frozen=True)
class Topic:
    """One thing a convention says: how it is called, what it says of it, and whether it is part of what is agreed on."""

    label: str
    say: Callable[[ConventionData], str]
    material: bool = True


def _at(path: str) -> Callable[[ConventionData], str]:
    def say(data: ConventionData) -> str:
        value: Any = data
        for name in path.split("."):
            value = getattr(value, name) if value is not None else None
        return _said(value)
    return say


def _said(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return say_date(value)
    if isinstance(value, tuple):
        return "\n".join(_said(each) for each in value)
    return str(value)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _who_signs(party: str) -> Callable[[ConventionData], str]:
    def say(data: ConventionData) -> str:
        side: Party | None = getattr(data, party)
        return "\n".join(_joined(each.name, each.quality, each.capacity) for each in side.signatories) if side else ""
    return say


def _reach(party: str) -> Callable[[ConventionData], str]:
    def say(data: ConventionData) -> str:
        side: Party | None = getattr(data, party)
        people = [*side.signatories, *([side.contact] if side.contact else [])] if side else []
        quality = [side.contact.quality] if side and side.contact else []
        return "\n".join(_joined(each.name, *(quality if each is (side.contact if side else None) else []), each.email,
                                 each.phone)
                         for each in people if each.email or each.phone or (side and each is side.contact))
    return say


def _party(name: str, words: str) -> tuple[Topic, ...]:
    return (Topic(f"Nom de la {words}", _at(f"{name}.legal_name")), Topic(f"Nature de la {words}", _at(f"{name}.kind")),
            Topic(f"Statut public de la {words}", _at(f"{name}.public")), Topic(f"Adresse de la {words}", _at(f"{name}.address")),
            Topic(f"Commune de la {words}", _at(f"{name}.commune")), Topic(f"SIRET de la {words}", _at(f"{name}.siret")),
            Topic(f"Qui signe pour la {words}", _who_signs(name)),
            Topic(f"Comment joindre la {words}", _reach(name), material=False))


_DETAILS = {
    "cost_method": "Calcul des coûts", "cse_employer_on": "CSE de l’employeur consulté le",
    "cse_host_on": "CSE de l’accueil consulté le", "cse_note": "Consultation du CSE",
    "amendment_signed_on": "Avenant au contrat signé le", "entrusted_work": "Travail confié",
    "post_features": "Caractéristiques du poste", "trial_period": "Période probatoire", "qualification": "Qualification",
    "purpose": "Finalité du prêt", "missions": "Missions confiées", "consent_on": "Accord de la personne le",
    "requested_on": "Date de la demande", "shorter_notice_agreed": "Délai plus court accepté",
    "days_in_three_years": "Jours d’immersion sur trois ans", "project": "Projet", "employment_terms": "Conditions d’emploi",
    "control": "Contrôle et évaluation", "notice": "Préavis", "reimbursement": "Remboursement", "decision": "Arrêté ou décision",
    "liability_insurance": "Assurance de la personne", "days_elsewhere": "Jours d’immersion ailleurs"}

TOPICS: tuple[Topic, ...] = (
    Topic("Cadre juridique", lambda data: FRAMES[data.frame].name if data.frame in FRAMES else data.frame),
    Topic("Texte type de la convention", _at("template")),
    *_party("host", "structure d’accueil"), *_party("employer", "structure employeuse"),
    Topic("Personne accueillie", _at("companion.name")), Topic("Fonction de la personne accueillie", _at("companion.job_title")),
    Topic("Statut de la personne accueillie", _at("companion.contract")),
    Topic("Activité de la personne accueillie", _at("companion.activity")),
    Topic("Adresse de la personne accueillie", lambda data: _joined(data.companion.address, data.companion.commune)),
    Topic("SIRET de la personne accueillie", _at("companion.siret")),
    Topic("Comment joindre la personne accueillie", lambda data: _joined(data.companion.email, data.companion.phone),
          material=False),
    Topic("Qui accompagne sur place", lambda data: _joined(data.tutor.name, data.tutor.quality)),
    Topic("Comment joindre qui accompagne", lambda data: _joined(data.tutor.email, data.tutor.phone), material=False),
    Topic("Objectifs", _at("objectives")), Topic("Activités", _at("functions")), Topic("Publics", _at("publics")),
    Topic("Séances", lambda data: "\n".join(say_session(each) for each in data.sessions)),
    Topic("Lieux", lambda data: "\n".join(_joined(each.label, each.address, each.commune) for each in data.places)),
    Topic("Travail à distance", _at("remote")),
    Topic("Frais", lambda data: "\n".join(f"{each.label}\u00a0: {_joined(each.payer, each.detail)}" for each in data.costs)),
    Topic("Repas", _at("meals")), Topic("Assurance de l’accueil", _at("insurance_host")),
    Topic("Assurance de l’employeur", _at("insurance_employer")), Topic("Sécurité", _at("safety")),
    Topic("Équipement", _at("equipment")), Topic("Besoins d’accessibilité", _at("access_needs")),
    *(Topic(_DETAILS.get(each.name, each.name), _at(f"details.{each.name}")) for each in fields(FrameDetails)),
    Topic("Clauses particulières", _at("special_clauses")),
    Topic("Retours attendus", lambda data: "\n".join(
        _joined(each.label, each.author, say_date(each.due_on) if each.due_on else "") for each in data.reports)),
    Topic("Nom du réseau", lambda data: _joined(data.network.name, data.network.full_name)),
    Topic("Responsable des données", _at("network.data_controller")), Topic("Durée de conservation", _at("network.retention")),
    Topic("Coordination", lambda data: _joined(data.network.coordinator, data.network.email, data.network.phone,
                                               data.network.address, data.network.privacy_email), material=False),
)
#: Of a version rather than of what is agreed on.
NOT_SAID = frozenset({"reference", "version", "status", "issued_on", "verification_code", "verification_url",
                      "template_digest"})


def differences(before: ConventionData, after: ConventionData) -> list[Difference]:
    """What ``after`` says otherwise than ``before``, in the order of the document."""
    said = ((topic, topic.say(before), topic.say(after)) for topic in TOPICS)
    return [Difference(_label(topic, after), old, new, topic.material) for topic, old, new in said if old != new]


def _label(topic: Topic, data: ConventionData) -> str:
    """Its name; that of an association, where it stands in an employer's place."""
    if data.frame != "independant_benevole":
        return topic.label
    return topic.label.replace("la structure employeuse", "l’association").replace("l’employeur", "l’association")


def to_sign_again(changes: list[Difference]) -> bool:
    """True where one of them is part of what is agreed on."""
    return any(change.material for change in changes)


def as_rows(changes: list[Difference]) -> list[list[str]]:
    """The changes as a letter and a page list them: ``[what, in words]``."""
    return [[change.label, _in_words(change)] for change in changes]


def _in_words(change: Difference) -> str:
    parts = [(heading, text or "(rien)") for heading, text in change.parts]
    if any("\n" in text for _, text in parts) or parts[0][0] != "Avant":
        return "\n".join(f"{heading} :\n{text}" if heading != "Le reste" else f"{heading} {text}." for heading, text in parts)
    return " ; ".join(f"{heading.lower()} : {text}" for heading, text in parts)


def _left(lines: list[str], others: list[str]) -> list[str]:
    """The lines that ``others`` does not hold, as often as it lacks them."""
    spare = Counter(others)
    found = []
    for line in lines:
        if spare[line]:
            spare[line] -= 1
        elif line:
            found.append(line)
    return found


#: A text longer than this is shown around what changes in it, with so many words on each side.
_LONG, _AROUND = 300, 8


def _around(text: str, other: str) -> str:
    """``text`` whole, or, where it and ``other`` are long, what differs of it with a few words on each side."""
    if min(len(text), len(other)) <= _LONG:
        return text
    words, others = text.split(" "), other.split(" ")
    shorter = min(len(words), len(others))
    start = next((at for at in range(shorter) if words[at] != others[at]), shorter)
    most = shorter - start
    end = next((at for at in range(most) if words[-1 - at] != others[-1 - at]), most)
    first, last = max(start - _AROUND, 0), min(len(words) - end + _AROUND, len(words))
    return " ".join([*(["…"] if first else []), *words[first:last], *(["…"] if last < len(words) else [])])
