"""What is tied to a record, whatever slice it belongs to: by a key of the database, or by an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Table, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from models.address import AddressMove, SecondAddress
from models.base import UTCDateTime, db
from models.delivery import MailOptOut
from models.dossier import Actor, Dossier, Participant
from models.entraide import Solicitation
from models.merge import Twin
from models.network import Coordinator
from models.search import SearchEntry
from models.states import Role
from models.structure import Invitation

from .. import delivery
from ..acting import as_coordinator
from .compared import RECORDS

#: Tied to a record, and made again or worth nothing without it.
_NOT_FOLLOWED = {SearchEntry.__tablename__, AddressMove.__tablename__}
#: Where an address names a member, besides the requests they take part in.
BY_ADDRESS: tuple[Column, ...] = (Solicitation.__table__.c.email, Invitation.__table__.c.email,
                                  SecondAddress.__table__.c.email, MailOptOut.__table__.c.email)


def tied_to(kind: Twin) -> Iterator[Column]:
    """Every column of the database that points to that kind of record, whatever slice it belongs to."""
    of: Table = RECORDS[kind].__table__
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is of and table.name not in _NOT_FOLLOWED:
                yield key.parent


def tie(column: Column, old: int, new: int) -> list[int]:
    """Point to the record that stays; gives the rows that do since. What it has already goes with the other one."""
    [own] = column.table.primary_key.columns
    moved = []
    for number in db.session.scalars(select(own).where(column == old)).all():
        try:
            with db.session.begin_nested():
                db.session.execute(update(column.table).where(own == number).values({column: new}))
            moved.append(number)
        except IntegrityError:
            continue
    return moved


def change_next_host(old: int, new: int) -> list[int]:
    """Immersions that chose the structure as a next one to ask."""
    found = []
    for dossier in db.session.scalars(select(Dossier).where(Dossier.kind == "immersion", Dossier.state == "host_asked")):
        waiting = dossier.answers.get("next_hosts") or []
        if old in waiting:
            dossier.answers = dossier.answers | {"next_hosts": list(dict.fromkeys(new if one == old else one for one in waiting))}
            found.append(dossier.id)
    return found


def move_seats(old: str, new: str, now: datetime, only: list[int] | None = None) -> list[int]:
    """Write to somebody at ``new`` in the requests they take part in; gives the seats that moved."""
    wanted = select(Participant).where(func.lower(Participant.email) == old, Participant.role != Role.COORDINATOR.value)
    found = []
    for seat in db.session.scalars(wanted if only is None else wanted.where(Participant.id.in_(only))).all():
        if not any(one.role == seat.role and one.email.lower() == new for one in seat.dossier.participants):
            delivery.move_seat(seat, old, new, now)
            found.append(seat.id)
    db.session.flush()
    return found


def rename(column: Column, old: str, new: str, only: list[Any] | None = None) -> list[Any]:
    """The same in what is kept by address; gives the keys of the rows that changed."""
    own = next(one for one in column.table.primary_key.columns if one is not column)
    wanted = select(own).where(column == old)
    changed = []
    for key in db.session.scalars(wanted if only is None else wanted.where(own.in_(only))).all():
        try:
            with db.session.begin_nested():
                db.session.execute(update(column.table).where(column == old, own == key).values({column: new}))
            changed.append(key)
        except IntegrityError:
            db.session.execute(delete(column.table).where(column == old, own == key))
    return changed


def record(dossier_id: int, kind: str, by: Coordinator, now: datetime) -> None:
    dossier = db.session.get(Dossier, dossier_id)
    if dossier is not None:
        seat = as_coordinator(dossier, by.email)
        db.session.flush()
        dossier.record(kind, Actor(Role.COORDINATOR, seat), now)


def values_of(record: Any) -> dict[str, Any]:
    return plain({column.key: getattr(record, column.key) for column in record.__table__.columns})


def plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def of_plain(kind: Twin, name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    stored = RECORDS[kind].__table__.c[name].type
    return datetime.fromisoformat(value) if isinstance(stored, UTCDateTime) else (
        date.fromisoformat(value) if isinstance(stored, Date) else value)
