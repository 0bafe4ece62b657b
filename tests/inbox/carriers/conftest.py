"""A network whose answers arrive in a real mailbox, and a request for help whose coordinator answers."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send
from sqlalchemy import select

from inbox import apart
from models.base import db
from models.conversation import Message
from models.inbound import InboundMessage
from models.outbox import OutboxMessage
from services import mailbox_reply

MAILBOX = "reponses@ring.example"


@dataclass
class Mail:
    """Answers of the coordinator to one request, and what became of them."""

    app: object
    clock: object
    letter_id: int

    def answer(self, words: str, **headers: str) -> bytes:
        """The bytes of an answer, as a mail client sends them."""
        with self.app.app_context():
            raw = mailbox_reply.write_reply(db.session.get(OutboxMessage, self.letter_id), words, [], self.clock.now)
        return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()).encode() + raw

    @property
    def reply_address(self) -> str:
        from email import message_from_bytes
        from email.policy import default
        return message_from_bytes(self.answer("x"), policy=default)["To"].addresses[0].addr_spec

    def said(self) -> list[str]:
        """Words in conversations, in order."""
        with self.app.app_context():
            return list(db.session.scalars(select(Message.body).order_by(Message.id)))

    def kept(self) -> list[InboundMessage]:
        """Mail that was taken in, in order, with its bytes."""
        with self.app.app_context():
            rows = db.session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
            for row in rows:
                _ = row.raw
            db.session.expunge_all()
            return list(rows)


@pytest.fixture
def mail(app, client, post, clock) -> Mail:
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    return Mail(app, clock, post.last(COORDINATOR).id)


@pytest.fixture
def poison(monkeypatch):
    """Messages that say so are read badly; a child has less than a second."""
    module = importlib.import_module("tests.inbox.carriers.poison")
    # The package gives its function of that name to who imports it.
    monkeypatch.setattr(sys.modules["inbox.ahead"], "read_replies", module.read_replies)
    monkeypatch.setattr(apart, "LIMIT", 0.5)
    return module


@pytest.fixture
def mailbox(dovecot) -> str:
    """A mailbox that is there and empty."""
    dovecot.mailbox(MAILBOX)
    return MAILBOX


@pytest.fixture
def deliver(dovecot, mailbox):
    """Put messages in the mailbox, as a mail server does."""
    def put(*messages: bytes) -> None:
        for raw in messages:
            dovecot.deliver(raw, mailbox, "alix@ring.example")
    return put
