"""Many messages at once: stored in one commit, read ahead, and the plain replies among them written in one transaction.

To be together only makes them quicker. What goes wrong with several undoes all they did, and each is taken by itself, as if it
had come alone: one that fails harms none of the others (decision 0011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial

from services import inbound

from . import private
from .ahead import Claimed, read_ahead
from .meaning import meaning
from .reading import Reading
from .receive import attempt, do, kept_going

#: Messages stored in one commit, and bytes of them, which are in memory meanwhile.
TOGETHER, TOGETHER_BYTES = 40, 8 * 1024 * 1024

_Waiting = list[tuple[inbound.Reply, bytes, Reading]]


def full(raws: Sequence[bytes]) -> bool:
    """True when as many messages wait as are kept in one commit."""
    return len(raws) >= TOGETHER or sum(map(len, raws)) >= TOGETHER_BYTES


def keep_all(raws: Sequence[bytes], carrier: str, now: datetime) -> list[Claimed | None]:
    """Store several messages, committed when this returns, and claim them for the caller, who has them understood
    (:func:`understand_all`). None for those that are private, and gone; without bytes for those known before.
    """
    gone = [private.taken(raw, now) for raw in raws]
    kept = [raw for raw, is_gone in zip(raws, gone, strict=True) if not is_gone]
    claimed = iter([(message_id, raw if mine else None)
                    for raw, (message_id, mine) in zip(kept, inbound.store_all(kept, carrier, now), strict=True)])
    return [None if is_gone else next(claimed) for is_gone in gone]


def understand_all(claimed: Iterable[Claimed], clock: Callable[[], datetime]) -> None:
    """Understand messages and do what they say, in their order; one that fails is tried again later by the clock."""
    waiting: _Waiting = []
    with closing(read_ahead(claimed)) as readings:
        for message_id, raw, reading in readings:
            if raw is not None and reading and (reply := _plain(message_id, raw, reading, clock())):
                waiting.append((reply, raw, reading))
                if full([raw for _, raw, _ in waiting]):
                    _write(waiting, clock())
                continue
            _write(waiting, clock())
            if raw is not None and reading:
                kept_going(message_id, clock(), partial(do, message_id, raw, reading, clock()))
            else:
                attempt(message_id, clock(), raw)
    _write(waiting, clock())


def _plain(message_id: int, raw: bytes, reading: Reading, now: datetime) -> inbound.Reply | None:
    """The reply of words alone that a message is, else None: it is taken by itself, and so it is if anything fails."""
    try:
        meant = meaning(message_id, raw, reading, now)
        return inbound.plain(meant) if isinstance(meant, inbound.Reply) else None
    except Exception:  # noqa: BLE001  said when it is taken by itself
        return None


def _write(waiting: _Waiting, now: datetime) -> None:
    """Write replies together; where that cannot be, each by itself."""
    left = list(waiting)
    waiting.clear()
    while left:
        try:
            done = inbound.take_replies([reply for reply, _, _ in left], now)
        except Exception:  # noqa: BLE001  said when each is taken by itself
            for reply, raw, reading in left:
                kept_going(reply.message_id, now, partial(do, reply.message_id, raw, reading, now))
            return
        left = left[done:]
