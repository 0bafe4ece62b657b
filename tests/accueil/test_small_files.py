from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from PIL import Image

from .conftest import ROOT, fetch


def test_manifest_names_the_network_and_its_icons_have_their_size(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json(force=True)
    assert manifest["short_name"] == "Réseau Exemple"
    for icon in manifest["icons"]:
        image = Image.open(io.BytesIO(fetch(client, icon["src"])))
        assert f"{image.width}x{image.height}" == icon["sizes"]


@pytest.mark.parametrize(("name", "size"), [("apple-touch-icon.png", (180, 180)), ("favicon.png", (48, 48)),
                                            ("social-card.png", (1200, 630))])
def test_pictures_have_their_size(name: str, size: tuple[int, int]) -> None:
    with Image.open(ROOT / "static" / name) as picture:
        assert picture.size == size


def test_social_card_is_light() -> None:
    assert (ROOT / "static" / "social-card.png").stat().st_size < 60_000


def test_favicon_holds_two_sizes(client: FlaskClient) -> None:
    icon = Image.open(io.BytesIO(fetch(client, "/favicon.ico")))
    assert icon.info["sizes"] == {(16, 16), (32, 32)}


def test_robots_keep_out_of_closed_places(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /coordination\n" in answer.text and "Disallow: /courrier\n" in answer.text


def test_script_is_small_and_alone() -> None:
    scripts = list((ROOT / "static").rglob("*.js"))
    assert [script.name for script in scripts] == ["ring.js"]
    assert scripts[0].stat().st_size < 3000


def test_stylesheet_asks_only_for_files_that_exist() -> None:
    sheet = (ROOT / "static" / "style.css").read_text("utf-8")
    wanted = re.findall(r'url\("([^"]+)"\)', sheet)
    assert len(wanted) == 4
    assert all((ROOT / "static" / name).is_file() for name in wanted)
