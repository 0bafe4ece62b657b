"""The story of the README, played in the browser alone: every person's mail is read and answered in /courrier."""

from __future__ import annotations

from browser.reading import fill, press
from cast import COORDINATOR, STRUCTURE

MAYOR = "accueil@commune-m.example"
JOINING = tuple((slug, answers | {"email": MAYOR} if "email" in answers else
                 answers | {"siret": "", "structure_name": "Commune Exemple M"} if "siret" in answers else answers)
                for slug, answers in STRUCTURE)


def _open_letter(tab, address: str, words: str) -> None:
    """Go to a mailbox and open the latest letter whose subject holds these words."""
    tab.goto("/courrier/")
    tab.locator(f'.mail-people a:has-text("{address}")').click()
    tab.locator(f'.mail-list a:has-text("{words}")').first.click()
    tab.wait_for_selector("iframe")


def test_a_structure_joins_and_is_welcomed(tab, site):
    tab.goto("/")
    tab.get_by_role("link", name="Rejoindre le réseau").click()
    tab.get_by_role("link", name="Une structure").click()
    tab.get_by_role("link", name="Commencer ma demande").click()
    for _slug, answers in JOINING:
        fill(tab, answers)
        press(tab)
    press(tab, "Envoyer ma demande")
    reference = tab.locator(".big-reference strong").inner_text()

    tab.locator("main").get_by_role("link", name="boîte aux lettres intégrée").click()
    tab.locator(".mail-list a").first.click()
    with tab.expect_navigation(url="**/confirmer/*"):
        tab.frame_locator("iframe").get_by_role("link", name="Confirmer").first.click()
    press(tab)
    assert "arrivée" in tab.locator("h1").inner_text() and reference in tab.locator("main").inner_text()

    _open_letter(tab, COORDINATOR, reference)
    assert "Commune Exemple M" in tab.frame_locator("iframe").locator("body").inner_text()
    tab.locator("textarea").fill("/accepter\nBienvenue à toute l’équipe.")
    press(tab, "Envoyer la réponse")
    assert "Réponse envoyée" in tab.locator("[role=status]").inner_text()

    _open_letter(tab, MAYOR, "Bienvenue")
    letter = tab.frame_locator("iframe").locator("body").inner_text()
    assert "Bienvenue à toute l’équipe." in letter
    name = f"engagements-{reference}.pdf"
    link = tab.get_by_role("link", name=name)
    answer = tab.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF-1.7")

    with tab.expect_navigation(url="**/mon-espace/*"):
        tab.frame_locator("iframe").get_by_role("link", name="Ouvrir mon espace").click()
    assert reference in tab.locator("main").inner_text()


def test_on_a_phone_a_letter_comes_before_the_lists(tab, site):
    tab.set_viewport_size({"width": 360, "height": 740})
    _open_letter(tab, COORDINATOR, "AIDE-")
    assert not tab.locator(".mail-people").is_visible() and not tab.locator(".mail-list").is_visible()
    assert tab.locator("iframe").bounding_box()["y"] < 740, "la lettre commence sur le premier écran"
    tab.get_by_role("link", name="Toutes les lettres").click()
    assert tab.locator(".mail-list").is_visible() and not tab.locator(".mail-people").is_visible()
    tab.get_by_role("link", name="Toutes les boîtes").click()
    assert tab.locator(".mail-people").is_visible()


def test_the_frame_of_a_letter_is_tall_enough(tab, site):
    for address, name in ((COORDINATOR, "request_to_coordinator"), ("noa@structure-b.example", "convention_to_sign"),
                          ("claude@structure-c.example", "host_to_agree")):
        for width in (360, 1280):
            tab.set_viewport_size({"width": width, "height": 800})
            tab.goto(f"/courrier/{site.letter(address, name)[0]}")
            inside = tab.frames[1].evaluate("document.body.getBoundingClientRect().height")
            assert inside <= tab.locator("iframe").bounding_box()["height"] + 2, (name, width)
