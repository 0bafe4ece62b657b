"""One call of each letter function, and one more for each way its words may go: what the golden files are made from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from house.tree import ROOT

from mail.letter import Letter
from mail.letters import accueil, adhesion, convention, conversation, coordination, entraide, immersion
from models.charter import charter
from models.conversation import Message
from models.dossier import DOSSIERS, Dossier, Participant
from models.network import load_network
from models.states import Kind
from models.stored_file import StoredFile
from models.typography import french

NETWORK = load_network(ROOT / "demonstration" / "network.toml")
URL = "http://127.0.0.1:5000/d/EXEMPLE-DE-LIEN-PERSONNEL-DE-43-CARACTERES-000"
REPLY = "reponse+exempleexempleexempleexemp@ring.example"
AT = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
WORDS = "Bonjour Noa,\n\nVoici une première piste :\n- le modèle de mandat ;\n- un atelier <mardi> *prochain*.\n\nÀ bientôt"
SUMMARY = {
    "adhesion": [["Vous", [["Prénom", "Noa"], ["Nom", "Fictif"], ["Adresse de courriel", "noa@structure-b.example", "contact"]]],
                 ["Les engagements", [["J’ai lu ces engagements et je les partage", "oui"]]]],
    "entraide": [["Votre question", [["Votre question", "Quelle procédure de mandat\u00a0?\nLa personne n’a pas d’adresse."],
                                     ["Le sujet", "Démarches administratives en ligne"]]],
                 ["Vous", [["Prénom", "Noa"], ["Téléphone", "06 39 98 00 01", "contact"]]]],
    "immersion": [["Ce que vous cherchez", [["Vos objectifs", "Découvrir les ateliers collectifs\nComparer les postures"]]],
                  ["Vous", [["Prénom", "Noa"], ["Adresse de courriel", "noa@structure-b.example", "contact"]]]],
}
TITLES = {"adhesion": "Adhésion d’un·e professionnel·le", "entraide": "Une question simple : Démarches administratives en ligne",
          "immersion": "Immersion : médiateur·rice numérique, 2 journées sur 2 semaines"}


def dossier(kind: Kind, state: str = "submitted") -> Dossier:
    """A dossier as it is in the middle of its story, not stored."""
    made = DOSSIERS[kind](year=2027, number=7, reference=f"{kind.prefix}-2027-0007", state=state,
                          title=french(TITLES[kind.value]), commune="12145", created_at=AT, moved_at=AT, answers={},
                          summary=SUMMARY[kind.value])
    made.participants += [
        Participant(role="author", name="Noa Fictif", email="noa@structure-b.example", organisation="Structure Exemple B"),
        Participant(role="coordinator", name="Alix Coordination", email="coordination@ring.example"),
        Participant(role="employer", name="Andréa Direction", email="direction@structure-b.example",
                    organisation="Structure Exemple B"),
        Participant(role="host", name="Claude Accueil", email="claude@structure-c.example", organisation="Structure Exemple C")]
    for person in made.participants:
        person.active = True
    return made


def who(of: Dossier, role: str) -> Participant:
    return next(person for person in of.participants if person.role == role)


def _relayed(*, can_resolve: bool, files: bool) -> Letter:
    of = dossier(Kind.ENTRAIDE, "in_progress")
    message = Message(participant=who(of, "coordinator"), to=who(of, "author"), at=AT, body=WORDS)
    if files:
        message.files += [StoredFile(name="modele-de-mandat.pdf"), StoredFile(name="plan.png")]
    return conversation.message_relayed(NETWORK, of, message, who(of, "author"), URL, can_resolve=can_resolve)


def _to_coordinator(kind: Kind, files: list[str]) -> Letter:
    of = dossier(kind)
    commands = [coordination.Command("/accepter", "prend la demande en charge", "Prendre en charge", f"{URL}/accepter"),
                coordination.Command("/note texte", "garde une note, que seule la coordination lit", "Garder une note", "")]
    return coordination.request_to_coordinator(
        NETWORK, of, who(of, "coordinator"), URL, commands, "lundi 18 janvier 2027", "Cette personne n’est pas encore membre.",
        "Millau (12100)", REPLY, files)


def _about(kind: Kind, write: Callable[[Dossier], Letter], state: str = "submitted") -> Callable[[], Letter]:
    return lambda: write(dossier(kind, state))


_A, _E, _I = Kind.ADHESION, Kind.ENTRAIDE, Kind.IMMERSION

#: golden file -> the letter.
SAMPLES: dict[str, Callable[[], Letter]] = {
    "accueil/address_to_confirm": _about(_E, lambda d: accueil.address_to_confirm(NETWORK, d, d.author, URL), "unconfirmed"),
    "accueil/confirmation_reminder": _about(_I, lambda d: accueil.confirmation_reminder(
        NETWORK, d, d.author, URL, "lundi 18 janvier 2027"), "unconfirmed"),
    "accueil/request_received": _about(_I, lambda d: accueil.request_received(
        NETWORK, d, d.author, URL, "lundi 1er février 2027", "Alix Coordination", "Elle écrira ensuite à votre employeur.")),
    "accueil/already_member": lambda: accueil.already_member(NETWORK, "Noa Fictif", "lundi 11 janvier 2027"),
    "accueil/already_asked": _about(_A, lambda d: accueil.already_asked(NETWORK, d, d.author, URL)),
    "accueil/link_renewed": _about(_E, lambda d: accueil.link_renewed(NETWORK, d.author, URL)),
    "adhesion/welcome": _about(_A, lambda d: adhesion.welcome(
        NETWORK, d, d.author, charter("2026-11").of("professional"), "2026-11", b"%PDF", URL, "Alix Coordination", WORDS)),
    "adhesion/welcome--sans-mot": _about(_A, lambda d: adhesion.welcome(
        NETWORK, d, d.author, charter("2026-11").of("structure"), "2026-11", b"%PDF", URL, "Alix Coordination", "")),
    "adhesion/refused": _about(_A, lambda d: adhesion.refused(NETWORK, d, d.author, WORDS, "Alix Coordination")),
    "adhesion/employer_told": _about(_A, lambda d: adhesion.employer_told(
        NETWORK, d, who(d, "employer"), "Noa Fictif", charter("2026-11").of("professional"))),
    "convention/convention_to_review": _about(_I, lambda d: convention.convention_to_review(
        NETWORK, d, who(d, "host"), URL, 1, WORDS, b"%PDF")),
    "convention/convention_to_sign": _about(_I, lambda d: convention.convention_to_sign(
        NETWORK, d, who(d, "employer"), URL, 2, "", b"%PDF", "0123456789abcdef" * 4)),
    "convention/convention_reopened": _about(_I, lambda d: convention.convention_reopened(NETWORK, d, d.author, 2, WORDS)),
    "convention/immersion_closed": _about(_I, lambda d: convention.immersion_closed(NETWORK, d, d.author, WORDS), "closed"),
    "conversation/message_relayed": lambda: _relayed(can_resolve=True, files=True),
    "conversation/message_relayed--sans-fin": lambda: _relayed(can_resolve=False, files=False),
    "conversation/reply_not_taken": lambda: conversation.reply_not_taken(
        NETWORK, "Noa Fictif", ["« plan.exe » est un programme : nous ne pouvons pas le recevoir."], "AIDE-2027-0007"),
    "conversation/reply_not_taken--inconnu": lambda: conversation.reply_not_taken(
        NETWORK, "", ["« plan.exe » est un programme : nous ne pouvons pas le recevoir."], ""),
    "coordination/request_to_coordinator": lambda: _to_coordinator(_E, ["plan.pdf", "photo.jpg"]),
    "coordination/request_to_coordinator--sans-fichier": lambda: _to_coordinator(_I, []),
    "coordination/command_done": _about(_E, lambda d: coordination.command_done(
        NETWORK, who(d, "coordinator"), "La note interne est enregistrée. Personne n’est prévenu.")),
    "coordination/command_refused": _about(_E, lambda d: coordination.command_refused(
        NETWORK, who(d, "coordinator"), "refuser", "Écrivez quelques mots : le motif, transmis à la personne.")),
    "coordination/sign_in_link": lambda: coordination.sign_in_link(NETWORK, "Alix Coordination", URL),
    "coordination/sign_in_unknown": lambda: coordination.sign_in_unknown(NETWORK, "http://127.0.0.1:5000/rejoindre"),
    "coordination/mail_set_aside": lambda: coordination.mail_set_aside(
        NETWORK, "Alix Coordination", "aucun échange ne correspond à ce courriel", "inconnu@ailleurs.example", "Bonjour"),
    "entraide/resolved": _about(_E, lambda d: entraide.resolved(NETWORK, d, who(d, "coordinator"), "Noa Fictif"), "resolved"),
    "entraide/ended": _about(_E, lambda d: entraide.ended(NETWORK, d, d.author, "Alix Coordination", WORDS), "refused"),
    "entraide/ended--sans-mot": _about(_E, lambda d: entraide.ended(NETWORK, d, d.author, "Alix Coordination", ""), "closed"),
    "conversation/request_withdrawn": _about(_E, lambda d: conversation.request_withdrawn(
        NETWORK, d, who(d, "coordinator"), WORDS), "withdrawn"),
    "conversation/request_withdrawn--sans-mot": _about(_E, lambda d: conversation.request_withdrawn(
        NETWORK, d, who(d, "coordinator"), ""), "withdrawn"),
    "immersion/employer_to_agree": _about(_I, lambda d: immersion.employer_to_agree(
        NETWORK, d, who(d, "employer"), URL, WORDS)),
    "immersion/taken_in_hand": _about(_I, lambda d: immersion.taken_in_hand(
        NETWORK, d, d.author, "Alix Coordination", "Andréa Direction (Structure Exemple B)")),
    "immersion/employer_agreed--coordination": _about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction", WORDS, URL,
        ["Structure Exemple C, Millau (12100), 41 km à vol d’oiseau, compétences recherchées\u00a0: Diagnostic, Pix"])),
    "immersion/employer_agreed--coordination-sans-accueil": _about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction", "", URL, [])),
    "immersion/employer_agreed": _about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, d.author, "Andréa Direction", WORDS, URL, [])),
    "immersion/not_possible": _about(_I, lambda d: immersion.not_possible(
        NETWORK, d, d.author, "Andréa Direction", WORDS, goes_on=False)),
    "immersion/not_possible--recherche": _about(_I, lambda d: immersion.not_possible(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil", "", goes_on=True)),
    "immersion/host_to_agree": _about(_I, lambda d: immersion.host_to_agree(
        NETWORK, d, who(d, "host"), URL, "Alix Coordination", WORDS)),
    "immersion/host_agreed": _about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "employer"), "Claude Accueil (Structure Exemple C)",
        ["mardi 2 février 2027, de 9 h à 12 h 30 et de 13 h 30 à 17 h", "mardi 9 février 2027, de 9 h à 12 h 30"], URL)),
    "immersion/host_agreed--coordination": _about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)", ["mardi 2 février 2027, de 9 h à 12 h 30"],
        URL)),
    "accueil/new_address": lambda: accueil.new_address(NETWORK, "AIDE-2027-0007", URL),
    "accueil/address_replaced": lambda: accueil.address_replaced(NETWORK, "AIDE-2027-0007"),
    "coordination/address_stopped": _about(_I, lambda d: coordination.address_stopped(
        NETWORK, d, who(d, "coordinator"), who(d, "employer"), "l’adresse n’existe pas, ou n’existe plus",
        f"{URL}/adresse?personne=3", tried=False)),
    "coordination/address_stopped--nouvelle": _about(_E, lambda d: coordination.address_stopped(
        NETWORK, d, who(d, "coordinator"), d.author, "l’adresse n’existe pas, ou n’existe plus", f"{URL}/adresse?personne=3",
        tried=True)),
    "coordination/letter_failed": _about(_I, lambda d: coordination.letter_failed(
        NETWORK, d, who(d, "coordinator"), who(d, "host"), "Une convention à signer", "il est trop lourd pour sa messagerie",
        URL)),
}
