"""``flask check`` leaves nothing of the example in a real instance, and nothing of it open to others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from commands import check
from models.instance import Instance
from scripts import serve


def test_what_the_example_invented_is_said_block_by_block_once_the_file_is_no_longer_the_example(context):
    ring = context.extensions["ring"]
    said = check.missing(Instance(ring.settings, replace(ring.network, fictional=False)))
    for block in ("[reseau] courriel", "[[coordination]]", "[[administration]]", "[[lecture]]", "[editeur]", "[hebergeur]",
                  "[entraide] adresse_secours", "[[orientation]]"):
        assert any(block in sentence for sentence in said), block


def test_a_folder_that_other_accounts_can_read_is_said_with_what_to_type(context):
    folder = Path(context.instance_path)
    folder.chmod(0o755)
    assert any(f"chmod 700 {folder}" in sentence for sentence in check.missing(context.extensions["ring"]))
    folder.chmod(0o700)
    assert not any("chmod" in sentence for sentence in check.missing(context.extensions["ring"]))


def test_a_mail_server_of_the_same_machine_needs_no_encryption_and_another_does(context):
    ring = context.extensions["ring"]

    def said(server: str) -> str:
        return " ".join(check.missing(Instance(replace(ring.settings, MAIL_SERVER=server, MAIL_USE_TLS=False), ring.network)))
    assert "n’est pas chiffrée" in said("smtp.exemple.fr")
    assert "n’est pas chiffrée" not in said("127.0.0.1")


def test_a_public_address_that_sends_nothing_is_said_with_what_it_means(context):
    ring = context.extensions["ring"]

    def said(url: str, server: str = "") -> str:
        return " ".join(check.missing(Instance(replace(ring.settings, MAIL_SERVER=server, PUBLIC_URL=url), ring.network)))
    assert check.NO_MAIL_LEAVES in said("https://reseau.exemple.fr")
    assert check.NO_MAIL_LEAVES not in said("http://127.0.0.1:5000") and "restent dans /courrier" in said("http://127.0.0.1:5000")
    assert "MAIL_SERVER : aucun" not in said("https://reseau.exemple.fr", "smtp.exemple.fr")


def test_the_start_says_it_too(environ, monkeypatch, capsys):
    monkeypatch.setattr("os.umask", lambda _mask: 0)
    for name, value in {**environ, "RING_PUBLIC_URL": "https://reseau.exemple.fr"}.items():
        monkeypatch.setenv(name, value)
    assert serve.main(["--prepare", "--instance", environ["RING_INSTANCE"]]) == 0
    assert check.NO_MAIL_LEAVES in capsys.readouterr().err
