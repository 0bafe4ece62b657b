"""Every page a person can meet, in each of its states: how to reach it, and the template that must have drawn it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from browser import alerting
from browser.after import EMPLOYER, LIVED, SIGNED
from browser.live import Site
from browser.peers import HELPED_BY_A_PEER, IN_A_FICHE, PEER_ASKED, PEER_HELPS
from browser.reading import fill, press
from browser.stages import (
    ASKED,
    DISCREET,
    HELPED,
    PLACED,
    READING,
    REFUSED,
    UNCONFIRMED,
    UNREACHED,
    UNREACHED_TOO,
    WRITING,
)
from cast import AIDE, COORDINATOR, HOSTING
from playwright.sync_api import Page
from roads.signed import again, quietly
from sqlalchemy import select
from team import ADMINISTRATOR, READER, code_at

from models.attestation import Attestation
from models.base import db
from models.dossier import Dossier
from services import convention, inbound
from services.files import read_content

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


def pressed(go: Callable[[Page, Site], object], words: str = "", **answers: str) -> Callable[[Page, Site], object]:
    """Then fill, and press a button."""
    def do(tab: Page, site: Site) -> None:
        go(tab, site)
        fill(tab, answers)
        press(tab, words)
    return do


def _letter(address: str, letter: str, view: str = "") -> Callable[[Page, Site], object]:
    return lambda tab, site: tab.goto(f"{site.address}/courrier/{site.letter(address, letter)[0]}{view}")


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


def _too_many(tab: Page, site: Site) -> None:
    _check_page(tab, site, "trop@structure-z.example")
    press(tab)


def _sign_in(tab: Page, site: Site) -> None:
    site.later()
    tab.goto(f"{site.address}/coordination/entrer")
    fill(tab, {"email": COORDINATOR})
    press(tab)
    tab.goto(site.address + site.link(COORDINATOR, "sign_in_link", "coordination/ouvrir"))


def _of(address: str, letter: str, then: str = "") -> Callable[[Page, Site], object]:
    """The coordination's page of the request that letter is about."""
    def go(tab: Page, site: Site) -> None:
        found = re.search(r"[A-Z]{3,4}-\d{4}-\d{4}", site.letter(address, letter)[1])
        tab.goto(f"{site.address}/coordination/{found[0]}{then}")
    return go


def _unreached(then: str) -> Callable[[Page, Site], object]:
    return _of(UNREACHED, "request_received", then)


def _correcting(tab: Page, site: Site) -> None:
    _unreached("")(tab, site)
    tab.locator(".notice a").click()


#: Of the host who was asked and did not answer yet: the letter before the latest.
HOSTING_PAGE = by(CLAUDE, "host_to_agree", "/accueillir", back=1)

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
    Place("une autre voie, indépendant", "immersion/ailleurs.html",
          pressed(at("/immersion/situation"), work_status="independant")),
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

#: Of a member of the demonstration, who asks for it each time: the door lets three in a quarter of an hour.
_OWN = "noa@structure-b.example"


#: Who may leave: a page of their own each time, of the many members of tests/activity.py.
_LEAVERS = (f"m{number}@courriel.example" for number in range(10, 100))


def _space(then: str = "", of: str = _OWN) -> Callable[[Page, Site], object]:
    def go(tab: Page, site: Site) -> None:
        site.later()
        tab.goto(f"{site.address}/mon-espace")
        fill(tab, {"email": of})
        press(tab)
        tab.goto(site.address + site.link(of, "space_link", "mon-espace") + then)
    return go


def _left(tab: Page, site: Site) -> None:
    pressed(_space("/partir", next(_LEAVERS)))(tab, site)


def _moving(side: str) -> Callable[[Page, Site], object]:
    def go(tab: Page, site: Site) -> None:
        pressed(_space("/adresse"), email="noa.deux@structure-b.example")(tab, site)
        whose = _OWN if side == "move_from" else "noa.deux@structure-b.example"
        tab.goto(site.address + site.link(whose, side, "changer-adresse"))
    return go


#: Who is invited, by whom speaks for a structure; a new person each time.
_INVITED = (f"p{number}@structure-e.example" for number in range(100))
_SPEAKER = "yael@structure-e.example"


