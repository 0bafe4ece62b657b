"""The coordinators' space: what waits for a decision, what goes on, what ended; looked at through the filters of a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from models.base import db
from models.dossier import Dossier
from models.instance import instance
from models.shelf import SHELF
from models.states import Kind
from territory import communes

from ..errors import NotFound
from . import presence

#: Rows of one page of a list.
SHOWN = 50
#: Of a list as long as the years, so many are counted and leafed through: what is older is found by filters and by words.
MOST = 1000
#: What waits for somebody else and has not moved for so long is worth a word.
QUIET_FOR = timedelta(days=10)


class Shelf(StrEnum):
    """The three lists of the space: every confirmed request stands on one of them."""

    TO_DO = "to_do"
    UNDER_WAY = "under_way"
    ENDED = "ended"


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to, as its address says it; "" or False: not narrowed.

    ``who``: ``moi`` (taken by who looks), ``personne`` (by nobody who still coordinates), ``absents`` (by somebody away).
    ``kind``: of :class:`Kind`.
    ``territory``: SIREN of an EPCI. ``late``: the promise is past. ``quiet``: nothing moved for :data:`QUIET_FOR`.
    """

    who: str = ""
    kind: str = ""
    territory: str = ""
    late: bool = False
    quiet: bool = False
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """One page of a list: its rows, how many there are in all, on how many pages; ``more``: and others, older than all these."""

    dossiers: list[Dossier]
    total: int
    page: int
    pages: int
    more: bool = False


_ORDER = {Shelf.TO_DO: (Dossier.promised_on.is_(None), Dossier.promised_on, Dossier.id),
          Shelf.UNDER_WAY: (Dossier.moved_at, Dossier.id), Shelf.ENDED: (Dossier.moved_at.desc(), Dossier.id.desc())}


def listed(shelf: Shelf, wanted: Wanted, me: str, now: datetime, today: date) -> Listed:
    """What stands on that shelf for who looks: the oldest promise first, the one quiet for longest, or the latest to end."""
    which = [_on(shelf), *_narrowed(wanted, me, now, today)]
    # Counted and cut on what the index holds: whole rows are read for those who are shown.
    some = select(Dossier.id).where(*which).order_by(*_ORDER[shelf])
    found = db.session.scalar(select(func.count()).select_from(some.order_by(None).limit(MOST + 1).subquery())) or 0
    total = min(found, MOST)
    pages = max(1, -(-total // SHOWN))
    page = min(max(wanted.page, 1), pages)
    on_page = some.limit(SHOWN).offset((page - 1) * SHOWN).subquery()
    rows = db.session.scalars(select(Dossier).join(on_page, on_page.c.id == Dossier.id).order_by(*_ORDER[shelf])
                              .options(selectinload(Dossier.participants))).all()
    return Listed(list(rows), total, page, pages, found > MOST)


def count(shelf: Shelf, wanted: Wanted, me: str, now: datetime, today: date) -> int:
    """How many stand there."""
    return db.session.scalar(select(func.count()).select_from(Dossier).where(_on(shelf), *_narrowed(wanted, me, now, today))) or 0


def counts(shelf: Shelf, wanted: Wanted, me: str, now: datetime, today: date) -> dict[str, int]:
    """How many for each of the quick views, beside what else the list is narrowed to: all, mine, nobody's, late."""
    base = replace(wanted, who="", late=False, page=1)
    which = {"": base, "moi": replace(base, who="moi"), "personne": replace(base, who="personne"),
             "retard": replace(base, late=True)}
    sums = [func.sum(db.case((db.and_(db.true(), *_narrowed(one, me, now, today)), 1), else_=0)).label(f"n{place}")
            for place, one in enumerate(which.values())]
    row = db.session.execute(select(*sums).select_from(Dossier).where(_on(shelf))).one()
    return {name: found or 0 for name, found in zip(which, row, strict=True)}


def _on(shelf: Shelf) -> ColumnElement[bool]:
    return shelf.value == SHELF


def _narrowed(wanted: Wanted, me: str, now: datetime, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.who == "moi":
        found.append(func.lower(Dossier.assigned_to) == me.lower())
    elif wanted.who == "personne":
        found.append(func.lower(Dossier.assigned_to).notin_([one.email.lower() for one in instance().network.coordinators]))
    elif wanted.who == "absents":
        found.append(func.lower(Dossier.assigned_to).in_(presence.absent_on(today)))
    if wanted.kind:
        found.append(Dossier.kind == wanted.kind)
    if wanted.territory:
        found.append(Dossier.commune.in_([one.code for one in communes.communes_of_epci(wanted.territory)]))
    if wanted.late:
        found.append(Dossier.promised_on < today)
    if wanted.quiet:
        found.append(Dossier.moved_at < now - QUIET_FOR)
    return found


def kinds() -> list[tuple[str, str]]:
    """``(value, label)`` of what a list can be narrowed to."""
    return [(kind.value, kind.label) for kind in Kind]


def territories() -> list[tuple[str, str]]:
    """``(SIREN, name)`` of the intercommunal structures of the network's département."""
    return [(one.siren, one.label) for one in communes.epci_of_departement(instance().network.departement)]


def find(reference: str) -> Dossier:
    """The confirmed dossier of that reference.

    :raises NotFound: none, or its author has not confirmed it yet.
    """
    dossier = db.session.scalars(select(Dossier).where(Dossier.reference == reference.upper(), Dossier.confirmed_at.is_not(None))
                                 .options(joinedload(Dossier.participants))).unique().one_or_none()
    if dossier is None:
        raise NotFound("Aucune demande ne porte cette référence.")
    for person in dossier.participants:
        set_committed_value(person, "dossier", dossier)  # whoever holds one of them holds the request
    return dossier


def days_left(dossier: Dossier, today: date) -> int | None:
    """Days to the promise, negative once it is late; None when nothing is promised any more."""
    return (dossier.promised_on - today).days if dossier.promised_on else None
