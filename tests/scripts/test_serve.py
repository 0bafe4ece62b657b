"""The site and its tasks live together and end together."""

from __future__ import annotations

import os
import pty
import select
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import tomllib

import pytest
from ports import free_port

from .conftest import ENOUGH, ROOT, children, environment, python, until

pytestmark = pytest.mark.slow


def letters(instance) -> list[tuple[str, bytes]]:
    database = sqlite3.connect(instance / "ring.db")
    try:
        return database.execute("SELECT state, raw FROM outbox_message JOIN outbox_body ON outbox_message_id = id").fetchall()
    finally:
        database.close()


def coordinator(instance) -> str:
    return tomllib.loads((instance / "network.toml").read_text("utf-8"))["coordination"][0]["courriel"]


def test_a_letter_leaves_through_the_tasks_and_its_links_lead_to_the_port_asked_for(site, tmp_path):
    instance = tmp_path / "instance"
    here = site().opened()
    assert here.post("/coordination/entrer", email=coordinator(instance)) == 200
    assert until(lambda: [state for state, _ in letters(instance)] == ["captured"]), letters(instance)
    assert f"http://127.0.0.1:{here.port}/coordination/ouvrir/".encode() in letters(instance)[0][1].replace(b"=\r\n", b"")


def test_a_public_address_that_was_chosen_stays(site):
    here = site(None, RING_PUBLIC_URL="http://localhost:1").opened()
    assert any(line.split() == ["http://localhost:1/", "le", "site"] for line in here.said)
    assert any(here.url in line for line in here.said)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_whole_group_ends_all_it_started(site, signum):
    here = site().opened()
    assert until(lambda: len(here.group) >= 5)  # the parent, the tasks, gunicorn and its two workers
    os.killpg(here.process.pid, signum)
    assert here.process.wait(ENOUGH) == 0
    assert here.group == []
    assert "Traceback" not in "".join(here.said)


def test_a_signal_to_the_command_alone_ends_all_it_started(site):
    here = site().opened()
    here.process.terminate()
    assert here.process.wait(ENOUGH) == 0
    assert here.group == []


def test_a_command_that_is_killed_leaves_nothing_running(site):
    here = site().opened()
    here.process.kill()
    here.process.wait(ENOUGH)
    assert until(lambda: here.group == [])


def test_a_stopped_site_starts_again_on_the_same_data(site, tmp_path):
    here = site().opened()
    here.post("/coordination/entrer", email=coordinator(tmp_path / "instance"))
    here.process.terminate()
    here.process.wait(ENOUGH)
    again = site().opened()
    assert again.get() == 200
    assert len(letters(tmp_path / "instance")) == 1


def test_whichever_process_dies_is_started_again(site, tmp_path):
    here = site().opened()
    for pid in children(here.process.pid):
        os.kill(pid, signal.SIGKILL)
        assert until(lambda gone=pid: len(alive := children(here.process.pid)) == 2 and gone not in alive)
    assert "".join(here.said).count("je les relance") == 2
    assert until(lambda: here.get() == 200)
    assert here.post("/coordination/entrer", email=coordinator(tmp_path / "instance")) == 200
    assert until(lambda: [state for state, _ in letters(tmp_path / "instance")] == ["captured"])


def test_two_sites_never_serve_the_same_data(site, tmp_path):
    here = site().opened()
    second = site()
    assert second.process.wait(ENOUGH) == 1
    second.reader.join(ENOUGH)
    assert f"déjà ouvert par un autre scripts/run ({here.url}, processus {here.process.pid})" in "".join(second.said)
    assert here.get() == 200


def test_a_port_taken_meanwhile_is_told(site, serve, tmp_path):
    here = site().opened()
    done = serve("--port", str(here.port), "--instance", str(tmp_path / "other"))
    assert done.returncode == 1
    assert f"Le port {here.port} est déjà pris" in done.stderr


def test_an_instance_is_made_ready_without_being_opened_and_for_its_account_alone(site, serve, tmp_path):
    instance = tmp_path / "instance"
    done = python("-m", "scripts.serve", "--prepare", "--instance", str(instance))
    assert done.returncode == 0 and done.stdout == f"Tout est prêt dans {instance}.\n", done.stderr
    assert letters(instance) == []
    assert [path for path in (instance, *instance.rglob("*")) if path.stat().st_mode & 0o077] == []
    site(instance).opened()
    again = serve("--prepare", "--instance", str(instance))
    assert again.returncode == 1 and "déjà ouvert" in again.stderr, "not under who serves it"


def test_a_wrong_setting_is_told_without_a_traceback(serve, tmp_path):
    (tmp_path / "config.toml").write_text("COULEUR = 1\n")
    done = serve("--port", str(free_port()), "--instance", str(tmp_path))
    assert done.returncode == 1
    assert "COULEUR" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["postgresql+psycopg://ring@127.0.0.1:1/ring", "sqlite:////nowhere/ring.db"])
