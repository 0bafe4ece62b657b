"""How the pages of alerts are reached in a browser: an alert written, a referent's page open.

Two referents have their key (tests/browser/stages.py), the outside contact has none.
"""

from __future__ import annotations

from collections.abc import Callable

from alerte_people import COLLEAGUE, OUTSIDE, PHRASE, REFERENT, S05, enrol, write
from browser.live import Site
from browser.reading import fill, press
from playwright.sync_api import Page
from post import Post
from sqlalchemy import select

from models.alerte import Alerte
from models.base import db, transaction
from services.alerte import referents, relief


def _way_in(site: Site, email: str) -> str:
    with site.app.app_context():
        referents.ask_way_in(email, site.clock.now)
    return site.address + Post(site.app, site.clock).last(email).link("r/")


def form(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/alerte/ecrire")


def checked(tab: Page, site: Site) -> None:
    form(tab, site)
    fill(tab, S05)
    press(tab, "Voir qui lira")


def nobody(tab: Page, site: Site) -> None:
    form(tab, site)
    fill(tab, S05 | {"avoided": [REFERENT, COLLEAGUE]})
    press(tab, "Voir qui lira")


def sent(tab: Page, site: Site) -> None:
    checked(tab, site)
    press(tab, "Envoyer")


def came_back(tab: Page, site: Site) -> None:
    sent(tab, site)
    code = " ".join(tab.locator(".code-words li").all_inner_texts())
    tab.goto(f"{site.address}/suite")
    fill(tab, {"code": code})
    press(tab, "Ouvrir")


def escalated(tab: Page, site: Site) -> None:
    """Nobody read, and the outside contact was let in: its author comes back."""
    enrol(site.app.test_client(), Post(site.app, site.clock), OUTSIDE)
    tab.goto(f"{site.address}/alerte/ecrire")
    fill(tab, S05)
    press(tab, "Voir qui lira")
    press(tab, "Envoyer")
    code = " ".join(tab.locator(".code-words li").all_inner_texts())
    with site.app.app_context(), transaction():
        relief.let_in(db.session.scalars(select(Alerte).order_by(Alerte.id.desc())).first(), site.clock.now)
    tab.goto(f"{site.address}/suite")
    fill(tab, {"code": code})
    press(tab, "Ouvrir")
    assert "Frédérique Extérieur" in tab.locator("main").inner_text()


def erased(tab: Page, site: Site) -> None:
    came_back(tab, site)
    tab.locator("#sure").check()
    press(tab, "Tout effacer")


def making(tab: Page, site: Site) -> None:
    tab.goto(_way_in(site, OUTSIDE))


def made(tab: Page, site: Site) -> None:
    making(tab, site)
    fill(tab, {"again": tab.locator("#phrase").input_value()})
    tab.locator("#alone").check()
    press(tab, "Faire ma clé")


def locked(tab: Page, site: Site) -> None:
    tab.goto(_way_in(site, REFERENT))


def lost(tab: Page, site: Site) -> None:
    tab.goto(_way_in(site, REFERENT) + "/secours")


def _open(tab: Page, site: Site, email: str) -> None:
    tab.goto(_way_in(site, email))
    fill(tab, {"phrase": PHRASE})
    press(tab, "Ouvrir")


def unlocked(tab: Page, site: Site) -> None:
    write(site.app.test_client())
    _open(tab, site, REFERENT)


def unlocked_with_nothing(tab: Page, site: Site) -> None:
    _open(tab, site, COLLEAGUE)


def unopened(tab: Page, site: Site) -> None:
    unlocked(tab, site)
    with tab.expect_navigation():
        tab.locator(".mail-list a").first.click()


def opened(tab: Page, site: Site) -> None:
    unopened(tab, site)
    press(tab, "Ouvrir")


def then(path: str) -> Callable[[Page, Site], None]:
    """Another page of the referent whose key is open."""
    def go(tab: Page, site: Site) -> None:
        _open(tab, site, REFERENT)
        tab.goto(site.address + path)
    return go
