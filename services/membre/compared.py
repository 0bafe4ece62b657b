"""What is compared when two records may be one, and chosen field by field: data, for the page and for the merge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.base import db
from models.dossier import Dossier
from models.merge import Twin
from models.structure import MemberKind, Membre, Structure
from models.vocabulary import DIRECTORY_FIELDS, PACES, SKILLS, TYPOLOGIES, label, labels
from territory import communes
from territory.calendar import local, say_date

FIRST, SECOND, BOTH = "premiere", "seconde", "les-deux"


@dataclass(frozen=True)
class Field:
    """One thing that is chosen: the columns that go together, and how they are said. ``both``: lists that may be joined."""

    name: str
    label: str
    columns: tuple[str, ...]
    say: Callable[[Any], str]
    both: bool = False


def _commune(code: str) -> str:
    found = communes.commune(code)
    return found.label if found else ""


def _joined(member: Membre) -> str:
    adhesion = db.session.get(Dossier, member.adhesion_id) if member.adhesion_id else None
    reference = f" ({adhesion.reference})" if adhesion else ""
    return f"{MemberKind(member.kind).label}, le {say_date(local(member.joined_at).date())}{reference}"


def _pace(member: Membre) -> str:
    until = f", en pause jusqu’au {say_date(member.pause_ends_on)}" if member.pause_ends_on else ""
    return (label(PACES, member.pace) if member.pace else "aucune") + until


def _offer(structure: Structure) -> str:
    if not structure.hosts:
        return "n’accueille pas"
    places = f"{structure.host_places} place{'s' if structure.host_places > 1 else ''}"
    said = (structure.host_technical, structure.host_human, structure.host_periods, structure.possibilities,
            structure.constraints)
    return "\u00a0; ".join([places, *filter(None, said)])


def _status(structure: Structure) -> str:
    return ", ".join(filter(None, (label(TYPOLOGIES, structure.typology), "publique" if structure.public else "")))


MEMBER: tuple[Field, ...] = (
    Field("nom", "Nom", ("given_name", "family_name"), lambda member: member.name),
    Field("courriel", "Adresse de courriel", ("email",), lambda member: member.email),
    Field("telephone", "Téléphone", ("phone",), lambda member: member.phone),
    Field("fonction", "Fonction", ("job",), lambda member: member.job),
    Field("structure", "Structure", ("structure_id",), lambda member: member.structure.name if member.structure else ""),
    Field("commune", "Commune", ("commune",), lambda member: _commune(member.commune)),
    Field("adhesion", "Adhésion", ("kind", "adhesion_id"), _joined),
    Field("offre", "Savoir-faire proposés", ("skills_offered",), lambda member: ", ".join(labels(SKILLS, member.skills_offered)),
          both=True),
    Field("recherche", "Savoir-faire recherchés", ("skills_sought",),
          lambda member: ", ".join(labels(SKILLS, member.skills_sought)), both=True),
    Field("sollicitations", "Sollicitations acceptées", ("pace", "pause_ends_on", "advises_employers", "mentors"), _pace),
    Field("annuaire", "Montré dans l’annuaire", ("directory",),
          lambda member: ", ".join(labels(DIRECTORY_FIELDS, member.directory)) or "rien"),
)

STRUCTURE: tuple[Field, ...] = (
    Field("nom", "Nom", ("name",), lambda structure: structure.name),
    Field("siret", "SIRET", ("siret",), lambda structure: structure.siret),
    Field("statut", "Statut", ("public", "typology"), _status),
    Field("adresse", "Adresse", ("address", "commune"),
          lambda structure: ", ".join(filter(None, (structure.address, _commune(structure.commune))))),
    Field("site", "Site", ("website",), lambda structure: structure.website),
    Field("savoirfaire", "Savoir-faire", ("skills",), lambda structure: ", ".join(labels(SKILLS, structure.skills)), both=True),
    Field("accueil", "Accueil en immersion", ("hosts", "host_places", "host_technical", "host_human", "host_periods",
                                              "host_access", "possibilities", "constraints"), _offer),
)

FIELDS: dict[Twin, tuple[Field, ...]] = {Twin.MEMBRE: MEMBER, Twin.STRUCTURE: STRUCTURE}
RECORDS: dict[Twin, type[Membre] | type[Structure]] = {Twin.MEMBRE: Membre, Twin.STRUCTURE: Structure}


@dataclass(frozen=True)
class Question:
    """A field on which the two differ: what each says, and which is chosen unless somebody chooses otherwise."""

    field: Field
    first: str
    second: str
    suggested: str


def rows(kind: Twin, first: Any, second: Any) -> list[tuple[str, str, str]]:
    """``(label, first, second)`` of each field that one of them fills."""
    said = [(field.label, field.say(first), field.say(second)) for field in FIELDS[kind]]
    return [row for row in said if row[1] or row[2]]


def questions(kind: Twin, first: Any, second: Any) -> list[Question]:
    """What has to be chosen. What only one of them fills is suggested, else what was checked last."""
    found = []
    for field in FIELDS[kind]:
        one, other = field.say(first), field.say(second)
        if all(getattr(first, name) == getattr(second, name) for name in field.columns):
            continue
        suggested = BOTH if field.both else FIRST if one and not other else SECOND if other and not one else _later(first, second)
        found.append(Question(field, one, other, suggested))
    return found


def _later(first: Any, second: Any) -> str:
    """Which of two members said last that what is known of them is right; of two structures, the one known first."""
    if isinstance(first, Structure):
        return FIRST
    return SECOND if (second.checked_at or second.joined_at) > (first.checked_at or first.joined_at) else FIRST
