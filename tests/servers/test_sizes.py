"""Mail that is too heavy, or carries what the network does not keep, is refused in a way its sender understands."""

from __future__ import annotations

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send

from servers.clients import ClientFailed
from servers.postfix import SIZE_LIMIT
from servers.town import reply_address

pytestmark = pytest.mark.slow


@pytest.fixture
def asked(client, town):
    """Noa has asked for help."""
    send(client, "/aide", AIDE)
    confirm(client, town, NOA)


def pdf(path, size: int):
    """A PDF of about that many bytes, such as only base 64 carries."""
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * (size // 256) + b"\n%%EOF")
    return path


def test_a_mail_of_27_megabytes_is_refused_while_its_sender_is_still_there(town, asked, tmp_path):
    heavy = pdf(tmp_path / "atelier.pdf", 20_000_000)  # 27 MB once in base 64
    with pytest.raises(ClientFailed, match=r"552.5\.3\.4"):
        town.clients.s_nail(NOA, "Noa Fictif", "Voici.", files=[heavy])
    assert town.taken() == []
    assert town.state() == "submitted"


def test_a_heavy_file_under_the_limit_is_kept_and_stays_on_the_page(client, town, asked, tmp_path):
    heavy = pdf(tmp_path / "atelier.pdf", 18_000_000)
    town.clients.s_nail(NOA, "Noa Fictif", "Voici.", files=[heavy])
    (taken,) = town.taken()
    assert taken.state == "done" and 24_000_000 < len(taken.raw) < SIZE_LIMIT
    relayed = town.last(COORDINATOR)
    assert "Voici." in relayed.text and relayed.files == () and len(relayed.raw) < 100_000
    assert "atelier.pdf" in client.page(relayed.link("d")).text


def test_a_file_that_is_not_kept_is_named_to_its_sender_with_the_reason(town, asked, tmp_path):
    program = tmp_path / "outil.exe"
    program.write_bytes(b"MZ\x90\x00" + b"\0" * 200)
    town.clients.s_nail(COORDINATOR, "Alix Coordination", "Voici l’outil et le guide.",
                        files=[program, pdf(tmp_path / "guide.pdf", 2_000)])
    assert [name for name, _, _ in town.last(NOA).files] == ["guide.pdf"]
    told = town.last(COORDINATOR)
    assert "outil.exe" in told.text and "programme" in told.text
    assert reply_address(told)
