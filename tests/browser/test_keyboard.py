"""With the keyboard alone: the way in, the order, the focus that is seen, and a whole request."""

from __future__ import annotations

import re

import pytest
from alerte_people import PHRASE
from browser import alerting
from browser.after import EMPLOYER
from browser.peers import PEER_ASKED
from browser.reading import focused
from browser.stages import ASKED
from cast import COORDINATOR
from team import ADMINISTRATOR, code_now

from services.inbound import queue

#: Tab stops here, in the order of the page; radios of one name count once, as the browser has it.
_STOPS = """() => {
    const stops = [], groups = new Set();
    for (const e of document.querySelectorAll('a[href], button, input, textarea, select, summary, iframe, [tabindex="0"]')) {
        if (e.tabIndex < 0 || e.type === 'hidden' || !e.getClientRects().length) continue;
        if (e.tagName !== 'SUMMARY' && e.closest('details:not([open])')) continue;
        if (e.type === 'radio') {
            const key = (e.form ? [...document.forms].indexOf(e.form) : '') + e.name;
            const chosen = document.querySelector(`input[type=radio][name="${e.name}"]:checked`);
            if (chosen ? chosen !== e : groups.has(key)) continue;
            groups.add(key);
        }
        e.dataset.stop = stops.length;
        stops.push(e);
    }
    return stops.length;
}"""
#: What has the focus: its number, whether it is in view, and whether something shows it.
_WHERE = """() => {
    const e = document.activeElement, r = e.getBoundingClientRect();
    const drawn = node => { const s = getComputedStyle(node);
        return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; };
    return {stop: e.dataset.stop === undefined ? null : Number(e.dataset.stop), html: e.outerHTML.slice(0, 80),
            seen: r.bottom > 0 && r.top < innerHeight && r.width > 0,
            shown: drawn(e) || !!(e.closest('li') && drawn(e.closest('li')))};
}"""

PAGES = ("/", "/rejoindre", "/alerte", "/aide/question", "/rejoindre/structure/structure", "/coordination/entrer", "/courrier/",
         "coordination", "convention", "accueillir", "/coordination/courriels", "un courriel", "est-ce bien vous")

SIGNED_IN = ("coordination", "/coordination/courriels", "un courriel")


def _address(site, page: str) -> str:
    if page == "coordination":
        return "/coordination/IMM-2026-0001"
    if page == "un courriel":
        with site.app.app_context():
            return f"/coordination/courriels/{queue.to_decide()[0].id}"
    if page == "est-ce bien vous":
        return site.link(ASKED[0], "is_it_you", "adresse")
    if page == "convention":
        return site.link("noa@structure-b.example", "convention_to_sign") + "/convention"
    if page == "accueillir":
        return site.link("claude@structure-c.example", "host_to_agree", back=1) + "/accueillir"
    return page


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_tab_follows_the_page_and_shows_where_it_is(tab, site, page: str, width: int):
    if page in SIGNED_IN:
        tab.context.add_cookies([{"name": "coordination", "value": site.session(), "url": site.address}])
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(_address(site, page))
    stops = tab.evaluate(_STOPS)
    assert stops > 5
    for expected in range(stops):
        tab.keyboard.press("Tab")
        where = tab.evaluate(_WHERE)
        assert where["stop"] == expected, where
        assert where["shown"], f"le focus ne se voit pas : {where['html']}"
        assert where["seen"], f"le focus est hors de vue : {where['html']}"


@pytest.mark.parametrize("page", ["/", "/aide/question", "/coordination/entrer", "/une-page-absente"])
def test_the_first_stop_leads_to_the_content(tab, site, page: str):
    tab.goto(page)
    tab.keyboard.press("Tab")
    assert focused(tab) == "Aller au contenu"
    box = tab.locator(".skip").bounding_box()
    assert box["y"] >= 0 and box["height"] >= 40
    tab.keyboard.press("Enter")
    assert focused(tab) == "contenu"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.querySelector('main').contains(document.activeElement)")


class Hands:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, tab) -> None:
        self.tab = tab

    def go_to(self, words: str, among: str = "*") -> None:
        """Press Tab until what has the focus bears these words: a label, a link, a button; ``among``: a CSS selector."""
        for _ in range(120):
            self.tab.keyboard.press("Tab")
            if words in self.tab.evaluate("""among => { const e = document.activeElement;
                    // The whole page has the focus between its last link and its first: it bears every word.
                    if (!e.matches(among) || e.matches('body, [tabindex="-1"]')) return '';
                    return (e.labels && e.labels.length ? [...e.labels].map(l => l.innerText).join(' ') + ' '
                        + (e.closest('fieldset')?.querySelector('legend')?.innerText || '') : e.innerText) || '' }""", among):
                return
        raise AssertionError(f"« {words} » n’est pas atteint au clavier")

    def write(self, label: str, text: str) -> None:
        self.go_to(label)
        self.tab.keyboard.type(text)

    def choose(self, legend: str, down: int = 0) -> None:
        """The choice so many lines below the first."""
        self.go_to(legend)
        self.tab.keyboard.press("Space")
        for _ in range(down):
            self.tab.keyboard.press("ArrowDown")

    def press(self, words: str) -> None:
        self.go_to(words, "a, button")
        with self.tab.expect_navigation(wait_until="load"):
            self.tab.keyboard.press("Enter")


