"""Attestations are decided: by themselves where the person received and the host both say that all went as planned, by the
coordination otherwise. Taken back if it was a mistake."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mail import outbox
from mail.letters import attestation as letters
from models.attestation import Attestation, AttestationState
from models.dossier import CLOCK, Actor, Dossier, Immersion, Participant
from models.evaluation import Voice
from models.instance import instance
from models.report_questions import YES
from models.states import ImmersionState, Kind, Role
from pdf.attestation import TO_COMPANION, TO_HOST, AttestationData, to_json
from pdf.convention_data import ConventionData, NetworkIdentity
from territory import communes
from territory.calendar import local

from ..acting import Action, register, who_coordinates
from ..convention.in_force import if_signed
from ..convention.versions import new_code, verification_url
from ..conversation import keep_words
from ..errors import Refused
from ..evaluation.asking import evaluation_of

MOST_ACTIVITIES, LONGEST_ACTIVITY = 8, 200


@dataclass(frozen=True)
class Award:
    """What took place: the sessions that were held, by id, and what was seen and shared, a line each."""

    sessions: tuple[int, ...]
    activities: tuple[str, ...]


def award(dossier: Immersion, by: Actor, words: str, now: datetime, what: Award) -> str:
    """Decide both attestations; a job makes, seals and sends them.

    :raises Refused: no session was held.
    """
    held = [session for session in dossier.sessions if session.id in what.sessions]
    if not held:
        raise Refused("Cochez au moins une séance qui a eu lieu : sans elle, il n’y a rien à attester.")
    for recipient, person in ((TO_COMPANION, dossier.author), (TO_HOST, dossier.participant(Role.HOST))):
        if person is not None:
            dossier.attestations.append(_row(dossier, recipient, person, held, what.activities, now))
    dossier.record("attestation_awarded", by, now)
    return "Les deux attestations et leurs badges sont en préparation : ils partent par courriel dans la minute."


def award_if_all_say_so(dossier: Immersion, now: datetime) -> None:
    """Once the person received and the host both say that it went as planned, nothing is left to decide; inside a transaction."""
    said = [evaluation_of(dossier, voice) for voice in (Voice.COMPANION, Voice.HOST)]
    agreed = all(row is not None and row.given_at is not None and row.answers.get("held") == YES for row in said)
    if agreed and dossier.state == ImmersionState.LIVED and not standing(dossier):
        award(dossier, CLOCK, "", now, Award(tuple(session.id for session in dossier.sessions), activities_said(dossier)))


def standing(dossier: Immersion) -> list[Attestation]:
    """The attestations that hold, or are about to."""
    return [row for row in dossier.attestations if row.revoked_at is None]


def activities_said(dossier: Immersion) -> tuple[str, ...]:
    """What the host says it showed, a line each; else what the convention says."""
    row = evaluation_of(dossier, Voice.HOST)
    said = (row.answers.get("shown") if row else "") or _of_convention(dossier) or dossier.answers.get("objectives", "")
    lines = [line.strip(" -•\t")[:LONGEST_ACTIVITY] for line in said.splitlines() if line.strip(" -•\t")]
    return tuple(lines[:MOST_ACTIVITIES])


def _of_convention(dossier: Immersion) -> str:
    return str(dossier.convention.data.get("functions", "")) if dossier.convention else ""


def _row(dossier: Immersion, recipient: str, person: Participant, held: list, activities: tuple[str, ...],
         now: datetime) -> Attestation:
    code = new_code()
    days = tuple(sorted({session.on for session in held}))
    data = _data(dossier, recipient, days, sum(session.minutes for session in held), activities, now, code)
    return Attestation(participant=person, recipient=recipient, state=AttestationState.DUE.value, data=to_json(data), badge="",
                       verification_code=code, badge_uuid=str(uuid.uuid4()), salt=secrets.token_hex(16), awarded_at=now,
                       attempts=0, pdf_sha256="", revoked_why="")


def _data(dossier: Immersion, recipient: str, days: tuple[date, ...], minutes: int, activities: tuple[str, ...], now: datetime,
          code: str) -> AttestationData:
    network, signed = instance().network, if_signed(dossier)
    coordinator = who_coordinates(dossier)[-1]
    return AttestationData(
        to=recipient, reference=dossier.reference,
        network=NetworkIdentity(network.name, network.full_name, coordinator.name, network.email, network.phone),
        **(_as_signed(signed, dossier) if signed else _as_asked(dossier)), days=days, minutes=minutes, activities=activities,
        issued_on=local(now).date(), signed_by=coordinator.name, signed_as=f"Coordination de {network.name}",
        verification_code=code, verification_url=verification_url(code))


def _as_signed(data: ConventionData, dossier: Immersion) -> dict[str, str]:
    """Who and where, by the names that all have signed: a name is corrected in the convention, not in the form."""
    there = data.places[0].commune if data.places else ""
    return {"companion": data.companion.name, "companion_job": data.companion.job_title,
            "companion_structure": data.employer.legal_name if data.employer else data.companion.activity
            or dossier.author.organisation,
            "host": data.host.legal_name, "host_place": there or data.host.commune, "tutor": data.tutor.name}


def _as_asked(dossier: Immersion) -> dict[str, str]:
    """The same, by the answers to the form."""
    host, answers = dossier.host, dossier.answers
    place, employer = communes.commune(host.commune) if host else None, answers.get("employer", {})
    return {"companion": dossier.author.name, "companion_job": dossier.author.quality,
            "companion_structure": employer.get("structure", {}).get("name", "") or dossier.author.organisation,
            "host": host.name if host else "", "host_place": place.name if place else "",
            "tutor": answers.get("host", {}).get("tutor_name", "")}


def revoke(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """They were given by mistake: whoever verifies them is told that they no longer hold; both are told why."""
    for row in standing(dossier):
        row.revoked_at, row.revoked_why, row.state = now, words[:1000], AttestationState.REVOKED.value
        if row.participant is not None:
            outbox.post(letters.attestation_revoked(instance().network, dossier, row.participant, words), row.participant, now)
    dossier.record("attestation_revoked", by, now)
    keep_words(dossier, by, words, now)
    return "Les attestations et les badges ne sont plus valables. Les deux personnes reçoivent un courriel."


def _given(dossier: Dossier, _who: Any) -> str:
    return "Les attestations sont déjà délivrées ou en préparation." if standing(dossier) else ""


def _none_given(dossier: Dossier, _who: Any) -> str:
    return "" if standing(dossier) else "Il n’y a pas d’attestation à retirer."


_S = ImmersionState
_AFTER = {Kind.IMMERSION: frozenset({_S.LIVED.value, _S.INTERRUPTED.value, _S.CLOSED.value})}
_COORDINATOR = frozenset({Role.COORDINATOR})

register(
    Action("attester", "Délivrer les attestations", "délivre une attestation et un badge à la personne accueillie et à l’accueil",
           _AFTER, _COORDINATOR, award, form=True, only=_given),
    Action("retirer-attestation", "Retirer les attestations",
           "retire les attestations et les badges ; les deux personnes lisent pourquoi",
           _AFTER, _COORDINATOR, revoke, words="required", words_label="La raison, dite aux deux personnes", only=_none_given),
)

