"""The directory as the coordination reads it: every member of today, by name, place and skill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import joinedload

from models.base import db
from models.dossier import Dossier
from models.french_words import groups
from models.search import MEMBER_MARK, SearchEntry
from models.structure import Membre
from models.typography import french
from models.vocabulary import PACES, SKILLS, label, labels
from territory import communes
from territory.calendar import say_date

from . import employing
from .search import holds

#: Members of one page.
SHOWN = 30


@dataclass(frozen=True)
class Wanted:
    """What the directory is narrowed to, as its address says it; "": not narrowed.

    ``words``: of a name, a structure, a commune, a post. ``kind``: of :class:`models.structure.MemberKind`. ``territory``: SIREN
    of an EPCI. ``skill``: a code of :data:`models.vocabulary.SKILLS`, offered.
    """

    words: str = ""
    kind: str = ""
    territory: str = ""
    skill: str = ""
    page: int = 1


@dataclass(frozen=True)
class Entry:
    """One member; ``asked``: how often they accept to be asked for help, in words; ``reference``: of their request to join;
    ``unreached``: their employer has not been told, as they wish."""

    member: Membre
    place: str
    skills: list[str]
    asked: str
    reference: str
    unreached: bool


@dataclass(frozen=True)
class Listed:
    """One page of the directory: its members, how many there are in all, on how many pages."""

    entries: list[Entry]
    total: int
    page: int
    pages: int


def listed(wanted: Wanted, today: date) -> Listed:
    """The members of today that are wanted, by family name."""
    which = _narrowed(wanted)
    total = db.session.scalar(select(func.count()).select_from(Membre).where(*which)) or 0
    pages = max(1, -(-total // SHOWN))
    page = min(max(wanted.page, 1), pages)
    # The page is cut on keys alone: what is shown of a member is read for those who are shown.
    on_page = (select(Membre.id).where(*which).order_by(Membre.family_name, Membre.given_name, Membre.id)
               .limit(SHOWN).offset((page - 1) * SHOWN).subquery())
    rows = db.session.execute(
        select(Membre, Dossier.reference, employing.not_reached()).join(on_page, on_page.c.id == Membre.id)
        .outerjoin(Dossier, Dossier.id == Membre.adhesion_id).options(joinedload(Membre.structure))
        .order_by(Membre.family_name, Membre.given_name, Membre.id)).all()
    entries = [_entry(member, reference or "", bool(unreached), today) for member, reference, unreached in rows]
    return Listed(entries, total, page, pages)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Membre.left_at.is_(None)]
    if words := groups(wanted.words)[:12]:
        found.append(Membre.id.in_(select(SearchEntry.membre_id).where(holds(words, among=MEMBER_MARK))))
    if wanted.kind:
        found.append(Membre.kind == wanted.kind)
    if wanted.territory:
        found.append(Membre.commune.in_([one.code for one in communes.communes_of_epci(wanted.territory)]))
    if wanted.skill:
        # A list as JSON: codes are plain letters, between quotes.
        found.append(cast(Membre.skills_offered, String).contains(f'"{wanted.skill}"', autoescape=True))
    return found


def _entry(member: Membre, reference: str, unreached: bool, today: date) -> Entry:
    place = communes.commune(member.commune)
    return Entry(member, place.label if place else "", labels(SKILLS, member.skills_offered), _asked(member, today), reference,
                 unreached)


def _asked(member: Membre, today: date) -> str:
    if member.pause_ends_on is not None and member.pause_ends_on >= today:
        return french(f"En pause jusqu’au {say_date(member.pause_ends_on)}")
    if member.pace in ("", "jamais"):
        return ""
    return french(f"Peut être sollicité·e : {label(PACES, member.pace).lower()}")
