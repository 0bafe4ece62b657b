"""Samples of the letters of an immersion before its convention, and of a placement."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.invented import NETWORK, REPLY, URL, WORDS, about, alone, who

from mail.letter import Letter
from mail.letters import immersion, placement
from models.states import Kind
from services.immersion.session_checks import Finding

_I = Kind.IMMERSION
HOST_BODY = "accueillir\n\nDates :\n\nAdresse : 3 rue des Lilas\nSignataire :"


#: golden file -> the letter.
IMMERSION: dict[str, Callable[[], Letter]] = {
    "placement/sheet_ready": about(_I, lambda d: placement.sheet_ready(
        NETWORK, d, d.author, WORDS, "immersion-facile.beta.gouv.fr", URL, "fiche-IMM-2027-0007.pdf", b"%PDF")),
    "placement/goes_outside": about(_I, lambda d: placement.goes_outside(NETWORK, d, who(d, "employer"), "Alix Coordination")),
    "placement/goes_outside--accueil": about(_I, lambda d: placement.goes_outside(
        NETWORK, d, who(d, "host"), "Alix Coordination")),
    "placement/placement_held_reminder": about(_I, lambda d: placement.placement_held_reminder(
        NETWORK, d, d.author, f"{URL}/suivi")),
    "placement/placement_told": about(_I, lambda d: placement.placement_told(
        NETWORK, d, who(d, "coordinator"), "Oui, en entier", WORDS, URL)),
    "immersion/employer_to_agree": about(_I, lambda d: immersion.employer_to_agree(
        NETWORK, d, who(d, "employer"), URL, WORDS)),
    "immersion/employer_to_agree--agent-public": about(_I, lambda d: immersion.employer_to_agree(
        NETWORK, d, who(d, "employer"), URL, "", "jeudi 11\u00a0février 2027")),
    "immersion/taken_in_hand": about(_I, lambda d: immersion.taken_in_hand(
        NETWORK, d, d.author, "Alix Coordination", "Andréa Direction (Structure Exemple B)")),
    "immersion/taken_alone": about(_I, lambda d: immersion.taken_alone(
        NETWORK, alone(d), who(d, "author"), "Alix Coordination", WORDS, URL), "employer_agreed"),
    "immersion/employer_agreed--coordination-en-son-nom": about(_I, lambda d: immersion.employer_agreed(
        NETWORK, alone(d), who(d, "coordinator"), "", "", URL, [immersion.Offer(
            "Structure Exemple C", "Millau (12100), 41 km à vol d’oiseau", "proposer Structure Exemple C")], REPLY),
        "employer_agreed"),
    "immersion/employer_to_agree--association": about(_I, lambda d: immersion.employer_to_agree(
        NETWORK, alone(d, "benevole"), who(d, "employer"), URL, ""), "employer_asked"),
    "immersion/employer_agreed--coordination": about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction", WORDS, URL,
        [immersion.Offer("Structure Exemple C",
                         "Millau (12100), 41 km à vol d’oiseau, compétences recherchées\u00a0: Diagnostic, Pix",
                         "proposer Structure Exemple C")], REPLY)),
    "immersion/employer_agreed--coordination-sans-accueil": about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction", "", URL, [], REPLY)),
    "immersion/employer_agreed": about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, d.author, "Andréa Direction", WORDS, URL, [], REPLY)),
    "immersion/not_possible": about(_I, lambda d: immersion.not_possible(
        NETWORK, d, d.author, "Andréa Direction", WORDS, goes_on=False)),
    "immersion/not_possible--recherche": about(_I, lambda d: immersion.not_possible(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil", "", goes_on=True)),
    "immersion/not_possible--suivante": about(_I, lambda d: immersion.not_possible(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil", "", goes_on=True, following="Yaël Centre (Structure Exemple E)")),
    "immersion/host_to_agree": about(_I, lambda d: immersion.host_to_agree(
        NETWORK, d, who(d, "host"), URL, "Alix Coordination", WORDS, HOST_BODY, REPLY)),
    "immersion/host_to_complete": about(_I, lambda d: immersion.host_to_complete(
        NETWORK, d, who(d, "host"), ["mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030", "Adresse : 3 rue des Lilas"],
        ["Il manque qui signera la convention (« Signataire »)."], HOST_BODY, REPLY, f"{URL}/accueillir")),
    "immersion/host_to_complete--rien": about(_I, lambda d: immersion.host_to_complete(
        NETWORK, d, who(d, "host"), [], ["Il manque au moins une date, avec ses heures."], HOST_BODY, REPLY,
        f"{URL}/accueillir")),
    "immersion/host_agreed": about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "employer"), "Claude Accueil (Structure Exemple C)",
        ["mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030 et de 13\u00a0h\u00a030 à 17\u00a0h",
         "mardi 9\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030"], URL, REPLY)),
    "immersion/host_agreed--accueil": about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "host"), "Claude Accueil (Structure Exemple C)",
        ["mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030"], URL, REPLY)),
    "immersion/host_agreed--coordination": about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)",
        ["mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030"],
        URL, REPLY)),
    "immersion/host_agreed--dates-a-verifier": about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)",
        ["lundi 29\u00a0mars 2027, de 9\u00a0h à 12\u00a0h\u00a030"], URL, REPLY,
        (Finding(False, "Le lundi 29\u00a0mars 2027 est un jour férié (Lundi de Pâques)."),
         Finding(False, "Le lundi 29\u00a0mars 2027, une autre personne est déjà attendue dans la même structure, qui a annoncé "
                        "une seule place.", "IMM-2027-0009")))),
}
