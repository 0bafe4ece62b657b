"""The possible duplicates: all of them for the page that lists them, and those of one request for who decides on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from models.address import SecondAddress
from models.base import db, transaction
from models.dossier import Dossier
from models.merge import Distinct, Twin
from models.network import Coordinator
from models.states import AdhesionState, Kind
from models.structure import Invitation, MemberKind, Membre, Structure
from models.typography import french
from territory import communes
from territory.calendar import local, say_date

from ..errors import NotFound
from ..known import member_of
from .resemblance import Person, Place, digits, name_key, people_alike, people_pairs, places_alike, places_pairs

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


def members_twice() -> list[Likeness]:
    """Members of today who may be one person."""
    people = _people(_MEMBERS.where(Membre.left_at.is_(None)))
    told = _told(Twin.MEMBRE)
    return [Likeness(Twin.MEMBRE, _person_side(one), _person_side(other), why)
            for one, other, why in people_pairs(people) if (one.id, other.id) not in told]


def structures_twice() -> list[Likeness]:
    """Structures that may be one."""
    told = _told(Twin.STRUCTURE)
    return [Likeness(Twin.STRUCTURE, _place_side(one), _place_side(other), why)
            for one, other, why in places_pairs(_places(_STRUCTURES)) if (one.id, other.id) not in told]


def invited_twice() -> list[Likeness]:
    """Professionals invited at an address that is not their member's."""
    taken = select(Membre.email).where(Membre.left_at.is_(None))
    invitations = db.session.scalars(select(Invitation).where(
        Invitation.declined_at.is_(None), Invitation.email.not_in(taken)).order_by(Invitation.id)).all()
    if not invitations:
        return []
    by_name = defaultdict(list)
    for person in _people(_MEMBERS.where(Membre.left_at.is_(None))):
        for key in {("name", name_key(person.name)), *(("address", address) for address in person.others)}:
            by_name[key].append(person)
    told, found = _told(Twin.INVITATION), []
    for row in invitations:
        invited = Person(row.id, row.name, row.email, structure=row.structure.name)
        for person in {*by_name["name", name_key(row.name)], *by_name["address", row.email]}:
            if (why := people_alike(invited, person)) and (row.id, person.id) not in told:
                found.append(Likeness(Twin.INVITATION, Side(row.id, row.name, f"{row.email}, invitée par {row.structure.name}"),
                                      _person_side(person), why))
    return found


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
    others = _all_others()
    mine = (_people(_MEMBERS.where(Membre.id == member.id), others)[0] if member else
            Person(0, author.name, author.email, author.phone, dossier.commune, author.organisation,
                   others.get(author.email.lower(), frozenset())))
    family = str(answers.get("family_name") or author.name)
    # Accents are left to the rules: the database only narrows.
    where = or_(Membre.commune == mine.commune, func.lower(Membre.family_name) == family.lower(),
                func.lower(Membre.given_name) == family.lower(), Membre.email.in_([mine.email.lower(), *mine.others]),
                Membre.phone.like(f"%{mine.phone.strip()[-2:]}") if digits(mine.phone) else Membre.id == -1)
    found = []
    for other in _people(_MEMBERS.where(where, Membre.id != mine.id), others):
        # Who had left and comes back under the same address is one row, made again by accepting.
        if other.email != mine.email.lower() and (why := people_alike(mine, other)):
            found.append(Likeness(Twin.MEMBRE, _person_side(mine), _person_side(other), why))
    return _not_told(Twin.MEMBRE, found)


def _structures_like(dossier: Dossier, member: Membre | None) -> list[Likeness]:
    values = dossier.answers.get("structure") or {}
    if not values or (member is not None and member.structure is None):
        return []
    mine = (_places(_STRUCTURES.where(Structure.id == member.structure_id))[0] if member else
            Place(0, values["name"], values.get("siret", ""), values.get("commune", dossier.commune), values.get("address", ""),
                  values.get("website", "")))
    where = or_(Structure.commune == mine.commune, Structure.siret == mine.siret if mine.siret else Structure.id == -1)
    found = []
    for other in _places(_STRUCTURES.where(where, Structure.id != mine.id)):
        why = places_alike(mine, other)
        # The very same one is not a duplicate: accepting ties the member to it (services/adhesion.py).
        if why and (member or not _joined(mine, other)):
            found.append(Likeness(Twin.STRUCTURE, _place_side(mine), _place_side(other), why))
    return _not_told(Twin.STRUCTURE, found)


def _not_told(kind: Twin, found: list[Likeness]) -> list[Likeness]:
    """Those nobody said to be two; most requests resemble nobody, and nothing is asked for them."""
    told = _told(kind) if found else set()
    return [each for each in found if tuple(sorted((each.mine.id, each.other.id))) not in told]


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
_MEMBERS = select(Membre.id, Membre.given_name, Membre.family_name, Membre.email, Membre.phone, Membre.commune, Membre.left_at,
                  Structure.name.label("structure")).outerjoin(Structure, Structure.id == Membre.structure_id).order_by(Membre.id)
_STRUCTURES = select(Structure.id, Structure.name, Structure.siret, Structure.commune, Structure.address,
                     Structure.website).order_by(Structure.id)


def _people(wanted, others: dict[str, frozenset[str]] | None = None) -> list[Person]:
    rows = db.session.execute(wanted).all()
    others = _all_others() if others is None else others
    return [Person(row.id, f"{row.given_name} {row.family_name}", row.email, row.phone, row.commune, row.structure or "",
                   others.get(row.email, frozenset())) for row in rows]


def _all_others() -> dict[str, frozenset[str]]:
    wanted = select(SecondAddress.email, SecondAddress.other).where(SecondAddress.confirmed_at.is_not(None))
    found = defaultdict(set)
    for email, other in db.session.execute(wanted):
        found[email].add(other)
    return {email: frozenset(addresses) for email, addresses in found.items()}


def _places(wanted) -> list[Place]:
    return [Place(row.id, row.name, row.siret, row.commune, row.address, row.website) for row in db.session.execute(wanted)]


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
