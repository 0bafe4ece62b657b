"""Who resembles whom among all, looked for by the clock and kept as pairs of numbers: a page reads those it shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Row, Select, delete, insert, select

from models.address import SecondAddress
from models.base import connection, db, transaction
from models.merge import Alike, Twin
from models.statements import parts
from models.structure import Invitation, Membre, Structure

from .resemblance import Person, Place, name_key, people_alike, people_pairs, places_pairs

_ALIKE = Alike.__table__
CONFIRMED = SecondAddress.confirmed_at.is_not(None)
_MEMBERS = (select(Membre.id, Membre.given_name, Membre.family_name, Membre.email, Membre.phone, Membre.commune,
                   Structure.name.label("structure"), SecondAddress.email.label("whose"), SecondAddress.other)
            .select_from(Membre).outerjoin(Structure, Structure.id == Membre.structure_id).order_by(Membre.id))
STRUCTURES = select(Structure.id, Structure.name, Structure.siret, Structure.commune, Structure.address,
                    Structure.website).order_by(Structure.id)
#: Invitations that wait for an answer, at an address that is no member's.
INVITED = (select(Invitation).where(Invitation.declined_at.is_(None), Invitation.email.not_in(
    select(Membre.email).where(Membre.left_at.is_(None)))).order_by(Invitation.id))


def look(now: datetime) -> int:
    """Keep who resembles whom today; gives how many pairs are new. Every hour: all is compared before the lock is taken."""
    found = {(kind.value, *pair) for kind, pairs in (
        (Twin.MEMBRE, _members()), (Twin.STRUCTURE, _structures()), (Twin.INVITATION, _invited())) for pair in pairs}
    kept = {(kind, first, second): number for number, kind, first, second in db.session.execute(
        select(_ALIKE.c.id, _ALIKE.c.kind, _ALIKE.c.first_id, _ALIKE.c.second_id))}
    new, gone = sorted(found - kept.keys()), [kept[pair] for pair in kept.keys() - found]
    db.session.rollback()
    for part in parts(gone):
        with transaction():
            connection().execute(delete(_ALIKE).where(_ALIKE.c.id.in_(part)))
    for part in parts(new):
        with transaction():
            connection().execute(insert(_ALIKE), [{"kind": kind, "first_id": first, "second_id": second}
                                                  for kind, first, second in part])
    return len(new)


def _members() -> Iterable[tuple[int, int]]:
    return ((one.id, other.id) for one, other, _why in people_pairs(people(members_with().where(Membre.left_at.is_(None)))))


def _structures() -> Iterable[tuple[int, int]]:
    return ((one.id, other.id) for one, other, _why in places_pairs([place(row) for row in db.session.execute(STRUCTURES)]))


def _invited() -> Iterator[tuple[int, int]]:
    rows = db.session.scalars(INVITED).all()
    if not rows:
        return
    known = defaultdict(list)
    for one in people(members_with().where(Membre.left_at.is_(None))):
        for key in {("name", name_key(one.name)), *(("address", address) for address in one.others)}:
            known[key].append(one)
    for row in rows:
        invited = of_invitation(row, "")
        for one in {*known["name", name_key(invited.name)], *known["address", invited.email]}:
            if people_alike(invited, one):
                yield row.id, one.id


def of_invitation(row: Invitation, structure: str) -> Person:
    """Who is invited, as a person to compare."""
    return Person(row.id, row.name, row.email, structure=structure)


def members_with(address: str = "") -> Select:
    """Members, each on as many rows as they have other addresses, or one; and those of ``address`` beside each."""
    whose = (Membre.email, address) if address else (Membre.email,)
    return _MEMBERS.outerjoin(SecondAddress, CONFIRMED & SecondAddress.email.in_(whose))


def people(wanted: Select) -> list[Person]:
    """The members that a :func:`members_with` gives."""
    return persons(db.session.execute(wanted))[0]


def persons(rows: Iterable[Row]) -> tuple[list[Person], dict[str, set[str]]]:
    """Those of these rows, and the other addresses of each address named there."""
    known, others = {}, defaultdict(set)
    for row in rows:
        known[row.id] = row
        if row.whose:
            others[row.whose].add(row.other)
    return [Person(row.id, f"{row.given_name} {row.family_name}", row.email, row.phone, row.commune, row.structure or "",
                   frozenset(others.get(row.email, ()))) for row in known.values()], others


def place(row: Row | Structure) -> Place:
    """A structure to compare."""
    return Place(row.id, row.name, row.siret, row.commune, row.address, row.website)
