"""The post of a test: letters that left, read as a person reads them, and answered as a mail client answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from inbox import receive
from models.base import db
from models.outbox import OutboxBody, OutboxMessage
from services import delivery, mailbox_reply
from services.alerte import notices


def _letter(raw: bytes) -> OutboxMessage:
    return OutboxMessage(body=OutboxBody(raw=raw))


@lru_cache(maxsize=400)
def _text(raw: bytes) -> str:
    """A story asks for all its letters again and again: what is read of one is read once, when somebody looks at it."""
    return mailbox_reply.text_of(_letter(raw))


@lru_cache(maxsize=100)
def _html(raw: bytes) -> str:
    return mailbox_reply.html_of(_letter(raw))


@lru_cache(maxsize=100)
def _files(raw: bytes) -> tuple[tuple[str, str, bytes], ...]:
    return tuple(mailbox_reply.files_of(_letter(raw)))


@dataclass(frozen=True)
class Received:
    """A letter in somebody's mailbox."""

    id: int
    to: str
    letter: str
    subject: str
    raw: bytes

    @property
    def text(self) -> str:
        return _text(self.raw)

    @property
    def html(self) -> str:
        return _html(self.raw)

    @property
    def files(self) -> tuple[tuple[str, str, bytes], ...]:
        return _files(self.raw)

    def link(self, kind: str = "") -> str:
        """The path of the first link of that kind (``confirmer``, ``d``, ``coordination/ouvrir``), without its host."""
        found = re.search(rf"https?://[^/\s]+(/{kind}[^\s]*)", self.text)
        assert found, f"pas de lien {kind!r} dans {self.letter} :\n{self.text}"
        return found[1]


class Post:
    """Everything the network sent so far, in order."""

    def __init__(self, app, clock) -> None:
        self.app, self.clock = app, clock

    def all(self) -> list[Received]:
        """Have what is due delivered, then give every letter."""
        with self.app.app_context():
            while delivery.deliver_due(self.clock.now) or notices.send_due(self.clock.now):
                pass
            sent = select(OutboxMessage).options(joinedload(OutboxMessage.body)).order_by(OutboxMessage.id)
            rows = [*db.session.scalars(sent), *notices.captured()]
            return [Received(row.id, row.recipient, row.letter, row.subject, row.raw) for row in rows]

    def to(self, address: str) -> list[Received]:
        return [letter for letter in self.all() if letter.to == address]

    def last(self, address: str, letter: str = "") -> Received:
        """The latest letter to that address, of that name if one is given (``employer_agreed``)."""
        found = [item for item in self.to(address) if not letter or item.letter.endswith(f"/{letter}")]
        assert found, f"aucun courriel {letter} à {address} ; partis : {[(i.to, i.letter) for i in self.all()]}"
        return found[-1]

    def reply(self, to: Received, words: str, files: tuple[tuple[str, str, bytes], ...] = (), sender: str = "") -> int:
        """Answer a letter as its recipient, quoted text and all; ``sender`` writes from another address."""
        with self.app.app_context():
            row = db.session.get(OutboxMessage, to.id)
            raw = mailbox_reply.write_reply(row, words, list(files), self.clock.now)
            if sender:
                raw = re.sub(rb"(?m)^From: .*?\r\n(?=\S)", f"From: {sender}\r\n".encode(), raw, count=1)
            return receive(raw, "test", self.clock.now)
