"""The possible duplicates: all of them for the page that lists them, and those of one request for who decides on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from models.address import SecondAddress
from models.base import db, transaction
from models.dossier import Dossier
from models.merge import Alike, Distinct, Twin
from models.network import Coordinator
from models.states import AdhesionState, Kind
from models.structure import Invitation, MemberKind, Membre, Structure
from models.typography import french
from territory import communes
from territory.calendar import local, say_date

from ..errors import NotFound
from ..known import member_of
from .looking import CONFIRMED, INVITED, STRUCTURES, members_with, of_invitation, people, persons, place
from .resemblance import Person, Place, digits, people_alike, places_alike

#: The page shows so many of each sort: more would not be read.
SHOWN = 50
#: And a request so many.
_TOLD = 5


@dataclass(frozen=True)
class Side:
    """One of two that resemble each other, in words."""

    id: int
    name: str
    detail: str


@dataclass(frozen=True)
class Likeness:
    """Two that resemble each other, and why. ``mine``, of a request, is what it says of itself (id 0 while nobody is made)."""

    kind: Twin
    mine: Side
    other: Side
    why: tuple[str, ...]

    @property
    def reasons(self) -> str:
        said = ", ".join(self.why)
        return said[0].upper() + said[1:]


@dataclass(frozen=True)
class Twins:
    """Those shown of one kind, and how many others there are."""

    shown: list[Likeness]
    others: int


def members_twice() -> Twins:
    """Members of today who may be one person."""
    pairs, others = _found(Twin.MEMBRE)
    known = _known([number for pair in pairs for number in pair])
    return Twins([Likeness(Twin.MEMBRE, _person_side(known[one]), _person_side(known[other]), why) for one, other in pairs
                  if one in known and other in known and (why := people_alike(known[one], known[other]))], others)


def structures_twice() -> Twins:
    """Structures that may be one."""
    pairs, others = _found(Twin.STRUCTURE)
    numbers = [number for pair in pairs for number in pair]
    known = {one.id: one for one in _places(STRUCTURES.where(Structure.id.in_(numbers)))} if numbers else {}
    return Twins([Likeness(Twin.STRUCTURE, _place_side(known[one]), _place_side(known[other]), why) for one, other in pairs
                  if one in known and other in known and (why := places_alike(known[one], known[other]))], others)


def invited_twice() -> Twins:
    """Professionals invited at an address that is not their member's."""
    pairs, others = _found(Twin.INVITATION)
    if not pairs:
        return Twins([], 0)
    known = _known([member for _invitation, member in pairs])
    invited = {row.id: row for row in db.session.scalars(INVITED.where(
        Invitation.id.in_([one for one, _member in pairs])).options(joinedload(Invitation.structure)))}
    found = []
    for one, other in pairs:
        row, member = invited.get(one), known.get(other)
        if row and member and (why := people_alike(of_invitation(row, row.structure.name), member)):
            mine = Side(row.id, row.name, f"{row.email}, invitée par {row.structure.name}")
            found.append(Likeness(Twin.INVITATION, mine, _person_side(member), why))
    return Twins(found, others)


def _found(kind: Twin) -> tuple[list[tuple[int, int]], int]:
    """The pairs to show, that the clock found (looking.py) and nobody said to be two; and how many others. What changed since is
    compared again by who shows them."""
    said = exists().where(Distinct.kind == Alike.kind, Distinct.first_id == Alike.first_id, Distinct.second_id == Alike.second_id)
    rows = db.session.execute(select(Alike.first_id, Alike.second_id, func.count().over()).where(Alike.kind == kind.value, ~said)
                              .order_by(Alike.id).limit(SHOWN)).all()
    return [(first, second) for first, second, _total in rows], rows[0][2] - len(rows) if rows else 0


def _known(numbers: list[int]) -> dict[int, Person]:
    if not numbers:
        return {}
    return {one.id: one for one in people(members_with().where(Membre.id.in_(numbers), Membre.left_at.is_(None)))}


