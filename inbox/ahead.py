"""Reading in the child: one message now, or the next ones of many while the present one is dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from time import monotonic

from models.instance import instance
from services import inbound

from .apart import NotRead, Question, apart
from .reading import Reading, read_replies

#: Messages read by one trip to a child, and bytes of them: a trip costs as much as reading a short one.
PIECE, PIECE_BYTES = 40, 4 * 1024 * 1024

Claimed = tuple[int, bytes | None]
"""A message's id and its bytes; None where somebody else may have it."""


def read_now(raw: bytes) -> Reading:
    """What one message says.

    :raises NotRead:
    """
    return apart(read_replies, [(raw, inbound.letter_answered(raw))], instance().settings.mail_domain)[0]


def read_ahead(claimed: Iterable[Claimed]) -> Iterator[tuple[int, bytes | None, Reading | None]]:
    """Each message in order, with what it says; a few are read while those before them are dealt with.

    Without a reading where one of those it was read with could not be read; without its bytes where somebody else may have it.
    """
    before: _Piece | None = None
    try:
        for piece in chain(map(_Piece, _pieces(claimed)), [None]):
            present, before = before, piece
            if present is not None:
                yield from present.read()
    finally:
        if before is not None:
            before.question.drop()


def _pieces(claimed: Iterable[Claimed]) -> Iterator[list[Claimed]]:
    piece: list[Claimed] = []
    for one in claimed:
        piece.append(one)
        if len(piece) >= PIECE or sum(len(raw or b"") for _, raw in piece) >= PIECE_BYTES:
            yield piece
            piece = []
    if piece:
        yield piece


class _Piece:
    """Messages that a child is reading."""

    def __init__(self, claimed: list[Claimed]) -> None:
        self.claimed = claimed
        mails = [(raw, inbound.letter_answered(raw)) for _, raw in claimed if raw is not None]
        self.question = Question(read_replies, mails, instance().settings.mail_domain)
        self.ours_until = monotonic() + inbound.LEASE.total_seconds() / 2

    def read(self) -> Iterator[tuple[int, bytes | None, Reading | None]]:
        try:
            readings = iter(self.question.answer())
        except NotRead:
            readings = iter(())
        for message_id, raw in self.claimed:
            reading = None if raw is None else next(readings, None)
            yield (message_id, raw, reading) if monotonic() < self.ours_until else (message_id, None, None)
