"""All that the page of one request shows, read by as many questions whether two messages were written or two hundred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, null, select
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from models.address import CoordinatorAbsence
from models.base import db
from models.convention import Convention
from models.conversation import Message
from models.dossier import Dossier, Entraide, Immersion, Participant
from models.journal import JournalEntry
from models.mentorat import Mentorat
from models.states import STATES, Kind, Role
from models.stored_file import StoredFile
from models.structure import Membre
from territory.calendar import local

from ..delivery.fate import PersonTrouble, trouble_and


def gather(dossier: Dossier) -> Dossier:
    """Read what belongs to the request, each sort of thing at once; gives the request."""
    messages = _all(Message, Message.dossier_id == dossier.id)
    files = _all(StoredFile, StoredFile.dossier_id == dossier.id)
    journal = _all(JournalEntry, JournalEntry.dossier_id == dossier.id)
    people = {person.id: person for person in dossier.participants}
    for name, rows in (("messages", messages), ("files", files), ("journal", journal)):
        set_committed_value(dossier, name, rows)
    for message in messages:
        set_committed_value(message, "files", [file for file in files if file.message_id == message.id])
        set_committed_value(message, "participant", people.get(message.participant_id))
        set_committed_value(message, "to", people.get(message.to_id))
    for entry in journal:
        set_committed_value(entry, "participant", people.get(entry.participant_id))
    if isinstance(dossier, Immersion):
        _gather_immersion(dossier)
    elif isinstance(dossier, Entraide):
        _few(Entraide, dossier, joinedload(Entraide.solicitations), joinedload(Entraide.meetings), joinedload(Entraide.fiche))
    elif isinstance(dossier, Mentorat):
        _few(Mentorat, dossier, joinedload(Mentorat.solicitations), joinedload(Mentorat.protocoles),
             joinedload(Mentorat.checkpoints))
    else:
        set_committed_value(dossier, "solicitations", [])  # nobody is asked to help with it
    for asked in dossier.solicitations:
        set_committed_value(asked, "participant", people.get(asked.participant_id))
    return dossier


def _all(kind, which) -> list:
    return list(db.session.scalars(select(kind).where(which).order_by(kind.id)))


def _gather_immersion(dossier: Immersion) -> None:
    # Each of these is a handful of rows: one question for their product is less than one for each.
    _few(Immersion, dossier, joinedload(Immersion.sessions), joinedload(Immersion.moves), joinedload(Immersion.evaluations),
         joinedload(Immersion.attestations), joinedload(Immersion.host),
         joinedload(Immersion.continued_by), joinedload(Immersion.solicitations))
    rows = db.session.scalars(
        select(Convention).where(Convention.immersion_id == dossier.id).order_by(Convention.id)
        .options(joinedload(Convention.signatures), joinedload(Convention.copies), joinedload(Convention.sealing))).unique()
    set_committed_value(dossier, "conventions", list(rows))
    for row in (*dossier.conventions, *dossier.sessions, *dossier.moves, *dossier.evaluations, *dossier.attestations):
        set_committed_value(row, "immersion", dossier)


def _few(kind, dossier: Dossier, *lists) -> None:
    """Have the request know what only its kind has: some columns, and these lists, which are short."""
    db.session.scalars(select(kind).where(kind.id == dossier.id).options(*lists)).unique().one()


@dataclass(frozen=True)
class Around:
    """What is known of the people of a request elsewhere: since when its author is a member, how many requests they sent, until
    when the coordinator who holds it is away by their own word, whose address does not work; and ``(reference, kind, state)`` of
    their request to join, beside their mentoring, or the other way round."""

    member_since: datetime | None
    requests: int
    away_until: date | None
    trouble: list[PersonTrouble]
    beside: list[tuple[str, str, str]]


def around(dossier: Dossier, now: datetime) -> Around:
    """Asked at once."""
    author, holder, today = dossier.author.email.lower(), dossier.assigned_to.lower(), local(now).date()
    member = select(Membre.joined_at).where(Membre.email == author, Membre.left_at.is_(None))
    other = aliased(Participant)
    sent = select(func.count()).select_from(other).where(func.lower(other.email) == author, other.role == Role.AUTHOR.value)
    away = select(func.max(CoordinatorAbsence.last_on)).where(
        CoordinatorAbsence.email == holder, CoordinatorAbsence.first_on <= today, CoordinatorAbsence.last_on >= today)
    trouble, (*known, beside) = trouble_and(
        dossier, now, *(one.scalar_subquery() for one in (member, sent, away)), _beside(dossier, author))
    return Around(*known, trouble, _said(dossier, beside or ""))


#: A request to join and the mentoring that came of it are read together.
_BESIDE = {Kind.ADHESION: Kind.MENTORAT, Kind.MENTORAT: Kind.ADHESION}


def _beside(dossier: Dossier, author: str) -> ColumnElement[str]:
    """References and states of the same person's mentoring, from their request to join, and the other way round."""
    kind = _BESIDE.get(dossier.kind_)
    if kind is None:
        return null()
    other, person = Dossier.__table__.alias(), aliased(Participant)
    return (select(func.aggregate_strings(other.c.reference + " " + other.c.state, ","))
            .join(person, person.dossier_id == other.c.id)
            .where(other.c.kind == kind.value, person.role == Role.AUTHOR.value, other.c.confirmed_at.is_not(None),
                   func.lower(person.email) == author).scalar_subquery())


def _said(dossier: Dossier, found: str) -> list[tuple[str, str, str]]:
    kind = _BESIDE.get(dossier.kind_)
    pairs = sorted(one.split(" ", 1) for one in found.split(",") if one)
    return [(reference, kind.label, STATES[kind](state).label) for reference, state in pairs]
