"""An amendment to a convention that is signed: drawn up from what changes, signed and sealed by the same engine.

A detail that agrees nobody to anything else (another day for a session, ``services/immersion/moving.py``) needs none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from mail import outbox
from mail.letter import Attachment
from mail.letters import convention as letters
from models.access_link import Purpose
from models.base import db
from models.convention import Convention, ConventionKind, ConventionState
from models.dossier import Actor, Dossier, Immersion
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from pdf import avenant
from pdf.avenant import AvenantData, Change
from pdf.convention import FRAMES, TO_SIGN, ConventionData, FrameDetails, Session, missing_fields
from territory.calendar import local

from ..acting import Action, register
from ..errors import Refused
from ..files import new_file
from ..immersion import planning
from ..links import personal_url
from . import taking_effect  # noqa: F401  what an amendment does once it is signed
from .difference import Difference, as_rows, differences, to_sign_again
from .drafting import counted, frames
from .in_force import in_force, open_amendment
from .parts import shared_addresses
from .people import parties, tutors
from .signatories import make_signatures
from .signing import sign_url
from .values import corrected
from .versions import new_code, verification_url


@dataclass(frozen=True)
class Amendment:
    """What a coordinator gives: why, from when, and what the convention will say.

    ``values`` and ``details`` are the answers that change, by question (``values.corrected``); ``sessions``: those to come.
    """

    reason: str
    effective_on: date
    sessions: tuple[Session, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


#: Ways to reach somebody that the document prints: said beside what changes, and no reason for an amendment alone.
_BESIDE = frozenset({"Comment joindre qui accompagne"})


def changes(before: ConventionData, after: ConventionData) -> tuple[Change, ...]:
    """What differs between two readings of a convention, in words.

    :raises Refused: nothing that is agreed on does.
    """
    found = differences(before, after)
    if not found:
        raise Refused("Rien ne change : modifiez au moins une réponse, ou revenez à la demande.")
    if not to_sign_again(found):
        raise Refused("Seules des coordonnées changent, et elles ne demandent pas d’avenant : chaque partie les corrige par son "
                      "lien, avec « Changer mes coordonnées ».")
    return tuple(Change(one.label, one.before, one.after) for one in found if one.material or one.label in _BESIDE)


def as_it_stands(dossier: Immersion) -> ConventionData:
    """What is in force, with the sessions moved since by the agreement of all: an amendment says them, and undoes nothing."""
    return replace(in_force(dossier), sessions=tuple(planning.days_known(dossier)))


def frames_within_reach(data: ConventionData) -> list[tuple[str, str, str, str]]:
    """The legal frames an amendment may bring: those of the same parties, as ``drafting.frames`` gives them (decision 0020)."""
    return [row for row in frames() if FRAMES[row[0]].needs_employer == FRAMES[data.frame].needs_employer]


def amended(dossier: Immersion, what: Amendment, now: datetime) -> ConventionData:
    """The convention as it would read. Sessions that took place stay.

    :raises Refused: the dates cannot be, the legal frame would lack something or has other parties, or two parties would
        share an address.
    """
    data, today = in_force(dossier), local(now).date()
    held = tuple(planning.as_planned(session) for session in dossier.sessions if session.on < today)
    sessions = tuple(sorted((*held, *what.sessions), key=lambda session: session.on))
    if (frame := what.values.get("frame", data.frame)) not in {code for code, *_ in frames_within_reach(data)}:
        raise Refused("Ce cadre n’a pas les mêmes parties : avec ou sans employeur, d’autres personnes signent. Terminez cette "
                      "immersion, puis demandez-en une autre : « Refaire pour une autre personne » reprend les réponses.")
    if frame != data.frame:
        data = replace(data, details=_left_behind(data, frame))
    new = counted(dossier, replace(corrected(data, what.values, what.details), sessions=sessions), now)
    if errors := [found.sentence for found in planning.findings(dossier, what.sessions, now, new) if found.error]:
        raise Refused(" ".join(errors))
    if why := [*(sentence for _, sentence in missing_fields(new)), *shared_addresses(dossier, new)]:
        raise Refused(" ".join(why))
    return new


def _left_behind(data: ConventionData, frame: str) -> FrameDetails:
    """What the convention says for its legal frame, without what only that frame asks and ``frame`` does not."""
    nothing, gone = FrameDetails(), set(FRAMES[data.frame].own) - set(FRAMES[frame].own)
    return replace(data.details, **{name: getattr(nothing, name) for name in gone})


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
    found, today, code = changes(before, new), local(now).date(), new_code()
    data = AvenantData(
        dossier.reference, _next(dossier), 1, TO_SIGN, today, new.network, signed.version,
        local(signed.completed_at).date() if signed.completed_at else today, signed.verification_code or "",
        new.frame, new.host, new.employer, new.companion, what.reason, what.effective_on, found, new.sessions, new,
        verification_code=code, verification_url=verification_url(code), whole=new.frame != before.frame)
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
    told = as_rows([Difference(change.label, change.before, change.after, material=True) for change in found])
    # Who signed the convention and signs no more reads why: another person now signs for their structure.
    before = [each.participant for each in signed.signatures if each.participant and each.participant.active]
    for person in dict.fromkeys([*parties(dossier), *reversed(theirs), *before, *tutors(dossier)]):
        mine = theirs.get(person)
        url = sign_url(mine, now) if mine else personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.avenant_to_sign(instance().network, dossier, person, url, number, data.reason, told, attached,
                                            signs=mine is not None), person, now)
    return f"L’avenant nº\u00a0{number} part par courriel aux parties, à signer."


def cancel_amendment(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The amendment that waits is not to be signed any more; the convention stays as it is, everybody is told why."""
    row = open_amendment(dossier)
    row.state = ConventionState.CANCELLED.value
    dossier.record("amendment_cancelled", by, now, number=row.number)
    for person in dict.fromkeys([*parties(dossier), *(each.participant for each in row.signatures if each.participant)]):
        outbox.post(letters.avenant_cancelled(instance().network, dossier, person, row.number, words), person, now)
    return "L’avenant n’est plus à signer. La convention reste telle qu’elle est signée."


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