def test_a_database_that_does_not_answer_is_told_without_a_traceback(serve, tmp_path, url):
    done = serve("--port", str(free_port()), "--instance", str(tmp_path), RING_DATABASE_URL=url)
    assert done.returncode == 1
    assert "La base de données ne répond pas" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_hold_the_data_is_told(serve, tmp_path):
    (tmp_path / "file").write_text("")
    done = serve("--port", str(free_port()), "--instance", str(tmp_path / "file"))
    assert done.returncode == 1
    assert "Le dossier des données ne peut pas servir" in done.stderr


FAMILY = """
import signal, sys, time
from commands import serve
serve.PATIENCE = 0.5
def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("deaf", flush=True)
    time.sleep(600)
def weak():
    raise RuntimeError("la vraie raison")
sys.exit(serve.Family({"les choses": globals()[sys.argv[1]]}).live(lambda: None))
"""


@pytest.fixture
def family(tmp_path) -> str:
    """The program above, in a file."""
    (tmp_path / "family.py").write_text(FAMILY)
    return str(tmp_path / "family.py")


def test_what_cannot_live_stops_all_and_the_reason_is_shown(family, warm):
    done = warm.run(family, "weak")
    assert done.returncode == 1
    assert done.stderr.count("RuntimeError: la vraie raison") == 5
    assert "Les choses s’arrêtent sans cesse : j’arrête tout." in done.stderr


def test_a_child_that_does_not_want_to_end_is_ended(family, warm):
    process = warm.start(family, "deaf", environ=environment(), stdout=subprocess.PIPE)
    with process.stdout as said:
        assert said.readline() == "deaf\n"
        (child,) = children(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(ENOUGH) == 0
        assert not os.path.exists(f"/proc/{child}")


#: Take standard input as the controlling terminal, then become the command (tty_ioctl(4)).
IN_A_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY); os.execv(sys.argv[1], sys.argv[1:])"


def test_ctrl_c_in_a_terminal_ends_the_command_itself(tmp_path):
    """scripts/run in the foreground of a pseudo-terminal, where Ctrl-C is typed."""
    if not (ROOT / ".venv" / "requirements.txt.installed").exists():
        pytest.skip("scripts/run n’a pas encore préparé .venv/ ici")
    try:
        keyboard, terminal = pty.openpty()
    except OSError:
        pytest.skip("ce système ne donne pas de pseudo-terminal")
    seen = b""
    words = [ROOT / "scripts" / "run", "--empty", "--port", str(free_port()), "--instance", tmp_path]
    with subprocess.Popen([sys.executable, "-c", IN_A_TERMINAL, *words], env=environment(), start_new_session=True,
                          stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        try:
            while "Ctrl-C pour arrêter.".encode() not in seen:
                assert select.select([keyboard], [], [], ENOUGH)[0], seen.decode()
                seen += os.read(keyboard, 4096)
            os.write(keyboard, b"\x03")
            assert process.wait(ENOUGH) == 0
        finally:
            process.kill()
            os.close(keyboard)


def test_mail_comes_in_with_the_site_and_stops_with_it(site, tmp_path, dovecot):
    """IMAP_URL and INBOX_LISTEN are all it takes; one Ctrl-C ends all."""
    dovecot.mailbox("reponses@ring.example")
    port = free_port()
    opened = site(None, RING_IMAP_URL=dovecot.url("reponses@ring.example"), RING_INBOX_LISTEN=f"lmtp://127.0.0.1:{port}",
                  RING_MAIL_DOMAIN="ring.example").opened()
    raw = b"From: inconnu@ailleurs.example\r\nTo: reponses@ring.example\r\nMessage-ID: <1@x>\r\n\r\nBonjour\r\n"
    dovecot.deliver(raw, "reponses@ring.example", "inconnu@ailleurs.example")
    assert until(lambda: dovecot.folder_of("reponses@ring.example", "Ring traités")), opened.said
    assert until(lambda: _delivered(port, raw)), opened.said
    group = opened.group
    opened.process.send_signal(signal.SIGTERM)
    assert opened.process.wait(ENOUGH) == 0
    assert until(lambda: not opened.group), group
    assert not [line for line in opened.said if "Traceback" in line or "relance" in line]


def test_an_address_for_mail_that_is_taken_stops_all_and_is_told_plainly(site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        opened = site(None, RING_INBOX_LISTEN=f"lmtp://127.0.0.1:{other.getsockname()[1]}")
        assert opened.process.wait(ENOUGH) == 1
    opened.reader.join(ENOUGH)
    said = "".join(opened.said)
    assert "INBOX_LISTEN\u00a0: impossible d’écouter" in said and "j’arrête tout" in said and "Traceback" not in said


def _delivered(port: int, raw: bytes) -> bool:
    try:
        with smtplib.LMTP("127.0.0.1", port, timeout=ENOUGH) as lmtp:
            return lmtp.sendmail("inconnu@ailleurs.example", ["aide@ring.example"], raw) == {}
    except OSError:
        return False
