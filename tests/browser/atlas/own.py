"""One's own space, one's team, and invitations."""

from __future__ import annotations

from collections.abc import Callable

from browser.atlas.members import newer_commitments
from browser.atlas.place import Place, at, by, pressed
from browser.live import Site
from browser.reading import fill, press
from browser.stages import (
    DISCREET,
)
from cast import COORDINATOR
from playwright.sync_api import Page

from models.address import SecondAddress
from models.agreement import CharterRound
from models.base import transaction

#: A member of the demonstration, and one of the many members of tests/activity.py, who have nothing under way.
_OWN, _LEAVER = "noa@structure-b.example", "m10@courriel.example"


def _space(then: str = "", of: str = _OWN) -> Callable[[Page, Site], object]:
    def go(tab: Page, site: Site) -> None:
        tab.goto(f"{site.address}/mon-espace")
        fill(tab, {"email": of})
        press(tab)
        tab.goto(site.address + site.link(of, "space_link", "mon-espace") + then)
    return go


def _moving(side: str) -> Callable[[Page, Site], object]:
    def go(tab: Page, site: Site) -> None:
        pressed(_space("/adresse"), email="noa.deux@structure-b.example")(tab, site)
        whose = _OWN if side == "move_from" else "noa.deux@structure-b.example"
        tab.goto(site.address + site.link(whose, side, "changer-adresse"))
    return go


#: Who is invited, by whom speaks for a structure.
_INVITED, _SPEAKER = "camille@structure-e.example", "yael@structure-e.example"


def _invited(then: str = "") -> Callable[[Page, Site], object]:
    def go(tab: Page, site: Site) -> None:
        pressed(_space("/equipe", _SPEAKER), team=f"Camille Essai, {_INVITED}")(tab, site)
        tab.goto(site.address + site.link(_INVITED, "invitation", "invitation"))
        if then:
            press(tab, then)
    return go


def _new_commitments(tab: Page, site: Site) -> None:
    """They were put to the members by a coordinator."""
    newer_commitments(site)
    with site.app.app_context(), transaction() as session:
        session.add(CharterRound(version="2027-01", why="", asked_by=COORDINATOR, asked_at=site.clock.now))
    _space("/engagements", _LEAVER)(tab, site)


def _other_address(tab: Page, site: Site) -> None:
    with site.app.app_context(), transaction() as session:
        session.add(SecondAddress(email=_OWN, other="noa.trois@structure-b.example", asked_at=site.clock.now,
                                  confirmed_at=site.clock.now))
    _space()(tab, site)


_erasing = pressed(_space("/effacement", _LEAVER), "Recevoir le lien")


def _to_confirm(tab: Page, site: Site) -> None:
    _erasing(tab, site)
    tab.goto(site.address + site.link(_LEAVER, "erasure_to_confirm", "effacement"))


def _planned(tab: Page, site: Site) -> None:
    _to_confirm(tab, site)
    press(tab, "Oui, effacer")
    _space("", _LEAVER)(tab, site)


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
    ("mes engagements", "donnees/engagements.html", _space("/engagements"), 200),
    ("de nouveaux engagements", "donnees/engagements.html", _new_commitments, 200),
    ("de nouveaux engagements, acceptés", "donnees/engagements.html", pressed(_new_commitments), 200),
    ("mon espace, avec une autre adresse", "donnees/espace.html", _other_address, 200),
    ("mon autre adresse, demandée", "donnees/adresse_demandee.html", pressed(_other_address, "M’écrire plutôt ici"), 200),
    ("effacement", "donnees/effacement.html", _space("/effacement"), 200),
    ("effacement, demandé", "donnees/effacement.html", _erasing, 200),
    ("effacement, à confirmer", "donnees/effacement.html", _to_confirm, 200),
    ("effacement, prévu", "donnees/effacement.html", pressed(_to_confirm, "Oui, effacer"), 200),
    ("effacement, annulé", "donnees/effacement_annule.html",
     pressed(pressed(_to_confirm, "Oui, effacer"), "Finalement"), 200),
    ("mon espace, avant l’effacement", "donnees/espace.html", _planned, 200),
    ("partir", "donnees/partir.html", _space("/partir"), 200),
    ("parti", "donnees/parti.html", pressed(_space("/partir", _LEAVER)), 200),
))
