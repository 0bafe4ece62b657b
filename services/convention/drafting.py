"""A convention is drawn up from what the parties gave, then corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from models.base import transaction
from models.convention import Convention, ConventionState
from models.dossier import Actor, Immersion
from models.instance import instance
from models.states import Role
from models.vocabulary import PUBLICS, TYPOLOGIES, WORK_STATUSES, label, labels
from pdf.convention import (
    FRAMES,
    TO_REVIEW,
    Companion,
    ConventionData,
    Cost,
    FrameDetails,
    NetworkIdentity,
    Party,
    Place,
    Report,
    Session,
    Signatory,
    Tutor,
    from_json,
    missing_fields,
    to_json,
)
from territory import communes
from territory.calendar import local

from ..acting import load_participant, who_coordinates
from ..errors import NotAllowed

DEFAULT_FRAME = "mission_observation"
#: The frame a status of work suggests; the coordinator chooses (reference field.md 4.1).
SUGGESTED_FRAMES = {"agent_public": "immersion_agent_public", "benevole": "independant_benevole"}
#: States of the dossier in which the convention is drawn up.
EDITABLE = frozenset({"host_agreed", "in_review"})
_RETENTION = "tant que la convention peut servir de preuve, cinq ans en principe (code civil, article 2224)"


def draft_data(dossier: Immersion, now: datetime) -> ConventionData:
    """What the convention says now: the latest version, else a first draft from what the parties gave."""
    latest = dossier.convention
    return from_json(latest.data) if latest else _first_draft(dossier, now)


def _first_draft(dossier: Immersion, now: datetime) -> ConventionData:
    answers, host = dossier.answers, dossier.answers["host"]
    employer, network = answers["employer"], instance().network
    coordinator = who_coordinates(dossier)[-1]
    place = communes.commune(dossier.host.commune)
    status = answers["work_status"]
    frame = SUGGESTED_FRAMES.get(status, DEFAULT_FRAME)
    if frame == "immersion_agent_public" and not dossier.host.public:
        frame = DEFAULT_FRAME
    return ConventionData(
        reference=dossier.reference, version=1, status=TO_REVIEW, issued_on=local(now).date(),
        network=NetworkIdentity(network.name, network.full_name, coordinator.name, network.email, network.phone,
                                network.publisher.address, network.publisher.name,
                                network.publisher.email or network.email, _RETENTION),
        frame=frame,
        host=Party(dossier.host.name, label(TYPOLOGIES, dossier.host.typology), dossier.host.public,
                   dossier.host.address or host["address"], place.name if place else "",
                   (Signatory(host["signatory_name"], host["signatory_quality"]),), dossier.host.siret),
        employer=_employer(employer),
        companion=Companion(dossier.author.name, dossier.author.quality,
                            answers.get("contract") or label(WORK_STATUSES, status)),
        tutor=Tutor(host["tutor_name"], host["tutor_quality"], phone=host["tutor_contact"]),
        objectives=tuple(line.strip(" -•\t") for line in answers["objectives"].splitlines() if line.strip(" -•\t")),
        functions=answers.get("functions", ""),
        publics=", ".join(labels(PUBLICS, answers.get("publics", []))),
        sessions=tuple(Session(s.on, s.starts, s.ends, s.starts_again, s.ends_again) for s in dossier.sessions),
        places=(Place(host["address"], place.name if place else ""),),
        costs=(Cost("Déplacements", "la structure employeuse"), Cost("Repas", "la personne accueillie")),
        insurance_host=host["insurance"], meals=host["meals"], safety=host["safety"],
        access_needs=answers.get("access_needs", ""),
        details=FrameDetails(requested_on=local(dossier.created_at).date(), qualification=dossier.author.quality),
        reports=(Report("Compte rendu de l’expérience", "la personne accueillie"),
                 Report("Regard de l’accueil", "la structure d’accueil"),
                 Report("Bilan du dispositif", "la structure employeuse")))


def _employer(employer: dict) -> Party:
    structure = employer["structure"]
    place = communes.commune(structure["commune"])
    return Party(structure["name"], label(TYPOLOGIES, structure["typology"]), structure["public"],
                 structure.get("address", ""), place.name if place else "",
                 (Signatory(employer["name"], employer.get("quality", "")),), structure.get("siret", ""))


def save_draft(participant_id: int, data: ConventionData, now: datetime) -> Convention:
    """Keep a corrected convention as the draft; what was shown or sent stays as it was, a new version begins.

    :raises NotAllowed: not a coordinator, or the convention is not being drawn up.
    """
    with transaction():
        participant = load_participant(participant_id)
        dossier = participant.dossier
        if participant.role != Role.COORDINATOR or dossier.state not in EDITABLE:
            raise NotAllowed()
        row = _draft_row(dossier, data, now)
        dossier.record("convention_drafted", Actor(Role.COORDINATOR, participant), now)
        return row


def _draft_row(dossier: Immersion, data: ConventionData, now: datetime) -> Convention:
    latest = dossier.convention
    row = latest if latest and latest.state == ConventionState.DRAFT else new_row(dossier, data, now)
    row.data = to_json(replace(data, version=row.version, status=TO_REVIEW))
    row.template, row.saved_at = data.template, now
    return row


def new_row(dossier: Immersion, data: ConventionData, now: datetime) -> Convention:
    """The next version, added to the dossier as a draft that says nothing yet; inside a transaction."""
    latest = dossier.convention
    row = Convention(version=latest.version + 1 if latest else 1, state=ConventionState.DRAFT.value, template=data.template,
                     data={}, saved_at=now)
    dossier.conventions.append(row)
    return row


def still_missing(data: ConventionData) -> list[str]:
    """Sentences that say what the frame still wants."""
    return [sentence for _, sentence in missing_fields(data)]


def frames() -> list[tuple[str, str, str, str]]:
    """The legal frames to choose from: ``(code, name, who it is for, source)``."""
    return [(frame.code, frame.name, frame.who, frame.source) for frame in FRAMES.values()]


def as_values(data: ConventionData) -> dict[str, Any]:
    """What the coordinator's page shows, one plain value a question; see :func:`corrected`."""
    host, employer = data.host.signatories[0], data.employer.signatories[0] if data.employer else Signatory("", "")
    travel, meal = _cost(data, 0), _cost(data, 1)
    place = data.places[0] if data.places else Place("", "")
    values = {name: getattr(data, name) for name in _SAME}
    return values | {
        "frame": data.frame, "objectives": "\n".join(data.objectives), "place_address": place.address,
        "place_commune": place.commune, "tutor_name": data.tutor.name, "tutor_quality": data.tutor.quality,
        "tutor_phone": data.tutor.phone, "companion_job": data.companion.job_title,
        "companion_contract": data.companion.contract, "host_name": host.name, "host_quality": host.quality,
        "host_capacity": host.capacity, "employer_name": employer.name, "employer_quality": employer.quality,
        "employer_capacity": employer.capacity, "travel_payer": travel.payer, "travel_detail": travel.detail,
        "meal_payer": meal.payer} | {
        f"{data.frame}__{name}": "" if value is None else value for name, value in vars(data.details).items()}


