"""Help among peers, and immersions after their signature."""

from __future__ import annotations

import re

from browser.after import EMPLOYER, LIVED, SIGNED, SIGNED_HOST, STOPPED, STOPPED_LONG_AGO, UNWILLING
from browser.atlas.place import Place, at, by, of, pressed
from browser.live import Site
from browser.peers import HELPED_BY_A_PEER, IN_A_FICHE, PEER_ASKED, PEER_HELPS
from browser.reading import fill, press
from cast import COORDINATOR
from playwright.sync_api import Page
from sqlalchemy import select

from models.attestation import Attestation
from models.base import db


def _verified(tab: Page, site: Site) -> None:
    """The page that the code printed on an attestation leads to."""
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", site.letter(LIVED, "attestation_ready")[1])[0]
    tab.goto(f"{site.address}/verifier/{code}")


def _badge(tab: Page, site: Site) -> None:
    with site.app.app_context():
        tab.goto(f"{site.address}/badges/{db.session.scalar(select(Attestation.badge_uuid))}")


def _declined(tab: Page, site: Site) -> None:
    """A host says that it cannot; its link opens nothing after that."""
    by(UNWILLING, "host_to_complete", "/refuser")(tab, site)
    fill(tab, {"words": "La salle est en travaux."})
    press(tab)


_REPORT = by(LIVED, "report_to_give", "/bilan")
AFTER = (
    Place("je prends", "entraide/repondre.html", by(PEER_ASKED, "peer_asked", "/prendre")),
    Place("à un·e collègue, sans nom", "entraide/repondre.html", pressed(by(
        PEER_ASKED, "peer_asked", "/collegue")), status=422),
    Place("un pair qui aide", "dossier/participant.html", by(PEER_HELPS, "to_help")),
    Place("proposer des créneaux", "entraide/repondre.html", by(PEER_HELPS, "to_help", "/creneaux")),
    Place("je ne sais pas", "entraide/repondre.html", by(PEER_HELPS, "to_help", "/orienter")),
    Place("choisir un créneau", "entraide/repondre.html", by(HELPED_BY_A_PEER, "slots_proposed", "/choisir")),
    Place("relire une fiche", "entraide/repondre.html", by(COORDINATOR, "fiche_to_edit", "/rediger-fiche")),
    Place("fiches", "entraide/fiches.html", at("/fiches")),
    Place("aucune fiche", "entraide/fiches.html", at("/fiches?q=imprimante")),
    Place("une fiche", "entraide/fiche.html", by(IN_A_FICHE, "fiche_published", kind="fiches")),
    Place("récits", "recits/recits.html", at("/recits")),
    Place("un récit", "recits/recit.html", by(LIVED, "account_published", kind="recits")),
    Place("ce qu’un badge reconnaît", "badges/reconnu.html", at("/badges/immersion")),
    Place("un badge", "badges/badge.html", _badge),
    Place("vérifier une attestation", "verifier/attestation.html", _verified),
    Place("donner mon retour", "dossier/retour.html", _REPORT),
    Place("donner mon retour, vide", "dossier/retour.html", pressed(_REPORT, "Envoyer", seen=""), status=422),
    Place("bilan de l’employeur", "dossier/retour.html", by(EMPLOYER.format("lise"), "report_to_give", "/bilan")),
    Place("une immersion vécue, par lien", "dossier/participant.html", by(LIVED, "attestation_ready")),
    Place("un parcours", "dossier/parcours.html", by(LIVED, "attestation_ready", "/parcours")),
    Place("un parcours, vu par la coordination", "dossier/parcours.html", of(LIVED, "attestation_ready", "/parcours"),
          signed_in=True),
    Place("une immersion à venir, une date proposée", "dossier/participant.html", by(SIGNED, "move_asked")),
    Place("la convention, signée", "dossier/convention.html", by(SIGNED, "move_asked", "/convention")),
    Place("déplacer une séance", "dossier/autre_date.html", by(SIGNED, "move_asked", "/deplacer")),
    Place("déplacer une séance, vide", "dossier/autre_date.html",
          pressed(by(SIGNED, "move_asked", "/deplacer"), "Proposer"), status=422),
    Place("arrêter l’immersion", "dossier/questions.html", by(SIGNED, "move_asked", "/arreter")),
    Place("reprendre l’immersion", "dossier/action.html", by(STOPPED, "immersion_stopped", "/reprendre-immersion")),
    Place("une immersion qui n’a pas lieu, trop tard pour la reprendre", "dossier/participant.html",
          by(STOPPED_LONG_AGO, "immersion_stopped")),
    Place("ce n’est pas possible, c’est enregistré", "dossier/fait.html", _declined),
    Place("quitter une ancienne adresse", "confirmation/adresse.html", by(
        SIGNED_HOST, "address_to_leave", kind="nouvelle-adresse")),
    Place("quitter une ancienne adresse, confirmé d’un côté", "confirmation/adresse_confirmee.html", pressed(by(
        SIGNED_HOST, "address_to_leave", kind="nouvelle-adresse"))),
    Place("changer mes coordonnées", "dossier/questions.html", by(SIGNED, "move_asked", "/coordonnees")),
    Place("changer mes coordonnées, sans rien changer", "dossier/questions.html",
          pressed(by(SIGNED, "move_asked", "/coordonnees"), "Changer mes coordonnées"), status=422),
    Place("refaire pour une autre personne", "journeys/page.html", by(SIGNED, "move_asked", "/refaire")),
    *(Place(name, template, go, signed_in=True, status=status) for name, template, go, status in (
        ("une immersion vécue", "dossier/coordination.html", of(LIVED, "attestation_ready"), 200),
        ("quel retour remplir", "dossier/retours_a_remplir.html", of(LIVED, "attestation_ready", "/bilan"), 200),
        ("un avenant", "dossier/avenant.html", of(SIGNED, "move_asked", "/avenant"), 200),
        ("un avenant, vide", "dossier/avenant.html", pressed(of(SIGNED, "move_asked", "/avenant"), "Envoyer"), 422),
        ("fixer le prochain échange", "dossier/questions.html", of(SIGNED, "move_asked", "/echange"), 200),
    )),
)
