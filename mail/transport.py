"""The wire: Flask-Mail opens the connection, with what it lacks (time-out, verified certificate), and sends bytes.

The four faults of Flask-Mail 0.10 this works around are told in reference email.md 2.3 and docs/decisions/0004-mail.md.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from flask import Flask
from flask_mail import Connection, Mail

from config import Settings

from .mime import ascii_domain


class Stage(StrEnum):
    """How far a letter went on the wire: the same code means another thing at each step (RFC 5321, 4.3.2)."""

    SENDER = "sender"
    """Our envelope sender was not taken: MAIL FROM."""
    RECIPIENT = "recipient"
    """The address of the person was not taken: RCPT TO."""
    CONTENT = "content"
    """The letter itself was not taken: DATA."""
    ACCEPTED = "accepted"
    LOST = "lost"
    """The connection broke before an answer came: the server may have taken the letter."""


#: What each of the three commands of a letter must be answered (RFC 5321, 4.3.2).
_EXPECTED = ((Stage.SENDER, (250,)), (Stage.RECIPIENT, (250, 251)), (Stage.CONTENT, (354,)))


@dataclass(frozen=True)
class Delivery:
    """What the server said of one letter; ``code`` is its reply code, 0 when none came."""

    stage: Stage
    code: int
    said: str
    begun: bool = False
    """Lost while the letter itself was on the wire, or after: asked again, it may arrive twice."""

    @property
    def accepted(self) -> bool:
        return self.stage == Stage.ACCEPTED

    @property
    def closing(self) -> bool:
        """Nothing more can be said on this connection (421: RFC 5321, 3.8)."""
        return self.stage == Stage.LOST or self.code == 421


class ServerUnavailable(Exception):
    """No connection to the mail server, or it does not let us in: nothing that a recipient could do about.

    ``said`` is what it answered, or the name of the error.
    """

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class VerifiedConnection(Connection):
    """A connection that never waits for ever and never talks to a server it cannot name."""

    def configure_host(self) -> smtplib.SMTP:
        settings: Settings = self.mail.settings
        options = {"timeout": settings.MAIL_TIMEOUT, "local_hostname": settings.mail_domain}
        host: smtplib.SMTP
        if settings.MAIL_USE_SSL:
            host = smtplib.SMTP_SSL(settings.MAIL_SERVER, settings.MAIL_PORT, context=self.mail.verified, **options)
        else:
            host = smtplib.SMTP(settings.MAIL_SERVER, settings.MAIL_PORT, **options)
        try:
            if settings.MAIL_USE_TLS and not settings.MAIL_USE_SSL:
                host.starttls(context=self.mail.verified)
            if settings.MAIL_USERNAME:
                host.login(settings.MAIL_USERNAME, settings.MAIL_PASSWORD)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def send_bytes(self, envelope_from: str, recipient: str, raw: bytes,
                   meanwhile: Callable[[], None] = lambda: None) -> Delivery:
        """Hand one letter over. Every failure is a :class:`Delivery`, after which the connection serves on, unless it is
        ``closing``.

        :param meanwhile: called while the server thinks about the envelope, always before any byte of the letter leaves;
            the only thing that may raise, and then the letter is not sent and the connection is closed.
        """
        host, self._begun = self.host, False
        local, _, domain = recipient.rpartition("@")
        options = f" size={len(raw)}" if host.has_extn("size") else ""
        host.command_encoding = "ascii"
        if not local.isascii():
            if not host.has_extn("smtputf8"):
                # RFC 6531, 3.5: such an address needs a server that knows how to carry it.
                return Delivery(Stage.RECIPIENT, 553, "553 5.6.7 accents before the @, which this server cannot carry")
            options, host.command_encoding = f"{options} SMTPUTF8", "utf-8"
        try:
            to = f"{local}@{ascii_domain(domain)}"
            if re.search(r"[\s<>]", envelope_from + to):
                raise ValueError(to)
        except (UnicodeError, ValueError) as error:
            return Delivery(Stage.RECIPIENT, 553, f"553 5.1.3 {type(error).__name__}")
        try:
            commands = [f"MAIL FROM:<{envelope_from}>{options}", f"RCPT TO:<{to}>", "DATA"]
            return self._hand_over(commands, raw, meanwhile)
        except (OSError, smtplib.SMTPException) as error:
            host.close()
            return Delivery(Stage.LOST, 0, name_of(error), begun=self._begun)

    def _hand_over(self, commands: list[str], raw: bytes, meanwhile: Callable[[], None]) -> Delivery:
        host, answers = self.host, self._ask(commands, meanwhile)
        for (code, said), (stage, expected) in zip(answers, _EXPECTED, strict=False):
            if code not in expected:
                if len(answers) == len(commands) and answers[-1][0] == 354:
                    # Commands were read ahead, and the letter of nobody is waited for (RFC 2920, 3.1).
                    host.send(".\r\n")
                    host.getreply()
                return self._refused(stage, code, said)
        self._begun = True
        # RFC 5321, 4.5.2: a dot that begins a line is doubled.
        lines = (b"." if raw.startswith(b".") else b"") + raw.replace(b"\n.", b"\n..")
        # In one go: a small last packet would wait for the answer to the one before (Nagle).
        host.send(lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"))
        code, said = host.getreply()
        return Delivery(Stage.ACCEPTED, code, _words(code, said)) if code == 250 else self._refused(Stage.CONTENT, code, said)

    def _ask(self, commands: list[str], meanwhile: Callable[[], None]) -> list[tuple[int, bytes]]:
        """The server's answers, as many as it gave before it had enough: all commands in one go where it reads ahead (RFC 2920),
        two round trips less for each letter."""
        ahead, answers = self.host.has_extn("pipelining"), []
        self.host.send("".join(f"{command}\r\n" for command in (commands if ahead else commands[:1])))
        try:
            meanwhile()
        except BaseException:
            self.host.close()
            raise
        for command, (_, expected) in zip(commands, _EXPECTED, strict=True):
            if not ahead and answers:
                self.host.send(f"{command}\r\n")
            answers.append(self.host.getreply())
            code = answers[-1][0]
            if code in (421, -1) or (not ahead and code not in expected):
                break
        return answers

    def _refused(self, stage: Stage, code: int, said: bytes) -> Delivery:
        if code == -1:  # smtplib: what came was no reply at all
            raise smtplib.SMTPServerDisconnected("not an SMTP reply")
        if code == 421:
            self.host.close()
        else:
            self.host.rset()
        return Delivery(stage, code, _words(code, said))

    def close(self) -> None:
        """Take leave; a server that is gone already is no error."""
        with suppress(OSError, smtplib.SMTPException):
            self.__exit__(None, None, None)


def name_of(error: Exception) -> str:
    """An error of the network in a line: its reply if the server gave one, else its name."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"[:500]


def _words(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(f"{code} {words}".split())[:500]


class Transport(Mail):
    """Flask-Mail, configured from the instance's settings."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.settings = settings
        super().__init__(app)

    @cached_property
    def verified(self) -> ssl.SSLContext:
        """Who the server must prove to be; read once, since the authorities of the system take 17 ms to read."""
        return ssl.create_default_context()

    def connect(self) -> VerifiedConnection:
        """A connection ready for letters.

        :raises ServerUnavailable: no server there, no encryption, a certificate that is not its own, a password it refuses.
        """
        connection = VerifiedConnection(self)
        try:
            connection.__enter__()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnavailable(name_of(error)) from error
        return connection


def transport(app: Flask) -> Transport:
    """The transport of ``app``."""
    return app.extensions["transport"]
