"""A real SMTP server on loopback, that does as it is told."""

from __future__ import annotations

import asyncio
import socket

from aiosmtpd.smtp import SMTP, Envelope, Session


class Server:
    """Keeps what it accepts. ``answers`` are given to the next letters, one each; then all is accepted."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}
        self.pause = 0.0
        self.tries = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.tries += 1
        if self.pause:
            await asyncio.sleep(self.pause)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2"):
            self.received.append(envelope)
        return answer

    def ids(self) -> list[str]:
        """Message-IDs of what was accepted, in order."""
        return [line.split()[1].decode() for envelope in self.received for line in envelope.original_content.split(b"\r\n")
                if line.lower().startswith(b"message-id:")]
