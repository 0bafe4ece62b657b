"""People who answer by mail: their mail programs write the headers, and the tests read what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from bs4 import BeautifulSoup
from cast import AIDE, CLAUDE, COORDINATOR, DEPUTY, IMMERSION, NOA, STRUCTURE, confirm, send
from sqlalchemy import select

from inbox import receive
from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.inbound import InboundMessage
from models.journal import JournalEntry
from models.network import Coordinator
from models.outbox import OutboxMessage
from services import mailbox_reply

THIRD = "camille@ring.example"


@dataclass
class Story:
    """A request for help of Noa's, with Alix who coordinates, and what a test asks of it."""

    app: object
    client: object
    post: object
    clock: object
    reference: str = "AIDE-2027-0001"

    def asked(self) -> Story:
        send(self.client, "/aide", AIDE)
        confirm(self.client, self.post, NOA)
        return self

    def says(self, address: str, words: str, letter: str = "", files: tuple = (), sender: str = "", headers: dict | None = None,
             minutes: float = 1) -> InboundMessage:
        """That person answers their latest letter (of that name), a minute later."""
        self.clock.advance(minutes=minutes)
        with self.app.app_context():
            row = db.session.get(OutboxMessage, self.post.last(address, letter).id)
            raw = mailbox_reply.write_reply(row, words, list(files), self.clock.now)
            for name, value in ({"From": sender} if sender else {}).items() | (headers or {}).items():
                raw = re.sub(rb"(?mi)^" + name.encode() + rb":.*?\r\n(?=\S)", b"", raw, count=1, flags=re.DOTALL)
                raw = f"{name}: {value}\r\n".encode() + raw
            return db.session.get(InboundMessage, receive(raw, "test", self.clock.now))

    @property
    def dossier(self) -> Dossier:
        db.session.expire_all()
        return db.session.scalar(select(Dossier).where(Dossier.reference == self.reference))

    @property
    def state(self) -> str:
        with self.app.app_context():
            return self.dossier.state

    @property
    def holder(self) -> str:
        with self.app.app_context():
            return self.dossier.assigned_to

    @property
    def journal(self) -> list[str]:
        with self.app.app_context():
            return [entry.kind for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))]

    @property
    def notes(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(Message.body).where(Message.is_note).order_by(Message.id)))

    @property
    def words(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(Message.body).where(~Message.is_note).order_by(Message.id)))

    def told(self, address: str, letter: str = "") -> str:
        """The latest letter to that address, on one line with ordinary spaces."""
        return " ".join(self.post.last(address, letter).text.split())

    def count(self, address: str, letter: str = "") -> int:
        return len([item for item in self.post.to(address) if item.letter.endswith(f"/{letter}" if letter else "")])

    def headers(self, address: str, letter: str = "") -> EmailMessage:
        return message_from_bytes(self.post.last(address, letter).raw, policy=default)


def with_network(app, *more: Coordinator, without: str = "") -> None:
    """Have the network of the application hold other coordinators."""
    ring = app.extensions["ring"]
    people = tuple(c for c in ring.network.coordinators if c.email != without) + more
    if not any(c.default for c in people):
        people = (replace(people[0], default=True), *people[1:])
    app.extensions["ring"] = replace(ring, network=replace(ring.network, coordinators=people))


def camille(name: str = "Camille Tierce") -> Coordinator:
    return Coordinator(name, THIRD, "", (), ("entraide",), "", (), False)


def undo_offered(story: Story, address: str = COORDINATOR) -> str:
    """The words a confirmation gives to go back, with a link that prepares them."""
    letter = story.post.last(address, "command_done")
    link = BeautifulSoup(letter.html, "html5lib").select_one('a[href^="mailto:"]')
    if link is None:
        return ""
    assert "body=" in link["href"] and "subject=Re" in link["href"]
    return link.text.replace("\u00a0", " ")


def immersion_asked(app, client, post, clock) -> Story:
    """Noa has asked for an immersion and confirmed."""
    send(client, "/immersion", IMMERSION)
    confirm(client, post, NOA)
    return Story(app, client, post, clock, "IMM-2027-0001")


def structure_joined(app, client, post, clock) -> Story:
    """Claude's structure joined, by mail but for its form; an immersion is to be asked for."""
    story = Story(app, client, post, clock, "IMM-2027-0001")
    send(client, "/rejoindre/structure", STRUCTURE)
    story.says(CLAUDE, "oui", "address_to_confirm")
    story.says(COORDINATOR, "/accepter\nBienvenue")
    return story


__all__ = ["COORDINATOR", "DEPUTY", "NOA", "THIRD", "Story", "camille", "immersion_asked", "structure_joined", "undo_offered",
           "with_network"]
