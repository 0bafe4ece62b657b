"""Keeping the search up to date: in the very transaction that writes what can be found."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, inspect, select

from models.base import connection, db, follow_writes, insert_last, run, transaction
from models.conversation import Message
from models.dossier import Dossier, Participant
from models.french_words import stems
from models.inbound import InboundBody
from models.search import MEMBER_MARK, SearchEntry, Subject
from models.states import Role
from models.structure import Membre, Structure
from territory import communes

_ENTRY = SearchEntry.__table__
#: Made once (models/statements.py): every mail is found by its words.
_FORGET = {key: delete(_ENTRY).where(_ENTRY.c.subject == bindparam("of"), _ENTRY.c[key] == bindparam("it"))
           for key in ("dossier_id", "message_id", "membre_id", "structure_id", "inbound_id")}
#: The columns whose change changes what is found; a change of anything else costs nothing.
_FOUND_BY = {
    Dossier: ("confirmed_at", "reference", "title", "summary"),
    Participant: ("name", "email", "phone", "organisation", "quality"),
    Message: ("body", "dossier_id"),
    Membre: ("given_name", "family_name", "email", "phone", "job", "commune", "left_at", "structure_id"),
    Structure: ("name", "siret", "address", "commune", "website"),
}


def index_written(written: list[object]) -> None:
    """Bring the entries of what a transaction wrote up to date, before it is committed."""
    # Nobody but its author knows of a request until its address is confirmed, and a form costs nothing more for it.
    known: set[int] = set()
    unknown: set[int | None] = {None}
    people_of: set[int] = set()
    for row in written:
        if isinstance(row, Dossier):
            (known if row.confirmed_at is not None else unknown).add(row.id)
        elif isinstance(row, Participant):
            if row.role != Role.COORDINATOR:
                people_of.add(row.dossier_id)
        elif isinstance(row, Message):
            _put(Subject.MESSAGE, _of_message(row), "message_id", row.id, dossier_id=row.dossier_id)
        elif isinstance(row, Membre):
            _put(Subject.MEMBER, _of_member(row), "membre_id", row.id)
        elif isinstance(row, Structure):
            _put(Subject.STRUCTURE, _of_structure(row), "structure_id", row.id)
            for member in row.members:  # they are found by its name
                _put(Subject.MEMBER, _of_member(member), "membre_id", member.id)
    for number in known | (people_of - unknown):
        dossier = db.session.get(Dossier, number)
        if dossier is not None and dossier.confirmed_at is not None:
            _put(Subject.DOSSIER, _of_dossier(dossier), "dossier_id", number)


def _changed(row: object) -> bool:
    """False for an object that is found by the same words as before."""
    columns = next(names for kind, names in _FOUND_BY.items() if isinstance(row, kind))
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in columns)


follow_writes(tuple(_FOUND_BY), _changed, index_written)


def _put(subject: Subject, text: str, key: str, value: int, **more: int | None) -> None:
    """Replace the entry of one thing; one of no words is not kept."""
    run(_FORGET[key], of=subject.value, it=value)
    found = " ".join(stems(text))
    if found and subject == Subject.MEMBER:
        found = f"{MEMBER_MARK} {found}"
    # One INSERT for all that a transaction writes: SQLite writes its index again for each.
    insert_last(SearchEntry, (subject, value), {"subject": subject.value, "stems": found, key: value, **more} if found else None)


def _of_dossier(dossier: Dossier) -> str:
    answers = [answer for _section, rows in dossier.summary for _question, answer, *_ in rows]
    people = [f"{one.name} {one.email} {one.phone} {one.organisation} {one.quality}" for one in dossier.participants
              if one.role != Role.COORDINATOR]
    return "\n".join([dossier.reference, dossier.title, _place(dossier.commune), *map(str, answers), *people])


def _of_message(message: Message) -> str:
    """Its words, with who asked and who wrote: a name and a word are found together."""
    dossier = db.session.get(Dossier, message.dossier_id)
    who = db.session.get(Participant, message.participant_id) if message.participant_id else None
    return "\n".join([message.body, dossier.author.name if dossier else "", who.name if who else ""])


def _of_member(member: Membre) -> str:
    if member.left_at is not None:
        return ""
    structure = db.session.get(Structure, member.structure_id) if member.structure_id else None
    where = f"{_place(member.commune)} {structure.name if structure else ''}"
    return f"{member.name} {member.email} {member.phone} {member.job} {where}"


def _of_structure(structure: Structure) -> str:
    return f"{structure.name} {structure.siret} {structure.address} {structure.website} {_place(structure.commune)}"


def _place(insee: str) -> str:
    found = communes.commune(insee)
    return found.label if found else ""


def keep_mail(inbound_id: int, text: str) -> None:
    """Have a mail set aside be found by what it says; inside a transaction."""
    _put(Subject.MAIL, text, "inbound_id", inbound_id)


def forget_emptied() -> None:
    """What is no longer kept of mail is no longer found either; inside a transaction."""
    kept = select(InboundBody.inbound_message_id)
    connection().execute(delete(_ENTRY).where(_ENTRY.c.subject == Subject.MAIL.value, _ENTRY.c.inbound_id.not_in(kept)))


_KINDS = {Subject.DOSSIER: Dossier, Subject.MESSAGE: Message, Subject.MEMBER: Membre, Subject.STRUCTURE: Structure}


def rebuild(subjects: Iterable[Subject] = tuple(_KINDS)) -> int:
    """Make every entry about these again, some hundreds at a time; gives how many things were looked at."""
    total = 0
    for kind in [_KINDS[subject] for subject in subjects]:
        last = 0
        while True:
            with transaction():
                rows = list(db.session.scalars(select(kind).where(kind.id > last).order_by(kind.id).limit(500)))
                index_written(rows)
                last = rows[-1].id if rows else last
            db.session.expunge_all()
            if not rows:
                break
            total += len(rows)
    return total


def fill() -> int:
    """:func:`rebuild` what is found by nothing yet: after an upgrade that brings or changes the search."""
    return rebuild([subject for subject in _KINDS if db.session.scalar(
        select(SearchEntry.id).where(SearchEntry.subject == subject.value).limit(1)) is None])
