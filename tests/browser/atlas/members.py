"""Members as the coordination sees them: who is there twice."""

from __future__ import annotations

from collections.abc import Callable

from browser.atlas.place import Place, at, of, pressed
from browser.live import Site
from browser.peers import NAMESAKE, WAITS
from browser.reading import follow, press
from playwright.sync_api import Page

from models.charter import charter


def _linked(go: Callable[[Page, Site], object], words: str) -> Callable[[Page, Site], object]:
    """Then follow the first link of those words."""
    def do(tab: Page, site: Site) -> None:
        go(tab, site)
        follow(tab, tab.locator("main a", has_text=words).first)
    return do


def newer_commitments(site: Site) -> None:
    """A version of the commitments that nobody has agreed to yet, of which one changes for each kind of member."""
    with site.app.app_context():
        old, folder = charter("2026-11"), site.app.extensions["ring"].settings.INSTANCE / "commitments"
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for kind, commitments in old.commitments.items():
        for number, one in enumerate(commitments):
            text = "Nous recevons, quand nous le pouvons, une personne d’une autre structure." if number == 0 else one.text
            lines += [f"[[{kind}]]", f'code = "{one.code}"', f'titre = "{one.title}"', f'texte = "{text}"']
    (folder / "2027-01.toml").write_text("\n".join(lines), "utf-8")


def _members(tab: Page, site: Site) -> None:
    newer_commitments(site)
    tab.goto(f"{site.address}/coordination/membres/")


def _asked(tab: Page, site: Site) -> None:
    _members(tab, site)
    press(tab, "Proposer cette version")


_TWINS = at("/coordination/doublons/")


MEMBERS = (*(Place(name, template, go, signed_in=True) for name, template, go in (
    ("solliciter un pair", "entraide/solliciter.html", of(WAITS, "request_received", "/solliciter")),
    ("membres", "membres/accueil.html", _members),
    ("membres, engagements proposés", "membres/accueil.html", _asked),
    ("doublons possibles", "doublons/liste.html", _TWINS),
    ("comparer deux fiches", "doublons/comparer.html", _linked(_TWINS, "Comparer")),
    ("deux personnes, c’est dit", "doublons/liste.html", pressed(_TWINS, "Ce sont deux personnes")),
    ("une réunion défaite", "doublons/liste.html", pressed(pressed(
        _linked(_TWINS, "Comparer"), "Réunir les deux fiches"), "Défaire")),
    ("deux fiches réunies", "doublons/liste.html", pressed(_linked(_TWINS, "Comparer"), "Réunir les deux fiches")),
    ("une demande qui ressemble", "dossier/coordination.html", of(NAMESAKE, "request_received")),
    ("une demande qui ressemble, comparée", "doublons/demande.html", _linked(of(NAMESAKE, "request_received"), "Comparer")),
)), Place("solliciter un pair, sans choix", "entraide/solliciter.html",
         pressed(of(WAITS, "request_received", "/solliciter"), "Solliciter cette personne"), signed_in=True, status=422))
