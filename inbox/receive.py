"""The mail door: store the bytes, then understand them and call the verb they mean.

``receive(raw)`` returns once the bytes are committed, so that a carrier may tell its source "taken". What follows may
fail or be interrupted: the stored message is taken up again by the clock. Who brings many at once has them understood together
(``together.py``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic

from services import inbound

from . import private
from .ahead import read_now
from .apart import NotRead
from .meaning import meaning
from .reading import Reading

log = logging.getLogger(__name__)

#: Seconds a round of :func:`process_stored` begins new messages: letters that wait for the same worker leave meanwhile.
ROUND = 40.0


def keep(raw: bytes, carrier: str, now: datetime) -> int | None:
    """Store one message, for who has it understood later (:func:`attempt`). Gives its id; None where it is private, and gone."""
    return None if private.taken(raw, now) else inbound.store(raw, carrier, now)


def receive(raw: bytes, carrier: str = "pipe", now: datetime | None = None) -> int | None:
    """Take one RFC 5322 message in. Gives its id; the bytes are committed when this returns. None where it answers a neutral
    letter (``private.py``): nothing is stored of it.

    Never raises for what the message holds; an error of the database while storing is raised (the carrier tries again).
    """
    now = now or datetime.now(UTC)
    if private.taken(raw, now):
        return None
    message_id, mine = inbound.store_claimed(raw, carrier, now)
    attempt(message_id, now, raw if mine else None)
    return message_id


def attempt(message_id: int, now: datetime, claimed: bytes | None = None) -> None:
    """:func:`process`, for who has others to see to: a failure is logged without content, and the sweep tries again later.

    :param claimed: the bytes, where the caller claimed the message already.
    """
    kept_going(message_id, now, partial(process, message_id, now) if claimed is None else
               partial(_understand, message_id, claimed, now))


def kept_going(message_id: int, now: datetime, act: Callable[[], object]) -> None:
    """``act`` for a message; where that fails it is given back, and the caller goes on with the others."""
    try:
        act()
    except NotRead as failure:
        log.error("message %s could not be read: %s", message_id, failure)
        inbound.give_back(message_id, now)
    except Exception:
        log.exception("message %s could not be understood", message_id)
        inbound.give_back(message_id, now)


def process(message_id: int, now: datetime) -> None:
    """Understand a stored message and do what it says, once."""
    raw = inbound.claim(message_id, now)
    if raw is not None:
        _understand(message_id, raw, now)


def _understand(message_id: int, raw: bytes, now: datetime) -> None:
    do(message_id, raw, read_now(raw), now)


def do(message_id: int, raw: bytes, reading: Reading, now: datetime) -> None:
    """Do what a message that was read asks for, by itself."""
    try:
        meant = meaning(message_id, raw, reading, now)
        if isinstance(meant, inbound.Reply):
            inbound.take_reply(*meant, now)
        else:
            meant()
    except inbound.AlreadyTaken:
        inbound.ignore(message_id, reading.mail.message_id, inbound.ALREADY_TAKEN)


def process_stored(now: datetime) -> int:
    """Take up what was stored and never understood, what was tried least first; gives how many."""
    until, done = monotonic() + ROUND, 0
    for message_id in inbound.unprocessed(now):
        if monotonic() > until:
            break
        attempt(message_id, now)
        done += 1
    return done


def take_up(ids: list[int], now: datetime) -> None:
    """Understand stored messages, one failing without harm to the others; what fails stays for the sweep."""
    for message_id in ids:
        attempt(message_id, now)
