"""Without a script, without a cookie: the whole request for help, an ambiguous commune and a file on the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.reading import PLAN, fill, press
from cast import AIDE, DEPUTY
from playwright.sync_api import Page


@pytest.fixture
def bare_tab(browser, site) -> Iterator[Page]:
    """A tab where no script runs, of somebody who refuses cookies: no question that the site hears brings one back."""
    hear = site.app.wsgi_app

    def hear_without_cookie(environ, start_response):
        environ.pop("HTTP_COOKIE", None)
        return hear(environ, start_response)

    site.app.wsgi_app = hear_without_cookie
    window = browser.new_context(base_url=site.address, locale="fr-FR", java_script_enabled=False,
                                 viewport={"width": 360, "height": 740})
    window.set_default_timeout(60_000)
    yield window.new_page()
    window.close()


def _send_with_commune_and_file(tab, email: str) -> str:
    tab.goto("/aide")
    tab.get_by_role("link", name="Poser ma question").click()
    fill(tab, AIDE[0][1])
    press(tab)
    fill(tab, AIDE[1][1])
    tab.locator("[type=file]").set_input_files([PLAN])
    press(tab)
    fill(tab, AIDE[2][1] | {"email": email, "commune": "Saint-Martin"})
    press(tab)
    assert tab.locator(".candidates input").count() > 1
    tab.locator(".candidates label").nth(1).click()
    press(tab)
    assert PLAN["name"] in tab.locator("main").inner_text()
    press(tab)
    return tab.locator(".big-reference strong").inner_text()


def test_a_request_is_sent_without_script_and_without_cookie(bare_tab, site):
    reference = _send_with_commune_and_file(bare_tab, "sobre@structure-z.example")
    bare_tab.goto(site.link("sobre@structure-z.example", "address_to_confirm", "confirmer"))
    press(bare_tab)
    assert reference in bare_tab.locator("main").inner_text()
    bare_tab.goto(site.link("sobre@structure-z.example", "request_received"))
    assert PLAN["name"] in bare_tab.locator(".files").inner_text()
    assert bare_tab.context.cookies() == []


def test_the_settings_of_the_bare_browser_hold(bare_tab, site):
    """The test above would prove nothing in a browser that takes cookies or runs scripts."""
    bare_tab.goto("/coordination/entrer")
    fill(bare_tab, {"email": DEPUTY})
    press(bare_tab)
    bare_tab.goto(site.link(DEPUTY, "sign_in_link", "coordination/ouvrir"))
    press(bare_tab)
    assert "/coordination/entrer" in bare_tab.url, "sans cookie, pas de session"
    _to_the_last_page(bare_tab)
    assert bare_tab.locator("datalist").count() == 0, "sans script, pas de suggestion"


def test_a_public_form_leaves_nothing_on_the_machine(tab, site):
    _send_with_commune_and_file(tab, "partage@structure-z.example")
    assert tab.context.cookies() == []
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0


def _to_the_last_page(tab) -> None:
    tab.goto("/aide/question")
    for _slug, answers in AIDE[:2]:
        fill(tab, answers)
        press(tab)


def test_the_commune_is_suggested_while_typing(tab, site):
    _to_the_last_page(tab)
    tab.locator("[name=commune]").press_sequentially("Le Vi")
    tab.wait_for_selector("datalist option", state="attached")
    labels = tab.locator("datalist option").evaluate_all("options => options.map(o => o.value)")
    assert any(label.startswith("Le Vigan") for label in labels)
    wanted = next(label for label in labels if label.startswith("Le Vigan"))
    tab.locator("[name=commune]").fill(wanted)
    assert tab.locator("[name=commune-code]").input_value().isdigit()
