"""Two records of one member or structure made one, as a coordinator chose, field by field; what is tied to either follows.

It is undone for :data:`UNDONE_FOR` (:mod:`services.membre.undoing`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from mail import outbox
from mail.letters import donnees as letters
from models.address import SecondAddress
from models.base import db, transaction
from models.instance import instance
from models.merge import Distinct, Merge, Twin
from models.network import Coordinator
from models.structure import Membre
from pdf.certificate import masked
from territory.calendar import local, say_date

from ..donnees.space import close_links, space_url
from ..errors import NotFound
from .compared import BOTH, FIELDS, RECORDS, SECOND
from .tied import BY_ADDRESS, change_next_host, move_seats, plain, record, rename, tie, tied_to, values_of

UNDONE_FOR = timedelta(days=30)
_GONE = "Une de ces deux fiches n’existe plus\u00a0: elles ont peut-être déjà été réunies."


def two(kind: Twin, first_id: int, second_id: int, *, lock: bool = False) -> tuple[Any, Any]:
    """The two records, the one known first before the other; ``lock``: for who changes them.

    :raises NotFound: one of them is gone, or they are the same.
    """
    low, high = sorted((first_id, second_id))
    found = tuple(db.session.get(RECORDS[kind], number, with_for_update=lock or None) for number in (low, high))
    if None in found or low == high:
        raise NotFound(_GONE)
    return found


def merge(kind: Twin, first_id: int, second_id: int, chosen: dict[str, str], by: Coordinator, now: datetime) -> int:
    """Make one record of two; gives the number of the merge, by which it is undone.

    :param chosen: name of a field of :data:`compared.FIELDS` -> which of the two it comes from; the first where it is not said.
    :raises NotFound: one of them is gone, at the second press among others.
    """
    with transaction() as session:
        kept, gone = two(kind, first_id, second_id, lock=True)
        row = Merge(kind=kind.value, kept_id=kept.id, gone_id=gone.id, by=by.email, at=now, before={})
        before = {"kept": values_of(kept), "gone": values_of(gone)}
        wanted = _chosen(kind, kept, gone, chosen)
        emails = (kept.email, gone.email) if kind == Twin.MEMBRE else ()
        before["tied"] = {f"{column.table.name}.{column.name}": tie(column, gone.id, kept.id) for column in tied_to(kind)}
        if kind == Twin.STRUCTURE:
            before["next_hosts"] = change_next_host(gone.id, kept.id)
        adhesions = [number for number in (kept.adhesion_id, gone.adhesion_id) if number] if kind == Twin.MEMBRE else []
        session.flush()
        session.expire_all()  # what was tied was moved beneath the session
        session.delete(gone)
        session.flush()
        for name, value in wanted.items():
            setattr(kept, name, value)
        session.flush()
        if emails:
            before |= _follow_address(kept, emails, now)
        before["wrote"] = plain({name: getattr(kept, name) for name in wanted})
        session.execute(delete(Distinct).where(Distinct.kind == kind.value,
                                               (Distinct.first_id == row.gone_id) | (Distinct.second_id == row.gone_id)))
        row.before = before
        session.add(row)
        session.flush()
        session.expire(kept)
        for number in adhesions:
            record(number, "records_merged", by, now)
        tell(kind, kept, emails, by, now)
        return row.id


def _chosen(kind: Twin, kept: Any, gone: Any, chosen: dict[str, str]) -> dict[str, Any]:
    """Column -> value of what the record that stays becomes."""
    found: dict[str, Any] = {}
    for field in FIELDS[kind]:
        which = chosen.get(field.name, "")
        for name in field.columns:
            if which == BOTH and field.both:
                found[name] = list(dict.fromkeys([*getattr(kept, name), *getattr(gone, name)]))
            else:
                found[name] = getattr(gone if which == SECOND else kept, name)
    if kind == Twin.MEMBRE:
        named = {*found["skills_offered"], *found["skills_sought"]}
        levels = gone.levels | kept.levels
        found |= {
            "levels": {code: level for code, level in levels.items() if code in named}, "answers": gone.answers | kept.answers,
            "joined_at": min(kept.joined_at, gone.joined_at), "charter_version": max(kept.charter_version, gone.charter_version),
            "left_at": None if None in (kept.left_at, gone.left_at) else max(kept.left_at, gone.left_at),
            **{name: max(filter(None, (getattr(kept, name), getattr(gone, name))), default=None)
               for name in ("checked_at", "asked_to_check_at")}}
    return found


def _follow_address(kept: Membre, emails: tuple[str, str], now: datetime) -> dict[str, Any]:
    """Everything that went to the address that is not kept goes to the other one, which is known as theirs too."""
    main, other = kept.email, next(email for email in emails if email != kept.email)
    seats = move_seats(other, main, now)
    moved = {}
    for column in BY_ADDRESS:
        name = f"{column.table.name}.{column.name}"
        moved[name] = rename(column, other, main)
    db.session.execute(delete(SecondAddress).where(SecondAddress.email == main, SecondAddress.other == main))
    row = db.session.scalar(select(SecondAddress).where(SecondAddress.email == main, SecondAddress.other == other))
    learned = row is None or row.confirmed_at is None
    if row is None:
        row = SecondAddress(email=main, other=other, asked_at=now)
        db.session.add(row)
    row.confirmed_at = row.confirmed_at or now
    close_links(other, now)
    return {"seats": seats, "renamed": moved, "main": main, "other": other, "learned": learned}


def tell(kind: Twin, kept: Any, emails: tuple[str, ...], by: Coordinator, now: datetime, *, undone: bool = False) -> None:
    """Tell who is concerned, at each of their addresses: neither letter holds what could be somebody else's."""
    network = instance().network
    until = "" if undone else say_date(local(now + UNDONE_FOR).date())
    if kind == Twin.STRUCTURE:
        for member in kept.members:
            if member.left_at is None and member.kind == "structure" and not undone:
                outbox.post_to_address(letters.structures_merged(network, member.name, kept.name, by.name,
                                                                 space_url(member, now)), member.email, member.name, now)
        return
    if kept.left_at is not None:
        return
    for email in emails:
        other = next(one for one in emails if one != email)
        url = space_url(kept, now) if email == kept.email else ""
        main = "" if email == kept.email else masked(kept.email)
        letter = (letters.records_parted(network, masked(other), main, by.name, url) if undone else
                  letters.records_merged(network, masked(other), main, by.name, until, url))
        outbox.post_to_address(letter, email, "", now)
