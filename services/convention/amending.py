"""An amendment to a convention that is signed: drawn up from what changes, signed and sealed by the same engine.

A detail that agrees nobody to anything else (another day for a session, ``services/immersion/moving.py``) needs none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from mail import outbox
from mail.letter import Attachment
from mail.letters import convention as letters
from mail.letters import sessions as calendar_letters
from models.access_link import Purpose
from models.base import db
from models.convention import Convention, ConventionKind, ConventionState, ImmersionSession
from models.dossier import Actor, Dossier, Immersion
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from pdf import avenant
from pdf.avenant import AvenantData, Change
from pdf.convention import TO_SIGN, ConventionData, Place, Session, Tutor, from_json, missing_fields
from territory.calendar import local

from ..acting import Action, register, who_coordinates
from ..errors import NotFound, Refused
from ..files import new_file
from ..immersion import appointments, planning
from ..immersion.hosting import say_session
from ..links import personal_url
from . import completion
from .appointments import moved
from .people import parties, tutors
from .signatories import make_signatures
from .signing import sign_url
from .versions import new_code, verification_url


@dataclass(frozen=True)
class Amendment:
    """What a coordinator gives: why, from when, and what the convention will say. ``sessions``: those to come."""

    reason: str
    effective_on: date
    sessions: tuple[Session, ...]
    place: Place
    tutor: Tutor
    objectives: tuple[str, ...]
    functions: str
    special_clauses: str


def in_force(dossier: Immersion) -> ConventionData:
    """The convention as it reads today, its signed amendments included. :raises NotFound: it is not signed."""
    signed = [row for row in dossier.conventions if row.state == ConventionState.SIGNED]
    if not signed:
        raise NotFound("La convention n’est pas encore signée.")
    last = signed[-1]
    return avenant.from_json(last.data).consolidated if last.kind == ConventionKind.AVENANT else from_json(last.data)


def open_amendment(dossier: Dossier) -> Convention | None:
    """The amendment that waits for signatures, if any: one at a time."""
    return next((row for row in dossier.conventions if row.number and row.state == ConventionState.ISSUED), None)


def changes(before: ConventionData, after: ConventionData) -> tuple[Change, ...]:
    """What differs between two readings of a convention, in words."""
    def lines(data: ConventionData) -> dict[str, str]:
        place = data.places[0] if data.places else Place("", "")
        return {"Séances": "\n".join(say_session(session) for session in sorted(data.sessions, key=lambda s: s.on)),
                "Lieu": ", ".join(filter(None, (place.address, place.commune))),
                "Qui accueille sur place": ", ".join(filter(None, (data.tutor.name, data.tutor.quality, data.tutor.phone))),
                "Objectifs": "\n".join(data.objectives), "Activités": data.functions,
                "Clauses particulières": data.special_clauses}
    was, will = lines(before), lines(after)
    return tuple(Change(label, was[label], will[label]) for label in was if was[label].strip() != will[label].strip())


def as_values(data: ConventionData) -> dict[str, Any]:
    """What the page shows, one plain value a question; see :func:`amendment`."""
    place = data.places[0] if data.places else Place("", "")
    return {"place_address": place.address, "place_commune": place.commune, "tutor_name": data.tutor.name,
            "tutor_quality": data.tutor.quality, "tutor_phone": data.tutor.phone, "objectives": "\n".join(data.objectives),
            "functions": data.functions, "special_clauses": data.special_clauses}


def amendment(values: dict[str, Any], effective_on: date, sessions: tuple[Session, ...]) -> Amendment:
    """The amendment that the answers of the page make."""
    text = {name: value or "" for name, value in values.items()}
    return Amendment(text["reason"], effective_on, sessions, Place(text["place_address"], text["place_commune"]),
                     Tutor(text["tutor_name"], text["tutor_quality"], phone=text["tutor_phone"]),
                     tuple(line.strip(" -•\t") for line in text["objectives"].splitlines() if line.strip(" -•\t")),
                     text["functions"], text["special_clauses"])


def amended(dossier: Immersion, what: Amendment, now: datetime) -> ConventionData:
    """The convention as it would read. Sessions that took place stay.

    :raises Refused: nothing changes, the dates cannot be, or the legal frame would lack something.
    """
    data, today = in_force(dossier), local(now).date()
    held = tuple(planning.as_planned(session) for session in dossier.sessions if session.on < today)
    sessions = tuple(sorted((*held, *what.sessions), key=lambda session: session.on))
    new = replace(data, sessions=sessions, places=(what.place, *data.places[1:]), tutor=replace(
        data.tutor, name=what.tutor.name, quality=what.tutor.quality, phone=what.tutor.phone), objectives=what.objectives,
        functions=what.functions, special_clauses=what.special_clauses)
    if errors := [found.sentence for found in planning.findings(dossier, what.sessions, now, new) if found.error]:
        raise Refused(" ".join(errors))
    if missing := missing_fields(new):
        raise Refused(" ".join(sentence for _, sentence in missing))
    return new


@dataclass(frozen=True)
class Ready:
    """An amendment laid out, about to be sent: no lock waits for the layout. ``before``: what it starts from."""

    data: AvenantData
    pdf: bytes
    before: ConventionData


def prepare(dossier: Immersion, what: Amendment, now: datetime) -> Ready:
    """Lay the amendment out; outside of any transaction.

    :raises Refused: nothing changes, the dates cannot be, or another amendment waits for signatures.
    """
    if open_amendment(dossier) is not None:
        raise Refused("Un avenant attend déjà ses signatures.")
    signed, before, new = dossier.convention, in_force(dossier), amended(dossier, what, now)
    if not (found := changes(before, new)):
        raise Refused("Rien ne change : modifiez au moins une réponse, ou revenez à la demande.")
    today, code = local(now).date(), new_code()
    data = AvenantData(
        dossier.reference, _next(dossier), 1, TO_SIGN, today, new.network, signed.version,
        local(signed.completed_at).date() if signed.completed_at else today, signed.verification_code or "",
        new.frame, new.host, new.employer, new.companion, what.reason, what.effective_on, found, new.sessions, new,
        verification_code=code, verification_url=verification_url(code))
    return Ready(data, avenant.avenant_pdf(data), before)


def _next(dossier: Immersion) -> int:
    return 1 + max((row.number for row in dossier.conventions), default=0)


def issue_amendment(dossier: Immersion, by: Actor, words: str, now: datetime, ready: Ready) -> str:
    """Send the amendment to be signed by those who signed the convention; the same bytes to each.

    :raises Refused: the convention changed since it was laid out.
    """
    data, pdf, number, signed = ready.data, ready.pdf, ready.data.number, dossier.convention
    if number != _next(dossier) or in_force(dossier) != ready.before:
        raise Refused("La convention a changé pendant ce temps. Relisez-la, puis préparez l’avenant de nouveau.")
    found, code = data.changes, data.verification_code
    file = new_file(f"avenant-{number}-{dossier.reference}.pdf", "application/pdf", pdf, now)
    row = Convention(kind=ConventionKind.AVENANT.value, number=number, amends=signed, version=1,
                     state=ConventionState.ISSUED.value, template=data.template, data=avenant.to_json(data), saved_at=now,
                     issued_at=now, content_hash=avenant.content_hash(data), pdf_sha256=hashlib.sha256(pdf).hexdigest(),
                     verification_code=code)
    db.session.add(file)
    file.dossier, row.file = dossier, file
    dossier.conventions.append(row)
    signatures = make_signatures(row, data)
    dossier.record("amendment_issued", by, now, number=number)
    db.session.flush()
    theirs = {mine.participant: mine for mine in reversed(signatures) if mine.participant}
    attached = Attachment(file.name, "application/pdf", pdf)
    for person in dict.fromkeys([*parties(dossier), *reversed(theirs), *tutors(dossier)]):
        mine = theirs.get(person)
        url = sign_url(mine, now) if mine else personal_url(Purpose.DOSSIER, person, now)
        told = [(change.label, change.after) for change in found]
        outbox.post(letters.avenant_to_sign(instance().network, dossier, person, url, number, data.reason, told, attached,
                                            signs=mine is not None), person, now)
    return f"L’avenant nº\u00a0{number} part par courriel à ceux qui ont signé la convention."


def cancel_amendment(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The amendment that waits is not to be signed any more; the convention stays as it is, everybody is told why."""
    row = open_amendment(dossier)
    row.state = ConventionState.CANCELLED.value
    dossier.record("amendment_cancelled", by, now, number=row.number)
    for person in dict.fromkeys([*parties(dossier), *(each.participant for each in row.signatures if each.participant)]):
        outbox.post(letters.avenant_cancelled(instance().network, dossier, person, row.number, words), person, now)
    return "L’avenant n’est plus à signer. La convention reste telle qu’elle est signée."


