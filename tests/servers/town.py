"""A town where everybody lives in a mail client: the network, a mail server, mailboxes, and people's programs."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from post import Received
from sqlalchemy import func, select
from warm import Forked, Warm

from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.inbound import InboundMessage, InboundState
from models.outbox import OutboxMessage
from services import delivery

from .clients import Clients
from .daemon import PATIENCE, listening, until
from .dovecot import Dovecot
from .postfix import PIPE_USER, ROOT, Postfix

FLASK = ("-m", "flask", "--app", str(ROOT / "app.py"))


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


class Commands:
    """What an operator runs beside the site to bring mail in."""

    def __init__(self, environ: Mapping[str, str], folder: Path, warm: Warm) -> None:
        self.environ, self.folder, self.warm = os.environ | environ, folder, warm
        self.running: list[Forked] = []

    def start(self, *words: str, ports: Sequence[int] = ()) -> None:
        """``flask inbox listen``, or ``watch``, until the end of the test; comes back when every port answers."""
        said = self.folder / f"{'-'.join(words)}.log"
        with said.open("wb") as log:
            process = self.warm.start(*FLASK, *words, environ=self.environ, stdout=log.fileno(), stderr=subprocess.STDOUT)
        self.running.append(process)
        until(lambda: process.poll() is not None or all(map(listening, ports)), f"{words}: {ports}")
        assert process.poll() is None, said.read_text("utf-8")

    def end(self) -> None:
        """Nothing runs any more; whoever does not end when it is asked is ended, and told."""
        for process in self.running:
            process.terminate()
        try:
            for process in self.running:
                process.wait(PATIENCE)
        finally:
            for process in self.running:
                process.kill()


class Town:
    """What the network writes leaves through Postfix; what people write comes back through its pipe."""

    def __init__(self, app, dovecot: Dovecot, postfix: Postfix, home: Path, waiting: Callable[[], object]) -> None:
        self.app, self.dovecot, self.postfix, self.home, self.waiting = app, dovecot, postfix, home, waiting
        self.clients = Clients(dovecot, postfix, home, self.round)

    def round(self) -> None:
        """Have the post go round until nothing moves: letters leave, come back when they must, and what follows leaves too."""
        for _ in range(10):
            self._hand_over()
            self.postfix.settled()
            self.dovecot.number_letters()
            until(lambda: not self.waiting(), "mail to be taken from where it waits")
            until(self._understood, "mail to be understood")
            with self.app.app_context():
                sent = 0
                while done := delivery.deliver_due(datetime.now(UTC)):
                    sent += done
            if not sent:
                return
        raise AssertionError("mail goes round and round")

    def _understood(self) -> bool:
        """A carrier answers once the bytes are kept, and may understand them a moment later."""
        with self.app.app_context():
            return not db.session.scalar(select(func.count()).where(InboundMessage.state == InboundState.RECEIVED.value))

    def _hand_over(self) -> None:
        """Let the pipe, which is not root, write where the application wrote."""
        folder = Path(self.app.extensions["ring"].settings.INSTANCE)
        uid, gid = pwd.getpwnam(PIPE_USER).pw_uid, grp.getgrnam("nogroup").gr_gid
        for path in (folder, *folder.rglob("*")):
            with contextlib.suppress(FileNotFoundError):  # a draft of a carrier at work, which has got its name since
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
        """What is in somebody's mailbox now, without waiting for what is on its way.

        In the order it was written: a server under load numbers a letter when somebody first looks at it, in any order.
        """
        with self.app.app_context():
            written = dict(db.session.execute(select(OutboxMessage.message_id, OutboxMessage.id)).all())
        letters = [_read(number, address, raw) for number, raw in enumerate(self.dovecot.folder_of(address))]
        return sorted(letters, key=lambda letter: written.get(headers(letter)["Message-ID"], len(written) + 1))

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

    def journal(self) -> str:
        """What went and came, a line each, as the instance knows it: to be read beside a failure."""
        with self.app.app_context():
            went = [f"-> {row.recipient} {row.letter} {row.state} {row.attempts} {row.created_at:%H:%M:%S.%f} "
                    f"due {row.due_at:%H:%M:%S.%f} {row.server_said}"
                    for row in db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]
            came = [f"<- {row.sender} {row.subject} {row.state} {row.reason} {row.received_at:%H:%M:%S.%f}"
                    for row in db.session.scalars(select(InboundMessage).order_by(InboundMessage.id))]
        return "\n".join([*went, *came])

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
    return Received(number, address, "", str(message_from_bytes(raw, policy=default)["Subject"]), raw)
