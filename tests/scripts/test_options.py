"""What is typed after scripts/run is understood, or refused in French before anything is done."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from ports import free_port

from scripts import address
from scripts.options import BadOption, Options, parse

from .conftest import ENOUGH, ROOT, environment


def test_each_option_is_understood_with_a_space_or_an_equals_sign():
    assert parse([]) == Options()
    assert parse(["--port", "5001", "--empty", "--host=::1"]) == Options(port=5001, host="::1", empty=True)
    assert parse(["--prepare"]) == Options(prepare=True)


def test_the_instance_folder_is_relative_to_where_the_command_is_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert parse(["--instance", "données"]).instance == tmp_path / "données"
    assert parse([f"--instance={tmp_path}"]).instance == Path(tmp_path)


@pytest.mark.parametrize(("words", "said"), [
    (["--prot", "5001"], "« --prot »"),
    (["5001"], "« 5001 »"),
    (["--port"], "Après --port, écrivez un numéro."),
    (["--port", "--empty"], "Après --port, écrivez un numéro."),
    (["--instance="], "Après --instance, écrivez un dossier."),
    (["--port", "0"], "entre 1 et 65535, pas « 0 »"),
    (["--port", "65536"], "entre 1 et 65535"),
    (["--port", "٥٠٠٠"], "entre 1 et 65535"),
    (["--empty=oui"], "n’est pas une option"),
])
def test_what_cannot_be_used_is_told(words, said):
    with pytest.raises(BadOption, match=said.replace(".", r"\.")):
        parse(words)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "scripts" / "run", *words], cwd="/", env=environment(), text=True, capture_output=True,
                          check=False, timeout=ENOUGH)


def test_the_command_explains_itself_from_any_folder():
    done = run("--help")
    assert done.returncode == 0
    assert "--instance DOSSIER" in done.stdout


def test_the_command_refuses_a_wrong_option_with_status_2():
    done = run("--port", "web")
    assert (done.returncode, done.stdout) == (2, "")
    assert "pas « web »" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_before_anything_is_installed():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Le port {port} est déjà pris" in done.stderr


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(address.AddressRefused, match="n’est pas celle de cette machine"):
        address.listen("192.0.2.1", free_port())


@pytest.mark.parametrize(("host", "port", "url"), [
    ("127.0.0.1", 5000, "http://127.0.0.1:5000"), ("0.0.0.0", 5001, "http://127.0.0.1:5001"),
    ("::1", 5000, "http://[::1]:5000"), ("::", 5000, "http://[::1]:5000"), ("localhost", 80, "http://localhost"),
])
def test_the_address_shown_can_be_opened_in_a_browser(host, port, url):
    assert address.url(host, port) == url