def apply(row: Convention, now: datetime) -> None:
    """All have signed the amendment: the dates become those it says, and calendars are told; inside the transaction."""
    dossier, today = row.immersion, local(now).date()
    wanted = {session for session in avenant.from_json(row.data).sessions if session.on >= today}
    gone = [session for session in dossier.sessions if session.on >= today and planning.as_planned(session) not in wanted]
    kept = {planning.as_planned(session) for session in dossier.sessions}
    added = [ImmersionSession(on=s.on, starts=s.starts, ends=s.ends, starts_again=s.starts_again, ends_again=s.ends_again)
             for s in sorted(wanted - kept, key=lambda session: session.on)]
    if not gone and not added:
        return
    for session in gone:
        moved(session)
    dossier.sessions.extend(added)
    db.session.flush()
    for person in dict.fromkeys([*appointments.people(dossier), *who_coordinates(dossier)]):
        files: tuple[Attachment, ...] = ()
        if person.role != Role.COORDINATOR:
            files = (*(appointments.cancelled(appointments.of_session(each, person), person, now) for each in gone),
                     *(appointments.invited(appointments.of_session(each, person), person, now) for each in added))
        outbox.post(calendar_letters.sessions_changed(
            instance().network, dossier, person, [say_session(each) for each in gone], [say_session(each) for each in added],
            files), person, now)
    for session in gone:
        dossier.sessions.remove(session)


completion.AFTER_AMENDMENT.append(apply)


def _why_not(dossier: Dossier, _who: Any) -> str:
    return "Un avenant attend déjà ses signatures." if open_amendment(dossier) else ""


def _none(dossier: Dossier, _who: Any) -> str:
    return "" if open_amendment(dossier) else "Aucun avenant n’attend de signature."


_SIGNED = {Kind.IMMERSION: frozenset({ImmersionState.SIGNED.value})}
_COORDINATOR = frozenset({Role.COORDINATOR})

register(
    Action("avenant", "Préparer un avenant", "envoie à signer un avenant, qui dit ce qui change dans la convention",
           _SIGNED, _COORDINATOR, issue_amendment, form=True, only=_why_not),
    Action("annuler-avenant", "Renoncer à l’avenant", "arrête la signature de l’avenant ; la convention reste telle quelle",
           _SIGNED, _COORDINATOR, cancel_amendment, words="required", words_label="La raison, dite à ceux qui devaient signer",
           only=_none),
)
