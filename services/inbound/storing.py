"""Mail that arrives is stored before anything else, claimed by one reader at a time, then marked with what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, inspect, or_, select, update
from sqlalchemy.exc import IntegrityError

from models.base import ask, connection, db, insert_row, run, transaction
from models.inbound import InboundBody, InboundMessage, InboundState

from .. import digest

#: After this many failures a message is set aside, and the rest goes on.
TRIES = 3
#: Somebody who claimed a message and died gives it back after this long.
LEASE = timedelta(minutes=5)
#: Waits between tries.
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5))
UNREADABLE = "ce courriel n’a pas pu être lu"
ALREADY_TAKEN = "déjà reçu"

_MAIL = InboundMessage.__table__.c
#: Asked of every mail: made once (models/statements.py).
_MINE = InboundMessage.__table__.alias("mine")
_STORED = select(_MAIL.id).where(_MAIL.dedupe_key == bindparam("key"))
#: Of mails that bear the same Message-ID, one that was dealt with: by another carrier, for the same participant, or of the
#: same sender. What is taken up again after a wait does not know its own copies, which were ignored for its sake.
_TAKEN = select(_MAIL.id).where(
    _MAIL.message_id == bindparam("name"), _MAIL.id != bindparam("me"), _MINE.c.id == bindparam("me"),
    _MINE.c.state == InboundState.RECEIVED.value, _MAIL.state != InboundState.RECEIVED.value,
    or_(_MAIL.state != InboundState.IGNORED.value, _MAIL.reason != ALREADY_TAKEN),
    or_(_MAIL.carrier != _MINE.c.carrier,
        and_(_MAIL.participant_id == bindparam("whose"), _MAIL.state == InboundState.DONE.value),
        and_(_MAIL.sender == bindparam("who"), _MAIL.state != InboundState.IGNORED.value))).limit(1)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_DONE_WITH = update(InboundMessage.__table__).where(_MAIL.id == bindparam("me")).values(
    state=bindparam("now_state"), reason=bindparam("why"), message_id=bindparam("name"),
    subject=func.coalesce(bindparam("about", type_=_MAIL.subject.type), _MAIL.subject),
    participant_id=func.coalesce(bindparam("whose", type_=_MAIL.participant_id.type), _MAIL.participant_id))


class AlreadyTaken(Exception):
    """The same mail came by another way and was dealt with: nothing of this one is done."""


def store(raw: bytes, carrier: str, now: datetime) -> int:
    """Keep the bytes of a message; the same message twice is kept once. Gives its id, committed."""
    return _kept_once(raw, carrier, now)[0]


def store_claimed(raw: bytes, carrier: str, now: datetime) -> tuple[int, bool]:
    """:func:`store` and :func:`claim` in one commit, for who understands a message as soon as it is kept: its id, and
    whether it is theirs. A message known before is somebody's already, or dealt with."""
    return _kept_once(raw, carrier, now, lease_until=now + LEASE, attempts=1)


def store_all(raws: Sequence[bytes], carrier: str, now: datetime) -> list[tuple[int, bool]]:
    """:func:`store_claimed` of several messages, all in one commit."""
    keys = [dedupe_key(raw) for raw in raws]
    try:
        with transaction():
            return [_kept(key, raw, carrier, now, lease_until=now + LEASE, attempts=1)
                    for key, raw in zip(keys, raws, strict=True)]
    except IntegrityError:
        return [store_claimed(raw, carrier, now) for raw in raws]


def _kept_once(raw: bytes, carrier: str, now: datetime, **claimed: object) -> tuple[int, bool]:
    key = dedupe_key(raw)
    try:
        with transaction():
            return _kept(key, raw, carrier, now, **claimed)
    except IntegrityError:
        # Two carriers brought it at once, and the other one was faster: it is kept.
        if (known := stored(key)) is None:
            raise
        return known, False


def _kept(key: str, raw: bytes, carrier: str, now: datetime, **claimed: object) -> tuple[int, bool]:
    if (known := stored(key)) is not None:
        return known, False
    return new_message(key, raw, carrier, now, **claimed).id, True


def dedupe_key(raw: bytes) -> str:
    """What makes two deliveries of the same bytes one message."""
    return hashlib.sha256(raw).hexdigest()


def stored(key: str) -> int | None:
    """The id of the message of that :func:`dedupe_key`, if it was taken in."""
    return ask(_STORED, key=key).scalar()


def new_message(key: str, raw: bytes, carrier: str, now: datetime, **more: object) -> InboundMessage:
    """A message that was never seen, written with its id; inside a transaction."""
    row = InboundMessage(**{"state": InboundState.RECEIVED.value, **more}, dedupe_key=key, received_at=now, carrier=carrier)
    insert_row(row)
    insert_row(InboundBody(inbound_message_id=row.id, raw=raw))
    return row


