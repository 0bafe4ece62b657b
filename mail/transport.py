"""The wire: Flask-Mail opens the connection, with what it lacks (time-out, verified certificate), and sends bytes.

The four faults of Flask-Mail 0.10 this works around are told in reference email.md 2.3 and docs/decisions/0004-mail.md.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

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
        context = ssl.create_default_context()
        options = {"timeout": settings.MAIL_TIMEOUT, "local_hostname": settings.mail_domain}
        host: smtplib.SMTP
        if settings.MAIL_USE_SSL:
            host = smtplib.SMTP_SSL(settings.MAIL_SERVER, settings.MAIL_PORT, context=context, **options)
        else:
            host = smtplib.SMTP(settings.MAIL_SERVER, settings.MAIL_PORT, **options)
        try:
            if settings.MAIL_USE_TLS and not settings.MAIL_USE_SSL:
                host.starttls(context=context)
            if settings.MAIL_USERNAME:
                host.login(settings.MAIL_USERNAME, settings.MAIL_PASSWORD)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def send_bytes(self, envelope_from: str, recipient: str, raw: bytes) -> Delivery:
        """Hand one letter over. Never raises: every failure is a :class:`Delivery`, after which the connection serves on,
        unless it is ``closing``."""
        local, _, domain = recipient.rpartition("@")
        options = [f"size={len(raw)}"] if self.host.has_extn("size") else []
        if not local.isascii():
            if not self.host.has_extn("smtputf8"):
                # RFC 6531, 3.5: such an address needs a server that knows how to carry it.
                return Delivery(Stage.RECIPIENT, 553, "553 5.6.7 accents before the @, which this server cannot carry")
            options.append("SMTPUTF8")
        try:
            return self._hand_over(envelope_from, f"{local}@{ascii_domain(domain)}", raw, options)
        except (UnicodeError, ValueError) as error:
            return Delivery(Stage.RECIPIENT, 553, f"553 5.1.3 {type(error).__name__}")
        except (OSError, smtplib.SMTPException) as error:
            self.host.close()
            return Delivery(Stage.LOST, 0, name_of(error), begun=self._begun)

    def _hand_over(self, envelope_from: str, recipient: str, raw: bytes, options: list[str]) -> Delivery:
        host, self._begun = self.host, False
        code, said = host.mail(envelope_from, options)
        if code != 250:
            return self._refused(Stage.SENDER, code, said)
        code, said = host.rcpt(recipient)
        if code not in (250, 251):
            return self._refused(Stage.RECIPIENT, code, said)
        self._begun = True
        try:
            code, said = host.data(raw)
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, error.smtp_error
        if code != 250:
            return self._refused(Stage.CONTENT, code, said)
        return Delivery(Stage.ACCEPTED, code, _words(code, said))

    def _refused(self, stage: Stage, code: int, said: bytes) -> Delivery:
        if code == 421:
            self.host.close()
        elif code == -1:  # smtplib: what came was no reply at all
            raise smtplib.SMTPServerDisconnected("not an SMTP reply")
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