def _invited(then: str = "") -> Callable[[Page, Site], object]:
    def go(tab: Page, site: Site) -> None:
        address = next(_INVITED)
        pressed(_space("/equipe", _SPEAKER), team=f"Camille Essai, {address}")(tab, site)
        tab.goto(site.address + site.link(address, "invitation", "invitation"))
        if then:
            press(tab, then)
    return go


OWN = tuple(Place(name, template, go, status=status) for name, template, go, status in (
    ("mon espace, adresse vide", "donnees/demander.html", pressed(at("/mon-espace")), 422),
    ("mon espace", "donnees/espace.html", _space(), 200),
    ("mon espace, enregistré", "donnees/espace.html", pressed(_space("/coordonnees")), 200),
    ("mes coordonnées", "donnees/corriger.html", _space("/coordonnees"), 200),
    ("mes coordonnées, sans prénom", "donnees/corriger.html", pressed(_space("/coordonnees"), given_name=""), 422),
    ("mes savoir-faire", "donnees/corriger.html", _space("/savoir-faire"), 200),
    ("mes niveaux", "donnees/corriger.html", _space("/niveaux"), 200),
    ("mes sollicitations", "donnees/corriger.html", _space("/sollicitations"), 200),
    ("mon annuaire", "donnees/corriger.html", _space("/annuaire"), 200),
    ("mon adresse", "donnees/adresse.html", _space("/adresse"), 200),
    ("mon adresse, la même", "donnees/adresse.html", pressed(_space("/adresse"), email=_OWN), 422),
    ("mon adresse, demandée", "donnees/adresse_demandee.html",
     pressed(_space("/adresse"), email="noa.deux@structure-b.example"), 200),
    ("changer d’adresse, l’ancienne", "donnees/changer_adresse.html", _moving("move_from"), 200),
    ("changer d’adresse, dit", "donnees/changer_adresse.html", pressed(_moving("move_to")), 200),
    ("mon équipe", "donnees/equipe.html", _space("/equipe", _SPEAKER), 200),
    ("mon équipe, une ligne fausse", "donnees/equipe.html", pressed(_space("/equipe", _SPEAKER), team="Camille"), 422),
    ("mon espace, d’une structure", "donnees/espace.html", _space("", _SPEAKER), 200),
    ("invitation", "donnees/invitation.html", _invited(), 200),
    ("invitation, non merci", "donnees/invitation_refusee.html", _invited("Non merci"), 200),
    ("informer mon employeur", "dossier/inviter.html", by(DISCREET, "request_received", "/inviter"), 200),
    ("partir", "donnees/partir.html", _space("/partir"), 200),
    ("parti", "donnees/parti.html", _left, 200),
))



def _sealed(site: Site) -> tuple[str, bytes]:
    """Code and file of a convention signed and sealed, of people of its own; made once a site."""
    if not hasattr(site, "sealed_document"):
        with site.app.app_context():
            row = quietly(site.clock.now, domain="structure-scellee.example")
            convention.seal_due(site.clock.now)
            row = again(row)
            site.sealed_document = row.verification_code, read_content(row.sealing.file)
            db.session.remove()
    return site.sealed_document


def _by_code(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/verifier/{_sealed(site)[0]}")


def _given(change: Callable[[bytes], bytes]) -> Callable[[Page, Site], object]:
    """The sealed file, changed, given to the page of verification."""
    def go(tab: Page, site: Site) -> None:
        content = change(_sealed(site)[1])
        tab.goto(f"{site.address}/verifier")
        tab.locator("input[type=file]").set_input_files(
            {"name": "convention.pdf", "mimeType": "application/pdf", "buffer": content})
        press(tab, "Vérifier ce fichier")
    return go


def _sealed_page(tab: Page, site: Site) -> None:
    _sealed(site)
    by("author@structure-scellee.example", "convention_sealed")(tab, site)


VERIFIER = (
    Place("vérifier", "verifier/verifier.html", at("/verifier")),
    Place("vérifier, un code mal tapé", "verifier/verifier.html", at("/verifier?code=abc"), status=422),
    Place("vérifier, sans fichier", "verifier/verifier.html", pressed(at("/verifier"), "Vérifier ce fichier"), status=422),
    Place("code connu", "verifier/code.html", _by_code),
    Place("code inconnu", "verifier/inconnu.html", at("/verifier/0000-0000-0000"), status=404),
    Place("fichier authentique", "verifier/fichier.html", _given(lambda pdf: pdf)),
    Place("fichier modifié", "verifier/fichier.html", _given(lambda pdf: pdf[:20_000] + bytes([pdf[20_000] ^ 1]) + pdf[20_001:])),
    Place("fichier qui n’est pas un PDF", "verifier/fichier.html", _given(lambda pdf: b"bonjour")),
    Place("le document scellé, sur la page de la personne", "dossier/participant.html", _sealed_page),
)

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
    Place("renvoyer sur papier", "signature/renvoyer.html", by(NOA, "convention_to_sign", "/renvoyer")),
    Place("demander une modification", "dossier/action.html", by(NOA, "convention_to_sign", "/modifier")),
    Place("retrouver mon lien", "confirmation/retrouver.html", at("/retrouver-mon-lien")),
    Place("retrouver mon lien, vide", "confirmation/retrouver.html", pressed(at("/retrouver-mon-lien")), status=422),
    Place("lien cherché", "confirmation/retrouve.html", pressed(at("/retrouver-mon-lien"), email=NOA)),
)

