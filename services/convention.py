"""The convention: drawn up from what the three parties gave, corrected, shown, then frozen and sent to be signed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from mail import outbox
from mail.letters import convention as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.convention import Convention, ConventionState
from models.dossier import Actor, Immersion, Participant
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from models.vocabulary import PUBLICS, TYPOLOGIES, WORK_STATUSES, label, labels
from pdf.convention import (
    FRAMES,
    TO_REVIEW,
    TO_SIGN,
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
    content_hash,
    convention_html,
    convention_pdf,
    from_json,
    missing_fields,
    to_json,
)
from territory import communes
from territory.calendar import local

from .acting import Action, load_participant, register, who_coordinates
from .errors import NotAllowed, NotFound, Refused
from .files import new_file, read_content
from .links import personal_url

DEFAULT_FRAME = "mission_observation"
#: The frame a status of work suggests; the coordinator chooses (reference field.md 4.1).
SUGGESTED_FRAMES = {"agent_public": "immersion_agent_public", "benevole": "independant_benevole"}
_SENT = frozenset({"issued", "superseded"})
_EDITABLE = frozenset({"host_agreed", "in_review"})
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
        if participant.role != Role.COORDINATOR or dossier.state not in _EDITABLE:
            raise NotAllowed()
        row = _draft_row(dossier, data, now)
        dossier.record("convention_drafted", Actor(Role.COORDINATOR, participant), now)
        return row


def _draft_row(dossier: Immersion, data: ConventionData, now: datetime) -> Convention:
    latest = dossier.convention
    row = latest if latest and latest.state == ConventionState.DRAFT else _new_row(dossier, data, now)
    row.data = to_json(replace(data, version=row.version, status=TO_REVIEW))
    row.template, row.saved_at = data.template, now
    return row


def _new_row(dossier: Immersion, data: ConventionData, now: datetime) -> Convention:
    latest = dossier.convention
    row = Convention(version=latest.version + 1 if latest else 1, state=ConventionState.DRAFT.value, template=data.template,
                     data={}, saved_at=now)
    dossier.conventions.append(row)
    return row


def _row_to_send(dossier: Immersion, data: ConventionData, now: datetime) -> Convention:
    """The row of the version about to leave: what was once sent to be signed is never written over.

    :raises NotAllowed: another version was saved while this one was made ready.
    """
    latest = dossier.convention
    row = _new_row(dossier, data, now) if latest is None or latest.state in _SENT else latest
    if row.version != data.version:
        raise NotAllowed("La convention a changé pendant ce temps. Relisez-la, puis envoyez-la de nouveau.")
    return row


def _prepare(dossier: Immersion, _words: str, now: datetime) -> tuple[ConventionData, bytes]:
    return _frozen(dossier, now, TO_REVIEW)


def _prepare_to_sign(dossier: Immersion, _words: str, now: datetime) -> tuple[ConventionData, bytes]:
    return _frozen(dossier, now, TO_SIGN)


def _frozen(dossier: Immersion, now: datetime, status: str) -> tuple[ConventionData, bytes]:
    latest = dossier.convention
    version = 1 if latest is None else latest.version + (latest.state in _SENT)
    data = replace(draft_data(dossier, now), version=version, status=status, issued_on=local(now).date())
    if missing := missing_fields(data):
        raise Refused("La convention n’est pas complète. " + " ".join(sentence for _, sentence in missing))
    return data, convention_pdf(data)


def show(dossier: Immersion, by: Actor, words: str, now: datetime, ready: tuple[ConventionData, bytes]) -> str:
    """Send the draft to the three parties, as a page and as a PDF."""
    data, pdf = ready
    row = _row_to_send(dossier, data, now)
    row.state, row.data, row.content_hash = ConventionState.SHOWN.value, to_json(data), content_hash(data)
    dossier.move_to(ImmersionState.IN_REVIEW, by, now, "convention_shown", version=row.version)
    db.session.flush()
    for party in parties(dossier):
        url = personal_url(Purpose.DOSSIER, party, now) + "/convention"
        outbox.post(letters.convention_to_review(instance().network, dossier, party, url, row.version, words, pdf), party, now)
    return "Le projet de convention part par courriel aux trois parties."


def issue(dossier: Immersion, by: Actor, words: str, now: datetime, ready: tuple[ConventionData, bytes]) -> str:
    """Freeze the version and send it to the three parties to be signed: the same bytes to each."""
    data, pdf = ready
    row = _row_to_send(dossier, data, now)
    file = new_file(f"convention-{dossier.reference}-v{row.version}.pdf", "application/pdf", pdf, now)
    db.session.add(file)
    file.dossier = dossier
    row.state, row.issued_at, row.data = ConventionState.ISSUED.value, now, to_json(data)
    row.content_hash, row.pdf_sha256, row.file = content_hash(data), hashlib.sha256(pdf).hexdigest(), file
    dossier.move_to(ImmersionState.TO_SIGN, by, now, "convention_issued", version=row.version)
    db.session.flush()
    for party in parties(dossier):
        url = personal_url(Purpose.DOSSIER, party, now) + "/convention"
        outbox.post(letters.convention_to_sign(instance().network, dossier, party, url, row.version, words, pdf,
                                               row.content_hash), party, now)
    return "La convention à signer part par courriel aux trois parties."


def reopen(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The version sent is not to be signed any more; everybody is told why."""
    row = dossier.convention
    row.state = ConventionState.SUPERSEDED.value
    dossier.move_to(ImmersionState.IN_REVIEW, by, now, "convention_reopened", version=row.version)
    for party in parties(dossier):
        outbox.post(letters.convention_reopened(instance().network, dossier, party, row.version, words), party, now)
    return "Vous pouvez corriger la convention. Un courriel dit aux trois parties de ne pas signer la version envoyée."


