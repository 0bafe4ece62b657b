"""The same thing to several requests: say who takes care of them. Nothing that anybody outside would notice, and it undoes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from mail import outbox
from mail.letters import coordination as letters
from models.base import db, transaction
from models.desk import BulkAction
from models.dossier import Actor, Dossier
from models.instance import instance
from models.network import Coordinator
from models.states import Role

from ..acting import as_coordinator, lock
from ..errors import AlreadyDone, NotFound, Refused
from .presence import as_held

#: How long it can be undone; then it is forgotten.
KEPT = timedelta(days=1)
MOST = 50


def give(ids: list[int], to: str, by: Coordinator, now: datetime) -> int:
    """Give those requests to a coordinator ("" : to nobody), in one transaction; gives the number of what was done, to undo it.

    What ended meanwhile, and what they had already, is left as it is. Somebody else gets one letter with the list.

    :raises Refused: nothing was chosen, too much, or nobody who coordinates.
    """
    if not ids:
        raise Refused("Cochez au moins une demande.")
    if len(ids) > MOST:
        raise Refused(f"Cochez {MOST} demandes au plus.")
    colleague = instance().network.coordinator(to) if to else None
    if to and colleague is None:
        raise Refused("Choisissez une personne de la coordination.")
    with transaction():
        before: dict[str, str] = {}
        for dossier in _open(ids):
            if dossier.assigned_to.lower() == to.lower():
                continue
            before[str(dossier.id)] = dossier.assigned_to
            _assign(dossier, colleague, by, now)
        row = BulkAction(email=by.email.lower(), given_to=to, before=before, at=now)
        db.session.add(row)
        db.session.flush()
        _tell(colleague, by, [int(number) for number in before], now)
        return row.id


def _open(ids: list[int]) -> list[Dossier]:
    rows = db.session.scalars(select(Dossier).where(Dossier.id.in_(ids), Dossier.confirmed_at.is_not(None)).order_by(Dossier.id))
    return [lock(dossier) for dossier in rows.all() if not dossier.ended]


def _assign(dossier: Dossier, colleague: Coordinator | None, by: Coordinator, now: datetime) -> None:
    actor = Actor(Role.COORDINATOR, as_coordinator(dossier, by.email))
    if colleague is not None:
        as_coordinator(dossier, colleague.email)
    db.session.flush()
    dossier.assigned_to = colleague.email if colleague else ""
    dossier.record("given_back" if colleague is None else "taken" if colleague.email == by.email else "handed_over", actor, now)


def _tell(colleague: Coordinator | None, by: Coordinator, ids: list[int], now: datetime) -> None:
    if colleague is None or colleague.email.lower() == by.email.lower() or not ids:
        return
    letter = letters.entrusted(instance().network, colleague.name, by.name, [as_held(one) for one in _open(ids)])
    outbox.post_to_address(letter, colleague.email, colleague.name, now)


def done(number: int, me: str) -> BulkAction | None:
    """What that person did under that number, while it can be undone."""
    row = db.session.get(BulkAction, number)
    return row if row is not None and row.email == me.lower() and row.undone_at is None else None


def undo(number: int, by: Coordinator, now: datetime) -> int:
    """Give each request back to who had it, but those that moved on since; gives how many.

    :raises NotFound: not theirs, or too old. :raises AlreadyDone: undone before.
    """
    with transaction():
        row = db.session.get(BulkAction, number, with_for_update=True, populate_existing=True)
        if row is None or row.email != by.email.lower():
            raise NotFound("Cela ne peut plus se défaire.")
        if row.undone_at is not None:
            raise AlreadyDone("C’est déjà défait.")
        row.undone_at = now
        back = [dossier for dossier in _open([int(one) for one in row.before])
                if dossier.assigned_to.lower() == row.given_to.lower()]
        for dossier in back:
            dossier.assigned_to = row.before[str(dossier.id)]
            dossier.record("bulk_undone", Actor(Role.COORDINATOR, as_coordinator(dossier, by.email)), now)
        colleague = instance().network.coordinator(row.given_to) if row.given_to else None
        if back and colleague is not None and colleague.email.lower() != by.email.lower():
            letter = letters.no_longer_entrusted(instance().network, colleague.name, by.name, [one.reference for one in back])
            outbox.post_to_address(letter, colleague.email, colleague.name, now)
        return len(back)


def purge(now: datetime) -> int:
    """Forget what can no longer be undone; gives how many."""
    with transaction():
        return db.session.execute(delete(BulkAction).where(BulkAction.at < now - KEPT)).rowcount