COORDINATION = (*(Place(name, template, go, signed_in=True, status=status) for name, template, go, status in (
    ("à traiter", "coordination/a_faire.html", at("/coordination/"), 200),
    ("en cours", "coordination/en_cours.html", at("/coordination/en-cours"), 200),
    ("terminées", "coordination/terminees.html", at("/coordination/terminees"), 200),
    ("mon absence", "coordination/absence.html", at("/coordination/absence"), 200),
    ("mon absence, sans jour", "coordination/absence.html", pressed(at("/coordination/absence"), "Annoncer"), 422),
    ("transmettre", "dossier/transmettre.html", _of("dominique@structure-a.example", "request_received", "/transmettre"), 200),
    ("transmettre, sans choix", "dossier/transmettre.html",
     pressed(_of("dominique@structure-a.example", "request_received", "/transmettre"), "Transmettre"), 422),
    ("récapitulatifs", "recapitulatifs/choisir.html", at("/coordination/recapitulatifs"), 200),
    ("récapitulatifs arrêtés", "recapitulatifs/choisir.html", pressed(at("/coordination/recapitulatifs")), 200),
    ("une demande d’aide", "dossier/coordination.html", _of("sacha@structure-a.example", "request_received"), 200),
    ("une demande avec note et fichier", "dossier/coordination.html", _of(HELPED, "request_received"), 200),
    ("une adhésion", "dossier/coordination.html", at("/coordination/ADH-2027-0001"), 200),
    ("une immersion, accueil à proposer", "dossier/coordination.html",
     _of("dominique@structure-a.example", "request_received"), 200),
    ("une immersion à signer", "dossier/coordination.html", _of(NOA, "convention_to_sign"), 200),
    ("message fait", "dossier/coordination.html", _of(NOA, "convention_to_sign", "?fait=1"), 200),
    ("relancer", "signature/relancer.html", _of(NOA, "convention_to_sign", "/relancer"), 200),
    ("relancer, sans choix", "signature/relancer.html",
     pressed(_of(NOA, "convention_to_sign", "/relancer"), "Envoyer ce rappel"), 422),
    ("une personne qu’on ne joint plus", "dossier/coordination.html", _unreached(""), 200),
    ("de qui corriger l’adresse", "dossier/adresse.html", _unreached("/adresse"), 200),
    ("corriger une adresse", "dossier/adresse.html", _correcting, 200),
    ("corriger une adresse, vide", "dossier/adresse.html", pressed(_correcting, "Demander"), 422),
    ("refuser", "dossier/action.html", _of("dominique@structure-a.example", "request_received", "/refuser"), 200),
    ("note vide", "dossier/action.html", pressed(_of(NOA, "convention_to_sign"), "Garder cette note"), 422),
    ("proposer", "dossier/proposer.html", _of("dominique@structure-a.example", "request_received", "/proposer"), 200),
    ("proposer, sans choix", "dossier/proposer.html",
     pressed(_of("dominique@structure-a.example", "request_received", "/proposer")), 422),
    ("fiche préparatoire", "dossier/fiche.html", _of("dominique@structure-a.example", "request_received", "/fiche"), 200),
    ("fiche préparatoire, vide", "dossier/fiche.html",
     pressed(_of("dominique@structure-a.example", "request_received", "/fiche"), "Envoyer la fiche"), 422),
    ("rédiger", "dossier/rediger.html", _of(READING, "convention_to_review", "/rediger"), 200),
    ("rédiger, une heure fausse", "dossier/rediger.html", pressed(
        _of(READING, "convention_to_review", "/rediger"), "Enregistrer", **{"seance1-starts": "midi"}), 422),
    ("la convention, à relire", "dossier/convention.html", _of(READING, "convention_to_review", "/convention"), 200),
    ("la convention, à signer", "dossier/convention.html", _of(NOA, "convention_to_sign", "/convention"), 200),
)),
    Place("adresse vide", "acces/entrer.html", pressed(at("/coordination/entrer")), status=422),
    Place("lien envoyé", "acces/lien_envoye.html", pressed(at("/coordination/entrer"), email=COORDINATOR)),
    Place("entrer", "acces/ouvrir.html", _sign_in),
)