def of_request(dossier: Dossier) -> list[Likeness]:
    """Who is known and resembles who asks to join, or the structure they name; the same of the member it made.

    It looks only where somebody alike can be: the same commune, telephone, address or family name.
    """
    if dossier.kind_ != Kind.ADHESION or dossier.state not in (AdhesionState.SUBMITTED, AdhesionState.ACCEPTED):
        return []
    member = None
    if dossier.state == AdhesionState.ACCEPTED:
        member = member_of(dossier)
        if member is None:
            return []
    return [*_people_like(dossier, member)[:_TOLD], *_structures_like(dossier, member)[:_TOLD]]


def said_of_request(dossier: Dossier) -> str:
    """The same in one sentence, for the letter that brings the request; "" where nobody is alike."""
    found = of_request(dossier)
    if not found:
        return ""
    told = "\u00a0; ".join(f"{one.other.name} ({', '.join(one.why)})" for one in found[:3])
    return french(f"À vérifier : cette demande ressemble à ce que le réseau connaît déjà. {told}. La page de la demande permet "
                  "de comparer.")


def _people_like(dossier: Dossier, member: Membre | None) -> list[Likeness]:
    author, answers = dossier.author, dossier.answers
    mine = (Person(member.id, member.name, member.email, member.phone, member.commune,
                   member.structure.name if member.structure else "") if member else
            Person(0, author.name, author.email, author.phone, dossier.commune, author.organisation))
    family, email = str(answers.get("family_name") or author.name).lower(), mine.email.lower()
    theirs = select(SecondAddress.other).where(SecondAddress.email == email, CONFIRMED)
    of_others = select(SecondAddress.email).where(SecondAddress.other == email, CONFIRMED)
    # Accents are left to the rules: the database only narrows.
    where = or_(Membre.commune == mine.commune, func.lower(Membre.family_name) == family,
                func.lower(Membre.given_name) == family, Membre.email == email, Membre.email.in_(theirs),
                Membre.email.in_(of_others),
                Membre.phone.like(f"%{mine.phone.strip()[-2:]}") if digits(mine.phone) else Membre.id == -1)
    known, others = persons(db.session.execute(members_with(email).where(
        where, Membre.id != mine.id, _undecided(Twin.MEMBRE, Membre.id, mine.id))))
    mine = replace(mine, others=frozenset(others.get(email, ())))
    # Who had left and comes back under the same address is one row, made again by accepting.
    return [Likeness(Twin.MEMBRE, _person_side(mine), _person_side(other), why) for other in known
            if other.email != email and (why := people_alike(mine, other))]


def _structures_like(dossier: Dossier, member: Membre | None) -> list[Likeness]:
    values = dossier.answers.get("structure") or {}
    if not values or (member is not None and member.structure is None):
        return []
    mine = (place(member.structure) if member else
            Place(0, values["name"], values.get("siret", ""), values.get("commune", dossier.commune), values.get("address", ""),
                  values.get("website", "")))
    where = or_(Structure.commune == mine.commune, Structure.siret == mine.siret if mine.siret else Structure.id == -1)
    found = []
    for other in _places(STRUCTURES.where(where, Structure.id != mine.id, _undecided(Twin.STRUCTURE, Structure.id, mine.id))):
        why = places_alike(mine, other)
        # The very same one is not a duplicate: accepting ties the member to it (services/adhesion.py).
        if why and (member or not _joined(mine, other)):
            found.append(Likeness(Twin.STRUCTURE, _place_side(mine), _place_side(other), why))
    return found


def _undecided(kind: Twin, theirs: InstrumentedAttribute[int], mine: int) -> ColumnElement[bool]:
    """That nobody said these to be two."""
    return ~exists().where(Distinct.kind == kind.value, or_(and_(Distinct.first_id == mine, Distinct.second_id == theirs),
                                                            and_(Distinct.first_id == theirs, Distinct.second_id == mine)))


