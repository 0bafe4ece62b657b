"""Pages open to everybody, what follows a form that was sent, and the pages of errors."""

from __future__ import annotations

from browser.atlas.place import ANDREA, NOA, Place, at, by, pressed
from browser.live import Site
from browser.reading import fill, press
from browser.stages import (
    UNCONFIRMED,
    UNREACHED,
    UNREACHED_TOO,
)
from cast import AIDE, ALONE, VOLUNTEER
from playwright.sync_api import Page


def _forged(tab: Page, site: Site) -> None:
    tab.goto("about:blank")
    tab.set_content(f'<form method="post" action="{site.address}/coordination/entrer"><button>x</button></form>')
    with tab.expect_navigation():
        tab.locator("button").click()


def _sent_then_again(tab: Page, site: Site) -> None:
    _check_page(tab, site, "double@structure-z.example")
    press(tab)
    tab.go_back()
    press(tab)


def _check_page(tab: Page, site: Site, email: str) -> None:
    tab.goto(f"{site.address}/aide/question")
    for _slug, answers in AIDE:
        fill(tab, answers | ({"email": email} if "email" in answers else {}))
        press(tab)


def _last_step(tab: Page, site: Site, pages: tuple) -> None:
    """The last page of a form of immersion, the others being filled."""
    tab.goto(f"{site.address}/immersion/situation")
    for _slug, answers in pages[:-1]:
        fill(tab, answers)
        press(tab)


def _too_many(tab: Page, site: Site) -> None:
    _check_page(tab, site, "trop@structure-z.example")
    press(tab)


def _cut(tab: Page, site: Site) -> None:
    """A page comes back without the answers of the pages before."""
    tab.goto(f"{site.address}/aide/question")
    fill(tab, AIDE[0][1])
    press(tab)
    fill(tab, AIDE[1][1])
    tab.evaluate("document.querySelector('[name=etat]').value = 'coupé'")
    press(tab)


PUBLIC = tuple(Place(path, template, at(path)) for path, template in (
    ("/", "accueil/accueil.html"), ("/aide", "entraide/aide.html"), ("/immersion", "immersion/immersion.html"),
    ("/immersion/cadre", "immersion/cadre.html"),
    ("/immersion/cadre?statut=salarie&accueil=interet_general", "immersion/cadre.html"),
    ("/immersion/preparer", "immersion/preparer.html"),
    ("/rejoindre", "adhesion/rejoindre.html"),
    ("/rejoindre/structure", "adhesion/structure.html"),
    ("/rejoindre/professionnel", "adhesion/professionnel.html"), ("/rejoindre/en-devenir", "adhesion/en_devenir.html"),
    ("/proposer", "accueil/proposer.html"), ("/plan-du-site", "accueil/plan_du_site.html"),
    ("/mentions-legales", "accueil/mentions_legales.html"), ("/accessibilite", "accueil/accessibilite.html"),
    ("/donnees-personnelles", "accueil/donnees_personnelles.html"), ("/nouveau-lien", "confirmation/lien_envoye.html"),
    ("/observatoire", "observatoire/observatoire.html"), ("/observatoire/2024", "observatoire/observatoire.html"),
    ("/mon-espace", "donnees/demander.html"), ("/mon-espace/lien-envoye", "donnees/lien_envoye.html"),
    ("/coordination/entrer", "acces/entrer.html"), ("/courrier/", "courrier/boites.html"),
))

SENDING = (
    Place("une réponse coupée", "journeys/cut.html", lambda tab, site: _cut(tab, site), status=422),
    Place("une autre voie", "immersion/ailleurs.html", pressed(at("/immersion/situation"), work_status="recherche_emploi")),
    Place("une immersion en son nom : son activité", "journeys/page.html", lambda tab, site: _last_step(tab, site, ALONE)),
    Place("une immersion en son nom : son activité, vide", "journeys/page.html",
          pressed(lambda tab, site: _last_step(tab, site, ALONE), "Continuer"), status=422),
    Place("une immersion bénévole : son association", "journeys/page.html", lambda tab, site: _last_step(tab, site, VOLUNTEER)),
    Place("trop de demandes", "journeys/check.html", _too_many, strict=True, status=429),
    Place("demande reçue", "confirmation/recue.html",
          lambda tab, site: (_check_page(tab, site, "recue@structure-z.example"), press(tab))),
    Place("déjà envoyée", "confirmation/deja_envoyee.html", _sent_then_again),
    Place("confirmer", "confirmation/confirmer.html", by(UNCONFIRMED, "address_to_confirm", kind="confirmer")),
    Place("confirmée", "confirmation/confirmee.html",
          lambda tab, site: (_check_page(tab, site, "sure@structure-z.example"), press(tab),
                             by("sure@structure-z.example", "address_to_confirm", kind="confirmer")(tab, site), press(tab))),
    Place("nouvelle adresse", "confirmation/adresse.html", by(f"nouvelle.{UNREACHED}", "new_address", kind="nouvelle-adresse")),
    Place("nouvelle adresse confirmée", "confirmation/adresse_confirmee.html",
          pressed(by(f"nouvelle.{UNREACHED_TOO}", "new_address", kind="nouvelle-adresse"))),
)

DEVELOPMENT = (Place("/composants", "accueil/composants.html", at("/composants"), strict=True),)

ERRORS = (
    Place("403", "errors/403.html", _forged, status=403),
    Place("404", "errors/404.html", at("/une-page-qui-n-existe-pas"), status=404),
    Place("404 d’un lien personnel", "errors/404.html", at("/d/" + "x" * 43), status=404),
    Place("409", "errors/409.html", by(ANDREA, "convention_to_sign", "/accepter"), status=409),
    Place("410", "errors/410.html", by(NOA, "address_to_confirm", kind="confirmer"), status=410),
    Place("413", "errors/413.html", pressed(at("/aide/question"), question="mot " * 2000), strict=True, status=413),
    Place("422", "errors/422.html", at("/essai/refus"), status=422),
    Place("429", "errors/429.html", at("/essai/trop"), status=429),
    Place("500", "errors/500.html", at("/essai/panne"), status=500),
    Place("503", "errors/503.html", at("/essai/pause"), status=503),
)
