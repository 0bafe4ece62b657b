"""Each party's own part of the convention: what it still owes, and what it completes and corrects by its link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mail import outbox
from mail.letters import convention as letters
from models.access_link import Purpose
from models.base import transaction
from models.dossier import Actor, Immersion, Participant
from models.instance import instance
from models.states import Kind, Role
from pdf.convention import ConventionData, missing_fields

from ..acting import Action, register, take_seat, who_coordinates
from ..errors import AlreadyDone, NotAllowed, Refused
from ..links import personal_url
from .drafting import EDITABLE, draft_data, keep_draft
from .people import parties
from .values import as_values, corrected

PARTY_ROLES = (Role.AUTHOR, Role.EMPLOYER, Role.HOST)
#: Beginning of the path of a missing answer (pdf/frames.py) -> who gives it; the longest that fits.
_OWNERS: dict[str, Role] = {
    "host": Role.HOST, "tutor": Role.HOST, "places": Role.HOST, "sessions": Role.HOST, "functions": Role.HOST,
    "insurance_host": Role.HOST, "employer": Role.EMPLOYER, "costs": Role.EMPLOYER, "companion": Role.AUTHOR,
    "objectives": Role.AUTHOR, "details.qualification": Role.EMPLOYER, "details.cost_method": Role.EMPLOYER,
    "details.cse": Role.EMPLOYER, "details.purpose": Role.EMPLOYER, "details.employment_terms": Role.EMPLOYER,
    "details.control": Role.EMPLOYER, "details.notice": Role.EMPLOYER, "details.reimbursement": Role.EMPLOYER,
    "details.entrusted_work": Role.HOST, "details.post_features": Role.HOST, "details.missions": Role.HOST,
    "details.liability_insurance": Role.AUTHOR}
#: Rules no party can mend: the frame itself does not suit.
_FRAME_ITSELF = frozenset({"employer.public", "host.public", "details.days_in_three_years"})


def owed(data: ConventionData) -> dict[Role, list[str]]:
    """What the convention still lacks, by who gives it: the three parties, and the coordination for the rest."""
    found: dict[Role, list[str]] = {role: [] for role in (*PARTY_ROLES, Role.COORDINATOR)}
    for path, sentence in missing_fields(data):
        found[_owner(path, data)].append(sentence)
    return found


def _owner(path: str, data: ConventionData) -> Role:
    if path in _FRAME_ITSELF or (path.startswith("employer.") and data.employer is None):
        return Role.COORDINATOR
    if path == "costs" and data.employer is None:
        return Role.AUTHOR
    return _OWNERS.get(path, _OWNERS.get(path.split(".")[0], Role.COORDINATOR))


@dataclass(frozen=True)
class PartState:
    """Where one party stands: ``owes`` sentences, and when it last saved its part (None: never by its own page)."""

    role: Role
    name: str
    owes: tuple[str, ...]
    saved_at: datetime | None
    label: str

    @property
    def complete(self) -> bool:
        return not self.owes


def standing(dossier: Immersion, data: ConventionData) -> list[PartState]:
    """Where each of the three stands, host first as in the document."""
    lacking, saved = owed(data), dossier.answers.get("parts", {})
    names = {Role.HOST: data.host.legal_name, Role.AUTHOR: data.companion.name,
             Role.EMPLOYER: data.employer.legal_name if data.employer else ""}
    labels = {Role.HOST: "Structure d’accueil", Role.AUTHOR: "Personne accueillie",
              Role.EMPLOYER: dossier.backing.structure.capitalize()}
    present = {Role(party.role) for party in parties(dossier)}
    return [PartState(role, names[role], tuple(lacking[role]),
                      datetime.fromisoformat(saved[role]) if role in saved else None, labels[role])
            for role in (Role.HOST, Role.AUTHOR, Role.EMPLOYER) if role in present]


#: Questions of each party that are addresses.
ADDRESSES: dict[Role, tuple[str, ...]] = {
    Role.HOST: ("host_email", "host2_email", "host_contact_email", "tutor_email"),
    Role.EMPLOYER: ("employer_email", "employer2_email", "employer_contact_email"), Role.AUTHOR: ()}
_THE = {Role.HOST: "la structure d’accueil", Role.EMPLOYER: "la structure employeuse", Role.AUTHOR: "la personne accueillie"}


def whose_address(dossier: Immersion, data: ConventionData, role: Role, email: str) -> str:
    """« la structure employeuse », when that address is one of another party than ``role``'s; "" when it is free.

    One person would receive the link of two parties, and could sign for both (reference field.md N01).
    """
    wanted = email.strip().lower()
    values = as_values(data)
    for other in PARTY_ROLES:
        theirs = {str(values.get(name) or "") for name in ADDRESSES[other]} | {
            p.email for p in dossier.participants if p.role == other and p.active}
        if other != role and wanted and wanted in {address.lower() for address in theirs if address}:
            return _THE[other]
    return ""


def shared_addresses(dossier: Immersion, data: ConventionData) -> list[str]:
    """A sentence for each address that two parties give."""
    values = as_values(data)
    found = []
    for role in PARTY_ROLES:
        for name in ADDRESSES[role]:
            address = str(values.get(name) or "")
            if address and (other := whose_address(dossier, data, role, address)):
                found.append(f"L’adresse {address}, donnée pour {_THE[role]}, est aussi celle d’une autre partie : {other}. "
                             "Chaque partie a la sienne.")
    return found


class SharedAddress(Refused):
    """Two parties may not give the same address."""


def complete_part(participant_id: int, answers: Mapping[str, Any], details: Mapping[str, Any], now: datetime) -> bool:
    """Keep what a party gives of its own part, and nothing else; False when it changes nothing.

    What was shown stays as it was: a new version begins. The coordination is told when nobody owes anything any more, or
    when a part changes after it was sent to be read again.

    :raises NotAllowed: that person has no part. AlreadyDone: the convention is not being drawn up any more.
    :raises SharedAddress: an address is another party's.
    """
    with transaction():
        participant = take_seat(participant_id)
        dossier, role = participant.dossier, Role(participant.role)
        if not isinstance(dossier, Immersion) or role not in PARTY_ROLES or not participant.active:
            raise NotAllowed()
        if dossier.state not in EDITABLE:
            raise AlreadyDone("La convention n’est plus en préparation : votre part ne se modifie plus ici. Pour demander un "
                              "changement, répondez au dernier courriel reçu.")
        before = draft_data(dossier, now)
        data = corrected(before, answers, details)
        if data == before:
            return False
        for name in ADDRESSES[role]:
            if answers.get(name) and (other := whose_address(dossier, data, role, answers[name])):
                raise SharedAddress(f"L’adresse {answers[name]} est déjà celle d’une autre partie : {other}. Chaque partie a la "
                                    "sienne : indiquez-en une autre.")
        was_complete = not any(owed(before)[party] for party in PARTY_ROLES)
        keep_draft(dossier, data, now)
        dossier.answers = {**dossier.answers, "parts": {**dossier.answers.get("parts", {}), role.value: now.isoformat()}}
        dossier.record("part_saved", Actor(role, participant), now)
        _tell(dossier, participant, data, was_complete, now)
        return True


def _tell(dossier: Immersion, by: Participant, data: ConventionData, was_complete: bool, now: datetime) -> None:
    """One letter when all is there, one a day at most when a part changes while the others read it."""
    complete = not any(owed(data)[party] for party in PARTY_ROLES)
    shown = any(row.state == "shown" for row in dossier.conventions)
    today = now.date().isoformat()
    if shown and dossier.answers.get("part_change_told") != today:
        dossier.answers = {**dossier.answers, "part_change_told": today}
    elif shown or not complete or was_complete:
        return
    for person in who_coordinates(dossier):
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.parts_ready(instance().network, dossier, person, by.display_name, shown, url), person, now)


def ask_to_complete(dossier: Immersion, party: Participant, words: str, now: datetime) -> None:
    """Bring a party the link of its own part, and what it lacks; inside a transaction."""
    lacking = owed(draft_data(dossier, now))[Role(party.role)]
    url = f"{personal_url(Purpose.DOSSIER, party, now)}/completer"
    outbox.post(letters.part_to_complete(instance().network, dossier, party, lacking, words, url), party, now)


def ask_parts(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination recalls to each party that owes something what it is, with its link; to all, when nobody does."""
    lacking = owed(draft_data(dossier, now))
    asked = [party for party in parties(dossier) if lacking[Role(party.role)]] or parties(dossier)
    dossier.record("parts_asked", by, now)
    for party in asked:
        ask_to_complete(dossier, party, words, now)
    return f"Un courriel part à {', '.join(party.display_name for party in asked)}."


def _by_its_page(*_: object) -> str:
    raise NotAllowed()


_DRAWN_UP = {Kind.IMMERSION: EDITABLE}

register(
    Action("completer", "Compléter ma part de la convention", "ouvre votre part de la convention", _DRAWN_UP,
           frozenset(PARTY_ROLES), _by_its_page, form=True, main=True),
    Action("demander-parts", "Demander aux parties de compléter leur part",
           "envoie le lien de sa part à chaque partie qui n’a pas tout donné ; à toutes, si rien ne manque", _DRAWN_UP,
           frozenset({Role.COORDINATOR}), ask_parts, words="optional", words_label="Un mot pour ces parties"),
)