#: Questions whose answer is the field of the same name.
_SAME = ("functions", "publics", "remote", "meals", "insurance_host", "insurance_employer", "safety", "equipment",
         "access_needs", "special_clauses")


def _cost(data: ConventionData, index: int) -> Cost:
    return data.costs[index] if len(data.costs) > index else Cost("", "")


def corrected(data: ConventionData, values: dict[str, Any], details: dict[str, Any],
              sessions: list[tuple]) -> ConventionData:
    """``data`` with the answers of the coordinator's page; a frame that has no employer keeps the party all the same."""
    text = {name: value or "" for name, value in values.items()}
    host = replace(data.host, signatories=(_signatory(data.host, text, "host"),))
    employer = replace(data.employer, signatories=(_signatory(data.employer, text, "employer"),)) if data.employer else None
    return replace(
        data, **{name: text[name] for name in _SAME}, frame=text["frame"], host=host, employer=employer,
        objectives=tuple(line.strip(" -•\t") for line in text["objectives"].splitlines() if line.strip(" -•\t")),
        places=(Place(text["place_address"], text["place_commune"]),),
        tutor=Tutor(text["tutor_name"], text["tutor_quality"], data.tutor.email, text["tutor_phone"]),
        companion=replace(data.companion, job_title=text["companion_job"], contract=text["companion_contract"]),
        costs=(Cost("Déplacements", text["travel_payer"], text["travel_detail"]), Cost("Repas", text["meal_payer"])),
        sessions=tuple(Session(*row) for row in sessions), details=replace(data.details, **details))


def _signatory(party: Party, text: dict[str, str], who: str) -> Signatory:
    return replace(party.signatories[0], name=text[f"{who}_name"], quality=text[f"{who}_quality"],
                   capacity=text[f"{who}_capacity"] or party.signatories[0].capacity)
