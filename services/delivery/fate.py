"""What became of the letters of a request, in the server's words alone: what it accepted may never have been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from models.access_link import AccessLink, Purpose
from models.base import db
from models.delivery import DeliveryEvent, Outcome, StoppedAddress
from models.dossier import Dossier, Participant
from models.outbox import OutboxMessage, OutboxState
from models.typography import french
from territory.calendar import say_datetime

from .telling import REASONS

#: Letters shown, the latest first.
_SHOWN = 40


@dataclass(frozen=True)
class LetterFate:
    """One letter: to whom, about what, and what is known of it. ``tone`` is ``done``, ``waiting`` or ``stopped``."""

    to: str
    subject: str
    at: datetime
    sentence: str
    said: str
    tone: str
    failed_to: str = ""
    """The address the server would not take it for."""


@dataclass(frozen=True)
class PersonTrouble:
    """Somebody whose address does not work; ``asked`` is an address that waits for its holder to confirm it."""

    person: Participant
    reason: str
    held: int
    asked: str


def letters_of(dossier: Dossier) -> list[LetterFate]:
    """The latest letters of that request, those that failed among them however old, and what servers said of each last."""
    said = aliased(DeliveryEvent)
    last = select(func.max(said.id)).where(said.outbox_message_id == OutboxMessage.id).correlate(OutboxMessage).scalar_subquery()
    failed = OutboxMessage.state == OutboxState.FAILED.value
    rows = db.session.execute(select(OutboxMessage, DeliveryEvent).outerjoin(DeliveryEvent, DeliveryEvent.id == last)
                              .where(OutboxMessage.dossier_id == dossier.id)
                              .order_by(failed.desc(), OutboxMessage.id.desc()).limit(_SHOWN)).all()
    names = {person.id: person.display_name for person in dossier.participants}
    return [_fate(row, names.get(row.participant_id, row.recipient_name), event)
            for row, event in sorted(rows, key=lambda found: -found[0].id)]


def _fate(row: OutboxMessage, to: str, event: DeliveryEvent | None) -> LetterFate:
    label = OutboxState(row.state).label
    sentence, said = label, ""
    if event is not None:
        said = event.said
        sentence = f"{Outcome(event.outcome).label}, le {say_datetime(event.at)}"
        if row.state == OutboxState.HELD:
            sentence = f"{label} ({sentence})"
        elif row.state == OutboxState.DUE and row.due_at > event.at:
            sentence = f"{sentence} ; nouvel essai après le {say_datetime(row.due_at)}"
    elif row.sent_at is not None and row.state == OutboxState.SENT:
        sentence = f"{label}, le {say_datetime(row.sent_at)}"
    tone = {OutboxState.SENT: "done", OutboxState.CAPTURED: "done", OutboxState.FAILED: "stopped",
            OutboxState.HELD: "stopped"}.get(OutboxState(row.state), "waiting")
    if tone == "done" and event is not None and event.outcome != Outcome.ACCEPTED:
        tone = "waiting"
    return LetterFate(to, row.subject, row.created_at, french(sentence), said, tone,
                      row.recipient if row.state == OutboxState.FAILED else "")


def trouble_of(dossier: Dossier, now: datetime) -> list[PersonTrouble]:
    """Who of that request is not written to any more, why, and how many letters wait for them."""
    return trouble_and(dossier, now)[0]


def trouble_and(dossier: Dossier, now: datetime, *more: ColumnElement) -> tuple[list[PersonTrouble], tuple]:
    """:func:`trouble_of`, and the values of ``more``, by the same question."""
    stopped = StoppedAddress.email.is_not(None)
    held = select(func.count()).select_from(OutboxMessage).where(
        OutboxMessage.participant_id == Participant.id, OutboxMessage.state == OutboxState.HELD.value).scalar_subquery()
    link = aliased(AccessLink)
    latest = select(func.max(link.id)).where(link.participant_id == Participant.id, link.purpose == Purpose.NEW_ADDRESS.value,
                                             link.used_at.is_(None)).correlate(Participant).scalar_subquery()
    rows = db.session.execute(
        select(Participant.id, StoppedAddress.because, case((stopped, held), else_=0), AccessLink, *more)
        .outerjoin(StoppedAddress, (StoppedAddress.email == func.lower(Participant.email)) & StoppedAddress.lifted_at.is_(None))
        .outerjoin(AccessLink, stopped & (AccessLink.id == latest))
        .where(Participant.dossier_id == dossier.id).order_by(Participant.id)).all()
    people = {person.id: person for person in dossier.participants if person.active}
    found = [PersonTrouble(people[number], REASONS[Outcome(because)], waiting, asked.email if asked and asked.alive(now) else "")
             for number, because, waiting, asked, *_ in rows if because and number in people]
    return found, tuple(rows[0][4:])


def asked_of(person: Participant, now: datetime) -> str:
    """The address that waits to be confirmed as that person's, "" when none does."""
    link = db.session.scalar(select(AccessLink).where(
        AccessLink.participant_id == person.id, AccessLink.purpose == Purpose.NEW_ADDRESS.value,
        AccessLink.used_at.is_(None)).order_by(AccessLink.id.desc()).limit(1))
    return link.email if link is not None and link.alive(now) else ""
