"""One letter handed to the mail server step by step, to say what it answered and what that means.

The connection is opened as it is for every letter (``mail/transport.py``); only what is told afterwards differs.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum

from .transport import Transport, VerifiedConnection


class Outcome(StrEnum):
    """What became of a trial. French words for each: ``commands/mail_words.py``."""

    ACCEPTED = "accepted"
    LATER = "later"
    NO_SUCH_SERVER = "no_such_server"
    REFUSED_CONNECTION = "refused_connection"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    NOT_A_MAIL_SERVER = "not_a_mail_server"
    NO_ENCRYPTION = "no_encryption"
    CERTIFICATE = "certificate"
    ENCRYPTION_FAILED = "encryption_failed"
    LOGIN_REFUSED = "login_refused"
    NO_LOGIN = "no_login"
    LOGIN_WANTED = "login_wanted"
    SENDER_REFUSED = "sender_refused"
    RELAY_DENIED = "relay_denied"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    MAILBOX_FULL = "mailbox_full"
    RECIPIENT_REFUSED = "recipient_refused"
    CONTENT_REFUSED = "content_refused"


@dataclass(frozen=True)
class Trial:
    """``said`` are the server's words with their code, or the error's; ``tls`` is the version ("TLSv1.3"), "" in clear."""

    outcome: Outcome
    said: str
    tls: str = ""


_UNKNOWN = re.compile(r"5\.1\.(?:0|1|2|3|6|10)\b|user unknown|unknown user|no such (?:user|recipient)|does(?:n.t| not) exist"
                      r"|mailbox (?:unavailable|not found)|inconnu", re.IGNORECASE)
_RELAY = re.compile(r"relay|not (?:local|permitted)|relais", re.IGNORECASE)
_LOGIN = re.compile(r"authenti|5\.7\.0|login", re.IGNORECASE)
_FULL = re.compile(r"5\.2\.2|quota|mailbox (?:is )?full", re.IGNORECASE)


def hand_over(transport: Transport, envelope_from: str, recipient: str, raw: bytes) -> Trial:
    """Hand ``raw`` to the mail server of the settings. Never raises for what the server or the network does."""
    try:
        host = VerifiedConnection(transport).configure_host()
    except (OSError, smtplib.SMTPException) as error:
        return Trial(*_no_connection(error))
    tls = host.sock.version() or "" if isinstance(host.sock, ssl.SSLSocket) else ""
    try:
        return Trial(*_dialogue(host, envelope_from, recipient, raw), tls)
    except (OSError, smtplib.SMTPException) as error:
        return Trial(*_no_connection(error), tls)
    finally:
        host.close()


def _dialogue(host: smtplib.SMTP, envelope_from: str, recipient: str, raw: bytes) -> tuple[Outcome, str]:
    host.ehlo_or_helo_if_needed()
    code, said = host.mail(envelope_from, [f"size={len(raw)}"] if host.has_extn("size") else [])
    if code != 250:
        return _refusal(code, said, Outcome.SENDER_REFUSED)
    code, said = host.rcpt(recipient)
    if code not in (250, 251):
        return _refusal(code, said, Outcome.RECIPIENT_REFUSED)
    try:
        code, said = host.data(raw)
    except smtplib.SMTPDataError as error:
        code, said = error.smtp_code, error.smtp_error
    if code != 250:
        return _refusal(code, said, Outcome.CONTENT_REFUSED)
    return Outcome.ACCEPTED, _words(code, said)


def _refusal(code: int, said: bytes | str, step: Outcome) -> tuple[Outcome, str]:
    words = _words(code, said)
    if code == -1:
        return Outcome.NOT_A_MAIL_SERVER, words
    if 400 <= code < 500:
        return Outcome.LATER, words
    if code == 530 or (step == Outcome.SENDER_REFUSED and _LOGIN.search(words)):
        return Outcome.LOGIN_WANTED, words
    if step == Outcome.RECIPIENT_REFUSED:
        for outcome, sign in ((Outcome.RELAY_DENIED, _RELAY), (Outcome.MAILBOX_FULL, _FULL),
                              (Outcome.UNKNOWN_RECIPIENT, _UNKNOWN), (Outcome.LOGIN_WANTED, _LOGIN)):
            if sign.search(words):
                return outcome, words
    return step, words


def _no_connection(error: Exception) -> tuple[Outcome, str]:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        outcome = Outcome.LATER if 400 <= error.smtp_code < 500 else Outcome.LOGIN_REFUSED
        return outcome, _words(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return (Outcome.NO_ENCRYPTION if "STARTTLS" in str(error) else Outcome.NO_LOGIN), str(error)
    if isinstance(error, smtplib.SMTPResponseException):
        outcome = Outcome.LATER if 400 <= error.smtp_code < 500 else Outcome.NOT_A_MAIL_SERVER
        return outcome, _words(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPServerDisconnected) and "timed out" in str(error):
        return Outcome.SILENT, str(error)
    for kind, outcome in (
            (ssl.SSLCertVerificationError, Outcome.CERTIFICATE), (ssl.SSLError, Outcome.ENCRYPTION_FAILED),
            (socket.gaierror, Outcome.NO_SUCH_SERVER), (ConnectionRefusedError, Outcome.REFUSED_CONNECTION),
            (TimeoutError, Outcome.SILENT), (smtplib.SMTPServerDisconnected, Outcome.NOT_A_MAIL_SERVER),
            (smtplib.SMTPException, Outcome.NO_LOGIN)):
        if isinstance(error, kind):
            said = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else str(error)
            return outcome, said or type(error).__name__
    return Outcome.UNREACHABLE, f"{type(error).__name__}: {error}"


def _words(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(f"{code} {words}".split())[:500]
