"""Samples of the letters of an exchange, and of those to who coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from house.letters.invented import AT, NETWORK, QUEUE_REPLY, REPLY, URL, WORDS, about, dossier, who

from mail.letter import Attachment, Letter, Subscription
from mail.letters import conversation, coordination, courriels, entraide
from models.conversation import Message
from models.states import Kind
from models.stored_file import StoredFile
from services.inbound.items import Item
from services.inbound.replies import NO_NEW_WORDS

_E, _I = Kind.ENTRAIDE, Kind.IMMERSION
COMMANDS = (coordination.Command("/clore", "met fin à l’échange ; la personne est prévenue", "Clore", ""),
            coordination.Command("/note", "garde une note", "Garder une note", "", "le texte"),
            coordination.Command("je prends", "dit à vos collègues que vous vous occupez de la demande", "Je prends", ""))
HANDED = coordination.Handed("Charlie Suppléance", "Tu connais bien ce sujet.", [
    coordination.Said("Noa Fictif, lundi 11 janvier 2027", "Et sans pièce d’identité\u00a0?"),
    coordination.Said("Note interne, Alix Coordination, lundi 11 janvier 2027", "À rappeler.\nFichiers\u00a0: plan.pdf")])
HELD = [coordination.Held("AIDE-2027-0007", "Une question simple", "en cours d’échange", "lundi 18 janvier 2027",
                          "http://127.0.0.1:5000/coordination/AIDE-2027-0007"),
        coordination.Held("IMM-2027-0002", "Immersion", "convention à signer", "",
                          "http://127.0.0.1:5000/coordination/IMM-2027-0002")]
WAYS = Subscription("recapitulatif", "http://127.0.0.1:5000/desabonnement/EXEMPLE-DE-LIEN-PERSONNEL-DE-43-CARACTERES-000",
                    "desabonnement+exempleexempleexempleexemp@ring.example")


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


#: golden file -> the letter.
EXCHANGING: dict[str, Callable[[], Letter]] = {
    "conversation/message_relayed": lambda: _relayed(can_resolve=True, files=True),
    "conversation/message_relayed--sans-fin": lambda: _relayed(can_resolve=False, files=False),
    "conversation/message_relayed--coordination": lambda: _relayed_to_coordinator(over=False),
    "conversation/message_relayed--apres-la-fin": lambda: _relayed_to_coordinator(over=True),
    "conversation/message_relayed--rien-ne-prouve": lambda: _relayed_to_coordinator(over=False, proved=False),
    "conversation/requests_merged": about(_E, lambda d: conversation.requests_merged(NETWORK, d, d.author, "AIDE-2027-0005")),
    "conversation/request_reopened": about(_I, lambda d: conversation.request_reopened(
        NETWORK, d, d.author, "Alix Coordination", WORDS), "to_sign"),
    "conversation/request_over": about(_E, lambda d: conversation.request_over(
        NETWORK, d, d.author, "lundi 5 octobre 2026", "http://127.0.0.1:5000/aide"), "closed"),
    "conversation/words_wait": about(_E, lambda d: conversation.words_wait(NETWORK, d, who(d, "coordinator"), "Noa Fictif")),
    "conversation/reply_not_taken": lambda: conversation.reply_not_taken(
        NETWORK, "Noa Fictif", ["« plan.exe » est un programme : nous ne pouvons pas le recevoir."], "AIDE-2027-0007"),
    "conversation/reply_not_taken--inconnu": lambda: conversation.reply_not_taken(
        NETWORK, "", ["« plan.exe » est un programme : nous ne pouvons pas le recevoir."], ""),
    "conversation/reply_not_taken--sans-mots": lambda: conversation.reply_not_taken(NETWORK, "Noa Fictif", [NO_NEW_WORDS], ""),
    "conversation/mail_too_large": lambda: conversation.mail_too_large(NETWORK, "Noa Fictif", "Convention signée", 27, 25),
    "conversation/mail_too_large--inconnu": lambda: conversation.mail_too_large(NETWORK, "", "", 27, 25),
    "coordination/request_to_coordinator": lambda: to_coordinator(_E, ["plan.pdf", "photo.jpg"]),
    "coordination/request_to_coordinator--sans-fichier": lambda: to_coordinator(_I, []),
    "coordination/request_to_coordinator--transmise": lambda: to_coordinator(_E, [], HANDED),
    "coordination/command_done--retour": about(_E, lambda d: coordination.command_done(
        NETWORK, who(d, "coordinator"), "Vous vous occupez de cette demande.", reply_address=REPLY, stage=False,
        undo=coordination.Command("je rends", "", "", ""))),
    "coordination/command_done--relecture": about(_I, lambda d: coordination.command_done(
        NETWORK, who(d, "coordinator"), "Le projet de convention part par courriel aux parties.", reply_address=REPLY,
        files=(Attachment("projet-convention-IMM-2027-0007-v1.pdf", "application/pdf", b"%PDF"),),
        follows=coordination.Command("/signature", "envoie aux parties la convention à signer", "", "")), "in_review"),
    "coordination/holder_changed": about(_E, lambda d: coordination.holder_changed(
        NETWORK, d, who(d, "coordinator"), "Charlie Suppléance", WORDS, taken=True, reply_address=REPLY)),
    "coordination/holder_changed--rendue": about(_E, lambda d: coordination.holder_changed(
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
    "coordination/person_stopped": about(_I, lambda d: coordination.person_stopped(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", WORDS)),
    "coordination/words_kept": about(_E, lambda d: coordination.words_kept(
        NETWORK, d, who(d, "coordinator"), "Ève Ancienne ne coordonne plus, et a répondu à un ancien courriel. "
        "Rien n’a été fait ni transmis. Ses mots sont gardés en note interne.", WORDS, URL)),
    "coordination/no_longer": about(_E, lambda d: coordination.no_longer(NETWORK, who(d, "coordinator"), "Alix Coordination")),
    "coordination/command_refused--mots-transmis": about(_I, lambda d: coordination.command_refused(
        NETWORK, who(d, "employer"), "oui", "La demande a changé depuis.", "Vos mots sont transmis à la coordination.")),
    "coordination/command_done": about(_E, lambda d: coordination.command_done(
        NETWORK, who(d, "coordinator"), "La note interne est enregistrée. Personne n’est prévenu.")),
    "coordination/command_refused": about(_E, lambda d: coordination.command_refused(
        NETWORK, who(d, "coordinator"), "refuser", "Écrivez quelques mots : le motif, transmis à la personne.")),
    "coordination/sign_in_link": lambda: coordination.sign_in_link(NETWORK, "Alix Coordination", URL),
    "coordination/new_device": lambda: coordination.new_device(
        NETWORK, "Alix Coordination", "Firefox sur un téléphone Android", "lundi 11 janvier 2027 à 9\u00a0h",
        "http://127.0.0.1:5000/coordination/securite"),
    "coordination/access_changed": lambda: coordination.access_changed(
        NETWORK, "Charlie Suppléance", "Camille Exemple a fermé toutes vos sessions. Pour entrer de nouveau, demandez un lien.",
        "http://127.0.0.1:5000/coordination/entrer"),
    "coordination/sign_in_unknown": lambda: coordination.sign_in_unknown(NETWORK, "http://127.0.0.1:5000/rejoindre"),
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
    "entraide/resolved": about(_E, lambda d: entraide.resolved(
        NETWORK, d, who(d, "coordinator"), "Noa Fictif", "", URL, REPLY), "resolved"),
    "entraide/ended": about(_E, lambda d: entraide.ended(NETWORK, d, d.author, "Alix Coordination", WORDS), "refused"),
    "entraide/ended--sans-mot": about(_E, lambda d: entraide.ended(NETWORK, d, d.author, "Alix Coordination", ""), "closed"),
    "conversation/request_withdrawn": about(_E, lambda d: conversation.request_withdrawn(
        NETWORK, d, who(d, "coordinator"), WORDS), "withdrawn"),
    "conversation/request_withdrawn--sans-mot": about(_E, lambda d: conversation.request_withdrawn(
        NETWORK, d, who(d, "coordinator"), ""), "withdrawn"),
    "coordination/address_stopped": about(_I, lambda d: coordination.address_stopped(
        NETWORK, d, who(d, "coordinator"), who(d, "employer"), "l’adresse n’existe pas, ou n’existe plus",
        f"{URL}/adresse?personne=3", tried=False)),
    "coordination/address_stopped--nouvelle": about(_E, lambda d: coordination.address_stopped(
        NETWORK, d, who(d, "coordinator"), d.author, "l’adresse n’existe pas, ou n’existe plus", f"{URL}/adresse?personne=3",
        tried=True)),
    "coordination/letter_failed": about(_I, lambda d: coordination.letter_failed(
        NETWORK, d, who(d, "coordinator"), who(d, "host"), "Une convention à signer", "il est trop lourd pour sa messagerie",
        URL)),
}