def _as(address: str, path: str) -> Callable[[Page, Site], object]:
    """In the session of somebody else of the team."""
    def go(tab: Page, site: Site) -> None:
        tab.context.add_cookies([{"name": "coordination", "value": site.session(address), "url": site.address}])
        tab.goto(site.address + path)
    return go


def _pressed_link(address: str) -> Callable[[Page, Site], object]:
    """A link was pressed, and the code of a telephone is asked."""
    def go(tab: Page, site: Site) -> None:
        site.session(address)  # installs the telephone, the first time
        site.later()
        tab.goto(f"{site.address}/coordination/entrer")
        fill(tab, {"email": address})
        press(tab)
        tab.goto(site.address + site.link(address, "sign_in_link", "coordination/ouvrir"))
        press(tab, "Entrer")
    return go


def _installing(tab: Page, site: Site) -> None:
    """The second referent has no telephone yet."""
    site.later()
    tab.goto(f"{site.address}/coordination/entrer")
    fill(tab, {"email": "referent2@structure-a.example"})
    press(tab)
    tab.goto(site.address + site.link("referent2@structure-a.example", "sign_in_link", "coordination/ouvrir"))
    press(tab, "Entrer")


def _installed(tab: Page, site: Site) -> None:
    _installing(tab, site)
    press_code(tab, site, tab.locator(".key").inner_text().replace(" ", ""))


def press_code(tab: Page, site: Site, secret: str) -> None:
    fill(tab, {"code": code_at(secret, site.clock)})
    press(tab, "Continuer")


def _overtaken(tab: Page, site: Site) -> None:
    """A colleague answered since the page was shown; the words are kept."""
    _of("sacha@structure-a.example", "request_received")(tab, site)
    tab.evaluate("document.querySelector('input[name=vu]').value = '0'")
    fill(tab, {"repondre-words": "Je vous appelle demain."})
    press(tab, "Envoyer à")


def _moving(tab: Page, site: Site) -> None:
    _of("sacha@structure-a.example", "request_received")(tab, site)
    tab.locator(".move a").first.click()


