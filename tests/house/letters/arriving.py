"""Samples of the letters to who arrives: an address to confirm, a form to complete, a welcome."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.invented import AT, NETWORK, REPLY, URL, WORDS, about, dossier, who

from mail.letter import Letter
from mail.letters import accueil, adhesion, courriels
from models.charter import charter
from models.states import Kind

_A, _E, _I = Kind.ADHESION, Kind.ENTRAIDE, Kind.IMMERSION
OTHER_URL = "http://127.0.0.1:5000/adresse/EXEMPLE-DE-LIEN-PERSONNEL-DE-43-CARACTERES-000"


def _form(kind: Kind, files: tuple | list = (), refused: tuple | list = (), open_requests: tuple | list = (),
          coordinates: bool = False) -> Letter:
    return courriels.form_to_complete(NETWORK, kind, "Noa Fictif", OTHER_URL, "lundi 18 janvier 2027", list(files), list(refused),
                                      list(open_requests), "aide@ring.example", coordinates=coordinates)


def _newcomer() -> Letter:
    of = dossier(Kind.ADHESION)
    of.confirmed_at = AT
    return courriels.newcomer_writes(NETWORK, of, of.author, URL)


#: golden file -> the letter.
ARRIVING: dict[str, Callable[[], Letter]] = {
    "accueil/address_to_confirm": about(_E, lambda d: accueil.address_to_confirm(NETWORK, d, d.author, URL), "unconfirmed"),
    "accueil/confirmation_reminder": about(_I, lambda d: accueil.confirmation_reminder(
        NETWORK, d, d.author, URL, "lundi 18 janvier 2027"), "unconfirmed"),
    "accueil/confirm_first": about(_E, lambda d: accueil.confirm_first(NETWORK, d, d.author, REPLY), "unconfirmed"),
    "accueil/request_received": about(_I, lambda d: accueil.request_received(
        NETWORK, d, d.author, URL, "lundi 1er février 2027", "Alix Coordination", "Elle écrira ensuite à votre employeur.")),
    "accueil/already_member": lambda: accueil.already_member(
        NETWORK, "Noa Fictif", "lundi 11 janvier 2027", "http://127.0.0.1:5000/mon-espace"),
    "accueil/already_asked": about(_A, lambda d: accueil.already_asked(NETWORK, d, d.author, URL)),
    "accueil/links_found": lambda: accueil.links_found(NETWORK, "Noa Fictif", [
        accueil.Found("IMM-2027-0007", "Immersion d’un médiateur numérique", f"{URL}/signer", True),
        accueil.Found("AIDE-2027-0003", "Une question simple", URL, False)]),
    "accueil/link_renewed": about(_E, lambda d: accueil.link_renewed(NETWORK, d.author, URL)),
    "accueil/link_renewed--a-signer": about(_E, lambda d: accueil.link_renewed(NETWORK, d.author, f"{URL}/signer", to_sign=True)),
    "adhesion/welcome": about(_A, lambda d: adhesion.welcome(
        NETWORK, d, d.author, charter("2026-11").of("professional"), "2026-11", b"%PDF", URL, "Alix Coordination", WORDS)),
    "adhesion/welcome--sans-mot": about(_A, lambda d: adhesion.welcome(
        NETWORK, d, d.author, charter("2026-11").of("structure"), "2026-11", b"%PDF", URL, "Alix Coordination", "")),
    "adhesion/refused": about(_A, lambda d: adhesion.refused(NETWORK, d, d.author, WORDS, "Alix Coordination")),
    "adhesion/employer_told": about(_A, lambda d: adhesion.employer_told(
        NETWORK, d, who(d, "employer"), "Noa Fictif", charter("2026-11").of("professional"), URL)),
    "adhesion/employer_told--membre": about(_A, lambda d: adhesion.employer_told(
        NETWORK, d, who(d, "employer"), "Noa Fictif", charter("2026-11").of("professional"), "")),
    "courriels/kept_for_coordination": lambda: courriels.kept_for_coordination(NETWORK, "Noa Fictif"),
    "courriels/kept_for_coordination--sans-nom": lambda: courriels.kept_for_coordination(NETWORK, ""),
    "courriels/is_it_you": lambda: courriels.is_it_you(
        NETWORK, "Noa Fictif", "noa.perso@courriel.example", "AIDE-2027-0007", OTHER_URL),
    "courriels/is_it_you--sans-demande": lambda: courriels.is_it_you(
        NETWORK, "Alix Coordination", "alix.perso@courriel.example", "", OTHER_URL),
    "courriels/usual_address_asked": lambda: courriels.usual_address_asked(NETWORK, ""),
    "courriels/address_added": lambda: courriels.address_added(NETWORK, "noa.perso@courriel.example"),
    "courriels/form_to_complete": lambda: _form(_E),
    "courriels/form_to_complete--complet": lambda: _form(
        _E, files=["plan.pdf", "photo.jpg"], refused=["« plan.exe » est un programme : nous ne pouvons pas le recevoir."],
        open_requests=[dossier(_E)], coordinates=True),
    "courriels/form_to_complete--immersion": lambda: _form(_I, files=["cv.pdf"]),
    "courriels/form_to_complete--adhesion": lambda: _form(_A),
    "courriels/form_reminder": lambda: courriels.form_reminder(NETWORK, _E, "Noa Fictif", OTHER_URL, "lundi 18 janvier 2027"),
    "courriels/newcomer_writes": about(_A, lambda d: courriels.newcomer_writes(NETWORK, d, d.author, URL), "unconfirmed"),
    "courriels/newcomer_writes--confirmee": lambda: _newcomer(),
    "courriels/member_writes": lambda: courriels.member_writes(NETWORK, "Noa Fictif", "lundi 11 janvier 2027"),
    "accueil/new_address": lambda: accueil.new_address(NETWORK, "AIDE-2027-0007", URL),
    "accueil/new_address--de-soi": lambda: accueil.new_address(NETWORK, "IMM-2027-0007", URL, own=True),
    "accueil/address_to_leave": about(_I, lambda d: accueil.address_to_leave(
        NETWORK, d, d.author, "noa@ailleurs.example", URL)),
    "accueil/address_replaced--de-soi": lambda: accueil.address_replaced(NETWORK, "IMM-2027-0007", own=True),
    "accueil/address_replaced": lambda: accueil.address_replaced(NETWORK, "AIDE-2027-0007"),
    "adhesion/employer_reminder": about(_A, lambda d: adhesion.employer_reminder(
        NETWORK, d, d.author, "Andréa Direction", charter("2026-11").of("professional"), f"{URL}/inviter")),
}
