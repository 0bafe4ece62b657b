"""``flask mail test``: a real letter to a real server (of this test), and its answer explained."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from relay import Server

from app import create_app
from commands.mail_words import EXPLAINED
from mail.addresses import read_address
from mail.trial import Outcome
from models.typography import french

TO = "camille@ailleurs.example"
PASSWORD = "a-password-for-tests-only"


class Talking(Server):
    """A server that answers each step as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.sender_answer = "250 OK"
        self.helo_answer = ""

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.sender_answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.sender_answer

    def check(self, server, session, envelope, mechanism, data):
        right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=right, handled=right)


@pytest.fixture
def start():
    """Start such a server, with options of its protocol."""
    running = []

    def begin(**options) -> Talking:
        server = Talking()
        if options.pop("login", False):
            options |= {"authenticator": server.check, "auth_required": True}
        controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
        controller.start()
        running.append(controller)
        return server
    yield begin
    for controller in running:
        controller.stop()


@pytest.fixture
def run(environ):
    """Run the command against a port, with settings in small letters: ``use_tls="true"``."""
    def invoke(port: int, **settings: str):
        names = {"server": "127.0.0.1", "port": str(port), "use_tls": "false", "timeout": "30"} | settings
        app = create_app({**environ, **{f"RING_MAIL_{name.upper()}": value for name, value in names.items()}}, testing=True)
        return app.test_cli_runner().invoke(args=["mail", "test", TO])
    return invoke


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of its own for 127.0.0.1: ``(file of the certificate, context of a server)``."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return str(folder / "cert.pem"), context


def _says(done, outcome: Outcome, code: int = 1) -> None:
    happened, todo = EXPLAINED[outcome]
    assert (done.exit_code, french(happened) in done.output, french(todo) in done.output) == (code, True, True), done.output
    assert "Traceback" not in done.output and not done.stderr


def test_each_outcome_is_explained_in_french_and_says_what_to_do():
    assert set(EXPLAINED) == set(Outcome)
    for happened, todo in EXPLAINED.values():
        assert happened.endswith(".") and todo.endswith((".", "».")), (happened, todo)


def test_a_letter_that_is_taken(run, start):
    server = start()
    server.answers = ["250 2.0.0 Ok: queued as 4F2A"]
    done = run(server.port)
    _says(done, Outcome.ACCEPTED, 0)
    assert "250 2.0.0 Ok: queued as 4F2A" in done.output, "the server's own words: they find the letter in its log"
    assert "Chiffrement\u00a0: aucun" in done.output
    envelope, = server.received
    assert envelope.rcpt_tos == [TO] and envelope.mail_from.startswith("retour+")
    assert read_address(envelope.mail_from, "a-secret-for-tests-only-0123456789abcdef").bounce
    letter = message_from_bytes(envelope.original_content, policy=default)
    assert letter["Subject"] == "Essai d’envoi" and letter["From"].addresses[0].addr_spec == "reseau@ring.example"


