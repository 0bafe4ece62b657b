"""The wire: Flask-Mail opens the connection, with what it lacks (time-out, verified certificate), and sends bytes.

The four faults of Flask-Mail 0.10 this works around are told in reference email.md 2.3 and docs/decisions/0004-mail.md.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass

from flask import Flask
from flask_mail import Connection, Mail

from config import Settings


@dataclass(frozen=True)
class Delivery:
    """What the server said. ``accepted``: it took the letter; ``permanent``: asking again is useless."""

    accepted: bool
    permanent: bool
    said: str


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
        except BaseException:
            host.close()
            raise
        return host

    def send_bytes(self, envelope_from: str, recipient: str, raw: bytes) -> Delivery:
        """Hand one letter over. Never raises: every failure is a :class:`Delivery`."""
        try:
            self.host.sendmail(envelope_from, [recipient], raw)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[recipient]
            return _failure(code, said)
        except smtplib.SMTPResponseException as error:
            return _failure(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return Delivery(False, False, f"{type(error).__name__}: {error}"[:500])
        return Delivery(True, False, "250")


def _failure(code: int, said: bytes | str) -> Delivery:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return Delivery(False, 500 <= code < 600, f"{code} {words}"[:500])


class Transport(Mail):
    """Flask-Mail, configured from the instance's settings."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.settings = settings
        super().__init__(app)

    def connect(self) -> VerifiedConnection:
        return VerifiedConnection(self)


def transport(app: Flask) -> Transport:
    """The transport of ``app``."""
    return app.extensions["transport"]
