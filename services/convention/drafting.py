"""A convention is drawn up from what the parties gave, then corrected."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import datetime

from models.base import transaction
from models.convention import Convention, ConventionState, ImmersionSession
from models.dossier import Actor, Immersion
from models.instance import instance
from models.states import Role
from models.vocabulary import PUBLICS, TYPOLOGIES, WORK_STATUSES, label, labels
from pdf import own_texts
from pdf.convention import (
    BY_DELEGATION,
    FRAMES,
    LEGAL_REPRESENTATIVE,
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
from pdf.frozen import fingerprint
from pdf.released import current_template
from territory import communes
from territory.calendar import local

from ..acting import take_seat, who_coordinates
from ..errors import NotAllowed, Refused
from ..immersion import planning
from ..immersion.session_checks import PUBLIC_AGENT, working_days
from .in_force import with_details
from .values import lines

#: States of the dossier in which the convention is drawn up.
EDITABLE = frozenset({"host_agreed", "in_review"})
#: At the end of a function: said once, as the capacity.
_DELEGATED = re.compile(rf"[\s,(]*{BY_DELEGATION}[\s)]*$", re.IGNORECASE)
#: How the document names who stands behind the person.
BACKERS = {"structure employeuse": "la structure employeuse", "association": "l’association"}
_RETENTION = "tant que la convention peut servir de preuve, cinq ans en principe (code civil, article 2224)"


def draft_data(dossier: Immersion, now: datetime) -> ConventionData:
    """What the convention says now: the latest version, else a first draft from what the parties gave."""
    latest = dossier.convention
    if latest is None:
        return counted(dossier, _first_draft(dossier, now), now)
    # Taken back to be corrected: what a party said since of how to reach it is not lost.
    data = from_json(latest.data)
    return with_details(dossier, data) if latest.state == ConventionState.SUPERSEDED else data


def _first_draft(dossier: Immersion, now: datetime) -> ConventionData:
    answers, host = dossier.answers, dossier.answers["host"]
    backing, network = dossier.backing, instance().network
    activity = answers.get("activity", {})
    town = communes.commune(activity.get("commune", ""))
    coordinator = who_coordinates(dossier)[-1]
    place = communes.commune(dossier.host.commune)
    status = answers["work_status"]
    return ConventionData(
        reference=dossier.reference, version=1, status=TO_REVIEW, issued_on=local(now).date(),
        network=NetworkIdentity(network.name, network.full_name, coordinator.name, network.email, network.phone,
                                network.publisher.address, network.publisher.name,
                                network.publisher.email or network.email, _RETENTION),
        frame=planning.suggested_frame(dossier), template=current_template(),
        template_digest=own_texts.digest(current_template()),
        host=Party(dossier.host.name, label(TYPOLOGIES, dossier.host.typology), dossier.host.public,
                   dossier.host.address or host["address"], place.name if place else "",
                   (_signatory(host["signatory_name"], host["signatory_quality"]),), dossier.host.siret),
        employer=_employer(answers["employer"]) if backing else None,
        companion=Companion(dossier.author.name, dossier.author.quality,
                            answers.get("contract") or label(WORK_STATUSES, status), activity=activity.get("name", ""),
                            address=activity.get("address", ""), commune=town.name if town else "",
                            siret=activity.get("siret", "")),
        tutor=Tutor(host["tutor_name"], host["tutor_quality"], phone=host["tutor_contact"]),
        objectives=lines(answers["objectives"]),
        functions=answers.get("functions", ""),
        publics=", ".join(labels(PUBLICS, answers.get("publics", []))),
        sessions=tuple(Session(s.on, s.starts, s.ends, s.starts_again, s.ends_again) for s in dossier.sessions),
        places=(Place(host["address"], place.name if place else ""),),
        costs=(Cost("Déplacements", BACKERS.get(backing.structure, "la personne accueillie")),
               Cost("Repas", "la personne accueillie")),
        insurance_host=host["insurance"], meals=host["meals"], safety=host["safety"],
        access_needs=answers.get("access_needs", ""),
        details=FrameDetails(requested_on=local(dossier.created_at).date(), qualification=dossier.author.quality,
                             liability_insurance=activity.get("liability_insurance", "")),
        reports=(Report("Compte rendu de l’expérience", "la personne accueillie"),
                 Report("Regard de l’accueil", "la structure d’accueil"),
                 *((Report("Bilan du dispositif", BACKERS[backing.structure]),) if backing else ())))


def _employer(employer: dict) -> Party:
    structure = employer["structure"]
    place = communes.commune(structure["commune"])
    return Party(structure["name"], label(TYPOLOGIES, structure["typology"]), structure["public"],
                 structure.get("address", ""), place.name if place else "",
                 (_signatory(employer["name"], employer.get("quality", "")),), structure.get("siret", ""))


def _signatory(name: str, quality: str) -> Signatory:
    """Who signs, before their party says in which capacity: « directeur par délégation » is not a legal representative."""
    if BY_DELEGATION not in quality.lower():
        return Signatory(name, quality, LEGAL_REPRESENTATIVE)
    return Signatory(name, _DELEGATED.sub("", quality) or quality, BY_DELEGATION)


class ChangedMeanwhile(Refused):
    """Somebody else saved the convention while this page was being filled."""


def fingerprint_of(data: ConventionData) -> str:
    """Which content this is, in a few letters."""
    return fingerprint(data)[:16]


def save_draft(participant_id: int, data: ConventionData, now: datetime, seen: str = "") -> Convention:
    """Keep a corrected convention as the draft; what was shown or sent stays as it was, a new version begins.

    :param seen: :func:`fingerprint_of` the content that was corrected.
    :raises NotAllowed: not a coordinator, or the convention is not being drawn up.
    :raises ChangedMeanwhile: a party saved its part since.
    """
    with transaction():
        participant = take_seat(participant_id)
        dossier = participant.dossier
        if participant.role != Role.COORDINATOR or dossier.state not in EDITABLE:
            raise NotAllowed()
        if seen and fingerprint_of(draft_data(dossier, now)) != seen:
            raise ChangedMeanwhile("Une partie a complété la convention à l’instant. Vos réponses sont ci-dessous, rien n’est "
                                   "perdu : enregistrez de nouveau.")
        row = keep_draft(dossier, data, now)
        dossier.record("convention_drafted", Actor(Role.COORDINATOR, participant), now)
        return row


def keep_draft(dossier: Immersion, data: ConventionData, now: datetime) -> Convention:
    """Write ``data`` as the draft, the count of days and the dates of the dossier with it; inside a transaction."""
    data = replace(counted(dossier, data, now), template_digest=own_texts.digest(data.template))
    latest = dossier.convention
    row = latest if latest and latest.state == ConventionState.DRAFT else new_row(dossier, data, now)
    row.data = to_json(replace(data, version=row.version, status=TO_REVIEW))
    row.template, row.saved_at = data.template, now
    if [planning.as_planned(session) for session in dossier.sessions] != list(data.sessions):
        dossier.sessions[:] = [ImmersionSession(**asdict(session)) for session in data.sessions]
    return row


def counted(dossier: Immersion, data: ConventionData, now: datetime) -> ConventionData:
    """``data`` with the days of three years counted, where its frame counts them: known, declared, and its own."""
    if data.frame != PUBLIC_AGENT:
        return data
    around = planning.around(dossier, now, data)
    total = around.days_before + around.days_elsewhere + working_days(data.sessions, around.departement)
    return replace(data, details=replace(data.details, days_in_three_years=total))


def obstacles(dossier: Immersion, data: ConventionData, now: datetime) -> list[str]:
    """Why the convention cannot leave as it is: what is missing, dates that cannot be, an address two parties give."""
    return ([sentence for _, sentence in missing_fields(data)]
            + [finding.sentence for finding in planning.findings(dossier, data.sessions, now, data) if finding.error])


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


def frame_name(data: ConventionData) -> str:
    """The legal frame of a convention, in words."""
    return FRAMES[data.frame].name
