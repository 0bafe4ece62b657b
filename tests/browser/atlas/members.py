"""Members as the coordination sees them: who is there twice."""

from __future__ import annotations

from collections.abc import Callable

from browser.atlas.place import Place, at, of, pressed
from browser.live import Site
from browser.peers import NAMESAKE
from playwright.sync_api import Page


def _linked(go: Callable[[Page, Site], object], words: str) -> Callable[[Page, Site], object]:
    """Then follow the first link of those words."""
    def do(tab: Page, site: Site) -> None:
        go(tab, site)
        tab.locator("main a", has_text=words).first.click()
    return do


_TWINS = at("/coordination/doublons/")

MEMBERS = tuple(Place(name, template, go, signed_in=True) for name, template, go in (
    ("doublons possibles", "doublons/liste.html", _TWINS),
    ("comparer deux fiches", "doublons/comparer.html", _linked(_TWINS, "Comparer")),
    ("deux personnes, c’est dit", "doublons/liste.html", pressed(_TWINS, "Ce sont deux personnes")),
    ("deux fiches réunies", "doublons/liste.html", pressed(_linked(_TWINS, "Comparer"), "Réunir les deux fiches")),
    ("une réunion défaite", "doublons/liste.html", pressed(pressed(
        _linked(_TWINS, "Comparer"), "Réunir les deux fiches"), "Défaire")),
    ("une demande qui ressemble", "dossier/coordination.html", of(NAMESAKE, "request_received")),
    ("une demande qui ressemble, comparée", "doublons/demande.html", _linked(of(NAMESAKE, "request_received"), "Comparer")),
))
