"""A town where everybody lives in a mail client: the network, a mail server, mailboxes, and people's programs."""

from __future__ import annotations

import grp
import os
import pwd
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from post import Received
from sqlalchemy import select

from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.inbound import InboundMessage
from models.outbox import OutboxMessage
from services import courrier

from .clients import Clients
from .dovecot import Dovecot
from .postfix import PIPE_USER, Postfix


class Today:
    """The true time: programs that know no other take part."""

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Taken:
    """A message that came in."""

    state: str
    reason: str
    raw: bytes


class Town:
    """What the network writes leaves through Postfix; what people write comes back through its pipe."""

    def __init__(self, app, dovecot: Dovecot, postfix: Postfix, home: Path) -> None:
        self.app, self.dovecot, self.postfix, self.home = app, dovecot, postfix, home
        self.clients = Clients(dovecot, postfix, home, self.round)

    def round(self) -> None:
        """Have the post go round until nothing moves: letters leave, come back when they must, and what follows leaves too."""
        for _ in range(10):
            self._hand_over()
            self.postfix.settled()
            with self.app.app_context():
                sent = 0
                while done := courrier.deliver_due(datetime.now(UTC)):
                    sent += done
            if not sent:
                return
        raise AssertionError("mail goes round and round")

    def _hand_over(self) -> None:
        """Let the pipe, which is not root, write where the application wrote."""
        folder = Path(self.app.extensions["ring"].settings.INSTANCE)
        uid, gid = pwd.getpwnam(PIPE_USER).pw_uid, grp.getgrnam("nogroup").gr_gid
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, gid)

    def mailbox(self, address: str) -> list[Received]:
        """Every letter in somebody's mailbox, as the server keeps it."""
        self.round()
        return self.kept(address)

    def last(self, address: str, _letter: str = "") -> Received:
        """The latest letter in that mailbox."""
        found = self.mailbox(address)
        assert found, f"no letter for {address}\n{self.postfix.log()}"
        return found[-1]

    def kept(self, address: str) -> list[Received]:
        """What is in somebody's mailbox now, without waiting for what is on its way."""
        return [_read(number, address, raw) for number, raw in enumerate(self.dovecot.folder_of(address))]

    def taken(self) -> list[Taken]:
        """What came in, in order, with what became of it."""
        self.round()
        with self.app.app_context():
            return [Taken(row.state, row.reason, row.raw)
                    for row in db.session.scalars(select(InboundMessage).order_by(InboundMessage.id))]

    def outcomes(self, address: str) -> list[str]:
        """The state of each letter to that address, in order."""
        self.round()
        with self.app.app_context():
            return list(db.session.scalars(select(OutboxMessage.state).where(OutboxMessage.recipient == address)
                                           .order_by(OutboxMessage.id)))

    def said(self) -> list[str]:
        """The words of the conversations, in order, as they were kept."""
        self.round()
        with self.app.app_context():
            return list(db.session.scalars(select(Message.body).order_by(Message.id)))

    def state(self, reference_start: str = "") -> str:
        """The state of the latest dossier whose reference begins so."""
        self.round()
        with self.app.app_context():
            return db.session.scalar(select(Dossier.state).where(Dossier.reference.startswith(reference_start))
                                     .order_by(Dossier.id.desc()).limit(1))


def headers(mail: Received | Taken) -> EmailMessage:
    """A mail as a program reads it."""
    return message_from_bytes(mail.raw, policy=default)


def reply_address(letter: Received) -> str:
    """Where an answer to that letter goes."""
    return headers(letter)["Reply-To"].addresses[0].addr_spec


def _read(number: int, address: str, raw: bytes) -> Received:
    message = message_from_bytes(raw, policy=default)
    text, html = (body.get_content() if body else "" for body in (message.get_body((kind,)) for kind in ("plain", "html")))
    files = tuple((part.get_filename() or "", part.get_content_type(), part.get_content()) for part in message.iter_attachments())
    return Received(number, address, "", str(message["Subject"]), text, html, raw, files)
