"""Sealed documents, and the page that verifies them."""

from __future__ import annotations

from collections.abc import Callable

from browser.atlas.place import Place, at, by, pressed
from browser.live import Site
from browser.reading import press
from browser.stages import SEALED
from playwright.sync_api import Page
from sqlalchemy import select

from models.base import db
from models.convention import Convention
from services.files import read_content


def _sealed(site: Site) -> tuple[str, bytes]:
    """Code and file of the convention that is signed and sealed."""
    with site.app.app_context():
        row = db.session.scalars(select(Convention).join(Convention.sealing)).one()
        return row.verification_code, read_content(row.sealing.file)


def _by_code(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/verifier/{_sealed(site)[0]}")


def _given(change: Callable[[bytes], bytes]) -> Callable[[Page, Site], object]:
    """The sealed file, changed, given to the page of verification."""
    def go(tab: Page, site: Site) -> None:
        content = change(_sealed(site)[1])
        tab.goto(f"{site.address}/verifier")
        tab.locator("input[type=file]").set_input_files(
            {"name": "convention.pdf", "mimeType": "application/pdf", "buffer": content})
        press(tab, "Vérifier ce fichier")
    return go


VERIFIER = (
    Place("vérifier", "verifier/verifier.html", at("/verifier")),
    Place("vérifier, un code mal tapé", "verifier/verifier.html", at("/verifier?code=abc"), status=422),
    Place("vérifier, sans fichier", "verifier/verifier.html", pressed(at("/verifier"), "Vérifier ce fichier"), status=422),
    Place("code connu", "verifier/code.html", _by_code),
    Place("code inconnu", "verifier/inconnu.html", at("/verifier/0000-0000-0000"), status=404),
    Place("fichier authentique", "verifier/fichier.html", _given(lambda pdf: pdf)),
    Place("fichier modifié", "verifier/fichier.html", _given(lambda pdf: pdf[:20_000] + bytes([pdf[20_000] ^ 1]) + pdf[20_001:])),
    Place("fichier qui n’est pas un PDF", "verifier/fichier.html", _given(lambda pdf: b"bonjour")),
    Place("le document scellé, sur la page de la personne", "dossier/participant.html",
          by(f"author@{SEALED}", "convention_sealed")),
)