def claim(message_id: int, now: datetime) -> bytes | None:
    """The bytes of a message still to be understood, its try counted first; None when it is dealt with, or being read.

    After :data:`TRIES` failures it is set aside: one poisonous message never blocks the others.
    """
    with transaction():
        row = db.session.scalar(select(InboundMessage).where(InboundMessage.id == message_id)
                                .with_for_update(skip_locked=True))
        if row is None or row.state != InboundState.RECEIVED or (row.lease_until and row.lease_until > now):
            return None
        row.lease_until = now + LEASE
        row.attempts += 1
        if row.attempts > TRIES:
            put_aside(row.id, row.message_id, UNREADABLE, now, row.sender, row.subject)
            return None
        return row.raw


def unprocessed(now: datetime) -> list[int]:
    """Messages stored and not yet understood: never read, or read by somebody who died (the program stopped in between).

    Those that failed come last: what was never tried does not wait for them.
    """
    return list(db.session.scalars(
        select(InboundMessage.id).where(
            InboundMessage.state == InboundState.RECEIVED.value, InboundMessage.received_at < now - timedelta(seconds=30),
            or_(InboundMessage.lease_until.is_(None), InboundMessage.lease_until <= now))
        .order_by(InboundMessage.attempts, InboundMessage.id)))


def give_back(message_id: int, now: datetime) -> None:
    """Have a message whose reading failed taken up again later, after a longer wait each time; set it aside after the last."""
    with transaction():
        row = db.session.get(InboundMessage, message_id)
        if row is None or row.state != InboundState.RECEIVED:
            return
        if row.attempts >= TRIES:
            put_aside(row.id, row.message_id, UNREADABLE, now, row.sender, row.subject)
        else:
            row.lease_until = now + BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]


def ignore(message_id: int, mail_id: str, reason: str) -> None:
    """An automatic message: kept, attached to nothing, never answered."""
    with transaction():
        mark(message_id, mail_id, InboundState.IGNORED, reason)


def set_aside(message_id: int, mail_id: str, reason: str, now: datetime, sender: str, subject: str) -> None:
    """Keep apart what a person must look at; a coordinator is told (services/digest.py)."""
    with transaction():
        refuse_taken(message_id, mail_id)
        put_aside(message_id, mail_id, reason, now, sender, subject)


def put_aside(message_id: int, mail_id: str, reason: str, now: datetime, sender: str, subject: str) -> None:
    """:func:`set_aside`, inside a transaction."""
    mark(message_id, mail_id, InboundState.QUARANTINED, reason)
    row = db.session.get(InboundMessage, message_id)
    row.sender, row.subject = sender[:254], subject[:300]
    if person := digest.whom_to_tell():
        digest.tell(person.email, person.name, "Un courriel n’a pas trouvé son échange. Il est gardé, rien n’est perdu.", now,
                    inbound=row)


def mark(message_id: int, mail_id: str, state: InboundState, reason: str, participant_id: int | None = None,
         subject: str | None = None) -> None:
    """Write down what became of a message; inside a transaction.

    :param subject: what is answered keeps it in that person's mail program (mail/threads.py); None: as it was.
    """
    row = db.session.identity_map.get(inspect(InboundMessage).identity_key_from_primary_key((message_id,)))
    if row is None:  # nobody holds it: one statement, without reading it
        run(_DONE_WITH, me=message_id, now_state=state.value, why=reason[:300], name=mail_id[:300],
            about=None if subject is None else subject[:300], whose=participant_id or None)
        return
    row.state, row.reason, row.message_id = state.value, reason[:300], mail_id[:300]
    row.subject = row.subject if subject is None else subject[:300]
    row.participant_id = participant_id or row.participant_id


def mark_once(message_id: int, mail_id: str, state: InboundState, reason: str, participant_id: int | None = None,
              subject: str | None = None) -> None:
    """:func:`refuse_taken`, then :func:`mark`: for what became of a mail when it was first understood.

    :raises AlreadyTaken:
    """
    refuse_taken(message_id, mail_id, participant_id=participant_id)
    mark(message_id, mail_id, state, reason, participant_id, subject)


def refuse_taken(message_id: int, mail_id: str, *, participant_id: int | None = None, sender: str | None = None) -> None:
    """Undo the open transaction where the same mail came by another way, its bytes differing by what servers add, and was dealt
    with: before, or while this one was being read.

    Within one carrier the same Message-ID may come several times for good reasons (a copy for each of two conversations): it
    is the same mail then if it is for the same participant, or of the same sender where no conversation expects it.

    :raises AlreadyTaken:
    """
    if not mail_id:
        return
    name = mail_id[:300]
    if connection().dialect.name == "postgresql":
        # Who deals with the other one at this instant is waited for; with SQLite there is one writer at a time.
        run(_ONE_AT_A_TIME, name=name)
    if ask(_TAKEN, name=name, me=message_id, whose=participant_id, who=sender):
        raise AlreadyTaken()
