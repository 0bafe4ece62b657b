"""Doors of the space of the team: sign-in, second factor, roles, departure."""

from __future__ import annotations

from collections.abc import Callable

from browser.atlas.place import Place, at, pressed
from browser.live import Site
from browser.reading import fill, press
from playwright.sync_api import Page
from team import ADMINISTRATOR, DEPUTY, READER, code_at


def _as(address: str, path: str) -> Callable[[Page, Site], object]:
    """In the session of somebody else of the team."""
    def go(tab: Page, site: Site) -> None:
        tab.context.add_cookies([{"name": "coordination", "value": site.session(address), "url": site.address}])
        tab.goto(site.address + path)
    return go


def _pressed_link(address: str) -> Callable[[Page, Site], object]:
    """A link was pressed, and the code of a telephone is asked."""
    def go(tab: Page, site: Site) -> None:
        tab.goto(f"{site.address}/coordination/entrer")
        fill(tab, {"email": address})
        press(tab)
        tab.goto(site.address + site.link(address, "sign_in_link", "coordination/ouvrir"))
        press(tab, "Entrer")
    return go


def _installing(tab: Page, site: Site) -> None:
    """The second referent has no telephone yet."""
    tab.goto(f"{site.address}/coordination/entrer")
    fill(tab, {"email": "referent2@structure-a.example"})
    press(tab)
    tab.goto(site.address + site.link("referent2@structure-a.example", "sign_in_link", "coordination/ouvrir"))
    press(tab, "Entrer")


def _installed(tab: Page, site: Site) -> None:
    _installing(tab, site)
    press_code(tab, site, tab.locator(".key").inner_text().replace(" ", ""))


def press_code(tab: Page, site: Site, secret: str) -> None:
    fill(tab, {"code": code_at(secret, site.clock)})
    press(tab, "Continuer")


ACCES = (
    Place("préparer un départ", "acces/depart.html", _as(ADMINISTRATOR, "/coordination/equipe/depart")),
    Place("préparer un départ, sans choix", "acces/depart.html",
          pressed(_as(ADMINISTRATOR, "/coordination/equipe/depart"), "Tout confier"), status=422),
    Place("mon accès", "acces/securite.html", at("/coordination/securite"), signed_in=True),
    Place("mon accès, avec un code", "acces/securite.html", _as(ADMINISTRATOR, "/coordination/securite")),
    Place("l’équipe", "acces/equipe.html", _as(ADMINISTRATOR, "/coordination/equipe")),
    Place("les chiffres", "coordination/chiffres.html", _as(READER, "/coordination/chiffres")),
    Place("403 d’un autre rôle", "errors/403.html", _as(READER, "/coordination/"), status=403),
    Place("le code", "acces/code.html", _pressed_link(ADMINISTRATOR)),
    Place("le code, faux", "acces/code.html", pressed(_pressed_link(ADMINISTRATOR), "Continuer", code="1"), status=422),
    Place("installer le code", "acces/code.html", _installing),
    Place("installer un code, de soi-même", "acces/code.html",
          pressed(_as(DEPUTY, "/coordination/securite"), "Installer un code")),
    Place("codes de secours", "acces/codes_de_secours.html", _installed),
    Place("de nouveaux codes", "acces/code_encore.html", _as(ADMINISTRATOR, "/coordination/securite/code/secours")),
    Place("de nouveaux codes, vide", "acces/code_encore.html",
          pressed(_as(ADMINISTRATOR, "/coordination/securite/code/secours"), "Voir"), status=422),
)
