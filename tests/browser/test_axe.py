"""Every page, in each state, at three widths: nothing axe can see is wrong, nothing scrolls sideways."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.atlas import PLACES, Place
from browser.reading import DESK, look, violations
from playwright.sync_api import Page, Response

WRITTEN = Path(__file__).resolve().parents[1] / "golden" / "atlas.txt"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: Drawn by the tests of the forms, or parts of other pages.
ELSEWHERE = {"adhesion/depart.html", "courrier/base.html", "verifier/changes.html", "verifier/parts.html"}


def _same_as_written(place: Place, route: str) -> None:
    """The route each place is reached by is written down: ``tests/house/test_atlas.py`` compares them with all there are."""
    writing = "RING_WRITE_GOLDEN" in os.environ
    with WRITTEN.open("r+" if writing else "r", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = dict(line.split(" :: ") for line in file.read().splitlines())
        if writing:
            lines = {name: to for name, to in (lines | {place.name: route}).items() if name in {one.name for one in PLACES}}
            file.seek(0)
            file.truncate()
            file.write("".join(f"{name} :: {to}\n" for name, to in sorted(lines.items())))
    assert lines.get(place.name) == route, "run the tests of the atlas with RING_WRITE_GOLDEN=1, and read the diff"


@pytest.fixture(scope="module")
def reading_tab(window) -> Iterator[Page]:
    opened = window.new_page()
    yield opened
    opened.close()


@pytest.fixture
def tab(window, reading_tab) -> Page:
    """A tab nobody signed in to. One for all the places, as a person has one: what they leave in it is taken away."""
    window.clear_cookies()
    reading_tab.set_viewport_size(DESK)
    reading_tab.emulate_media(media="null", color_scheme="null", forced_colors="null", reduced_motion="null")
    return reading_tab


@pytest.fixture
def open_place(tab, request):
    answers: list[int] = []

    def note(response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == tab.main_frame:
            answers.append(response.status)

    def go(place: Place) -> None:
        where = request.getfixturevalue("strict_site" if place.strict else "site")
        if place.signed_in:
            tab.context.add_cookies([{"name": "coordination", "value": where.session(), "url": where.address}])
        where.rendered.clear()
        place.go(tab, where)
        assert place.template in where.rendered, (tab.url, tab.title())
        assert answers[-1] == place.status, tab.title()
        _same_as_written(place, where.rendered[place.template])

    tab.on("response", note)
    yield go
    tab.remove_listener("response", note)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_has_no_fault_at_any_width(open_place, tab, place: Place):
    open_place(place)
    look(tab)


SAMPLE = [place for place in PLACES if place.name in (
    "/", "/rejoindre", "/coordination/entrer", "déjà envoyée", "dates de l’accueil, vides", "à faire",
    "une demande avec note et fichier", "la convention, à signer", "lettre avec un PDF", "410")]


@pytest.mark.parametrize("taste", [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"reduced_motion": "reduce"},
                                   {"media": "print"}], ids=lambda taste: "-".join(taste.values()))
@pytest.mark.parametrize("place", SAMPLE, ids=str)
def test_a_page_has_no_fault_as_a_person_set_their_screen(open_place, tab, place: Place, taste: dict):
    open_place(place)
    tab.emulate_media(**taste)
    # Forced colours are the person's own: their contrast is not ours to judge.
    assert violations(tab, without=["color-contrast"] if "forced_colors" in taste else []) == []


def test_every_page_of_the_site_is_looked_at():
    pages = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")
             if path.relative_to(TEMPLATES).parts[0] not in ("components", "layouts", "emails", "documents")}
    assert pages - {place.template for place in PLACES} == ELSEWHERE