def _joined(mine: Place, other: Place) -> bool:
    return bool(mine.siret and mine.siret == other.siret) or (
        mine.name.lower() == other.name.lower() and mine.commune == other.commune)


def beside(dossier: Dossier, likeness: Likeness) -> list[tuple[str, str, str]]:
    """``(what, the request, what is known)`` of a request to join and what resembles it."""
    answers, author = dossier.answers, dossier.author
    if likeness.kind == Twin.STRUCTURE:
        known = db.session.get(Structure, likeness.other.id)
        said = answers["structure"]
        rows = [("Nom", said["name"], known.name), ("SIRET", said.get("siret", ""), known.siret),
                ("Adresse", said.get("address", ""), known.address),
                ("Commune", _commune(said.get("commune", dossier.commune)), _commune(known.commune)),
                ("Site", said.get("website", ""), known.website),
                ("Qui la représente", author.name if answers["member_kind"] == MemberKind.STRUCTURE else "",
                 known.contact.name if known.contact else "")]
    else:
        known = db.session.get(Membre, likeness.other.id)
        rows = [("Nom", author.name, known.name), ("Adresse de courriel", author.email, known.email),
                ("Téléphone", author.phone, known.phone), ("Fonction", author.quality, known.job),
                ("Structure", author.organisation, known.structure.name if known.structure else ""),
                ("Commune", _commune(dossier.commune), _commune(known.commune)),
                ("Membre", "pas encore", f"depuis le {say_date(local(known.joined_at).date())}" if known.left_at is None else
                 f"a quitté le réseau le {say_date(local(known.left_at).date())}")]
    return [row for row in rows if row[1] or row[2]]


def say_distinct(kind: Twin, first_id: int, second_id: int, by: Coordinator, now: datetime) -> None:
    """These two are two: they are not shown again. Twice is once.

    :raises NotFound: one of them is gone.
    """
    with transaction():
        for row_kind, number in zip(_KINDS[kind], (first_id, second_id), strict=True):
            if db.session.get(row_kind, number) is None:
                raise NotFound("Cette fiche n’existe plus.")
        first, second = (first_id, second_id) if kind == Twin.INVITATION else sorted((first_id, second_id))
        if (first, second) not in _told(kind):
            db.session.add(Distinct(kind=kind.value, first_id=first, second_id=second, by=by.email, at=now))


def same_as_invited(invitation_id: int, member_id: int, now: datetime) -> None:
    """Who was invited is that member already: the invitation is not repeated. Nobody is written to.

    :raises NotFound: one of them is gone.
    """
    with transaction():
        invitation, member = db.session.get(Invitation, invitation_id), db.session.get(Membre, member_id)
        if invitation is None or member is None:
            raise NotFound("Cette invitation n’existe plus.")
        invitation.declined_at = invitation.declined_at or now


_KINDS = {Twin.MEMBRE: (Membre, Membre), Twin.STRUCTURE: (Structure, Structure), Twin.INVITATION: (Invitation, Membre)}


def _places(wanted: Select) -> list[Place]:
    return [place(row) for row in db.session.execute(wanted)]


def _told(kind: Twin) -> set[tuple[int, int]]:
    return {(first, second) for first, second in db.session.execute(
        select(Distinct.first_id, Distinct.second_id).where(Distinct.kind == kind.value))}


def _person_side(one: Person) -> Side:
    return Side(one.id, one.name, ", ".join(filter(None, (one.email, one.structure, _commune(one.commune)))))


def _place_side(one: Place) -> Side:
    return Side(one.id, one.name, ", ".join(filter(None, (f"SIRET {one.siret}" if one.siret else "", _commune(one.commune)))))


def _commune(code: str) -> str:
    found = communes.commune(code)
    return found.label if found else ""
