"""A real SMTP server on loopback, that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from ports import free_port

from app import create_app
from models.base import db


class Server:
    """Keeps what it accepts. ``answers`` are given to the next letters, one each; then all is accepted.

    ``senders`` are given to the next MAIL FROM; ``most`` letters are taken on one connection, then it closes;
    ``connections`` counts those that were opened; ``largest`` is the longest letter it takes;
    ``before`` is called each time a whole letter has come, before anything is said of it.
    """

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}
        self.pause = 0.0
        self.tries = 0
        self.senders: list[str] = []
        self.connections = 0
        self.most = 0
        self.carries_accents = False
        self.reads_ahead = False
        self.largest = 33554432
        self.before: Callable[[], object] = lambda: None
        self.port = free_port()

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str,
                          responses: list[str]) -> list[str]:
        self.connections += 1
        session.host_name, session.carried = hostname, 0
        return [responses[0], *(["250-PIPELINING"] if self.reads_ahead else []), *responses[1:]]

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.senders and not (answer := self.senders.pop(0)).startswith("2"):
            return answer
        if self.most and session.carried >= self.most:
            return "421 4.7.0 enough for one connection"
        session.carried += 1
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.tries += 1
        self.before()
        if self.pause:
            await asyncio.sleep(self.pause)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "cut":
            server.transport.abort()
            return "250 too late"
        if answer.startswith("2"):
            self.received.append(envelope)
        return answer

    def ids(self) -> list[str]:
        """Message-IDs of what was accepted, in order."""
        return [line.split()[1].decode() for envelope in self.received for line in envelope.original_content.split(b"\r\n")
                if line.lower().startswith(b"message-id:")]


@contextmanager
def listening(server: Server) -> Iterator[Server]:
    """The server answers on its port until the end of the block."""
    controller = Controller(server, hostname="127.0.0.1", port=server.port, enable_SMTPUTF8=server.carries_accents,
                            data_size_limit=server.largest)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def through(port: int, **settings: str) -> dict[str, str]:
    """Settings of an application whose letters leave through the server on ``port``."""
    return {"RING_MAIL_SERVER": "127.0.0.1", "RING_MAIL_PORT": str(port), "RING_MAIL_USE_TLS": "false", **settings}


@contextmanager
def sending_app(environ: dict[str, str], port: int, clock, **settings: str) -> Iterator[Flask]:
    """Such an application, its context open."""
    app = create_app({**environ, **through(port, **settings)}, testing=True)
    app.extensions["clock"] = clock
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
