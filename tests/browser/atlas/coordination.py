"""The space of the coordination: lists, requests, search, templates."""

from __future__ import annotations

from collections.abc import Callable

from browser.atlas.place import NOA, Place, at, of, pressed
from browser.live import Site
from browser.reading import fill, follow, press
from browser.stages import (
    HELPED,
    READING,
    UNREACHED,
)
from cast import COORDINATOR
from playwright.sync_api import Page


def _sign_in(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/coordination/entrer")
    fill(tab, {"email": COORDINATOR})
    press(tab)
    tab.goto(site.address + site.link(COORDINATOR, "sign_in_link", "coordination/ouvrir"))


def _menu(tab: Page, site: Site) -> None:
    """The rest of the menu, opened on a telephone."""
    tab.set_viewport_size({"width": 360, "height": 800})
    tab.goto(f"{site.address}/coordination/")
    tab.locator("summary", has_text="Plus").first.click()
    assert tab.get_by_role("link", name="Mon absence").is_visible()


def _unreached(then: str) -> Callable[[Page, Site], object]:
    return of(UNREACHED, "request_received", then)


def _correcting(tab: Page, site: Site) -> None:
    _unreached("")(tab, site)
    follow(tab, tab.locator(".notice a"))


COORDINATION = (*(Place(name, template, go, signed_in=True, status=status) for name, template, go, status in (
    ("à traiter", "coordination/a_faire.html", at("/coordination/"), 200),
    ("à traiter, le menu ouvert", "coordination/a_faire.html", _menu, 200),
    ("en cours", "coordination/en_cours.html", at("/coordination/en-cours"), 200),
    ("terminées", "coordination/terminees.html", at("/coordination/terminees"), 200),
    ("mon absence", "coordination/absence.html", at("/coordination/absence"), 200),
    ("mon absence, sans jour", "coordination/absence.html", pressed(at("/coordination/absence"), "Annoncer"), 422),
    ("transmettre", "dossier/transmettre.html", of("dominique@structure-a.example", "request_received", "/transmettre"), 200),
    ("transmettre, sans choix", "dossier/transmettre.html",
     pressed(of("dominique@structure-a.example", "request_received", "/transmettre"), "Transmettre"), 422),
    ("récapitulatifs", "recapitulatifs/choisir.html", at("/coordination/recapitulatifs"), 200),
    ("récapitulatifs arrêtés", "recapitulatifs/choisir.html", pressed(at("/coordination/recapitulatifs")), 200),
    ("une demande d’aide", "dossier/coordination.html", of("sacha@structure-a.example", "request_received"), 200),
    ("je ne sais pas, des contacts à donner", "entraide/repondre.html", of(HELPED, "request_received", "/orienter"), 200),
    ("une demande avec note et fichier", "dossier/coordination.html", of(HELPED, "request_received"), 200),
    ("une adhésion", "dossier/coordination.html", at("/coordination/ADH-2027-0001"), 200),
    ("une immersion, accueil à proposer", "dossier/coordination.html",
     of("dominique@structure-a.example", "request_received"), 200),
    ("une immersion à signer", "dossier/coordination.html", of(NOA, "convention_to_sign"), 200),
    ("message fait, pour la coordination", "dossier/coordination.html", of(NOA, "convention_to_sign", "?fait=1"), 200),
    ("relancer", "signature/relancer.html", of(NOA, "convention_to_sign", "/relancer"), 200),
    ("relancer, sans choix", "signature/relancer.html",
     pressed(of(NOA, "convention_to_sign", "/relancer"), "Envoyer ce rappel"), 422),
    ("une personne qu’on ne joint plus", "dossier/coordination.html", _unreached(""), 200),
    ("de qui corriger l’adresse", "dossier/adresse.html", _unreached("/adresse"), 200),
    ("corriger une adresse", "dossier/adresse.html", _correcting, 200),
    ("corriger une adresse, vide", "dossier/adresse.html", pressed(_correcting, "Demander"), 422),
    ("refuser", "dossier/action.html", of("dominique@structure-a.example", "request_received", "/refuser"), 200),
    ("note vide", "dossier/action.html", pressed(of(NOA, "convention_to_sign"), "Garder cette note"), 422),
    ("proposer", "dossier/proposer.html", of("dominique@structure-a.example", "request_received", "/proposer"), 200),
    ("proposer, sans choix", "dossier/proposer.html",
     pressed(of("dominique@structure-a.example", "request_received", "/proposer")), 422),
    ("fiche préparatoire", "dossier/fiche.html", of("dominique@structure-a.example", "request_received", "/fiche"), 200),
    ("fiche préparatoire, vide", "dossier/fiche.html",
     pressed(of("dominique@structure-a.example", "request_received", "/fiche"), "Envoyer la fiche"), 422),
    ("rédiger", "dossier/rediger.html", of(READING, "convention_to_review", "/rediger"), 200),
    ("rédiger, une heure fausse", "dossier/rediger.html", pressed(
        of(READING, "convention_to_review", "/rediger"), "Enregistrer", **{"seance1-starts": "midi"}), 422),
    ("la convention, relue par la coordination", "dossier/convention.html",
     of(READING, "convention_to_review", "/convention"), 200),
    ("la convention, à signer", "dossier/convention.html", of(NOA, "convention_to_sign", "/convention"), 200),
)),
    Place("adresse vide", "acces/entrer.html", pressed(at("/coordination/entrer")), status=422),
    Place("lien envoyé", "acces/lien_envoye.html", pressed(at("/coordination/entrer"), email=COORDINATOR)),
    Place("entrer", "acces/ouvrir.html", _sign_in),
)


def _found(tab: Page, _site: Site) -> None:
    tab.goto("/coordination/recherche?q=modele")
    assert tab.locator(".results > li").count() > 2, "what is found is looked at, not that nothing is"


def _overtaken(tab: Page, site: Site) -> None:
    """A colleague answered since the page was shown; the words are kept."""
    of("sacha@structure-a.example", "request_received")(tab, site)
    tab.evaluate("document.querySelector('input[name=vu]').value = '0'")
    fill(tab, {"repondre-words": "Je vous appelle demain."})
    press(tab, "Envoyer à")


def _moving(tab: Page, site: Site) -> None:
    of("sacha@structure-a.example", "request_received")(tab, site)
    follow(tab, tab.locator(".move a").first)


def _bulk(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/coordination/")
    tab.locator(".pick input").first.check()
    press(tab, "Je m’en occupe")


def _modele(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/coordination/modeles/nouveau")
    fill(tab, {"title": "Accusé de réception", "body": "Bonjour {prenom}, votre demande {reference} est arrivée."})


def _modele_again(tab: Page, site: Site) -> None:
    pressed(_modele, "Enregistrer")(tab, site)
    follow(tab, tab.locator("main a[href*='/coordination/modeles/']:not([href$=nouveau])").first)


DESK = tuple(Place(name, template, go, signed_in=True, status=status) for name, template, go, status in (
    ("à traiter, à moi", "coordination/a_faire.html", at("/coordination/?qui=moi"), 200),
    ("à traiter, filtré", "coordination/a_faire.html", at("/coordination/?sorte=immersion&territoire=243000643"), 200),
    ("en cours, sans nouvelle", "coordination/en_cours.html", at("/coordination/en-cours?calme=oui"), 200),
    ("chronologie", "coordination/chronologie.html", of("sacha@structure-a.example", "request_received", "/chronologie"), 200),
    ("réunir deux demandes", "dossier/fusionner.html", of("sacha@structure-a.example", "request_received", "/fusionner"), 200),
    ("réunir, vide", "dossier/fusionner.html",
     pressed(of("sacha@structure-a.example", "request_received", "/fusionner"), "Réunir"), 422),
    ("déplacer un message", "dossier/deplacer_message.html", _moving, 200),
    ("déplacer, sans choix", "dossier/deplacer_message.html", pressed(_moving, "Déplacer ce message"), 422),
    ("plusieurs demandes", "coordination/a_faire.html", _bulk, 200),
    ("modèles, aucun", "modeles/liste.html", at("/coordination/modeles/"), 200),
    ("modèle, vide", "modeles/modele.html", pressed(at("/coordination/modeles/nouveau"), "Enregistrer"), 422),
    ("modèle, aperçu", "modeles/modele.html", pressed(_modele, "Voir un aperçu"), 200),
    ("modèles", "modeles/liste.html", pressed(_modele, "Enregistrer"), 200),
    ("modèle, à corriger", "modeles/modele.html", _modele_again, 200),
    ("exporter", "coordination/exports.html", at("/coordination/exports"), 200),
    ("annuaire", "annuaire/annuaire.html", at("/coordination/annuaire"), 200),
    ("annuaire, filtré", "annuaire/annuaire.html", at("/coordination/annuaire?q=structure&competence=diagnostic"), 200),
    ("annuaire, personne", "annuaire/annuaire.html", at("/coordination/annuaire?q=girafe"), 200),
    ("rechercher", "coordination/recherche.html", at("/coordination/recherche"), 200),
    ("rechercher, trouvé", "coordination/recherche.html", _found, 200),
    ("rechercher, rien", "coordination/recherche.html", at("/coordination/recherche?q=girafe"), 200),
    ("rechercher, vide", "coordination/recherche.html", at("/coordination/recherche?q="), 422),
    ("entre-temps", "dossier/action.html", _overtaken, 409),
))
