"""Samples of the letters to members about what the network knows of them, and of those of an alert."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.invented import NETWORK, URL, WORDS, about

from mail.letter import Letter
from mail.letters import alerte, donnees
from models.states import Kind

_A = Kind.ADHESION
REFERENT_URL = "http://127.0.0.1:5000/r/EXEMPLE-DE-LIEN-SIGNE-DE-PERSONNE-REFERENTE-0000"
CHANGES = [("Accueillir en immersion", "Nouveau\u00a0: nous recevons une personne d’une autre structure."),
           ("S’entraider avec bienveillance", "Avant\u00a0: nous répondons.\n\nMaintenant\u00a0: nous répondons toujours."),
           ("Se réunir", "Ne figure plus dans les engagements.")]


#: golden file -> the letter.
MEMBERS: dict[str, Callable[[], Letter]] = {
    "alerte/key_to_make": lambda: alerte.key_to_make(NETWORK, "Dany Référence", REFERENT_URL),
    "alerte/key_made": lambda: alerte.key_made(NETWORK, "Dany Référence", "0123 4567 89ab cdef"),
    "alerte/way_in": lambda: alerte.way_in(NETWORK, "Dany Référence", REFERENT_URL),
    "alerte/something_waits": lambda: alerte.something_waits(
        NETWORK, "Dany Référence", REFERENT_URL, "olivier tambour"),
    "alerte/something_waits_reminder": lambda: alerte.something_waits_reminder(NETWORK, "Dany Référence", REFERENT_URL, 1),
    "alerte/something_waits_reminder--relais": lambda: alerte.something_waits_reminder(
        NETWORK, "Dany Référence", REFERENT_URL, 1, others=True),
    "alerte/something_waits_reminder--plusieurs": lambda: alerte.something_waits_reminder(
        NETWORK, "Dany Référence", REFERENT_URL, 3),
    "alerte/stands_still_reminder": lambda: alerte.stands_still_reminder(NETWORK, "Dany Référence", REFERENT_URL, 1),
    "alerte/stands_still_reminder--plusieurs": lambda: alerte.stands_still_reminder(NETWORK, "Dany Référence", REFERENT_URL, 2),
    "alerte/received": lambda: alerte.received(NETWORK, "http://127.0.0.1:5000/suite"),
    "alerte/mail_joined": lambda: alerte.mail_joined(NETWORK, "http://127.0.0.1:5000/suite"),
    "alerte/mail_refused": lambda: alerte.mail_refused(NETWORK, "http://127.0.0.1:5000/referents"),
    "alerte/something_to_read": lambda: alerte.something_to_read(NETWORK, "http://127.0.0.1:5000/suite"),
    "donnees/space_link": lambda: donnees.space_link(NETWORK, "Noa Fictif", URL),
    "donnees/space_unknown": lambda: donnees.space_unknown(NETWORK, "http://127.0.0.1:5000/rejoindre"),
    "donnees/move_from": lambda: donnees.move_from(NETWORK, "Noa Fictif", "noa@ailleurs.example", URL),
    "donnees/move_to": lambda: donnees.move_to(NETWORK, URL),
    "donnees/moved": lambda: donnees.moved(NETWORK, "Noa Fictif"),
    "donnees/erasure_to_confirm": lambda: donnees.erasure_to_confirm(NETWORK, "Noa Fictif", URL, 14),
    "donnees/erasure_planned": lambda: donnees.erasure_planned(NETWORK, "Noa Fictif", "25 janvier 2027", ["IMM-2027-0001"], URL),
    "donnees/erasure_planned--sans-convention": lambda: donnees.erasure_planned(
        NETWORK, "Noa Fictif", "25 janvier 2027", [], URL),
    "donnees/erasure_told": lambda: donnees.erasure_told(
        NETWORK, "Alix Coordination", "Noa Fictif", "25 janvier 2027", ["AIDE-2027-0001, Une question"], cancelled=False),
    "donnees/erasure_told--annule": lambda: donnees.erasure_told(
        NETWORK, "Alix Coordination", "Noa Fictif", "", [], cancelled=True),
    "donnees/charter_proposed": lambda: donnees.charter_proposed(
        NETWORK, "Noa Fictif", "Nous accueillons plus de monde en immersion.", CHANGES, URL, by_reply=True),
    "donnees/charter_proposed--sans-adhesion": lambda: donnees.charter_proposed(
        NETWORK, "Noa Fictif", "", CHANGES, URL, by_reply=False),
    "donnees/charter_reminder": lambda: donnees.charter_reminder(NETWORK, "Noa Fictif", CHANGES, URL, by_reply=True),
    "donnees/records_merged": lambda: donnees.records_merged(
        NETWORK, "no•••@courriel.example", "", "Alix Coordination", "10 février 2027", URL),
    "donnees/records_merged--autre-adresse": lambda: donnees.records_merged(
        NETWORK, "no•••@structure-b.example", "no•••@structure-b.example", "Alix Coordination", "10 février 2027", ""),
    "donnees/records_parted": lambda: donnees.records_parted(NETWORK, "no•••@courriel.example", "", "Alix Coordination", URL),
    "donnees/records_parted--autre-adresse": lambda: donnees.records_parted(
        NETWORK, "no•••@structure-b.example", "no•••@structure-b.example", "Alix Coordination", ""),
    "donnees/structures_merged": lambda: donnees.structures_merged(
        NETWORK, "Claude Accueil", "Structure Exemple C", "Alix Coordination", URL),
    "donnees/left": lambda: donnees.left(NETWORK, "Noa Fictif", "http://127.0.0.1:5000/rejoindre"),
    "donnees/member_left": lambda: donnees.member_left(NETWORK, "Noa Fictif", "Alix Coordination", "", ""),
    "donnees/member_left--structure": lambda: donnees.member_left(
        NETWORK, "Claude Accueil", "Alix Coordination", "Structure Exemple C", WORDS),
    "donnees/invitation": lambda: donnees.invitation(NETWORK, "Dominique Essai", "Camille Exemple", "Structure Exemple A", URL),
    "donnees/invitation_reminder": lambda: donnees.invitation_reminder(
        NETWORK, "Dominique Essai", "Camille Exemple", "Structure Exemple A", URL),
    "donnees/yearly_reminder": about(_A, lambda d: donnees.yearly_reminder(
        NETWORK, d, d.author, [("Nom", "Noa Fictif"), ("Commune", "Nîmes (30000, 30900)"), ("Vous proposez", "Diagnostic, Pix")],
        URL)),
}
