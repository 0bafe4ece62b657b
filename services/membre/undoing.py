"""A merge undone: what it changed is as before, and nothing of what people did since is touched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from models.address import SecondAddress
from models.base import db, transaction
from models.dossier import Dossier
from models.merge import Merge, Twin
from models.network import Coordinator
from models.structure import Membre

from ..donnees.space import close_links
from ..errors import AlreadyDone, NotFound, Refused
from .compared import RECORDS
from .merging import UNDONE_FOR, tell
from .tied import BY_ADDRESS, move_seats, of_plain, record, rename, tied_to, values_of


def recent(now: datetime) -> list[tuple[Merge, str]]:
    """The merges that can be undone, the latest first, each with the name of what it made."""
    rows = db.session.scalars(select(Merge).where(Merge.at > now - UNDONE_FOR, Merge.undone_at.is_(None))
                              .order_by(Merge.id.desc())).all()
    kept = {(kind, one.id): one.name for kind, record_of in RECORDS.items() if (
        numbers := [row.kept_id for row in rows if row.kind == kind]) for one in db.session.scalars(
            select(record_of).where(record_of.id.in_(numbers)))}
    return [(row, kept[row.kind, row.kept_id]) for row in rows if (row.kind, row.kept_id) in kept]


def undo(number: int, by: Coordinator, now: datetime) -> None:
    """Make two of them again, each as it was; what was changed since the merge stays as it is.

    :raises NotFound: no such merge. :raises AlreadyDone: at the second press.
    :raises Refused: too late, or another merge stands on this one.
    """
    with transaction() as session:
        row = session.get(Merge, number, with_for_update=True)
        if row is None:
            raise NotFound("Cette réunion de deux fiches n’existe plus.")
        if row.undone_at is not None:
            raise AlreadyDone("C’est déjà défait.")
        kind = Twin(row.kind)
        kept = session.get(RECORDS[kind], row.kept_id)
        later = session.scalar(select(Merge.id).where(Merge.kind == row.kind, Merge.id > row.id, Merge.undone_at.is_(None), (
            Merge.kept_id == row.kept_id) | (Merge.gone_id == row.kept_id)))
        if kept is None or row.at < now - UNDONE_FOR:
            raise Refused("Il est trop tard pour défaire cette réunion.")
        if later:
            raise Refused("Défaites d’abord la réunion plus récente de cette fiche.")
        before = row.before
        emails = _give_address_back(kept, before, now) if kind == Twin.MEMBRE else ()
        _give_values_back(kind, kept, before)
        session.flush()
        _tied_again(kind, row, before)
        row.undone_at, row.before = now, {}
        session.flush()
        session.expire_all()
        kept = session.get(RECORDS[kind], row.kept_id)
        if kind == Twin.MEMBRE:
            for adhesion in filter(None, (before["kept"]["adhesion_id"], before["gone"]["adhesion_id"])):
                record(adhesion, "records_parted", by, now)
        tell(kind, kept, emails, by, now, undone=True)


def _give_address_back(kept: Membre, before: dict[str, Any], now: datetime) -> tuple[str, ...]:
    main, other = before["main"], before["other"]
    if db.session.scalar(select(Membre.id).where(Membre.email == other, Membre.id != kept.id)):
        raise Refused("L’adresse de l’autre fiche est maintenant celle d’un membre\u00a0: cette réunion ne se défait plus.")
    if kept.email == main:
        move_seats(main, other, now, before["seats"])
    for column in BY_ADDRESS:
        rename(column, main, other, before["renamed"][f"{column.table.name}.{column.name}"])
    if before["learned"]:
        db.session.execute(delete(SecondAddress).where(SecondAddress.email == main, SecondAddress.other == other))
    close_links(main, now)
    return (main, other)


def _give_values_back(kind: Twin, kept: Any, before: dict[str, Any]) -> None:
    """The record that stayed gets back what the merge changed in it and nobody changed since; the other one is there again."""
    now_values = values_of(kept)
    for name, written in before["wrote"].items():
        if now_values[name] == written:
            setattr(kept, name, of_plain(kind, name, before["kept"][name]))
    db.session.flush()
    made = RECORDS[kind]
    db.session.add(made(**{name: of_plain(kind, name, value) for name, value in before["gone"].items()}))


def _tied_again(kind: Twin, row: Merge, before: dict[str, Any]) -> None:
    for column in tied_to(kind):
        [own] = column.table.primary_key.columns
        numbers = before["tied"].get(f"{column.table.name}.{column.name}", [])
        db.session.execute(update(column.table).where(own.in_(numbers), column == row.kept_id).values({column: row.gone_id}))
    for number in before.get("next_hosts", []):
        dossier = db.session.get(Dossier, number)
        if dossier is not None:
            dossier.answers = dossier.answers | {"next_hosts": [
                row.gone_id if one == row.kept_id else one for one in dossier.answers.get("next_hosts") or []]}


def forget(now: datetime) -> int:
    """Remove the merges that cannot be undone any more; gives how many. For the hourly job."""
    with transaction() as session:
        return session.execute(delete(Merge).where(Merge.at < now - UNDONE_FOR)).rowcount