def close(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """All signed copies are back, or nothing more is expected: the dossier is closed."""
    dossier.move_to(ImmersionState.CLOSED, by, now, "closed")
    for party in parties(dossier):
        outbox.post(letters.immersion_closed(instance().network, dossier, party, words), party, now)
    return "Le dossier est clos. Les trois parties reçoivent un courriel."


def parties(dossier: Immersion) -> list[Participant]:
    """The three: the person received, their employer, their host."""
    found = (dossier.author, dossier.participant(Role.EMPLOYER), dossier.participant(Role.HOST))
    return [party for party in found if party is not None]


def readable(dossier: Immersion, role: Role, now: datetime) -> ConventionData:
    """The convention that role may read: a party, what was shown or sent; the coordination, the draft too.

    :raises NotFound: there is none yet.
    """
    if role == Role.COORDINATOR and dossier.state in {"host_agreed", "in_review", "to_sign", "closed"}:
        return draft_data(dossier, now)
    shown = [row for row in dossier.conventions if row.state in ("shown", "issued")]
    if not shown:
        raise NotFound("La convention n’est pas encore prête à être lue.")
    return from_json(shown[-1].data)


def as_page(data: ConventionData) -> str:
    """The convention as HTML, headings from h2."""
    return convention_html(data)


def as_pdf(dossier: Immersion, data: ConventionData) -> bytes:
    """The convention as a PDF: the very bytes that were sent, once it is issued."""
    row = dossier.convention
    if row and row.state == ConventionState.ISSUED and row.version == data.version and row.file:
        return read_content(row.file)
    return convention_pdf(data)


def still_missing(data: ConventionData) -> list[str]:
    """Sentences that say what the frame still wants."""
    return [sentence for _, sentence in missing_fields(data)]


def _in(*states: ImmersionState) -> dict[Kind, frozenset[str]]:
    return {Kind.IMMERSION: frozenset(state.value for state in states)}


_S, _COORDINATOR = ImmersionState, frozenset({Role.COORDINATOR})


def _not_by_hand(*_: object) -> str:
    raise NotAllowed()


register(
    Action("rediger", "Préparer la convention", "ouvre la convention", _in(_S.HOST_AGREED, _S.IN_REVIEW), _COORDINATOR,
           _not_by_hand, form=True, main=True),
    Action("relecture", "Envoyer le projet aux trois parties", "envoie le projet de convention aux trois parties",
           _in(_S.HOST_AGREED, _S.IN_REVIEW), _COORDINATOR, show, words="optional", words_label="Un mot pour les trois parties",
           strict=True, prepare=_prepare),
    Action("signature", "Envoyer la convention à signer", "envoie la convention à signer aux trois parties",
           _in(_S.IN_REVIEW), _COORDINATOR, issue, words="optional", words_label="Un mot pour les trois parties",
           strict=True, prepare=_prepare_to_sign),
    Action("reprendre", "Reprendre la convention", "annule l’envoi à signer pour corriger la convention", _in(_S.TO_SIGN),
           _COORDINATOR, reopen, words="required", words_label="Ce qui doit changer, dit aux trois parties"),
    Action("clore", "Clore le dossier", "clôt le dossier ; les trois parties sont prévenues", _in(_S.TO_SIGN), _COORDINATOR,
           close, words="optional", words_label="Un mot pour les trois parties"),
)


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
