"""Reads the replies of tests/inbox/replies (see the README there); and what clients write above a quote."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from inbox.reply_text import DEFAULT_MARKER

FOLDER = Path(__file__).parent / "inbox" / "replies"


@dataclass(frozen=True)
class WrittenReply:
    """One case: a text or a page, and the words that must remain."""

    name: str
    text: str
    html: str
    expected: str


def written_replies() -> list[WrittenReply]:
    """All of them, in the order of the files and of their names."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        name, parts = "", {}
        for title, body in re.findall(r"^##### (.*)\n((?:(?!##### ).*\n?)*)", _plain(path.read_text("utf-8")), re.MULTILINE):
            if title == "html":
                parts["html"] = body
            elif title == "expected":
                found.append(WrittenReply(f"{path.stem}: {name}", parts["text"], parts.get("html", ""), body.rstrip("\n")))
            else:
                name, parts = title, {"text": body}
    return found


def _plain(text: str) -> str:
    return text.replace("␣", "\u00a0").replace("␠", " ").replace("⇥", "\t")


def words(text: str) -> Counter:
    return Counter(re.findall(r"\w+", text))


def normal(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


SENT = ("Bonjour Alice,\n\nUne collègue cherche de l’aide pour un publipostage à Dax.\n\n"
        "Pour accepter, répondez simplement à ce message.\n\nÀ bientôt")
QUOTE = "\n".join(f"> {line}" if line else ">" for line in SENT.split("\n"))
WHO = "Le réseau <reseau+d12-k3y9token@reseau.example>"

MARKED = {
    "gmail": f"Le lun. 4 mars 2024 à 10:12, {WHO} a écrit :",
    "gmail, no-break space": f"Le lun. 4 mars 2024 à 10:12, {WHO} a écrit\u00a0:",
    "gmail, cut in two": f"Le lun. 4 mars 2024 à 10:12, {WHO} a\nécrit :",
    "gmail, cut in three": "Le lun. 4 mars 2024 à 10:12, Réseau des conseillers <\n"
        "r+d12-k3y9token@reseau.example> a\nécrit :",
    "gmail, cut before the bracket": "Le lun. 4 mars 2024 à 10:12, Réseau <r+k3y9token@reseau.example\n> a écrit :",
    "thunderbird": "Le 04/03/2024 à 10:12, Le réseau a écrit :",
    "roundcube": "Le 2024-03-04 10:12, Le réseau a écrit:",
    "k-9": f"Le 4 mars 2024 10:12:33 GMT+01:00, {WHO} a écrit :",
    "evolution": "Le lundi 04 mars 2024 à 10:12 +0100, Le réseau a écrit :",
    "kmail": "Le lundi 4 mars 2024, 10:12:33 CET Le réseau a écrit :",
    "claws": f"Le Mon, 4 Mar 2024 10:12:33 +0100,\n{WHO} a écrit :",
    "zimbra": f"----- Le 4 Mar 24, à 10:12, {WHO} a écrit :",
    "horde": f"{WHO} a écrit :",
    "proton": f"-------- Message d'origine --------\nLe lundi 4 mars 2024 à 10:12, {WHO} a écrit :\n",
    "mutt": "On Mon, Mar 04, 2024 at 10:12:33AM +0100, Le réseau wrote:",
    "orange": "> Message du 04/03/24 10:12\n> De : \"Le réseau\" <r@reseau.example>\n> A : a@o.example\n> Objet : x\n>",
    "german": "Am 04.03.2024 um 10:12 schrieb Max Muster:",
    "spanish": "El lun, 4 mar 2024 a las 10:12, X (<a@b.example>) escribió:",
}
UNMARKED = {
    "outlook": f"De : {WHO}\nEnvoyé : lundi 4 mars 2024 10:12\nÀ : Alice <a@b.example>\nObjet : Demande",
    "outlook, no address": "________________________________\nDe : Le réseau\nEnvoyé : lundi 4 mars 2024 10:12\n"
        "À : A\nObjet : D",
    "outlook, paragraphs": f"De : {WHO}\n\nEnvoyé : lundi 4 mars 2024 10:12\n\nÀ : Alice\n\nObjet : Demande",
    "outlook for mac": f"De : {WHO}\nDate : lundi, 4 mars 2024 à 10:12\nÀ : Alice\nObjet : Demande",
    "outlook, bold": f"*De :* {WHO}\n*Envoyé :* lundi 4 mars 2024 10:12\n*À :* Alice\n*Objet :* Demande",
    "original message": f"-----Message d'origine-----\nDe : {WHO}\nEnvoyé : lundi 4 mars 2024 10:12\nÀ : A\nObjet : D",
    "separator alone": "----- Mail original -----",
    "zimbra": "De: \"Le réseau\" <r@reseau.example>\nÀ: \"a\" <a@f.example>\nEnvoyé: Lundi 4 Mars 2024 10:12:33\n"
        "Objet: D",
    "orange": f"envoyé : 4 mars 2024 à 10:12\nde : {WHO}\nà : a@w.example\nobjet : Demande",
    "sfr": f"========================\n\nMessage du : 04/03/2024 10:12\nDe : {WHO}\nA : a@s.example\nCopie à : \n"
        "Sujet : D",
    "samsung": f"-------- Message d'origine --------\nDe : {WHO} \nDate : 04/03/2024  10:12  (GMT+01:00) \n"
        "À : a@b.example \nObjet : D ",
    "notes": "De :\tLe réseau <r@reseau.example>\nPour :\tAlice/ASSO\nDate :\t04/03/2024 10:12\nObjet :\tDemande",
    "windows mail": f"Provenance : Courrier pour Windows\n\nDe : {WHO}\nEnvoyé le :lundi 4 mars 2024 10:12\n"
        "À : a@b.example\nObjet :D",
    "yahoo": f"Le lundi 4 mars 2024 à 10:12:33 UTC+1, {WHO} a écrit :",
    "english outlook": f"From: {WHO}\nSent: Monday, March 4, 2024 10:12 AM\nTo: a@b.example\nSubject: D",
    "our marker": DEFAULT_MARKER,
    "our marker, other dashes": "— Répondez au-dessus de cette ligne —",
}
