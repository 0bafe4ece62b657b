"""A browser on a served site. One browser a process, a window (context) a test file, and a site a test: whatever a test does to
the site it is given, no other test sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.live import Listener, Site, seeded_instance
from browser.reading import DESK, bring_axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from tools import program

from scripts.machine import BROWSERS

#: Nothing but our pages: no update, no report, no new protocol to try.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
#: Chromium's own ways, where they cost more than they give to a page seen for half a second (docs/decisions/0022).
SPARING = [
    # One process draws them all: to start one for each test was half of the browser's work.
    "--renderer-process-limit=1",
    # Scripts are read, run and forgotten: to make their machine code better in the meantime took a fifth of all the work.
    "--js-flags=--no-opt,--no-maglev,--min-semi-space-size=32,--max-semi-space-size=32,--single-threaded-gc",
    # RenderDocument: a page takes the place of the one before in the frame that is there, instead of one made for it, which took
    # a third of the time to open a page. The others are refused by Playwright, whose own list this one replaces.
    "--disable-features=RenderDocument,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,ThirdPartyStoragePartitioning",
]


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    return program(*BROWSERS)


@pytest.fixture(scope="session")
def playwright(chromium) -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright, chromium) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *SPARING])
    yield running
    running.close()


@pytest.fixture(scope="session")
def seeded(together) -> Path:
    return seeded_instance(together)


@pytest.fixture(scope="session")
def listener(chromium) -> Iterator[Listener]:
    """One address for all the sites, so that the browser keeps their style sheets."""
    listening = Listener()
    yield listening
    listening.close()


@pytest.fixture
def site(listener, seeded, tmp_path, compiled_pages) -> Iterator[Site]:
    """The demonstration and its stages, at the date of the scenarios, as no test has touched them: a copy costs 20 ms."""
    with listener.serve(seeded, tmp_path / "site", compiled_pages) as running:
        yield running


@pytest.fixture
def strict_site(listener, migrated, tmp_path, compiled_pages) -> Iterator[Site]:
    """A network where nothing happened yet, which accepts no sending and no more than a few kilobytes;
    and which shows what is shown in development. Instead of ``site``, never beside it: both have the same address."""
    with listener.serve(migrated, tmp_path / "site", compiled_pages, RING_REQUESTS_PER_HOUR="0", RING_DEBUG="oui") as running:
        running.app.config["MAX_CONTENT_LENGTH"] = 4000
        yield running


@pytest.fixture(scope="module")
def window(browser, listener) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=listener.address, locale="fr-FR", viewport=DESK)
    opened.set_default_timeout(60_000)
    bring_axe(opened)
    opened.new_page().goto("/")  # left open: the process that draws lives as long as a page does
    yield opened
    opened.close()


@pytest.fixture
def tab(window) -> Iterator[Page]:
    """A page nobody signed in to."""
    window.clear_cookies()
    opened = window.new_page()
    yield opened
    opened.close()
