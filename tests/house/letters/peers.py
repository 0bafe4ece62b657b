"""Samples of the letters of help among peers."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.exchanging import to_coordinator
from house.letters.invented import AT, NETWORK, REPLY, URL, WORDS, dossier, who

from mail.letter import Attachment, Letter
from mail.letters import conversation, entraide
from models.conversation import Message
from models.dossier import Dossier, Participant
from models.states import Kind
from services.entraide import helping


def _helped(state: str = "in_progress") -> tuple[Dossier, Participant]:
    """A request for help and the peer who took it, neither of whom shows their name to the other."""
    of = dossier(Kind.ENTRAIDE, state)
    of.author.named = False
    peer = Participant(role="helper", name="Dominique Essai", email="dominique@structure-a.example", active=True, named=False)
    of.participants.append(peer)
    return of, peer


def _asked(suggested_by: str, *, employers: bool) -> Letter:
    of, peer = _helped("submitted")
    about = (["Une question d’employeur ou de responsable", "Fiche de poste, place dans l’équipe"] if employers
             else ["Une question simple", "Démarches administratives en ligne"])
    return entraide.peer_asked(NETWORK, of, peer, URL, REPLY, "Quelle procédure de mandat\u00a0?\nLa personne n’a pas d’adresse.",
                               about, "à environ 28\u00a0km", "vendredi 15 janvier 2027", "une fois par semaine au plus",
                               ["plan.pdf"] if employers else [], suggested_by, employers=employers)


def _found(role: str) -> Letter:
    of, peer = _helped()
    return entraide.peer_found(NETWORK, of, who(of, role), peer, URL)


def _named_helper() -> Letter:
    of, peer = _helped()
    of.author.named = peer.named = True
    return entraide.to_help(NETWORK, of, peer, URL, "", WORDS)


def _relayed_to_peer() -> Letter:
    of, peer = _helped()
    message = Message(participant=of.author, at=AT, body=WORDS, shared=True)
    return conversation.message_relayed(NETWORK, of, message, peer, URL, WORDS, can_resolve=False,
                                        speaker=of.author.shown_to(peer), readers="la coordination")


PROMISED, QUESTION = "vendredi 15 janvier 2027", "Quelle procédure de mandat\u00a0?"
CONTACTS = [["Point d’accès au droit", "Droits, mandats\n04 65 71 00 30"],
            ["Structure Exemple C", "Millau, à environ 28\u00a0km\naccueil@lieu.example"]]
SLOTS = ["mardi 19 janvier 2027 à 14\u00a0h", "jeudi 21 janvier 2027 à 10\u00a0h"]
ICS = Attachment("rendez-vous.ics", "text/calendar; method=REQUEST; charset=utf-8", b"BEGIN:VCALENDAR")


#: golden file -> the letter.
PEERS: dict[str, Callable[[], Letter]] = {
    "entraide/resolved--pair": lambda: entraide.resolved(
        NETWORK, *_helped("resolved"), "la personne qui a posé la question", "Parfait, merci.", URL, REPLY),
    "entraide/resolved--personne": lambda: entraide.resolved(
        NETWORK, (of := _helped("resolved")[0]), of.author, "Alix Coordination", "", URL, REPLY),
    "entraide/ended--pair": lambda: entraide.ended(NETWORK, *_helped("closed"), "Alix Coordination", ""),
    "entraide/ended--pair-non-retenue": lambda: entraide.ended(NETWORK, *_helped("refused"), "Alix Coordination", ""),
    "entraide/peer_asked": lambda: _asked("", employers=False),
    "entraide/peer_asked--collegue": lambda: _asked("un·e pair du réseau", employers=False),
    "entraide/peer_asked--responsables": lambda: _asked("", employers=True),
    "entraide/peer_found": lambda: _found("author"),
    "entraide/peer_found--coordination": lambda: _found("coordinator"),
    "entraide/to_help": lambda: entraide.to_help(NETWORK, *_helped(), URL, "vendredi 15 janvier 2027", ""),
    "entraide/to_help--avec-ses-mots": lambda: _named_helper(),
    "entraide/peer_gave_back": lambda: entraide.peer_gave_back(
        NETWORK, (of := _helped()[0]), of.author, of.participants[-1], looked_for=True),
    "entraide/peer_gave_back--coordination": lambda: entraide.peer_gave_back(
        NETWORK, (of := _helped()[0]), who(of, "coordinator"), of.participants[-1], looked_for=False),
    "entraide/answer_understood": lambda: entraide.answer_understood(
        NETWORK, *_helped("submitted"), "Merci de l’avoir dit. Nous demandons à quelqu’un d’autre.", REPLY),
    "entraide/too_late": lambda: entraide.too_late(NETWORK, *_helped(), helping.TOO_LATE),
    "conversation/message_relayed--a-un-pair": lambda: _relayed_to_peer(),
    "coordination/request_to_coordinator--pairs": lambda: to_coordinator(
        Kind.ENTRAIDE, [], peers="Des pairs sont sollicités en ce moment\u00a0: Dominique Essai, Ariel Modèle."),
    "entraide/answer_reminder": lambda: entraide.answer_reminder(NETWORK, *_helped(), URL, PROMISED, QUESTION),
    "entraide/answer_reminder--coordination": lambda: entraide.answer_reminder(
        NETWORK, (of := _helped("submitted")[0]), who(of, "coordinator"), URL, PROMISED, QUESTION),
    "entraide/answer_late": lambda: entraide.answer_late(
        NETWORK, (of := _helped("submitted")[0]), who(of, "coordinator"), URL, PROMISED, QUESTION, helped=False),
    "entraide/answer_late--pair-silencieux": lambda: entraide.answer_late(
        NETWORK, (of := _helped()[0]), who(of, "coordinator"), URL, PROMISED, QUESTION, helped=True),
    "entraide/answer_delayed": lambda: entraide.answer_delayed(NETWORK, (of := _helped()[0]), of.author, PROMISED),
    "entraide/nobody_answers": lambda: entraide.nobody_answers(
        NETWORK, "AIDE-2027-0007", "Une question simple\u00a0: Bureautique", PROMISED, ["Alix Coordination"], URL),
    "entraide/oriented": lambda: entraide.oriented(
        NETWORK, (of := _helped("submitted")[0]), of.author, "Un·e pair du réseau", WORDS, CONTACTS, goes_on=True),
    "entraide/oriented--sans-mot": lambda: entraide.oriented(
        NETWORK, (of := _helped()[0]), of.author, "Alix Coordination", "", CONTACTS, goes_on=False),
    "entraide/slots_proposed": lambda: entraide.slots_proposed(
        NETWORK, *_helped(), "La personne qui a posé la question", SLOTS, "30\u00a0min", "je vous appelle", WORDS, URL, REPLY),
    "entraide/meeting_set": lambda: entraide.meeting_set(
        NETWORK, *_helped(), "La personne qui a posé la question", SLOTS[0], "30\u00a0min", "Visio", ICS),
    "entraide/meeting_cancelled": lambda: entraide.meeting_cancelled(
        NETWORK, *_helped(), "La personne qui a posé la question", SLOTS[0], "Un empêchement, désolée.", ICS),
    "entraide/fiche_proposed": lambda: entraide.fiche_proposed(
        NETWORK, *_helped("resolved"), "La personne qui a posé la question", URL, REPLY),
    "entraide/fiche_to_edit": lambda: entraide.fiche_to_edit(
        NETWORK, (of := _helped("resolved")[0]), who(of, "coordinator"), f"{URL}/rediger-fiche"),
    "entraide/fiche_published": lambda: entraide.fiche_published(
        NETWORK, *_helped("resolved"), "Un mandat sans adresse de courriel", "http://127.0.0.1:5000/fiches/mandat", REPLY),
    "entraide/fiche_withdrawn": lambda: entraide.fiche_withdrawn(
        NETWORK, (of := _helped("resolved")[0]), who(of, "coordinator"), ""),
}