def _bulk(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/coordination/")
    tab.locator(".pick input").first.check()
    press(tab, "Je m’en occupe")


def _modele(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/coordination/modeles/nouveau")
    fill(tab, {"title": "Accusé de réception", "body": "Bonjour {prenom}, votre demande {reference} est arrivée."})


DESK = tuple(Place(name, template, go, signed_in=True, status=status) for name, template, go, status in (
    ("à traiter, à moi", "coordination/a_faire.html", at("/coordination/?qui=moi"), 200),
    ("à traiter, filtré", "coordination/a_faire.html", at("/coordination/?sorte=immersion&territoire=243000643"), 200),
    ("en cours, sans nouvelle", "coordination/en_cours.html", at("/coordination/en-cours?calme=oui"), 200),
    ("chronologie", "coordination/chronologie.html", _of("sacha@structure-a.example", "request_received", "/chronologie"), 200),
    ("réunir deux demandes", "dossier/fusionner.html", _of("sacha@structure-a.example", "request_received", "/fusionner"), 200),
    ("réunir, vide", "dossier/fusionner.html",
     pressed(_of("sacha@structure-a.example", "request_received", "/fusionner"), "Réunir"), 422),
    ("déplacer un message", "dossier/deplacer_message.html", _moving, 200),
    ("déplacer, sans choix", "dossier/deplacer_message.html", pressed(_moving, "Déplacer ce message"), 422),
    ("plusieurs demandes", "coordination/a_faire.html", _bulk, 200),
    ("modèles, aucun", "modeles/liste.html", at("/coordination/modeles/"), 200),
    ("modèle, vide", "modeles/modele.html", pressed(at("/coordination/modeles/nouveau"), "Enregistrer"), 422),
    ("modèle, aperçu", "modeles/modele.html", pressed(_modele, "Voir un aperçu"), 200),
    ("modèles", "modeles/liste.html", pressed(_modele, "Enregistrer"), 200),
    ("exporter", "coordination/exports.html", at("/coordination/exports"), 200),
    ("rechercher", "coordination/recherche.html", at("/coordination/recherche"), 200),
    ("rechercher, trouvé", "coordination/recherche.html", at("/coordination/recherche?q=essai+modele"), 200),
    ("rechercher, rien", "coordination/recherche.html", at("/coordination/recherche?q=girafe"), 200),
    ("rechercher, vide", "coordination/recherche.html", at("/coordination/recherche?q="), 422),
    ("entre-temps", "dossier/action.html", _overtaken, 409),
))

ACCES = (
    Place("préparer un départ", "acces/depart.html", _as(ADMINISTRATOR, "/coordination/equipe/depart")),
    Place("préparer un départ, sans choix", "acces/depart.html",
          pressed(_as(ADMINISTRATOR, "/coordination/equipe/depart"), "Tout confier"), status=422),
    Place("mon accès", "acces/securite.html", at("/coordination/securite"), signed_in=True),
    Place("mon accès, avec un code", "acces/securite.html", _as(ADMINISTRATOR, "/coordination/securite")),
    Place("l’équipe", "acces/equipe.html", _as(ADMINISTRATOR, "/coordination/equipe")),
    Place("les chiffres", "coordination/chiffres.html", _as(READER, "/coordination/chiffres")),
    Place("403 d’un autre rôle", "errors/403.html", _as(READER, "/coordination/"), status=403),
    Place("le code", "acces/code.html", _pressed_link(ADMINISTRATOR)),
    Place("le code, faux", "acces/code.html", pressed(_pressed_link(ADMINISTRATOR), "Continuer", code="1"), status=422),
    Place("installer le code", "acces/code.html", _installing),
    Place("codes de secours", "acces/codes_de_secours.html", _installed),
    Place("de nouveaux codes", "acces/code_encore.html", _as(ADMINISTRATOR, "/coordination/securite/code/secours")),
    Place("de nouveaux codes, vide", "acces/code_encore.html",
          pressed(_as(ADMINISTRATOR, "/coordination/securite/code/secours"), "Voir"), status=422),
)


def _mail(subject: str, then: str = "") -> Callable[[Page, Site], object]:
    """The page of a mail set aside, by its subject."""
    def go(tab: Page, site: Site) -> None:
        tab.goto(f"{site.address}/coordination/courriels")
        tab.locator(".mail-queue th a", has_text=subject).first.click()
        tab.wait_for_load_state()
        if then:
            tab.goto(tab.url.split("#")[0].split("?")[0] + then)
    return go


def _discarded(tab: Page, site: Site) -> None:
    tab.goto(f"{site.address}/coordination/courriels/traites")
    tab.locator(".mail-queue th a", has_text="Offre").first.click()
    tab.wait_for_load_state()


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

def _verified(tab: Page, site: Site) -> None:
    """The page that the code printed on an attestation leads to."""
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", site.letter(LIVED, "attestation_ready")[1])[0]
    tab.goto(f"{site.address}/verifier/{code}")


def _badge(tab: Page, site: Site) -> None:
    with site.app.app_context():
        tab.goto(f"{site.address}/badges/{db.session.scalar(select(Attestation.badge_uuid))}")


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
    Place("une immersion à venir, une date proposée", "dossier/participant.html", by(SIGNED, "move_asked")),
    Place("déplacer une séance", "dossier/autre_date.html", by(SIGNED, "move_asked", "/deplacer")),
    Place("déplacer une séance, vide", "dossier/autre_date.html",
          pressed(by(SIGNED, "move_asked", "/deplacer"), "Proposer"), status=422),
    Place("arrêter l’immersion", "dossier/questions.html", by(SIGNED, "move_asked", "/arreter")),
    *(Place(name, template, go, signed_in=True, status=status) for name, template, go, status in (
        ("une immersion vécue", "dossier/coordination.html", _of(LIVED, "attestation_ready"), 200),
        ("quel retour remplir", "dossier/retours_a_remplir.html", _of(LIVED, "attestation_ready", "/bilan"), 200),
        ("un avenant", "dossier/avenant.html", _of(SIGNED, "move_asked", "/avenant"), 200),
        ("un avenant, vide", "dossier/avenant.html", pressed(_of(SIGNED, "move_asked", "/avenant"), "Envoyer"), 422),
        ("fixer le prochain échange", "dossier/questions.html", _of(SIGNED, "move_asked", "/echange"), 200),
    )),
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


def _cut(tab: Page, site: Site) -> None:
    """A page comes back without the answers of the pages before."""
    tab.goto(f"{site.address}/aide/question")
    fill(tab, AIDE[0][1])
    press(tab)
    fill(tab, AIDE[1][1])
    tab.evaluate("document.querySelector('[name=etat]').value = 'coupé'")
    press(tab)


ALERTS = (
    Place("alerter, sans clé", "alerte/alerte.html", at("/alerte"), strict=True),
    Place("alerter", "alerte/alerte.html", alerting.open_door),
    Place("écrire une alerte", "alerte/ecrire.html", alerting.form),
    Place("écrire une alerte, vide", "alerte/ecrire.html", pressed(alerting.form, "Voir qui lira"), status=422),
    Place("qui lira", "alerte/relire.html", alerting.checked),
    Place("personne ne lira", "alerte/relire.html", alerting.nobody),
    Place("alerte envoyée", "alerte/envoyee.html", alerting.sent),
    Place("le code d’une alerte", "alerte/suite.html", at("/suite")),
    Place("le code d’une alerte, vide", "alerte/suite.html", pressed(at("/suite")), status=422),
    Place("l’échange d’une alerte", "alerte/conversation.html", alerting.came_back),
    Place("l’échange d’une alerte, effacer sans cocher", "alerte/conversation.html",
          pressed(alerting.came_back, "Tout effacer"), status=422),
    Place("une alerte effacée", "alerte/effacee.html", alerting.erased),
    Place("les thèmes", "alerte/themes.html", at("/alerte/themes")),
    Place("personnes référentes", "alerte/entrer.html", at("/referents")),
    Place("personnes référentes, vide", "alerte/entrer.html", pressed(at("/referents")), status=422),
    Place("lien d’une personne référente", "alerte/lien_envoye.html", pressed(at("/referents"), email="x@ring.example")),
    Place("faire sa clé", "alerte/faire_cle.html", alerting.making),
    Place("faire sa clé, sans la répéter", "alerte/faire_cle.html", pressed(alerting.making, "Faire ma clé"), status=422),
    Place("fiche de secours", "alerte/fiche.html", alerting.made),
    Place("phrase de passe", "alerte/ouvrir.html", alerting.locked),
    Place("phrase de passe, fausse", "alerte/ouvrir.html", pressed(alerting.locked, phrase="ce n’est pas elle"), status=422),
    Place("phrase de passe perdue", "alerte/secours.html", alerting.lost),
    Place("phrase de passe perdue, code faux", "alerte/secours.html", pressed(alerting.lost, sheet="abcd"), status=422),
    Place("page refermée", "alerte/fermee.html", at("/referents/messages"), status=410),
    Place("messages d’une personne référente", "alerte/messages.html", alerting.unlocked),
    Place("messages d’une personne référente, aucun", "alerte/messages.html", alerting.unlocked_with_nothing),
    Place("un échange à ouvrir", "alerte/message_ferme.html", alerting.unopened),
    Place("un échange ouvert", "alerte/message.html", alerting.opened),
    Place("un échange ouvert, réponse vide", "alerte/message.html", pressed(alerting.opened, "Envoyer"), status=422),
    Place("ma clé", "alerte/cle.html", alerting.then("/referents/cle")),
    Place("ma clé, vide", "alerte/cle.html", pressed(alerting.then("/referents/cle"), "Changer"), status=422),
    Place("synthèse", "alerte/synthese.html", alerting.then("/referents/synthese")),
)


PLACES = (*ALERTS, *ACCES, *DESK, *PUBLIC, *VERIFIER, *SENDING, *OWN, *PEOPLE, *COORDINATION, *COURRIELS, *EMPTY, *MAILBOX,
          *CARRIERS, *AFTER, *DEVELOPMENT, *ERRORS)
