"""Finding a request, a person or a mail by words as people type them: with or without accents, singular or plural."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select, text
from sqlalchemy.orm import defer, selectinload

from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.french_words import groups, stems
from models.inbound import InboundMessage
from models.search import SearchEntry
from models.structure import Membre, Structure
from territory import communes

from .inbound import queue
from .inbound.citing import reference_in

#: Entries looked at, the latest first, and what is shown of each sort.
_READ, SHOWN = 300, 40
#: Characters shown on each side of the first word found.
_AROUND = 90
#: What somebody types last may not be finished: found from so many letters on.
_UNFINISHED = 3


@dataclass(frozen=True)
class Piece:
    """Words of an excerpt; ``found`` where they are those that were looked for."""

    words: str
    found: bool


@dataclass(frozen=True)
class FoundDossier:
    dossier: Dossier
    excerpts: list[list[Piece]]


@dataclass(frozen=True)
class FoundPerson:
    """A member or a structure; ``reference`` is the request they joined by, "" where none is kept."""

    name: str
    what: str
    email: str
    phone: str
    place: str
    reference: str


@dataclass(frozen=True)
class Found:
    """What was found: ``exact`` is the request whose very reference was typed; ``more``: there is more than is shown."""

    exact: Dossier | None = None
    dossiers: list[FoundDossier] = field(default_factory=list)
    people: list[FoundPerson] = field(default_factory=list)
    mails: list[InboundMessage] = field(default_factory=list)
    more: bool = False

    @property
    def count(self) -> int:
        return len(self.dossiers) + len(self.people) + len(self.mails) + (self.exact is not None)


def search(typed: str, now: datetime) -> Found:
    """All that holds every word of ``typed``, the latest first. Nothing of alerts is ever looked through."""
    exact = _by_reference(typed)
    wanted = groups(typed)[:12]
    if not wanted:
        return Found(exact)
    rows = _entries(wanted)
    dossiers = _dossiers(rows, wanted, exact)
    # One more than is shown says that there are more.
    people = _people([row.membre_id for row in rows if row.membre_id][:SHOWN + 1],
                     [row.structure_id for row in rows if row.structure_id][:SHOWN + 1])
    mails = _mails([row.inbound_id for row in rows if row.inbound_id])
    return Found(exact, dossiers[:SHOWN], people[:SHOWN], mails[:SHOWN],
                 len(rows) == _READ or max(map(len, (dossiers, people, mails))) > SHOWN)


def _by_reference(typed: str) -> Dossier | None:
    reference = reference_in(typed)
    return db.session.scalar(select(Dossier).where(
        Dossier.reference == reference, Dossier.confirmed_at.is_not(None))) if reference else None


def _entries(wanted: list[tuple[str, ...]]) -> list[Row]:
    """The latest entries that hold every word, the last one as it was typed; then, where these are few, the last one as a
    beginning. However many entries hold them, :data:`_READ` are read."""
    found = _latest(_match(wanted, unfinished=False))
    return found if len(found) == _READ or not _unfinished(wanted) else _latest(_match(wanted))


def _latest(said: str) -> list[Row]:
    if _postgresql():
        which = select(SearchEntry.id).where(_words_hold(said)).order_by(SearchEntry.id.desc()).limit(_READ)
    else:
        # FTS5 gives rows by their number, the latest first, and stops there.
        which = _rowids(said).order_by(literal_column("rowid").desc()).limit(_READ)
    return list(db.session.execute(
        select(SearchEntry.dossier_id, SearchEntry.message_id, SearchEntry.membre_id, SearchEntry.structure_id,
               SearchEntry.inbound_id)
        .join(latest := which.subquery(), latest.c[0] == SearchEntry.id).order_by(SearchEntry.id.desc())))


def holds(wanted: list[tuple[str, ...]], among: str) -> ColumnElement[bool]:
    """Entries that bear this mark and hold every word, the last one maybe unfinished."""
    said = _match([(among,), *wanted])
    return _words_hold(said) if _postgresql() else SearchEntry.id.in_(_rowids(said))


def _postgresql() -> bool:
    return db.session.connection().dialect.name == "postgresql"


def _words_hold(said: str) -> ColumnElement[bool]:
    # A column of PostgreSQL's own, made of the stems (migrations/versions): to make it anew for each row costs a second.
    return literal_column("search_entry.words").op("@@")(func.to_tsquery(text("'simple'"), said))


def _rowids(said: str) -> Select:
    return select(literal_column("rowid").label("number")).select_from(text("search_words")).where(
        text("search_words MATCH :said").bindparams(said=said))


def _match(wanted: list[tuple[str, ...]], *, unfinished: bool = True) -> str:
    """Every word, each under any of its stems, as the database writes it. Stems are letters and digits: nothing to escape."""
    both, either, mark, quote = (" & ", " | ", ":*", "") if _postgresql() else (" AND ", " OR ", "*", '"')
    return both.join(f"({either.join(_either(group, mark, unfinished and place == len(wanted) - 1, quote))})"
                     for place, group in enumerate(wanted))


def _unfinished(wanted: list[tuple[str, ...]]) -> bool:
    return any(len(stem) >= _UNFINISHED for stem in wanted[-1])


def _either(group: tuple[str, ...], mark: str, last: bool, quote: str) -> list[str]:
    return [f"{quote}{stem}{quote}{mark if last and len(stem) >= _UNFINISHED else ''}" for stem in group]


def _dossiers(rows, wanted: list[tuple[str, ...]], exact: Dossier | None) -> list[FoundDossier]:
    places: dict[int, list[int]] = {}
    for row in rows:
        if row.dossier_id:
            places.setdefault(row.dossier_id, []).extend([row.message_id] if row.message_id else [])
    places = dict(list(places.items())[:SHOWN + 2])  # that of the exact reference, and one more than is shown
    known = {one.id: one for one in db.session.scalars(select(Dossier).where(
        Dossier.id.in_(places), Dossier.confirmed_at.is_not(None)).options(
            defer(Dossier.answers), defer(Dossier.summary), selectinload(Dossier.participants)))}
    told = [number for numbers in places.values() for number in numbers[:2]]
    bodies = dict(db.session.execute(select(Message.id, Message.body).where(Message.id.in_(told))).all())
    hit = hit_by(wanted)
    return [FoundDossier(known[number], [excerpt(bodies[one], hit) for one in messages[:2] if one in bodies])
            for number, messages in places.items() if number in known and (exact is None or number != exact.id)]


def excerpt(body: str, looked_for: Callable[[str], bool]) -> list[Piece]:
    """The words around the first one found, those found apart from the others; words that stand together are one piece."""
    words = body.split()
    first = next((place for place, word in enumerate(words) if looked_for(word)), 0)
    start, size = first, 0
    while start > 0 and size < _AROUND:
        start -= 1
        size += len(words[start])
    end, size = first, 0
    while end < len(words) and size < 2 * _AROUND:
        size += len(words[end])
        end += 1
    pieces = []
    for hit, some in groupby(words[start:end], looked_for):
        said = " ".join(some)
        # The spaces around what is found stand outside of its mark.
        pieces.append(Piece(said if hit else f"{' ' if pieces else ''}{said} ", hit))
    return ([Piece("… ", False)] if start else []) + pieces + ([Piece(" …", False)] if end < len(words) else [])


def hit_by(wanted: list[tuple[str, ...]]) -> Callable[[str], bool]:
    """What says whether a word as it is written is one of those: the same words come again and again in what is shown."""
    looked_for, last = {stem for group in wanted for stem in group}, tuple(one for one in wanted[-1] if len(one) >= _UNFINISHED)

    @cache
    def hit(word: str) -> bool:
        return any(stem in looked_for or stem.startswith(last) for stem in stems(word))
    return hit


def _people(members: list[int], structures: list[int]) -> list[FoundPerson]:
    return [*(_members(members) if members else ()), *(_structures(structures) if structures else ())]


def _members(numbers: list[int]) -> list[FoundPerson]:
    rows = db.session.execute(
        select(Membre.given_name, Membre.family_name, Membre.job, Membre.email, Membre.phone, Membre.commune, Dossier.reference)
        .outerjoin(Dossier, Dossier.id == Membre.adhesion_id).where(Membre.id.in_(numbers), Membre.left_at.is_(None))
        .order_by(Membre.id.desc()))
    return [FoundPerson(f"{row.given_name} {row.family_name}", row.job or "membre", row.email, row.phone, _place(row.commune),
                        row.reference or "") for row in rows]


def _structures(numbers: list[int]) -> list[FoundPerson]:
    found = []
    for structure in db.session.scalars(select(Structure).where(Structure.id.in_(numbers)).order_by(Structure.id.desc())
                                        .options(selectinload(Structure.members))):
        contact = structure.contact
        found.append(FoundPerson(structure.name, "structure", contact.email if contact else "", contact.phone if contact else "",
                                 _place(structure.commune), ""))
    return found


def _place(insee: str) -> str:
    commune = communes.commune(insee)
    return commune.label if commune else ""


def _mails(numbers: list[int]) -> list[InboundMessage]:
    if not numbers:
        return []
    shown = InboundMessage.state.in_([state.value for state in queue.OPEN]) | InboundMessage.handled_at.is_not(None)
    return list(db.session.scalars(select(InboundMessage).where(InboundMessage.id.in_(numbers), shown)
                                   .order_by(InboundMessage.id.desc()).limit(SHOWN + 1)))
