"""What a page of the atlas is, and the common ways to reach one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from browser.live import Site
from browser.reading import fill, press
from playwright.sync_api import Page

NOA, CLAUDE, ANDREA = "noa@structure-b.example", "claude@structure-c.example", "direction@structure-b.example"


@dataclass(frozen=True)
class Place:
    """``go`` opens the page; ``strict``: on the site that refuses; ``signed_in``: as a coordinator."""

    name: str
    template: str
    go: Callable[[Page, Site], object]
    signed_in: bool = False
    strict: bool = False
    status: int = 200

    def __str__(self) -> str:
        return self.name


def at(path: str) -> Callable[[Page, Site], object]:
    return lambda tab, site: tab.goto(site.address + path)


def by(address: str, letter: str, then: str = "", kind: str = "d", back: int = 0) -> Callable[[Page, Site], object]:
    """By the personal link of a letter."""
    return lambda tab, site: tab.goto(site.address + site.link(address, letter, kind, back) + then)


def pressed(go: Callable[[Page, Site], object], button: str = "", /, **answers: str) -> Callable[[Page, Site], object]:
    """Then fill, and press a button."""
    def do(tab: Page, site: Site) -> None:
        go(tab, site)
        fill(tab, answers)
        press(tab, button)
    return do


def of(address: str, letter: str, then: str = "") -> Callable[[Page, Site], object]:
    """The coordination's page of the request that letter is about."""
    def go(tab: Page, site: Site) -> None:
        found = re.search(r"[A-Z]{3,4}-\d{4}-\d{4}", site.letter(address, letter)[1])
        tab.goto(f"{site.address}/coordination/{found[0]}{then}")
    return go
