"""The pages of people of a request, by their personal links."""

from __future__ import annotations

import re

from browser.atlas.place import ANDREA, CLAUDE, NOA, Place, at, by, pressed
from browser.live import Site
from browser.reading import press
from browser.stages import (
    HELPED,
    PLACED,
    READING,
    REFUSED,
)
from cast import HOSTING
from playwright.sync_api import Page
from sqlalchemy import select

from models.base import db
from models.dossier import Dossier
from services import convention
from services.files import read_content

#: Of the host who was asked and did not answer yet: the letter before the latest.
HOSTING_PAGE = by(CLAUDE, "host_to_agree", "/accueillir", back=1)

def _paper(tab: Page, site: Site) -> None:
    """A signed copy is sent back, compared, and waits for the coordination."""
    tab.goto(site.address + site.link(NOA, "convention_to_sign") + "/renvoyer")
    reference = re.search(r"IMM-\d{4}-\d{4}", tab.locator("main").inner_text())[0]
    with site.app.app_context():
        issued = db.session.scalar(select(Dossier).where(Dossier.reference == reference)).convention
        content = read_content(issued.file) + b"\n% signed\n"
    tab.locator("input[type=file]").set_input_files({"name": "convention.pdf", "mimeType": "application/pdf", "buffer": content})
    press(tab)
    with site.app.app_context():
        convention.examine_due(site.clock.now)
    tab.goto(f"{site.address}/coordination/{reference}/papier")


def _sent_back(tab: Page, site: Site) -> None:
    """The page to sign of who has sent a signed copy back."""
    _paper(tab, site)
    by(NOA, "convention_to_sign", "/signer")(tab, site)


PEOPLE = (
    Place("l’autrice d’une demande d’aide", "dossier/participant.html", by("sacha@structure-a.example", "message_relayed")),
    Place("une réponse avec un fichier", "dossier/participant.html", by(HELPED, "message_relayed")),
    Place("une demande refusée", "dossier/participant.html", by(REFUSED, "request_received")),
    Place("message fait", "dossier/participant.html", by("sacha@structure-a.example", "message_relayed", "?fait=1")),
    Place("l’auteur d’une immersion", "dossier/participant.html", by(NOA, "convention_to_sign")),
    Place("l’employeuse", "dossier/participant.html", by("maire@commune-d.example", "employer_to_agree")),
    Place("l’accueil", "dossier/participant.html", by(CLAUDE, "host_to_agree")),
    Place("résolu", "dossier/action.html", by("sacha@structure-a.example", "message_relayed", "/resolu")),
    Place("retirer", "dossier/action.html", by(NOA, "convention_to_sign", "/retirer")),
    Place("accord de l’employeur", "dossier/action.html", by("maire@commune-d.example", "employer_to_agree", "/accepter")),
    Place("refus sans motif", "dossier/action.html",
          pressed(by("maire@commune-d.example", "employer_to_agree", "/refuser")), status=422),
    Place("message vide", "dossier/action.html",
          pressed(by("sacha@structure-a.example", "message_relayed"), "Envoyer à la coordination"), status=422),
    Place("dates de l’accueil", "dossier/accueillir.html", HOSTING_PAGE),
    Place("dates de l’accueil, vides", "dossier/accueillir.html", pressed(HOSTING_PAGE, "Accepter d’accueillir"), status=422),
    Place("dates de l’accueil, une heure fausse", "dossier/accueillir.html", pressed(
        HOSTING_PAGE, "Accepter d’accueillir",
        **{"seance1-on-jour": "31", "seance1-on-mois": "2", "seance1-on-annee": "2027", "seance1-starts": "midi"}), status=422),
    Place("dates de l’accueil, à confirmer", "dossier/accueillir.html", pressed(
        HOSTING_PAGE, "Accepter d’accueillir",
        **{name: value for name, value in HOSTING.items() if not name.startswith("seance2")},
        **{"seance2-on-jour": "29", "seance2-on-mois": "3", "seance2-on-annee": "2027", "seance2-starts": "9h",
           "seance2-ends": "12h"}), status=422),
    Place("a-t-elle eu lieu", "dossier/suivi.html", by(PLACED, "sheet_ready", "/suivi")),
    Place("ma part, l’accueil", "dossier/completer.html", by(READING, "convention_to_review", "/completer")),
    Place("ma part, une réponse fausse", "dossier/completer.html", pressed(
        by("direction@structure-g.example", "convention_to_review", "/completer"), "Enregistrer", employer_siret="12"),
        status=422),
    Place("la convention, lue par la personne", "dossier/convention.html", by(NOA, "convention_to_sign", "/convention")),
    Place("la convention, lue par l’employeur", "dossier/convention.html", by(ANDREA, "convention_to_sign", "/convention")),
    Place("la convention, lue par l’accueil", "dossier/convention.html", by(CLAUDE, "convention_to_sign", "/convention")),
    Place("la convention, à relire", "dossier/convention.html", by(READING, "convention_to_review", "/convention")),
    Place("signer", "signature/signer.html", by(NOA, "convention_to_sign", "/signer")),
    Place("signer, un code est parti", "signature/signer.html",
          pressed(by(ANDREA, "convention_to_sign", "/signer"), "Recevoir mon code")),
    Place("signer, sans rien remplir", "signature/signer.html",
          pressed(pressed(by(CLAUDE, "convention_to_sign", "/signer"), "Recevoir mon code"), "Je signe"), status=422),
    Place("ce n’est pas à moi de signer", "signature/pas_moi.html", by(NOA, "convention_to_sign", "/pas-moi")),
    Place("une copie qui revient", "signature/papier.html", _paper, signed_in=True),
    Place("signer, une copie est revenue", "signature/signer.html", _sent_back, signed_in=True),
    Place("renvoyer sur papier", "signature/renvoyer.html", by(NOA, "convention_to_sign", "/renvoyer")),
    Place("demander une modification", "dossier/action.html", by(NOA, "convention_to_sign", "/modifier")),
    Place("retrouver mon lien", "confirmation/retrouver.html", at("/retrouver-mon-lien")),
    Place("retrouver mon lien, vide", "confirmation/retrouver.html", pressed(at("/retrouver-mon-lien")), status=422),
    Place("lien cherché", "confirmation/retrouve.html", pressed(at("/retrouver-mon-lien"), email=NOA)),
)
