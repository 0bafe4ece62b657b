"""Mail set aside, the built-in mailbox, and how mail arrives."""

from __future__ import annotations

from collections.abc import Callable

from browser.atlas.place import NOA, Place, at, by, pressed
from browser.live import Site
from browser.reading import follow
from browser.stages import (
    ASKED,
    WRITING,
)
from cast import COORDINATOR
from playwright.sync_api import Page

from services import inbound


def _letter(address: str, letter: str, view: str = "") -> Callable[[Page, Site], object]:
    return lambda tab, site: tab.goto(f"{site.address}/courrier/{site.letter(address, letter)[0]}{view}")


def _mail(subject: str, then: str = "") -> Callable[[Page, Site], object]:
    """The page of a mail set aside, by its subject."""
    def go(tab: Page, site: Site) -> None:
        tab.goto(f"{site.address}/coordination/courriels")
        follow(tab, tab.locator(".mail-queue th a", has_text=subject).first)
        if then:
            tab.goto(tab.url.split("#")[0].split("?")[0] + then)
    return go


def _discarded(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/coordination/courriels/traites")
    follow(tab, tab.locator(".mail-queue th a", has_text="Offre").first)


_KNOWN = "Une question sur les mandats"
COURRIELS = (*(Place(name, template, go, signed_in=True, status=status) for name, template, go, status in (
    ("courriels mis de côté", "courriels/liste.html", at("/coordination/courriels"), 200),
    ("courriels traités", "courriels/traites.html", at("/coordination/courriels/traites"), 200),
    ("un courriel mis de côté", "courriels/courriel.html", _mail(_KNOWN), 200),
    ("un courriel illisible", "courriels/courriel.html", _mail("Sans objet"), 200),
    ("un courriel écarté", "courriels/courriel.html", _discarded, 200),
    ("rattacher, quelle demande", "courriels/rattacher.html", _mail(_KNOWN, "/rattacher"), 200),
    ("rattacher, référence vide", "courriels/rattacher.html", _mail(_KNOWN, "/rattacher?reference="), 422),
    ("rattacher, parmi les siennes", "courriels/rattacher.html", _mail("Une question simple", "/rattacher"), 200),
    ("rattacher, de qui", "courriels/de_qui.html", _mail(_KNOWN, "/rattacher?reference=IMM-2026-0001"), 200),
    ("rattacher, sans réponse", "courriels/de_qui.html",
     pressed(_mail(_KNOWN, "/rattacher?reference=IMM-2026-0001"), "Rattacher ce courriel"), 422),
    ("ouvrir une demande", "courriels/ouvrir.html", _mail(_KNOWN, "/ouvrir"), 200),
    ("ouvrir une demande, sans question", "courriels/ouvrir.html",
     pressed(_mail(_KNOWN, "/ouvrir"), "Ouvrir cette demande", question=""), 422),
    ("envoyer un formulaire", "courriels/formulaire.html", _mail(_KNOWN, "/formulaire"), 200),
    ("envoyer un formulaire, sans choix", "courriels/formulaire.html",
     pressed(_mail(_KNOWN, "/formulaire"), "Envoyer le lien"), 422),
    ("409 d’un courriel", "errors/409.html", lambda tab, site: (_discarded(tab, site), tab.goto(tab.url + "/ouvrir")), 409),
)),
    Place("est-ce bien vous", "courriels/adresse.html", by(ASKED[0], "is_it_you", kind="adresse")),
    Place("oui, c’est moi", "courriels/adresse_dite.html", pressed(by(ASKED[1], "is_it_you", kind="adresse"), "Oui")),
    Place("non, ce n’est pas moi", "courriels/adresse_dite.html", pressed(by(ASKED[2], "is_it_you", kind="adresse"), "Non")),
    Place("formulaire repris d’un courriel", "journeys/page.html",
          by(WRITING[0], "form_to_complete", kind="aide/reprendre", back=1)),
    Place("formulaire à choisir", "adhesion/rejoindre.html", by(WRITING[0], "form_to_complete", kind="rejoindre/reprendre")),
)

EMPTY = (*(Place(f"vide : {template}", template, at(path), signed_in=True, strict=True) for path, template in (
    ("/coordination/", "coordination/a_faire.html"), ("/coordination/en-cours", "coordination/en_cours.html"),
    ("/coordination/terminees", "coordination/terminees.html"), ("/coordination/courriels", "courriels/liste.html"),
    ("/coordination/courriels/traites", "courriels/traites.html"),
)), Place("vide : boîte d’une personne", "courrier/boite.html", at("/courrier/a/personne@ring.example")))

MAILBOX = (
    Place("boîte d’une personne", "courrier/boite.html", at(f"/courrier/a/{NOA}")),
    Place("lettre", "courrier/lettre.html", _letter(COORDINATOR, "request_to_coordinator")),
    Place("lettre avec un PDF", "courrier/lettre.html", _letter(NOA, "convention_to_sign")),
    Place("lettre en texte", "courrier/lettre.html", _letter(NOA, "convention_to_sign", "?vue=texte")),
    Place("lettre en source", "courrier/lettre.html", _letter(NOA, "convention_to_sign", "?vue=source")),
    Place("réponse vide", "courrier/lettre.html",
          pressed(_letter(NOA, "convention_to_sign"), "Envoyer la réponse"), status=422),
)


def _mail_in_trouble(tab: Page, site: Site) -> None:
    with site.app.app_context():
        inbound.note_failure("imap", site.clock.now, "imap.exemple.fr refuse l’identifiant ou le mot de passe de IMAP_URL. "
                             "Le serveur dit\u00a0: «\u00a0[AUTHENTICATIONFAILED] Invalid.credentials.of.a@exemple.fr\u00a0»")
        inbound.note_success("lmtp", site.clock.now)
    tab.goto(f"{site.address}/coordination/courriels/etat")


CARRIERS = (
    Place("l’arrivée des courriels", "coordination/courriels_etat.html", at("/coordination/courriels/etat"), signed_in=True,
          strict=True),
    Place("l’arrivée des courriels, en peine", "coordination/courriels_etat.html", _mail_in_trouble, signed_in=True),
)
