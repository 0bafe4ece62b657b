"""One call of each letter function, and one more for each way its words may go: what the golden files are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from house.tree import ROOT

from mail.letter import Attachment, Letter, Subscription
from mail.letters import (
    accueil,
    adhesion,
    alerte,
    convention,
    conversation,
    coordination,
    courriels,
    donnees,
    entraide,
    immersion,
    placement,
    signature,
)
from models.charter import charter
from models.conversation import Message
from models.dossier import DOSSIERS, Dossier, Participant
from models.network import load_network
from models.signature import Signature
from models.states import Kind
from models.stored_file import StoredFile
from models.typography import french
from services.immersion.session_checks import Finding
from services.inbound.items import Item

NETWORK = load_network(ROOT / "demonstration" / "network.toml")
URL = "http://127.0.0.1:5000/d/EXEMPLE-DE-LIEN-PERSONNEL-DE-43-CARACTERES-000"
QUEUE_REPLY = "courrier+exempleexempleexempleexemp@ring.example"
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
    "mentorat": [["La personne à accompagner", [["Situation", "professionnel·le"], ["Aimerait apprendre", "Diagnostic, Pix"]]],
                 ["Qui elle est", [["Nom", "Noa Fictif"], ["Adresse de courriel", "noa@structure-b.example", "contact"]]]],
}
TITLES = {"adhesion": "Adhésion d’un·e professionnel·le", "entraide": "Une question simple : Démarches administratives en ligne",
          "immersion": "Immersion : médiateur·rice numérique, 2 journées sur 2 semaines",
          "mentorat": "Mentorat d’un·e professionnel·le"}


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
        person.active = person.named = True
    return made


def alone(of: Dossier, status: str = "independant") -> Dossier:
    """That request, of somebody in their own name, or of a volunteer."""
    of.answers = {**of.answers, "work_status": status}
    return of


def who(of: Dossier, role: str) -> Participant:
    return next(person for person in of.participants if person.role == role)


def _relayed(*, can_resolve: bool, files: bool) -> Letter:
    of = dossier(Kind.ENTRAIDE, "in_progress")
    message = Message(participant=who(of, "coordinator"), to=who(of, "author"), at=AT, body=WORDS)
    if files:
        message.files += [StoredFile(name="modele-de-mandat.pdf"), StoredFile(name="plan.png")]
    joined = [Attachment("modele-de-mandat.pdf", "application/pdf", b"%PDF"), Attachment("plan.png", "image/png", b"png")]
    return conversation.message_relayed(NETWORK, of, message, who(of, "author"), URL, WORDS, can_resolve=can_resolve,
                                        attachments=joined if files else ())


def _relayed_to_coordinator(*, over: bool, proved: bool = True) -> Letter:
    of = dossier(Kind.ENTRAIDE, "closed" if over else "in_progress")
    message = Message(participant=who(of, "author"), at=AT, body=WORDS)
    message.files.append(StoredFile(name="atelier-filme.mp4"))
    return conversation.message_relayed(
        NETWORK, of, message, who(of, "coordinator"), URL, WORDS, can_resolve=False, commands=COMMANDS, reply_address=REPLY,
        ended_on="lundi 5 octobre 2026" if over else "", proved=proved)


COMMANDS = (coordination.Command("/clore", "met fin à l’échange ; la personne est prévenue", "Clore", ""),
            coordination.Command("/note", "garde une note", "Garder une note", "", "le texte"),
            coordination.Command("je prends", "dit à vos collègues que vous vous occupez de la demande", "Je prends", ""))
HOST_BODY = "accueillir\n\nDates :\n\nAdresse : 3 rue des Lilas\nSignataire :"
HANDED = coordination.Handed("Charlie Suppléance", "Tu connais bien ce sujet.", [
    coordination.Said("Noa Fictif, lundi 11 janvier 2027", "Et sans pièce d’identité\u00a0?"),
    coordination.Said("Note interne, Alix Coordination, lundi 11 janvier 2027", "À rappeler.\nFichiers\u00a0: plan.pdf")])
HELD = [coordination.Held("AIDE-2027-0007", "Une question simple", "en cours d’échange", "lundi 18 janvier 2027",
                          "http://127.0.0.1:5000/coordination/AIDE-2027-0007"),
        coordination.Held("IMM-2027-0002", "Immersion", "convention à signer", "",
                          "http://127.0.0.1:5000/coordination/IMM-2027-0002")]


CHECK_CODE = "7K4M-XQ2P-9RTD"
CHECK_URL = f"http://127.0.0.1:5000/verifier/{CHECK_CODE}"
SEALED = (Attachment("convention-IMM-2027-0007-v1-signee.pdf", "application/pdf", b"%PDF"),
          *(Attachment(f"rendez-vous-2027-02-0{day}-09h00.ics", "text/calendar; method=REQUEST; charset=utf-8", b"BEGIN")
            for day in (2, 9)))
SESSIONS = [("mardi 2 février 2027", "9\u00a0h à 12\u00a0h\u00a030, puis 13\u00a0h\u00a030 à 17\u00a0h"),
            ("mardi 9 février 2027", "9\u00a0h à 12\u00a0h\u00a030, puis 13\u00a0h\u00a030 à 17\u00a0h")]
WAYS = Subscription("recapitulatif", "http://127.0.0.1:5000/desabonnement/EXEMPLE-DE-LIEN-PERSONNEL-DE-43-CARACTERES-000",
                    "desabonnement+exempleexempleexempleexemp@ring.example")


def _item(reference: str = "") -> Item:
    return Item(7, "inconnu@ailleurs.example", "Bonjour", "aucun échange ne correspond à ce courriel",
                QUEUE_REPLY, "http://127.0.0.1:5000/coordination/courriels/7", reference)


_MAIL = coordination.Told(
    "Un courriel n’a pas trouvé son échange. Il est gardé, rien n’est perdu.", "lundi 11 janvier 2027 à 9\u00a0h", "",
    "http://127.0.0.1:5000/coordination/", _item())
_NEWS = coordination.Told("Un courriel à Noa Fictif n’est pas arrivé\u00a0: l’adresse ne marche pas.",
                          "lundi 11 janvier 2027 à 9\u00a0h\u00a040", "AIDE-2027-0007", URL)


def _waits() -> coordination.Waits:
    return coordination.Waits("AIDE-2027-0007", "Une question simple", "Noa Fictif", "en attente de réponse",
                              "jeudi 14 janvier 2027", "", True, URL, REPLY, list(COMMANDS[:2]))


def _digest(*told: coordination.Told, more: int = 0) -> Letter:
    return coordination.digest(NETWORK, "Alix Coordination", list(told), more, "http://127.0.0.1:5000", WAYS)


def to_coordinator(kind: Kind, files: list[str], handed: coordination.Handed | None = None, peers: str = "") -> Letter:
    of = dossier(kind, "in_progress" if handed else "submitted")
    commands = [coordination.Command("/accepter", "prend la demande en charge", "Prendre en charge", f"{URL}/accepter"),
                coordination.Command("/note", "garde une note, que seule la coordination lit", "Garder une note", "", "le texte"),
                coordination.Command("je m’absente jusqu’au", "envoie les nouvelles demandes à votre suppléance", "", "",
                                     "le jour")]
    return coordination.request_to_coordinator(
        NETWORK, of, who(of, "coordinator"), URL, commands, "" if handed else "lundi 18 janvier 2027",
        "Cette personne n’est pas encore membre.",
        "Millau (12100)", REPLY, files, handed, peers)


def _about(kind: Kind, write: Callable[[Dossier], Letter], state: str = "submitted") -> Callable[[], Letter]:
    return lambda: write(dossier(kind, state))


REFERENT_URL = "http://127.0.0.1:5000/r/EXEMPLE-DE-LIEN-SIGNE-DE-PERSONNE-REFERENTE-0000"
OTHER_URL = "http://127.0.0.1:5000/adresse/EXEMPLE-DE-LIEN-PERSONNEL-DE-43-CARACTERES-000"


def _form(kind: Kind, files: tuple | list = (), refused: tuple | list = (), open_requests: tuple | list = (),
          coordinates: bool = False) -> Letter:
    return courriels.form_to_complete(NETWORK, kind, "Noa Fictif", OTHER_URL, "lundi 18 janvier 2027", list(files), list(refused),
                                      list(open_requests), "aide@ring.example", coordinates=coordinates)


def _newcomer() -> Letter:
    of = dossier(Kind.ADHESION)
    of.confirmed_at = AT
    return courriels.newcomer_writes(NETWORK, of, of.author, URL)


DOCUMENT = "la convention IMM-2027-0007, version 1"


def _row(way: str) -> Signature:
    return Signature(name="Claude Accueil", quality="Directrice", structure="Structure Exemple C", way=way)


_A, _E, _I = Kind.ADHESION, Kind.ENTRAIDE, Kind.IMMERSION

#: What a new version of the commitments says otherwise.
CHANGES = [("Accueillir en immersion", "Nouveau\u00a0: nous recevons une personne d’une autre structure."),
           ("S’entraider avec bienveillance", "Avant\u00a0: nous répondons.\n\nMaintenant\u00a0: nous répondons toujours."),
           ("Se réunir", "Ne figure plus dans les engagements.")]

#: golden file -> the letter.
SAMPLES: dict[str, Callable[[], Letter]] = {
    "accueil/address_to_confirm": _about(_E, lambda d: accueil.address_to_confirm(NETWORK, d, d.author, URL), "unconfirmed"),
    "accueil/confirmation_reminder": _about(_I, lambda d: accueil.confirmation_reminder(
        NETWORK, d, d.author, URL, "lundi 18 janvier 2027"), "unconfirmed"),
    "accueil/confirm_first": _about(_E, lambda d: accueil.confirm_first(NETWORK, d, d.author, REPLY), "unconfirmed"),
    "accueil/request_received": _about(_I, lambda d: accueil.request_received(
        NETWORK, d, d.author, URL, "lundi 1er février 2027", "Alix Coordination", "Elle écrira ensuite à votre employeur.")),
    "accueil/already_member": lambda: accueil.already_member(
        NETWORK, "Noa Fictif", "lundi 11 janvier 2027", "http://127.0.0.1:5000/mon-espace"),
    "accueil/already_asked": _about(_A, lambda d: accueil.already_asked(NETWORK, d, d.author, URL)),
    "accueil/links_found": lambda: accueil.links_found(NETWORK, "Noa Fictif", [
        accueil.Found("IMM-2027-0007", "Immersion d’un médiateur numérique", f"{URL}/signer", True),
        accueil.Found("AIDE-2027-0003", "Une question simple", URL, False)]),
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
    "convention/convention_to_sign--sans-signer": _about(_I, lambda d: convention.convention_to_sign(
        NETWORK, d, who(d, "host"), URL, 2, WORDS, b"%PDF", "0123456789abcdef" * 4,
        ["Camille Maire (Structure Exemple C)", "Noa Fictif"])),
    "signature/code_to_sign": _about(_I, lambda d: signature.code_to_sign(
        NETWORK, d, d.author, "la convention IMM-2027-0007, version 1", "048203", 30)),
    "signature/signature_received": _about(_I, lambda d: signature.signature_received(
        NETWORK, d, who(d, "host"), _row("link"), "la convention IMM-2027-0007, version 1",
        "lundi 11 janvier 2027 à 9 h", ["Noa Fictif", "Andréa Direction (Structure Exemple B)"], URL)),
    "signature/signature_received--derniere": _about(_I, lambda d: signature.signature_received(
        NETWORK, d, who(d, "host"), _row("paper"), "la convention IMM-2027-0007, version 1", "lundi 11 janvier 2027", [], URL)),
    "signature/signature_progress": _about(_I, lambda d: signature.signature_progress(
        NETWORK, d, who(d, "employer"), "Claude Accueil (Structure Exemple C)", "la convention IMM-2027-0007, version 1",
        ["Andréa Direction (Structure Exemple B)"], URL, to_sign=True)),
    "signature/signature_progress--signe": _about(_I, lambda d: signature.signature_progress(
        NETWORK, d, d.author, "Claude Accueil (Structure Exemple C)", "la convention IMM-2027-0007, version 1",
        ["Andréa Direction (Structure Exemple B)"], URL, to_sign=False)),
    "convention/convention_to_sign--nouvelle-version": _about(_I, lambda d: convention.convention_to_sign(
        NETWORK, d, who(d, "host"), URL, 2, "", b"%PDF", "0123456789abcdef" * 4, (), convention.Changed(
            [["Repas", "avant : (rien) ; maintenant : sur place"], ["Séances", "Avant :\nmardi 2 février 2027, de 9 h à 12 h\n"
             "Maintenant :\nmardi 9 février 2027, de 9 h à 12 h"]], "Une date a changé.", True))),
    "convention/convention_reopened--signee": _about(_I, lambda d: convention.convention_reopened(
        NETWORK, d, d.author, 2, WORDS, signed=True)),
    "signature/change_asked": _about(_I, lambda d: signature.change_asked(
        NETWORK, d, who(d, "coordinator"), "Noa Fictif", DOCUMENT, WORDS, URL, "")),
    "signature/change_asked--signataire": _about(_I, lambda d: signature.change_asked(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)", DOCUMENT, "", URL,
        "Camille Maire, adjointe (par délégation), à la place de Claude Accueil (Structure Exemple C)")),
    "signature/change_asked--partie": _about(_I, lambda d: signature.change_asked(
        NETWORK, d, who(d, "employer"), "Noa Fictif", DOCUMENT, WORDS, URL, "")),
    "signature/signing_resumed": _about(_I, lambda d: signature.signing_resumed(
        NETWORK, d, who(d, "employer"), DOCUMENT, WORDS, [], URL, to_sign=True)),
    "signature/signing_resumed--coordonnees": _about(_I, lambda d: signature.signing_resumed(
        NETWORK, d, d.author, DOCUMENT, "", [["Comment joindre qui accompagne", "avant : 06 39 98 00 09 ; maintenant : "
                                             "06 39 98 00 10"]], URL, to_sign=False)),
    "signature/convention_declined": _about(_I, lambda d: signature.convention_declined(
        NETWORK, d, d.author, "Andréa Direction (Structure Exemple B)", DOCUMENT, WORDS, URL, signed=True)),
    "signature/convention_declined--coordination": _about(_I, lambda d: signature.convention_declined(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", DOCUMENT, WORDS, URL, signed=False)),
    "signature/signature_forwarded": _about(_I, lambda d: signature.signature_forwarded(
        NETWORK, d, who(d, "host"), "Noa Fictif", DOCUMENT, URL, b"%PDF", "convention-IMM-2027-0007-v1.pdf")),
    "signature/signer_changed": _about(_I, lambda d: signature.signer_changed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", "Andréa Direction (Structure Exemple B)",
        DOCUMENT, WORDS, URL)),
    "signature/copy_to_decide": _about(_I, lambda d: signature.copy_to_decide(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)", DOCUMENT,
        "Ce sont des images de pages (scan ou photos)\u00a0: comparez-les ci-dessous avec ce qui a été envoyé.", URL)),
    "signature/copy_refused": _about(_I, lambda d: signature.copy_refused(
        NETWORK, d, who(d, "host"), DOCUMENT, WORDS, URL)),
    "signature/convention_expired": _about(_I, lambda d: signature.convention_expired(
        NETWORK, d, who(d, "host"), "la convention IMM-2027-0007, version 1", ["Noa Fictif"], URL), "expired"),
    "signature/convention_expired--coordination": _about(_I, lambda d: signature.convention_expired(
        NETWORK, d, who(d, "coordinator"), "la convention IMM-2027-0007, version 1", ["Noa Fictif"], URL), "expired"),
    "signature/signature_reminder": _about(_I, lambda d: signature.signature_reminder(
        NETWORK, d, who(d, "employer"), "la convention IMM-2027-0007, version 1", "le mardi 2 février 2027",
        ["Claude Accueil (Structure Exemple C)"], URL)),
    "signature/signature_reminder--relance": _about(_I, lambda d: signature.signature_reminder(
        NETWORK, d, who(d, "host"), "la convention IMM-2027-0007, version 1", "le mardi 2 février 2027", [], URL, WORDS,
        "Alix Coordination")),
    "convention/convention_reopened": _about(_I, lambda d: convention.convention_reopened(NETWORK, d, d.author, 2, WORDS)),
    **{f"convention/convention_sealed{kind}": _about(_I, lambda d, role=role: convention.convention_sealed(
        NETWORK, d, who(d, role), URL, 1, 0, CHECK_URL, CHECK_CODE, SEALED, SESSIONS), "signed")
       for kind, role in (("", "author"), ("--employeur", "employer"), ("--coordination", "coordinator"))},
    "convention/convention_sealed--avenant": _about(_I, lambda d: convention.convention_sealed(
        NETWORK, d, who(d, "host"), URL, 1, 2, CHECK_URL, CHECK_CODE, SEALED[:1], []), "signed"),
    "convention/immersion_closed": _about(_I, lambda d: convention.immersion_closed(NETWORK, d, d.author, WORDS), "closed"),
    "conversation/message_relayed": lambda: _relayed(can_resolve=True, files=True),
    "conversation/message_relayed--sans-fin": lambda: _relayed(can_resolve=False, files=False),
    "conversation/message_relayed--coordination": lambda: _relayed_to_coordinator(over=False),
    "conversation/message_relayed--apres-la-fin": lambda: _relayed_to_coordinator(over=True),
    "conversation/message_relayed--rien-ne-prouve": lambda: _relayed_to_coordinator(over=False, proved=False),
    "conversation/requests_merged": _about(_E, lambda d: conversation.requests_merged(NETWORK, d, d.author, "AIDE-2027-0005")),
    "conversation/request_reopened": _about(_I, lambda d: conversation.request_reopened(
        NETWORK, d, d.author, "Alix Coordination", WORDS), "to_sign"),
    "conversation/request_over": _about(_E, lambda d: conversation.request_over(
        NETWORK, d, d.author, "lundi 5 octobre 2026", "http://127.0.0.1:5000/aide"), "closed"),
    "conversation/words_wait": _about(_E, lambda d: conversation.words_wait(NETWORK, d, who(d, "coordinator"), "Noa Fictif")),
    "conversation/reply_not_taken": lambda: conversation.reply_not_taken(
        NETWORK, "Noa Fictif", ["« plan.exe » est un programme : nous ne pouvons pas le recevoir."], "AIDE-2027-0007"),
    "conversation/reply_not_taken--inconnu": lambda: conversation.reply_not_taken(
        NETWORK, "", ["« plan.exe » est un programme : nous ne pouvons pas le recevoir."], ""),
    "conversation/mail_too_large": lambda: conversation.mail_too_large(NETWORK, "Noa Fictif", "Convention signée", 27, 25),
    "conversation/mail_too_large--inconnu": lambda: conversation.mail_too_large(NETWORK, "", "", 27, 25),
    "coordination/request_to_coordinator": lambda: to_coordinator(_E, ["plan.pdf", "photo.jpg"]),
    "coordination/request_to_coordinator--sans-fichier": lambda: to_coordinator(_I, []),
    "coordination/request_to_coordinator--transmise": lambda: to_coordinator(_E, [], HANDED),
    "coordination/command_done--retour": _about(_E, lambda d: coordination.command_done(
        NETWORK, who(d, "coordinator"), "Vous vous occupez de cette demande.", reply_address=REPLY, stage=False,
        undo=coordination.Command("je rends", "", "", ""))),
    "coordination/command_done--relecture": _about(_I, lambda d: coordination.command_done(
        NETWORK, who(d, "coordinator"), "Le projet de convention part par courriel aux parties.", reply_address=REPLY,
        files=(Attachment("projet-convention-IMM-2027-0007-v1.pdf", "application/pdf", b"%PDF"),),
        follows=coordination.Command("/signature", "envoie aux parties la convention à signer", "", "")), "in_review"),
    "coordination/holder_changed": _about(_E, lambda d: coordination.holder_changed(
        NETWORK, d, who(d, "coordinator"), "Charlie Suppléance", WORDS, taken=True, reply_address=REPLY)),
    "coordination/holder_changed--rendue": _about(_E, lambda d: coordination.holder_changed(
        NETWORK, d, who(d, "coordinator"), "Charlie Suppléance", "", taken=False, reply_address=REPLY)),
    "coordination/colleague_away": lambda: coordination.colleague_away(
        NETWORK, "Charlie Suppléance", "Alix Coordination", "jusqu’au vendredi 22 janvier 2027 compris", HELD),
    "coordination/colleague_away--rien": lambda: coordination.colleague_away(
        NETWORK, "Charlie Suppléance", "Alix Coordination", "du lundi 18 janvier 2027 au vendredi 22 janvier 2027 compris", []),
    "coordination/entrusted": lambda: coordination.entrusted(NETWORK, "Charlie Suppléance", "Alix Coordination", HELD),
    "coordination/entrusted--une": lambda: coordination.entrusted(
        NETWORK, "Charlie Suppléance", "Alix Coordination", HELD[:1]),
    "coordination/no_longer_entrusted": lambda: coordination.no_longer_entrusted(
        NETWORK, "Charlie Suppléance", "Alix Coordination", ["AIDE-2027-0007", "IMM-2027-0002"]),
    "coordination/taken_over": lambda: coordination.taken_over(NETWORK, "Charlie Suppléance", "Alix Coordination", HELD),
    "coordination/taken_over--rien": lambda: coordination.taken_over(NETWORK, "Charlie Suppléance", "Alix Coordination", []),
    "coordination/morning": lambda: coordination.morning(
        NETWORK, "Alix Coordination", "lundi 11 janvier 2027",
        [_waits(), replace(_waits(), late="En retard de 3 jours.", mine=False)],
        4, "http://127.0.0.1:5000", WAYS),
    "coordination/morning--une": lambda: coordination.morning(
        NETWORK, "Alix Coordination", "lundi 11 janvier 2027", [_waits()], 0, "http://127.0.0.1:5000", WAYS),
    "coordination/person_stopped": _about(_I, lambda d: coordination.person_stopped(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", WORDS)),
    "coordination/words_kept": _about(_E, lambda d: coordination.words_kept(
        NETWORK, d, who(d, "coordinator"), "Ève Ancienne ne coordonne plus, et a répondu à un ancien courriel. "
        "Rien n’a été fait ni transmis. Ses mots sont gardés en note interne.", WORDS, URL)),
    "coordination/no_longer": _about(_E, lambda d: coordination.no_longer(NETWORK, who(d, "coordinator"), "Alix Coordination")),
    "coordination/command_refused--mots-transmis": _about(_I, lambda d: coordination.command_refused(
        NETWORK, who(d, "employer"), "oui", "La demande a changé depuis.", "Vos mots sont transmis à la coordination.")),
    "coordination/command_done": _about(_E, lambda d: coordination.command_done(
        NETWORK, who(d, "coordinator"), "La note interne est enregistrée. Personne n’est prévenu.")),
    "coordination/command_refused": _about(_E, lambda d: coordination.command_refused(
        NETWORK, who(d, "coordinator"), "refuser", "Écrivez quelques mots : le motif, transmis à la personne.")),
    "coordination/sign_in_link": lambda: coordination.sign_in_link(NETWORK, "Alix Coordination", URL),
    "coordination/new_device": lambda: coordination.new_device(
        NETWORK, "Alix Coordination", "Firefox sur un téléphone Android", "lundi 11 janvier 2027 à 9\u00a0h",
        "http://127.0.0.1:5000/coordination/securite"),
    "coordination/access_changed": lambda: coordination.access_changed(
        NETWORK, "Charlie Suppléance", "Camille Exemple a fermé toutes vos sessions. Pour entrer de nouveau, demandez un lien.",
        "http://127.0.0.1:5000/coordination/entrer"),
    "coordination/sign_in_unknown": lambda: coordination.sign_in_unknown(NETWORK, "http://127.0.0.1:5000/rejoindre"),
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
    "courriels/newcomer_writes": _about(_A, lambda d: courriels.newcomer_writes(NETWORK, d, d.author, URL), "unconfirmed"),
    "courriels/newcomer_writes--confirmee": lambda: _newcomer(),
    "courriels/member_writes": lambda: courriels.member_writes(NETWORK, "Noa Fictif", "lundi 11 janvier 2027"),
    "courriels/decision_done": lambda: courriels.decision_done(
        NETWORK, "Alix Coordination", _item(), "Le courriel de inconnu@ailleurs.example est écarté.", undo=True),
    "courriels/decision_done--sans-retour": lambda: courriels.decision_done(
        NETWORK, "Alix Coordination", _item(), "Le courriel est rattaché à AIDE-2027-0007, comme les mots de Noa Fictif.",
        undo=False),
    "courriels/decision_refused": lambda: courriels.decision_refused(NETWORK, "Alix Coordination", _item(), "Qui est-ce ?", ""),
    "courriels/decision_refused--deja-traite": lambda: courriels.decision_refused(
        NETWORK, "Alix Coordination", _item(), "écarter",
        "Ce courriel est déjà traité par Charlie Suppléance, lundi 11 janvier 2027 à 9 h : écarté par la coordination."),
    "courriels/decision_refused--vide": lambda: courriels.decision_refused(NETWORK, "Alix Coordination", None, "", ""),
    "coordination/digest": lambda: _digest(_MAIL),
    "coordination/digest--plusieurs": lambda: _digest(_MAIL, _NEWS, replace(_MAIL, at=_NEWS.at), more=12),
    "coordination/digest--demande": lambda: _digest(_NEWS),
    "coordination/mail_test": lambda: coordination.mail_test(NETWORK),
    "coordination/digest_stopped": lambda: coordination.digest_stopped(NETWORK, "Alix Coordination", WAYS.url),
    "entraide/resolved": _about(_E, lambda d: entraide.resolved(
        NETWORK, d, who(d, "coordinator"), "Noa Fictif", "", URL, REPLY), "resolved"),
    "entraide/ended": _about(_E, lambda d: entraide.ended(NETWORK, d, d.author, "Alix Coordination", WORDS), "refused"),
    "entraide/ended--sans-mot": _about(_E, lambda d: entraide.ended(NETWORK, d, d.author, "Alix Coordination", ""), "closed"),
    "conversation/request_withdrawn": _about(_E, lambda d: conversation.request_withdrawn(
        NETWORK, d, who(d, "coordinator"), WORDS), "withdrawn"),
    "conversation/request_withdrawn--sans-mot": _about(_E, lambda d: conversation.request_withdrawn(
        NETWORK, d, who(d, "coordinator"), ""), "withdrawn"),
    "convention/part_to_complete": _about(_I, lambda d: convention.part_to_complete(
        NETWORK, d, who(d, "host"), ["Indiquez qui signe pour la structure d’accueil, et en quelle qualité.",
                                     "Indiquez l’assurance de responsabilité civile de la structure d’accueil."], WORDS,
        f"{URL}/completer")),
    "convention/part_to_complete--rien": _about(_I, lambda d: convention.part_to_complete(
        NETWORK, d, who(d, "employer"), [], "", f"{URL}/completer")),
    "convention/parts_ready": _about(_I, lambda d: convention.parts_ready(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", False, URL)),
    "convention/parts_ready--en-relecture": _about(_I, lambda d: convention.parts_ready(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", True, URL)),
    "placement/sheet_ready": _about(_I, lambda d: placement.sheet_ready(
        NETWORK, d, d.author, WORDS, "immersion-facile.beta.gouv.fr", URL, "fiche-IMM-2027-0007.pdf", b"%PDF")),
    "placement/goes_outside": _about(_I, lambda d: placement.goes_outside(NETWORK, d, who(d, "employer"), "Alix Coordination")),
    "placement/goes_outside--accueil": _about(_I, lambda d: placement.goes_outside(
        NETWORK, d, who(d, "host"), "Alix Coordination")),
    "placement/placement_held_reminder": _about(_I, lambda d: placement.placement_held_reminder(
        NETWORK, d, d.author, f"{URL}/suivi")),
    "placement/placement_told": _about(_I, lambda d: placement.placement_told(
        NETWORK, d, who(d, "coordinator"), "Oui, en entier", WORDS, URL)),
    "immersion/employer_to_agree": _about(_I, lambda d: immersion.employer_to_agree(
        NETWORK, d, who(d, "employer"), URL, WORDS)),
    "immersion/employer_to_agree--agent-public": _about(_I, lambda d: immersion.employer_to_agree(
        NETWORK, d, who(d, "employer"), URL, "", "jeudi 11\u00a0février 2027")),
    "immersion/taken_in_hand": _about(_I, lambda d: immersion.taken_in_hand(
        NETWORK, d, d.author, "Alix Coordination", "Andréa Direction (Structure Exemple B)")),
    "immersion/taken_alone": _about(_I, lambda d: immersion.taken_alone(
        NETWORK, alone(d), who(d, "author"), "Alix Coordination", WORDS, URL), "employer_agreed"),
    "immersion/employer_agreed--coordination-en-son-nom": _about(_I, lambda d: immersion.employer_agreed(
        NETWORK, alone(d), who(d, "coordinator"), "", "", URL, [immersion.Offer(
            "Structure Exemple C", "Millau (12100), 41 km à vol d’oiseau", "proposer Structure Exemple C")], REPLY),
        "employer_agreed"),
    "immersion/employer_to_agree--association": _about(_I, lambda d: immersion.employer_to_agree(
        NETWORK, alone(d, "benevole"), who(d, "employer"), URL, ""), "employer_asked"),
    "immersion/employer_agreed--coordination": _about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction", WORDS, URL,
        [immersion.Offer("Structure Exemple C",
                         "Millau (12100), 41 km à vol d’oiseau, compétences recherchées\u00a0: Diagnostic, Pix",
                         "proposer Structure Exemple C")], REPLY)),
    "immersion/employer_agreed--coordination-sans-accueil": _about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction", "", URL, [], REPLY)),
    "immersion/employer_agreed": _about(_I, lambda d: immersion.employer_agreed(
        NETWORK, d, d.author, "Andréa Direction", WORDS, URL, [], REPLY)),
    "immersion/not_possible": _about(_I, lambda d: immersion.not_possible(
        NETWORK, d, d.author, "Andréa Direction", WORDS, goes_on=False)),
    "immersion/not_possible--recherche": _about(_I, lambda d: immersion.not_possible(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil", "", goes_on=True)),
    "immersion/not_possible--suivante": _about(_I, lambda d: immersion.not_possible(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil", "", goes_on=True, following="Yaël Centre (Structure Exemple E)")),
    "immersion/host_to_agree": _about(_I, lambda d: immersion.host_to_agree(
        NETWORK, d, who(d, "host"), URL, "Alix Coordination", WORDS, HOST_BODY, REPLY)),
    "immersion/host_to_complete": _about(_I, lambda d: immersion.host_to_complete(
        NETWORK, d, who(d, "host"), ["mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030", "Adresse : 3 rue des Lilas"],
        ["Il manque qui signera la convention (« Signataire »)."], HOST_BODY, REPLY, f"{URL}/accueillir")),
    "immersion/host_to_complete--rien": _about(_I, lambda d: immersion.host_to_complete(
        NETWORK, d, who(d, "host"), [], ["Il manque au moins une date, avec ses heures."], HOST_BODY, REPLY,
        f"{URL}/accueillir")),
    "immersion/host_agreed": _about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "employer"), "Claude Accueil (Structure Exemple C)",
        ["mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030 et de 13\u00a0h\u00a030 à 17\u00a0h",
         "mardi 9\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030"], URL, REPLY)),
    "immersion/host_agreed--coordination": _about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)",
        ["mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030"],
        URL, REPLY)),
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
    "immersion/host_agreed--dates-a-verifier": _about(_I, lambda d: immersion.host_agreed(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)",
        ["lundi 29\u00a0mars 2027, de 9\u00a0h à 12\u00a0h\u00a030"], URL, REPLY,
        (Finding(False, "Le lundi 29\u00a0mars 2027 est un jour férié (Lundi de Pâques)."),
         Finding(False, "Le lundi 29\u00a0mars 2027, une autre personne est déjà attendue dans la même structure, qui a annoncé "
                        "une seule place.", "IMM-2027-0009")))),
    "accueil/new_address": lambda: accueil.new_address(NETWORK, "AIDE-2027-0007", URL),
    "accueil/new_address--de-soi": lambda: accueil.new_address(NETWORK, "IMM-2027-0007", URL, own=True),
    "accueil/address_to_leave": _about(_I, lambda d: accueil.address_to_leave(
        NETWORK, d, d.author, "noa@ailleurs.example", URL)),
    "accueil/address_replaced--de-soi": lambda: accueil.address_replaced(NETWORK, "IMM-2027-0007", own=True),
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
    "adhesion/employer_reminder": _about(_A, lambda d: adhesion.employer_reminder(
        NETWORK, d, d.author, "Andréa Direction", charter("2026-11").of("professional"), f"{URL}/inviter")),
    "donnees/yearly_reminder": _about(_A, lambda d: donnees.yearly_reminder(
        NETWORK, d, d.author, [("Nom", "Noa Fictif"), ("Commune", "Nîmes (30000, 30900)"), ("Vous proposez", "Diagnostic, Pix")],
        URL)),
}

from house.letters_after import SAMPLES_AFTER  # noqa: E402  it is made of what stands above
from house.letters_mentoring import MENTORING  # noqa: E402  and so are these
from house.letters_peers import PEERS  # noqa: E402

SAMPLES |= SAMPLES_AFTER | PEERS | MENTORING
