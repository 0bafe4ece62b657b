"""Addresses that do not work: no letter leaves for them, theirs are held, and they are written to again once they work.

An address stops at the first answer that says it does not exist, or after :data:`SOFT_LIMIT` letters that came back for
other reasons within :data:`SOFT_WITHIN` (reference email.md 1.4, 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, func, select, update

from mail import outbox
from models.base import after_commit, ask, db, run, transaction
from models.delivery import DeliveryEvent, Outcome, StoppedAddress
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.outbox import OutboxMessage, OutboxState
from models.states import Role

from . import telling

SOFT_LIMIT = 5
SOFT_WITHIN = timedelta(days=35)
#: What counts towards stopping an address that nobody says is wrong: distinct letters that did not get through.
_SOFT = (Outcome.BOUNCED_SOFT.value, Outcome.REFUSED.value, Outcome.GIVEN_UP.value)

#: Asked of every mail that comes in: made once (models/statements.py).
_STOPPED = select(StoppedAddress.__table__.c.email).where(StoppedAddress.__table__.c.email == bindparam("address"))


def stopped_among(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses nothing is sent to, in lower case; none where all mail goes to one address anyway."""
    if instance().settings.MAIL_REDIRECT_TO:
        return set()
    wanted = {address.lower() for address in addresses}
    return set(db.session.scalars(select(StoppedAddress.email).where(StoppedAddress.email.in_(wanted),
                                                                     StoppedAddress.lifted_at.is_(None))))


def works_since(email: str) -> datetime | None:
    """When that address was last found to work again after it had been stopped."""
    return db.session.scalar(select(StoppedAddress.lifted_at).where(StoppedAddress.email == email.lower()))


def stop(letter: OutboxMessage, email: str, because: Outcome, now: datetime) -> None:
    """Send nothing more to ``email``, which did not take ``letter``; inside a transaction.

    The letter is held with those that came back before, and the coordinators of its request are told, once.
    """
    made = run(_stop, address=email.lower(), at=now, why=because.value, words=letter.server_said).first()
    _hold([letter.id, *(_came_back(email, now) if because != Outcome.BOUNCED_HARD else [])])
    db.session.refresh(letter)
    if made is None or letter.dossier is None:
        return
    letter.dossier.record("address_stopped", Actor(Role.CLOCK, letter.participant, "clock"), now)
    telling.tell_stopped(letter, stopped_among, because, now)


def _stop(insert):
    row = insert(StoppedAddress.__table__).values(email=bindparam("address"), stopped_at=bindparam("at"),
                                                  because=bindparam("why"), said=bindparam("words"), lifted_at=None)
    # Given back only by who stops it: the second of two that learn it at once has nothing to tell.
    return row.on_conflict_do_update(
        index_elements=["email"], where=StoppedAddress.lifted_at.is_not(None),
        set_={name: row.excluded[name] for name in ("stopped_at", "because", "said", "lifted_at")}
    ).returning(StoppedAddress.email)


def too_many_came_back(email: str, now: datetime) -> bool:
    """True when so many letters to that address came back that it is no accident."""
    return len(_came_back(email, now)) >= SOFT_LIMIT


def _came_back(email: str, now: datetime) -> list[int]:
    since = now - SOFT_WITHIN
    if works := works_since(email):
        since = max(since, works)
    return list(db.session.scalars(select(DeliveryEvent.outbox_message_id).distinct().where(
        DeliveryEvent.email == email.lower(), DeliveryEvent.outcome.in_(_SOFT), DeliveryEvent.at > since,
        DeliveryEvent.outbox_message_id.is_not(None))))


def _hold(ids: list[int]) -> None:
    """Keep letters for the day the address works: those of a request, written to the address its person has there."""
    whose = select(func.lower(Participant.email)).where(Participant.id == OutboxMessage.participant_id).scalar_subquery()
    db.session.execute(update(OutboxMessage).where(
        OutboxMessage.id.in_(ids), OutboxMessage.state.in_([OutboxState.FAILED.value, OutboxState.SENDING.value]),
        func.lower(OutboxMessage.recipient) == whose).values(state=OutboxState.HELD.value, lease_until=None)
        .execution_options(synchronize_session=False))


def lift(email: str, now: datetime) -> int:
    """Write to ``email`` again, held letters first; inside a transaction. Gives how many letters leave."""
    row = db.session.get(StoppedAddress, email.lower())
    if row is None or row.lifted_at is not None:
        return 0
    row.lifted_at = now
    held = db.session.scalars(select(OutboxMessage).where(
        OutboxMessage.state == OutboxState.HELD.value, func.lower(OutboxMessage.recipient) == email.lower())
        .order_by(OutboxMessage.id)).all()
    for letter in held:
        let_go(letter, now)
    for dossier, person in _whose(email):
        dossier.record("address_lifted", Actor(Role.CLOCK, person, "clock"), now)
    return len(held)


def let_go(letter: OutboxMessage, now: datetime) -> None:
    """Have a held letter sent as if it were new; inside a transaction."""
    letter.state, letter.due_at, letter.lease_until = OutboxState.DUE.value, now, None
    letter.attempts, letter.first_tried_at, letter.server_said = 0, None, ""
    after_commit(current_app.extensions[outbox.WAKE])


def _whose(email: str) -> list[tuple[Dossier, Participant]]:
    """Each request whose journal says that the address had stopped, with the person."""
    people = db.session.scalars(select(Participant).where(func.lower(Participant.email) == email.lower())
                                .order_by(Participant.id))
    found = [(person.dossier, person) for person in people]
    return [(dossier, person) for dossier, person in found
            if any(e.kind == "address_stopped" and e.participant_id == person.id for e in dossier.journal)]


def answers_again(email: str, now: datetime) -> None:
    """A person wrote from ``email``: if it was stopped, it is written to again."""
    if email and ask(_STOPPED, address=email.lower()).first() and stopped_among({email}):
        with transaction():
            lift(email, now)