def test_a_request_for_help_is_sent_with_the_keyboard_alone(tab, site):
    hands = Hands(tab)
    tab.goto("/")
    hands.press("Demander de l’aide")
    hands.press("Poser ma question")
    hands.write("Votre question", "Comment accueillir une personne qui ne lit pas ?")
    hands.choose("Ce que vous cherchez", down=1)
    hands.choose("Le sujet", down=3)
    hands.press("Continuer")
    hands.choose("Qui est concerné")
    hands.choose("À quel point")
    hands.press("Continuer")
    hands.write("Prénom", "Noa")
    hands.write("Nom", "Fictif")
    hands.write("Adresse de courriel", "clavier@structure-z.example")
    hands.choose("Votre métier", down=1)
    hands.write("Votre commune", "Nîmes")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("text=Maintenant, envoyez")
    assert "Être accompagné" in tab.locator("main").inner_text() and "Courriel et messageries" in tab.locator("main").inner_text()
    hands.press("Envoyer ma demande")
    assert "confirmez votre adresse" in tab.locator("h1").inner_text()
    assert focused(tab) == "contenu"


def test_a_coordinator_signs_in_and_answers_with_the_keyboard_alone(tab, site):
    hands = Hands(tab)
    tab.goto("/coordination/entrer")
    hands.write("Votre adresse", COORDINATOR)
    hands.press("Recevoir mon lien")
    tab.goto(site.link(COORDINATOR, "sign_in_link", "coordination/ouvrir"))
    hands.press("Entrer")
    _number, text = site.letter("camille@structure-a.example", "request_received")
    hands.press(re.search(r"AIDE-\d{4}-\d{4}", text)[0])
    hands.write("Votre message", "Oui, je vous l’envoie demain.")
    hands.press("Envoyer à Camille Exemple")
    assert "Oui, je vous l’envoie demain." in tab.locator(".conversation").inner_text()
    assert tab.locator("[role=status]").count() == 1


def test_enter_on_a_box_of_the_list_does_nothing_and_a_day_goes_on_from_one_request_to_the_next(tab, site):
    tab.context.add_cookies([{"name": "coordination", "value": site.session(), "url": site.address}])
    hands = Hands(tab)
    tab.goto("/coordination/?qui=personne")
    hands.go_to("Choisir", "input")
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    tab.wait_for_timeout(300)
    assert tab.url.endswith("/coordination/?qui=personne") and tab.locator(".pick input:checked").count() == 1
    nothing = tab.locator("button", has_text="Ne rien faire").bounding_box()
    assert nothing["width"] <= 1 and nothing["height"] <= 1, "what Enter presses is not for the eyes"
    hands.press("Je m’en occupe")
    assert "change de mains" in tab.locator("[role=status]").inner_text()
    hands.press("Annuler")
    assert "annulé" in tab.locator("[role=status]").inner_text()
    for _ in range(2):
        tab.goto("/coordination/")
        first = tab.locator(".dossier-list .reference").first.inner_text()
        hands.press(first)
        hands.write("Votre message", "Je regarde cela aujourd’hui.")
        hands.press("Envoyer à")
        assert "Je regarde cela aujourd’hui." in tab.locator(".conversation").inner_text()
        assert focused(tab) == "contenu"


