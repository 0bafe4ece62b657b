"""What is wrong with the mailbox is told plainly; no password is told, nor travels in clear. Real Dovecot."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from cast import COORDINATOR
from ports import free_port
from servers.daemon import own_folder, until
from servers.dovecot import PROCESSED, Dovecot
from sqlalchemy import select
from tools import program

from app import create_app
from inbox.carriers import imap
from inbox.carriers import mailbox as mailbox_module
from models.base import db
from models.inbound import CarrierState

from .reading import assert_the_wait_ends, fetch, overview, watching


@pytest.mark.parametrize(("change", "said"), [
    (lambda url, port: url.replace("un%20mot", "autre"), "refuse l’identifiant ou le mot de passe"),
    (lambda url, port: url.replace(str(port), "41009"), "ne répond pas"),
    (lambda url, port: url.replace("/INBOX", "/Absent"), "Le dossier « Absent » ne s’ouvre pas"),
    (lambda url, port: url.replace("imap://", "imaps://"), "liaison chiffrée"),
], ids=["password", "port", "folder", "tls"])
def test_what_is_wrong_with_the_mailbox_is_told_plainly_and_without_the_password(environ, dovecot, mailbox, clock, change, said):
    url = change(environ["RING_IMAP_URL"], dovecot.imap_port)
    app = create_app(environ | {"RING_IMAP_URL": url}, testing=True)
    done = app.test_cli_runner().invoke(args=["inbox", "fetch"])
    assert done.exit_code == 1 and said in done.output.replace("\u00a0", " ")
    status = app.test_cli_runner().invoke(args=["inbox", "status"])
    assert status.exit_code == 1 and said in status.output.replace("\u00a0", " ")
    for secret in ("d’essai", "%80%99", "Traceback", "Error"):
        assert secret not in done.output + status.output
    with app.app_context():
        assert "d’essai" not in db.session.scalar(select(CarrierState.last_error))


def test_a_wrong_password_is_tried_again_and_mail_enters_once_it_is_right(app, dovecot, mailbox, mail, deliver, clock,
                                                                          monkeypatch):
    monkeypatch.setattr(imap, "PASSWORD_BACK_OFF", (0.2,))
    people = dovecot.folder / "people" / mailbox
    right = people.read_text()
    people.write_text(right.replace("essai", "changé"))
    try:
        until(lambda: _refused(app), "Dovecot reads its file again")
        with watching(app):
            until(lambda: [item for item in overview(app, clock).troubles if "mot de passe" in item], "the trouble")
            people.write_text(right)
            dovecot.restart()
            deliver(mail.answer("Enfin"))
            until(lambda: mail.said() == ["Enfin"], "the answer")
    finally:
        people.write_text(right)


def _refused(app) -> bool:
    try:
        fetch(app)
    except Exception as error:
        return type(error).__name__ == "WrongPassword"
    return False


@pytest.fixture(scope="module")
def tls_server():
    """A server with a certificate of its own making, whose folders are all under INBOX."""
    folder = own_folder("tls")
    subprocess.run([program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key", "-out", folder / "certificate"],
                   check=True, capture_output=True)
    (folder / "key").chmod(0o644)
    port = free_port()
    server = Dovecot(extra=f"""
ssl = yes
ssl_cert = <{folder}/certificate
ssl_key = <{folder}/key
service imap-login {{
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
namespace inbox {{
  prefix = INBOX.
  separator = .
}}
""")
    server.certificate, server.imaps_port = folder / "certificate", port
    server.start()
    yield server
    server.remove()
    shutil.rmtree(folder)


@pytest.mark.parametrize("way", ["imaps", "starttls"])
def test_an_encrypted_mailbox_is_read_where_its_certificate_is_trusted_and_told_where_it_is_not(
        app, environ, tls_server, mail, monkeypatch, way):
    tls_server.clean()
    tls_server.mailbox("tls@ring.example")
    url = tls_server.url("tls@ring.example", scheme="imaps" if way == "imaps" else "imap")
    if way == "imaps":
        url = url.replace(str(tls_server.imap_port), str(tls_server.imaps_port))
    else:
        monkeypatch.setattr(mailbox_module, "_is_this_machine", lambda host: False)
    made = create_app(environ | {"RING_IMAP_URL": url}, testing=True)
    made.extensions["clock"] = app.extensions["clock"]
    tls_server.deliver(mail.answer("Chiffrée"), "tls@ring.example", COORDINATOR)
    done = made.test_cli_runner().invoke(args=["inbox", "fetch"])
    assert done.exit_code == 1 and "certificat" in done.output and mail.kept() == []
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_server.certificate))
    assert fetch(made) == 1
    assert mail.said() == ["Chiffrée"]
    assert len(tls_server.folder_of("tls@ring.example", f"INBOX.{PROCESSED}")) == 1, "under INBOX, as this server wants"
    with imap.open_mailbox(made.extensions["ring"].settings.imap, f"INBOX.{PROCESSED}") as box:
        assert_the_wait_ends(box, lambda: tls_server.deliver(mail.answer("Encore"), "tls@ring.example", COORDINATOR))


def test_a_password_never_travels_in_clear(app, dovecot, mailbox, monkeypatch):
    """Another machine's server without STARTTLS: Dovecot of the tests, taken for one."""
    monkeypatch.setattr(mailbox_module, "_is_this_machine", lambda host: False)
    signed_in = []
    monkeypatch.setattr(mailbox_module, "_sign_in", lambda *given: signed_in.append(given))
    done = app.test_cli_runner().invoke(args=["inbox", "fetch"])
    assert done.exit_code == 1 and "imaps://" in done.output and not signed_in
