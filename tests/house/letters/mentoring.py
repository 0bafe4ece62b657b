"""Samples of the letters of mentoring."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.invented import NETWORK, REPLY, URL, dossier

from mail.letter import Attachment, Letter
from mail.letters import adhesion, mentorat
from models.charter import charter
from models.dossier import Dossier, Participant
from models.states import Kind

FAR = "à environ 12\u00a0km"
OFFERS = [("Dominique Essai", "Alès, à environ 12\u00a0km, savoir-faire recherchés\u00a0: Diagnostic des besoins, Pix",
           "proposer Dominique Essai"),
          ("Ariel Modèle", "Nîmes, à environ 40\u00a0km, accompagne déjà une personne", "proposer Ariel Modèle")]
TERMS = [["Objectifs", "Animer mes premiers ateliers\nPoser des limites"], ["Rythme", "Deux fois par mois"],
         ["Comment", "Par téléphone, en se voyant"],
         ["Durée", "Six mois, du lundi 1er février 2027 au samedi 31 juillet 2027"],
         ["Nous prendrons des nouvelles", "lundi 1er mars 2027, lundi 3 mai 2027, lundi 2 août 2027"],
         ["L’employeur", "Le réseau n’informe aucun employeur"]]
PDF = Attachment("protocole-MENT-2027-0007.pdf", "application/pdf", b"%PDF")
TALK = "Nous ne nous sommes pas encore vus."


def _pair(state: str = "under_way") -> tuple[Dossier, Participant, Participant, Participant]:
    """A mentoring, its newcomer, its mentor and its coordination."""
    of = dossier(Kind.MENTORAT, state)
    mentor = Participant(role="mentor", name="Dominique Essai", email="dominique@structure-a.example", phone="06 39 98 00 04",
                         quality="Médiatrice numérique", organisation="Structure Exemple A", active=True, named=True)
    of.participants.append(mentor)
    return of, of.author, mentor, of.coordinators[0]


def _welcome() -> Letter:
    of = dossier(Kind.ADHESION)
    of.answers = {"mentor": "oui"}
    return adhesion.welcome(NETWORK, of, of.author, charter("2026-11").of("learner"), "2026-11", b"%PDF", URL,
                            "Alix Coordination", "")


def _to(which: int, letter: Callable[..., Letter], *more, **named) -> Letter:
    """``which``: 1 the newcomer, 2 the mentor, 3 the coordination."""
    pair = _pair()
    return letter(NETWORK, pair[0], pair[which], *more, **named)


def _found(letter: Callable[..., Letter]) -> Letter:
    of, author, mentor, _ = _pair("author_asked")
    return letter(NETWORK, of, author, mentor, URL, REPLY, FAR)


def _made(which: int) -> Letter:
    pair = _pair("agreed")
    return mentorat.pair_made(NETWORK, pair[0], pair[which], pair[3 - which], URL, REPLY)


def _talk(words: str) -> Letter:
    of, _, mentor, coordination = _pair()
    return mentorat.would_like_to_talk(NETWORK, of, coordination, mentor, words, URL)


#: golden file -> the letter.
MENTORING: dict[str, Callable[[], Letter]] = {
    "adhesion/welcome--mentor": _welcome,
    "mentorat/mentor_to_propose": lambda: _to(3, mentorat.mentor_to_propose, URL, "Alès (30)", OFFERS, REPLY,
                                              "mardi 26 janvier 2027"),
    "mentorat/mentor_to_propose--personne": lambda: _to(3, mentorat.mentor_to_propose, URL, "", [], REPLY, ""),
    "mentorat/mentor_asked": lambda: _to(2, mentorat.mentor_asked, URL, REPLY, FAR, "", "Alix Coordination"),
    "mentorat/mentor_asked--avec-un-mot": lambda: _to(2, mentorat.mentor_asked, URL, REPLY, "", "Une personne motivée.",
                                                      "Alix Coordination"),
    "mentorat/mentor_asked_reminder": lambda: _to(2, mentorat.mentor_asked_reminder, URL, REPLY, FAR),
    "mentorat/mentor_found": lambda: _found(mentorat.mentor_found),
    "mentorat/mentor_found_reminder": lambda: _found(mentorat.mentor_found_reminder),
    "mentorat/not_this_time": lambda: _to(3, mentorat.not_this_time, "Dominique Essai", "Trop de travail.", URL, OFFERS[1:],
                                          REPLY, mentor=True),
    "mentorat/not_this_time--la-personne": lambda: _to(3, mentorat.not_this_time, "Noa Fictif", "", URL, [], REPLY, mentor=False),
    "mentorat/not_this_pair": lambda: _to(2, mentorat.not_this_pair),
    "mentorat/not_this_pair--la-personne": lambda: _to(1, mentorat.not_this_pair, "Je vous appelle."),
    "mentorat/nobody_for_now": lambda: _to(1, mentorat.nobody_for_now, "Personne n’est disponible avant l’été.",
                                           "Alix Coordination"),
    "mentorat/pair_made": lambda: _made(1),
    "mentorat/pair_made--mentor": lambda: _made(2),
    "mentorat/protocole_to_agree": lambda: _to(2, mentorat.protocole_to_agree, "Noa Fictif", 2, TERMS, URL, REPLY),
    "mentorat/protocole_to_agree--qui-ecrit": lambda: _to(1, mentorat.protocole_to_agree, "", 1, TERMS, URL, REPLY),
    "mentorat/protocole_to_agree--coordination": lambda: _to(3, mentorat.protocole_to_agree, "Noa Fictif", 1, TERMS, URL, REPLY),
    "mentorat/protocole_agreed": lambda: _to(1, mentorat.protocole_agreed, "lundi 1er février 2027", "deux fois par mois",
                                             "lundi 1er mars 2027", URL, PDF),
    "mentorat/protocole_agreed--coordination": lambda: _to(3, mentorat.protocole_agreed, "lundi 1er février 2027",
                                                           "deux fois par mois", "lundi 1er mars 2027", URL, PDF),
    "mentorat/employer_informed": lambda: mentorat.employer_informed(
        NETWORK, (of := _pair()[0]), next(one for one in of.participants if one.role == "employer"), "Deux fois par mois",
        "Six mois", "lundi 1er février 2027", "samedi 31 juillet 2027"),
    "mentorat/how_it_goes_reminder": lambda: _to(1, mentorat.how_it_goes_reminder, "Dominique Essai", URL, REPLY, ""),
    "mentorat/how_it_goes_reminder--fin": lambda: _to(2, mentorat.how_it_goes_reminder, "Noa Fictif", URL, REPLY,
                                                      "lundi 2 août 2027"),
    "mentorat/would_like_to_talk": lambda: _talk(TALK),
    "mentorat/would_like_to_talk--sans-mot": lambda: _talk(""),
    "mentorat/goes_on": lambda: _to(1, mentorat.goes_on, "Dominique Essai", "mardi 2 novembre 2027"),
    "mentorat/goes_on--reprise": lambda: _to(2, mentorat.goes_on, "Noa Fictif", ""),
    "mentorat/thanks": lambda: _to(2, mentorat.thanks, "Noa Fictif", "Noa Fictif", "Merci pour tout.", URL, REPLY, said=False),
    "mentorat/thanks--la-personne": lambda: _to(1, mentorat.thanks, "Dominique Essai", "", "", URL, REPLY, said=True),
    "mentorat/last_word": lambda: _to(1, mentorat.last_word, "Dominique Essai", "Bravo à vous."),
}
