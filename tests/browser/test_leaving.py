"""« Quitter rapidement » : a plain link without JavaScript; with it, the page leaves the history too."""

from __future__ import annotations

import pytest
from browser import alerting
from playwright.sync_api import Page

ELSEWHERE = "https://fr.wikipedia.org/"


@pytest.fixture
def neutral(tab) -> Page:
    """The neutral site answers from here: no test asks the internet for anything."""
    tab.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="<title>Encyclopédie</title>", content_type="text/html"))
    return tab


def _arrived(tab: Page, site) -> None:
    tab.goto(f"{site.address}/")
    alerting.form(tab, site)


def test_a_press_covers_the_page_and_takes_its_place_in_the_history(neutral, site):
    _arrived(neutral, site)
    with neutral.expect_navigation(url=ELSEWHERE):
        neutral.locator("#quitter").click()
    neutral.go_back()
    assert neutral.url == f"{site.address}/", "the page before, not the form"


def test_three_presses_of_shift_do_the_same(neutral, site):
    _arrived(neutral, site)
    neutral.locator("#words").fill("Quelqu’un vient")
    with neutral.expect_navigation(url=ELSEWHERE):
        for _ in range(3):
            neutral.keyboard.press("Shift")


def test_capitals_typed_in_a_sentence_do_not_leave(neutral, site):
    _arrived(neutral, site)
    neutral.locator("#words").press_sequentially("Ici Et Là")
    for letter in "abc":
        neutral.keyboard.press(f"Shift+{letter}")
    assert neutral.url.endswith("/alerte/ecrire")


def test_the_second_link_of_the_keyboard_leaves(neutral, site):
    _arrived(neutral, site)
    neutral.keyboard.press("Tab")
    neutral.keyboard.press("Tab")
    assert neutral.evaluate("document.activeElement.textContent") == "Quitter rapidement cette page"
    with neutral.expect_navigation(url=ELSEWHERE):
        neutral.keyboard.press("Enter")