def test_the_version_of_the_encryption_is_said(run, start, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    done = run(start(tls_context=certificate[1]).port, use_tls="true")
    _says(done, Outcome.ACCEPTED, 0)
    assert "Chiffrement\u00a0: TLSv1.3" in done.output


def test_a_certificate_nobody_vouches_for(run, start, certificate):
    server = start(tls_context=certificate[1])
    done = run(server.port, use_tls="true")
    _says(done, Outcome.CERTIFICATE)
    assert "self-signed" in done.output and server.received == []


def test_a_certificate_for_another_name(run, start, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    _says(run(start(tls_context=certificate[1]).port, server="localhost", use_tls="true"), Outcome.CERTIFICATE)


@pytest.mark.parametrize(("step", "answer", "outcome", "code"), [
    ("recipient", "550 5.1.1 <camille@ailleurs.example>: User unknown", Outcome.UNKNOWN_RECIPIENT, 1),
    ("recipient", "550 No such user here", Outcome.UNKNOWN_RECIPIENT, 1),
    ("recipient", "554 5.7.1 <camille@ailleurs.example>: Relay access denied", Outcome.RELAY_DENIED, 1),
    ("recipient", "550 5.7.1 Unable to relay", Outcome.RELAY_DENIED, 1),
    ("recipient", "552 5.2.2 Mailbox full", Outcome.MAILBOX_FULL, 1),
    ("recipient", "550 5.7.0 Authentication needed", Outcome.LOGIN_WANTED, 1),
    ("recipient", "550 5.7.1 Blocked by policy", Outcome.RECIPIENT_REFUSED, 1),
    ("recipient", "450 4.2.0 Greylisted, see you later", Outcome.LATER, 75),
    ("sender", "553 5.7.1 Sender address rejected: not owned by user", Outcome.SENDER_REFUSED, 1),
    ("sender", "530 5.7.0 Must issue a STARTTLS command first", Outcome.LOGIN_WANTED, 1),
    ("sender", "421 4.7.0 Too many connections", Outcome.LATER, 75),
    ("content", "550 5.7.26 Unauthenticated email is not accepted (DMARC)", Outcome.CONTENT_REFUSED, 1),
    ("content", "451 4.7.1 Try again later", Outcome.LATER, 75),
])
def test_what_the_server_answers_is_told_in_its_words_and_explained(run, start, step, answer, outcome, code):
    server = start()
    if step == "recipient":
        server.refused[TO] = answer
    elif step == "sender":
        server.sender_answer = answer
    else:
        server.answers = [answer]
    done = run(server.port)
    _says(done, outcome, code)
    assert answer in done.output


def test_a_password_that_is_refused_is_told_and_never_printed(run, start, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    server = start(login=True, tls_context=certificate[1])
    done = run(server.port, username="ring", password="not-the-right-one", use_tls="true")
    _says(done, Outcome.LOGIN_REFUSED)
    assert "not-the-right-one" not in done.output and "535" in done.output
    assert run(server.port, username="ring", password=PASSWORD, use_tls="true").exit_code == 0


def test_a_server_that_wants_a_password(run, start, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    _says(run(start(login=True, tls_context=certificate[1]).port, use_tls="true"), Outcome.LOGIN_WANTED)


def test_a_server_that_wants_none(run, start):
    _says(run(start().port, username="ring", password=PASSWORD), Outcome.NO_LOGIN)


def test_a_server_without_encryption_gets_nothing(run, start):
    server = start()
    _says(run(server.port, use_tls="true"), Outcome.NO_ENCRYPTION)
    assert server.tries == 0


def test_encryption_at_once_where_the_server_speaks_in_clear(run, start):
    _says(run(start().port, use_ssl="true"), Outcome.ENCRYPTION_FAILED)


def test_nobody_on_that_port(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        _says(run(taken.getsockname()[1]), Outcome.REFUSED_CONNECTION)


def test_a_server_that_says_nothing(run):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        _says(run(silent.getsockname()[1], timeout="1"), Outcome.SILENT)


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"554 5.7.1 No SMTP service here\r\n"])
def test_something_else_than_a_mail_server(run, greeting):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        def greet() -> None:
            client, _ = other.accept()
            with client:
                client.sendall(greeting)
                client.shutdown(socket.SHUT_WR)
                while client.recv(1000):
                    pass
        thread = threading.Thread(target=greet)
        thread.start()
        done = run(other.getsockname()[1])
        thread.join()
    _says(done, Outcome.NOT_A_MAIL_SERVER)


def test_a_name_that_is_nobodys(run):
    _says(run(25, server="serveur.invalid"), Outcome.NO_SUCH_SERVER)


def test_what_is_no_address_is_told_before_anything_is_sent(environ, start):
    server = start()
    app = create_app({**environ, "RING_MAIL_SERVER": "127.0.0.1", "RING_MAIL_PORT": str(server.port)}, testing=True)
    done = app.test_cli_runner().invoke(args=["mail", "test", "camille chez ailleurs"])
    assert done.exit_code == 2 and "prenom.nom@exemple.fr" in done.output
    assert server.tries == 0


def test_without_a_mail_server_it_says_where_letters_are(environ):
    done = create_app(environ, testing=True).test_cli_runner().invoke(args=["mail", "test", TO])
    assert done.exit_code == 1
    assert "/courrier" in done.output and "Rien n’a été envoyé" in done.output
