"""The listener: a mail server delivers to us, over LMTP (RFC 2033) or SMTP (RFC 5321).

It answers 250 once the message is committed, and not before: what it did not answer, the server delivers again. It takes
mail for addresses of our domain only, so that nothing can be sent through it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from inbox.receive import attempt, keep
from services import inbound

if TYPE_CHECKING:
    from config import Listener

log = logging.getLogger(__name__)

#: Seconds between two signs of life.
SIGN_OF_LIFE = 300.0
#: Longer lines than RFC 5321 (4.5.3.1.6) allows are written by real programs, and hold real words.
LINE_BYTES = 1024 * 1024
STORING, UNDERSTANDING = 4, 2
_RETURN_PATH = re.compile(rb"^return-path:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_ADDRESS = re.compile(r"[^\s@<>\r\n]{1,64}@([^\s@<>]{1,253})")


class _Lmtp(LMTP):
    """aiosmtpd's LMTP, with one answer for each recipient after the message (RFC 2033, 4.2)."""

    line_length_limit = LINE_BYTES
    _owed = 0

    async def push(self, status: str | bytes) -> None:
        if isinstance(status, str) and status.startswith("354"):
            self._owed = len(self.envelope.rcpt_tos)
        elif self._owed:
            status, self._owed = "\r\n".join([str(status)] * self._owed), 0
        await super().push(status)


class _Smtp(SMTP):
    line_length_limit = LINE_BYTES


class Door:
    """What is answered to a mail server (aiosmtpd calls these by their names)."""

    def __init__(self, app: Flask, name: str, storing: ThreadPoolExecutor, understanding: ThreadPoolExecutor) -> None:
        self.app, self.name, self.storing, self.understanding = app, name, storing, understanding
        self.domain = app.extensions["ring"].settings.mail_domain.lower()

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str,
                          _options: list[str]) -> str:
        """Our own addresses only; ``postmaster`` alone is ours too (RFC 5321, 4.5.1)."""
        if address.lower() == "postmaster":
            address = f"postmaster@{self.domain}"
        found = _ADDRESS.fullmatch(address)
        if not found or found[1].lower() != self.domain:
            return f"550 5.7.1 Relaying denied: only addresses of {self.domain} are taken here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """250 after the commit; 451 when it could not be committed, so that the server keeps the message."""
        raw = with_envelope(envelope.original_content or b"", envelope.mail_from or "", envelope.rcpt_tos)
        loop = asyncio.get_running_loop()
        try:
            message_id = await loop.run_in_executor(self.storing, self._act, keep, raw, self.name)
        except Exception as error:  # noqa: BLE001  whatever happened, the mail server keeps the message
            log.error("a message could not be stored: %s", type(error).__name__)
            return "451 4.3.0 Not stored, please try again later"
        # On its way to be understood nobody waits for it; what is lost by a crash is taken up by the clock.
        if message_id is not None:
            self.understanding.submit(self._act, attempt, message_id)
        return "250 2.0.0 OK: stored"

    def sign_of_life(self) -> None:
        """Note that somebody listens."""
        self._act(inbound.note_success, self.name)

    def _act(self, verb: Callable, *args: object) -> object:
        with self.app.app_context():
            return verb(*args, self.app.extensions["clock"]())


def with_envelope(raw: bytes, mail_from: str, recipients: list[str]) -> bytes:
    """The message with its envelope written on top, as final delivery does (RFC 5321, 4.4): tokens may be there only.

    A ``Return-Path`` that came along is not the envelope's, and goes.
    """
    end = _BLANK_LINE.search(raw)
    head, rest = (raw[:end.end()], raw[end.end():]) if end else (raw, b"")
    lines = [f"Return-Path: <{mail_from}>", *(f"Delivered-To: {address}" for address in dict.fromkeys(recipients))]
    written = "".join(re.sub(r"[\r\n]", "", line) + "\r\n" for line in lines)
    return written.encode("utf-8", "surrogateescape") + _RETURN_PATH.sub(b"", head) + rest


async def listen(app: Flask, listener: Listener, ready: Callable[[], None] = lambda: None) -> None:
    """Take mail in until SIGTERM or SIGINT; then end what was begun. ``ready`` is called once the address is listened on.

    :raises OSError: the address cannot be listened on.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    settings = app.extensions["ring"].settings
    name = "lmtp" if listener.lmtp else "smtp"
    # aiosmtpd writes envelopes in its log: addresses of people.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with ThreadPoolExecutor(STORING) as storing, ThreadPoolExecutor(UNDERSTANDING) as understanding:
        door = Door(app, name, storing, understanding)

        def session() -> SMTP:
            return (_Lmtp if listener.lmtp else _Smtp)(
                door, data_size_limit=settings.inbox_max_bytes, enable_SMTPUTF8=True, hostname=settings.mail_domain, ident="Ring",
                loop=loop)
        server = await loop.create_server(session, listener.host, listener.port)
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, stop.set)
        async with server:
            ready()
            while not stop.is_set():
                try:
                    await loop.run_in_executor(storing, door.sign_of_life)
                except Exception as error:  # noqa: BLE001  it listens all the same, and answers 451
                    log.error("the sign of life could not be noted: %s", type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), SIGN_OF_LIFE)
        understanding.shutdown(cancel_futures=True)