def test_the_rest_of_the_menu_opens_with_the_keyboard(tab, site):
    tab.context.add_cookies([{"name": "coordination", "value": site.session(), "url": site.address}])
    hands = Hands(tab)
    for width in (320, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.goto("/coordination/")
        hands.go_to("Plus", "summary")
        tab.keyboard.press("Enter")
        hands.press("Mon absence")
        assert tab.url.endswith("/coordination/absence")
        assert tab.locator(".site-nav [aria-current]").inner_text() == "Mon absence"


def test_an_alert_is_written_read_and_answered_with_the_keyboard_alone(tab, site):
    tab.goto("/alerte")
    hands = Hands(tab)
    hands.press("Écrire")
    hands.choose("Vous êtes")
    hands.write("Ce que vous voulez dire", "Je n’y arrive plus depuis des semaines.")
    hands.press("Voir qui lira")
    hands.press("Envoyer")
    code = " ".join(tab.locator(".code-words li").all_inner_texts())
    alerting.locked(tab, site)
    hands.write("phrase de passe", PHRASE)
    hands.press("Ouvrir")
    with tab.expect_navigation():
        hands.go_to("«", "main a")
        tab.keyboard.press("Enter")
    hands.press("Ouvrir")
    assert "Je n’y arrive plus" in tab.locator(".conversation").inner_text()
    hands.write("Votre message", "Je vous lis. Quand puis-je vous appeler ?")
    hands.press("Envoyer")
    tab.goto("/suite")
    hands.write("code", code)
    hands.press("Ouvrir")
    assert "Quand puis-je vous appeler" in tab.locator(".conversation").inner_text()
    hands.write("Votre message", "Ce soir.")
    hands.press("Envoyer")
    assert "transmis" in tab.locator("[role=status]").inner_text()


def test_a_code_of_the_telephone_is_typed_with_the_keyboard_alone(tab, site):
    hands = Hands(tab)
    tab.goto("/coordination/entrer")
    hands.write("Votre adresse", ADMINISTRATOR)
    hands.press("Recevoir mon lien")
    tab.goto(site.link(ADMINISTRATOR, "sign_in_link", "coordination/ouvrir"))
    hands.press("Entrer")
    hands.write("code", "000000")
    hands.press("Continuer")
    assert focused(tab) == "resume-erreurs" and "code" in tab.locator("#resume-erreurs").inner_text()
    hands.go_to("code", "input")
    tab.keyboard.press("ControlOrMeta+A")
    tab.keyboard.type(code_now(site.app, site.clock, ADMINISTRATOR))
    hands.press("Continuer")
    assert "/coordination/" in tab.url and "/code" not in tab.url and tab.locator("h1").count() == 1
    hands.press("Mon accès")
    assert "Le code du téléphone" in tab.locator("main").inner_text()


def test_a_peer_takes_a_question_with_the_keyboard_alone(tab, site):
    tab.goto(site.link(PEER_ASKED, "peer_asked", "d"))
    hands = Hands(tab)
    hands.press("Je prends")
    hands.press("Je prends")
    assert tab.locator("[role=status]").count() == 1


def test_ones_own_space_is_corrected_with_the_keyboard_alone(tab, site):
    hands = Hands(tab)
    tab.goto("/mon-espace")
    hands.write("courriel", "noa@structure-b.example")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("h1:has-text('courriel')")
    tab.goto(site.link("noa@structure-b.example", "space_link", "mon-espace") + "/coordonnees")
    hands.go_to("Prénom")
    tab.keyboard.press("ControlOrMeta+A")
    tab.keyboard.type("Noah")
    hands.press("Enregistrer")
    assert "Noah" in tab.locator("main").inner_text()


def test_a_report_is_given_with_the_keyboard_alone(tab, site):
    tab.goto(site.link(EMPLOYER.format("lise"), "report_to_give", "d") + "/bilan")
    hands = Hands(tab)
    hands.choose("utile à votre structure")
    hands.write("vous a aidé", "La convention, prête à signer.")
    hands.choose("Recommenceriez-vous", down=1)
    hands.press("Envoyer mon retour")
    assert tab.locator("#resume-erreurs").count() == 0 and tab.locator("[role=status]").count() == 1


def test_a_convention_is_signed_with_the_keyboard_alone(tab, site):
    hands = Hands(tab)
    tab.goto(site.link("direction@structure-b.example", "convention_to_sign") + "/signer")
    hands.press("Recevoir mon code")
    hands.go_to("Vos prénom et nom", "input")
    tab.keyboard.press("ControlOrMeta+A")
    tab.keyboard.type("Andréa Direction")
    hands.go_to("En quelle qualité", "input")
    tab.keyboard.press("ControlOrMeta+A")
    tab.keyboard.type("directrice")
    hands.write("Le code reçu", "000000")
    hands.go_to("lu", "input")
    tab.keyboard.press("Space")
    hands.press("Je signe")
    assert focused(tab) == "resume-erreurs" and "code" in tab.locator("#resume-erreurs").inner_text()
    assert tab.locator("main [name=quality]").input_value() == "directrice"
    _number, text = site.letter("direction@structure-b.example", "code_to_sign")
    hands.go_to("Le code reçu", "input")
    tab.keyboard.press("ControlOrMeta+A")
    tab.keyboard.type(re.search(r"\b\d{3}\u00a0\d{3}\b", text)[0])
    if not tab.locator("main [type=checkbox]").first.is_checked():
        hands.go_to("lu", "input")
        tab.keyboard.press("Space")
    hands.press("Je signe")
    assert tab.locator("#resume-erreurs").count() == 0
    assert "signé" in tab.locator("main").inner_text()
    assert "signé" in site.letter("direction@structure-b.example")[1], "and the receipt has left"
