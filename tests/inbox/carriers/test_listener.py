"""A mail server delivers to ``flask inbox listen``: 250 is a promise. The real command, and smtplib's LMTP and SMTP."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from cast import COORDINATOR
from house.tree import ROOT
from ports import free_port
from servers.daemon import listening, until
from servers.postfix import LMTP_DOMAIN
from setting import databases
from warm import Warm

from inbox import process_stored
from inbox.carriers.listener import with_envelope
from models.base import db
from models.inbound import CarrierState

ELSEWHERE = "quelquun@ailleurs.example"


COMMAND = ("-m", "flask", "--app", "app", "inbox", "listen")


class Listening:
    """``flask inbox listen`` in a process of its own, which starts an interpreter where nobody is ``warm``."""

    def __init__(self, environ: dict[str, str], scheme: str, warm: Warm | None, port: int = 0) -> None:
        self.port, self.scheme = port or free_port(), scheme
        environ = os.environ | environ | {"RING_INBOX_LISTEN": f"{scheme}://127.0.0.1:{self.port}"}
        if warm:
            self.process = warm.start(*COMMAND, environ=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        else:
            self.process = subprocess.Popen([sys.executable, *COMMAND], cwd=ROOT, env=environ, text=True,
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        until(lambda: listening(self.port) or self.process.poll() is not None, "the listener")

    def __enter__(self) -> Listening:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.process.stdout.closed:
            self.end(signal.SIGKILL)

    def session(self) -> smtplib.SMTP:
        kind = smtplib.LMTP if self.scheme == "lmtp" else smtplib.SMTP
        return kind("127.0.0.1", self.port, timeout=300)

    def deliver(self, raw: bytes, *to: str, sender: str = COORDINATOR) -> dict:
        with self.session() as session:
            return session.sendmail(sender, to, raw)

    def end(self, signum: int = signal.SIGTERM) -> int:
        self.process.send_signal(signum)
        try:
            return self.process.wait(120)
        finally:
            self.process.kill()
            self.said = self.process.stdout.read()
            self.process.stdout.close()


@pytest.fixture
def listener(environ, warm):
    started = []

    def start(scheme: str = "lmtp", warm: Warm | None = warm) -> Listening:
        started.append(Listening(environ, scheme, warm))
        return started[-1]
    yield start
    for each in started:
        each.__exit__()


def without_token(raw: bytes) -> bytes:
    """The answer as a server that rewrites its header leaves it: what it answers is in the envelope alone."""
    raw = re.sub(rb"(?m)^To: .*(?:\r\n[ \t].*)*\r\n", b"To: reseau@ring.example\r\n", raw, count=1)
    return re.sub(rb"(?m)^(In-Reply-To|References): .*(?:\r\n[ \t].*)*\r\n", b"", raw)


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("scheme", ["lmtp", "smtp"])
def test_an_answer_is_kept_before_250_and_enters_the_conversation_its_envelope_names(listener, mail, scheme):
    server = listener(scheme)
    raw = without_token(mail.answer("Par l’enveloppe"))
    assert mail.reply_address.encode() not in raw
    assert server.deliver(raw, mail.reply_address) == {}
    (row,) = mail.kept()
    assert row.raw == f"Return-Path: <{COORDINATOR}>\r\nDelivered-To: {mail.reply_address}\r\n".encode() + raw
    assert row.carrier == scheme
    until(lambda: mail.said() == ["Par l’enveloppe"], "the conversation")
    assert server.end() == 0


@databases("sqlite", "postgresql")
def test_the_same_message_delivered_by_several_at_once_is_one(listener, mail):
    server, raw = listener(), mail.answer("Une fois")
    refused = []

    def deliver() -> None:
        try:
            refused.append(server.deliver(raw, mail.reply_address))
        except Exception as error:
            refused.append(error)
    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [{}] * 6
    until(lambda: mail.said() == ["Une fois"], "the conversation")
    assert len(mail.kept()) == 1


def test_a_listener_killed_right_after_250_has_kept_the_message(app, listener, mail, clock):
    server = listener()
    server.deliver(mail.answer("Gardée"), mail.reply_address)
    server.end(signal.SIGKILL)
    with app.app_context():
        process_stored(clock.now + timedelta(minutes=10))
    assert mail.said() == ["Gardée"]


def test_a_database_in_trouble_is_451_and_the_next_delivery_is_taken(app, listener, mail):
    server = listener()
    _rename(app, "inbound_message", "elsewhere")
    with pytest.raises(smtplib.SMTPDataError) as refused:
        server.deliver(mail.answer("Plus tard"), mail.reply_address)
    assert refused.value.smtp_code == 451
    _rename(app, "elsewhere", "inbound_message")
    server.deliver(mail.answer("Plus tard"), mail.reply_address)
    until(lambda: mail.said() == ["Plus tard"], "the conversation")


def _rename(app, before: str, after: str) -> None:
    with app.app_context():
        db.session.execute(db.text(f"ALTER TABLE {before} RENAME TO {after}"))
        db.session.execute(db.text("COMMIT"))


@pytest.mark.parametrize("scheme", ["lmtp", "smtp"])
def test_it_is_no_open_relay(listener, mail, scheme):
    server = listener(scheme)
    for address in (ELSEWHERE, "x@sub.ring.example", "x@ring.example.ailleurs.example", "x%ailleurs.example@autre.example"):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            server.deliver(mail.answer("x"), address)
        assert refused.value.recipients[address][0] == 550
    assert mail.kept() == []
    assert server.deliver(mail.answer("x"), mail.reply_address, ELSEWHERE) == {
        ELSEWHERE: (550, b"5.7.1 Relaying denied: only addresses of ring.example are taken here")}
    (row,) = mail.kept()
    assert ELSEWHERE.encode() not in row.raw


def test_postmaster_has_an_address_without_a_domain(listener, mail):
    server = listener()
    with server.session() as session:
        session.ehlo_or_helo_if_needed()
        session.mail(ELSEWHERE)
        assert session.rcpt("postmaster")[0] == 250


def test_27_mo_are_refused_552_to_each_recipient_and_the_session_goes_on(listener, mail):
    server = listener()
    large = mail.answer("Trop") + b"A" * 70 + (b"\r\n" + b"A" * 70) * (27 * 1024 * 1024 // 72)
    with server.session() as session:
        with pytest.raises(smtplib.SMTPSenderRefused) as announced:
            session.sendmail(COORDINATOR, [mail.reply_address], large)
        assert announced.value.smtp_code == 552, "announced by SIZE= (RFC 1870): refused before it travels"
    with server.session() as session:
        session.ehlo_or_helo_if_needed()
        session.mail(COORDINATOR)
        for address in (mail.reply_address, "aide@ring.example"):
            session.rcpt(address)
        session.putcmd("data")
        assert session.getreply()[0] == 354
        session.send(large + b"\r\n.\r\n")
        assert [session.getreply()[0] for _ in range(2)] == [552, 552], "one answer for each recipient (RFC 2033, 4.2)"
        assert session.noop()[0] == 250
        session.mail(COORDINATOR)
        for address in (mail.reply_address, "aide@ring.example"):
            session.rcpt(address)
        session.putcmd("data")
        assert session.getreply()[0] == 354
        session.send(mail.answer("Assez court").replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        assert [session.getreply()[0] for _ in range(2)] == [250, 250]
    (row,) = mail.kept()
    assert row.raw.count(b"Delivered-To:") == 2


def test_lines_longer_than_the_rule_and_bytes_of_any_kind_are_taken(listener, mail):
    server = listener()
    raw = mail.answer("Ligne").replace(b"\r\n\r\n", b"\r\nX-Long: " + b"a" * 60_000 + b"\r\n\r\n", 1)
    raw += b"\xff\xfe\x00 " + b"b" * 60_000
    assert server.deliver(raw, mail.reply_address) == {}
    assert raw in mail.kept()[0].raw


def test_it_shows_that_it_listens(app, listener, clock):
    listener()
    with app.app_context():
        until(lambda: db.session.rollback() or db.session.get(CarrierState, "lmtp"), "a sign of life")
        assert db.session.get(CarrierState, "lmtp").last_success_at


def test_an_address_that_is_taken_is_told(environ, warm):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        done = warm.run(*COMMAND, environ=os.environ | environ | {"RING_INBOX_LISTEN": f"lmtp://127.0.0.1:{port}"})
    assert done.returncode == 1
    assert done.stderr.startswith("INBOX_LISTEN") and "Traceback" not in done.stderr


def test_nobody_is_named_in_what_it_says(listener, mail):
    server = listener(warm=None)  # from the first word of its interpreter
    server.deliver(mail.answer("Mots"), mail.reply_address)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        server.deliver(mail.answer("Mots"), ELSEWHERE)
    server.end()
    assert server.said == f"À l’écoute en LMTP sur 127.0.0.1:{server.port}.\n"


@pytest.mark.parametrize(("raw", "wanted"), [
    (b"From: a@b\r\n\r\nReturn-Path: <corps>\r\n", b"From: a@b\r\n\r\nReturn-Path: <corps>\r\n"),
    (b"Return-Path: <faux@x>\r\nFrom: a@b\r\n\r\nx", b"From: a@b\r\n\r\nx"),
    (b"From: a@b\r\nreturn-path:\r\n <faux@x>\r\nTo: c\r\n\r\nx", b"From: a@b\r\nTo: c\r\n\r\nx"),
    (b"", b""), (b"sans fin", b"sans fin"),
])
def test_the_envelope_is_written_on_top_and_a_return_path_that_came_along_goes(raw, wanted):
    assert with_envelope(raw, "", ["b@c", "b@c"]) == b"Return-Path: <>\r\nDelivered-To: b@c\r\n" + wanted


def test_an_envelope_cannot_bring_a_header_of_its_own():
    assert b"\nBcc" not in with_envelope(b"x", "a@b>\r\nBcc: <c", ["d@e\r\nBcc: f"])


def test_postfix_delivers_and_keeps_what_could_not_be_stored(app, environ, mail, post, postfix, clock, warm):
    """The lines of docs/runbook.md: ``lmtp:inet:…``, and nothing lost while the network is away."""
    domain = {"RING_MAIL_DOMAIN": LMTP_DOMAIN}
    with Listening(environ | domain, "lmtp", warm, postfix.lmtp_port) as server:
        to = mail.reply_address.replace("ring.example", LMTP_DOMAIN)
        postfix.send(mail.answer("Tout de suite"), COORDINATOR, to)
        until(lambda: mail.said() == ["Tout de suite"], "the conversation")
        assert f"Return-Path: <{COORDINATOR}>".encode() in mail.kept()[0].raw
        assert server.end() == 0
    postfix.send(mail.answer("Pendant l’absence"), COORDINATOR, to)
    until(lambda: "Connection refused" in postfix.log(), "a try that failed")
    postfix.deferred(1)
    assert len(mail.kept()) == 1
    with Listening(environ | domain, "lmtp", warm, postfix.lmtp_port):
        until(lambda: postfix.flush() or mail.said() == ["Tout de suite", "Pendant l’absence"], "what waited")
        postfix.settled()
