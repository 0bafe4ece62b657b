"""Samples of the letters of a convention, from its first reading to its seal."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.invented import NETWORK, URL, WORDS, about, who

from mail.letter import Attachment, Letter
from mail.letters import convention, signature
from models.signature import Signature
from models.states import Kind

_I = Kind.IMMERSION
CHECK_CODE = "7K4M-XQ2P-9RTD"
CHECK_URL = f"http://127.0.0.1:5000/verifier/{CHECK_CODE}"
SEALED = (Attachment("convention-IMM-2027-0007-v1-signee.pdf", "application/pdf", b"%PDF"),
          *(Attachment(f"rendez-vous-2027-02-0{day}-09h00.ics", "text/calendar; method=REQUEST; charset=utf-8", b"BEGIN")
            for day in (2, 9)))
SESSIONS = [("mardi 2 février 2027", "9\u00a0h à 12\u00a0h\u00a030, puis 13\u00a0h\u00a030 à 17\u00a0h"),
            ("mardi 9 février 2027", "9\u00a0h à 12\u00a0h\u00a030, puis 13\u00a0h\u00a030 à 17\u00a0h")]
DOCUMENT = "la convention IMM-2027-0007, version 1"


def _row(way: str) -> Signature:
    return Signature(name="Claude Accueil", quality="Directrice", structure="Structure Exemple C", way=way)


#: golden file -> the letter.
SIGNING: dict[str, Callable[[], Letter]] = {
    "convention/convention_to_review": about(_I, lambda d: convention.convention_to_review(
        NETWORK, d, who(d, "host"), f"{URL}/convention", f"{URL}/completer", 1, WORDS, b"%PDF")),
    "convention/convention_to_sign": about(_I, lambda d: convention.convention_to_sign(
        NETWORK, d, who(d, "employer"), URL, 1, "", b"%PDF", "0123456789abcdef" * 4, first="mardi 2 février 2027")),
    "convention/convention_to_sign--sans-signer": about(_I, lambda d: convention.convention_to_sign(
        NETWORK, d, who(d, "host"), URL, 2, WORDS, b"%PDF", "0123456789abcdef" * 4,
        ["Camille Maire (Structure Exemple C)", "Noa Fictif"])),
    "signature/code_to_sign": about(_I, lambda d: signature.code_to_sign(
        NETWORK, d, d.author, "la convention IMM-2027-0007, version 1", "048203", 30)),
    "signature/signature_received": about(_I, lambda d: signature.signature_received(
        NETWORK, d, who(d, "host"), _row("link"), "la convention IMM-2027-0007, version 1",
        "lundi 11 janvier 2027 à 9 h", ["Noa Fictif", "Andréa Direction (Structure Exemple B)"], URL)),
    "signature/signature_received--derniere": about(_I, lambda d: signature.signature_received(
        NETWORK, d, who(d, "host"), _row("paper"), "la convention IMM-2027-0007, version 1", "lundi 11 janvier 2027", [], URL)),
    "signature/signature_progress": about(_I, lambda d: signature.signature_progress(
        NETWORK, d, who(d, "employer"), "Claude Accueil (Structure Exemple C)", "la convention IMM-2027-0007, version 1",
        ["Andréa Direction (Structure Exemple B)"], URL, to_sign=True)),
    "signature/signature_progress--signe": about(_I, lambda d: signature.signature_progress(
        NETWORK, d, d.author, "Claude Accueil (Structure Exemple C)", "la convention IMM-2027-0007, version 1",
        ["Andréa Direction (Structure Exemple B)"], URL, to_sign=False)),
    "convention/convention_to_sign--nouvelle-version": about(_I, lambda d: convention.convention_to_sign(
        NETWORK, d, who(d, "host"), URL, 2, "", b"%PDF", "0123456789abcdef" * 4, (), convention.Changed(
            [["Repas", "avant : (rien) ; maintenant : sur place"], ["Séances", "Retiré :\nmardi 2 février 2027, de 9 h à 12 h\n"
             "Ajouté :\njeudi 4 février 2027, de 9 h à 12 h\nLe reste ne change pas."]], "Une date a changé.", True),
        "jeudi 4 février 2027")),
    "convention/convention_reopened--signee": about(_I, lambda d: convention.convention_reopened(
        NETWORK, d, d.author, 2, WORDS, signed=True)),
    "signature/change_asked": about(_I, lambda d: signature.change_asked(
        NETWORK, d, who(d, "coordinator"), "Noa Fictif", DOCUMENT, WORDS, URL, "")),
    "signature/change_asked--signataire": about(_I, lambda d: signature.change_asked(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)", DOCUMENT, "", URL,
        "Camille Maire, adjointe (par délégation), à la place de Claude Accueil (Structure Exemple C)")),
    "signature/change_asked--partie": about(_I, lambda d: signature.change_asked(
        NETWORK, d, who(d, "employer"), "Noa Fictif", DOCUMENT, WORDS, URL, "")),
    "signature/signing_resumed": about(_I, lambda d: signature.signing_resumed(
        NETWORK, d, who(d, "employer"), DOCUMENT, WORDS, [], URL, to_sign=True)),
    "signature/signing_resumed--coordonnees": about(_I, lambda d: signature.signing_resumed(
        NETWORK, d, d.author, DOCUMENT, "", [["Comment joindre qui accompagne", "avant : 06 39 98 00 09 ; maintenant : "
                                             "06 39 98 00 10"]], URL, to_sign=False)),
    "signature/convention_declined": about(_I, lambda d: signature.convention_declined(
        NETWORK, d, d.author, "Andréa Direction (Structure Exemple B)", DOCUMENT, WORDS, URL, signed=True)),
    "signature/convention_declined--coordination": about(_I, lambda d: signature.convention_declined(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", DOCUMENT, WORDS, URL, signed=False)),
    "signature/convention_declined--personne": about(_I, lambda d: signature.convention_declined(
        NETWORK, d, who(d, "employer"), "Noa Fictif", DOCUMENT, "", URL, signed=True)),
    "signature/convention_declined--avenant": about(_I, lambda d: signature.convention_declined(
        NETWORK, d, d.author, "Andréa Direction (Structure Exemple B)", DOCUMENT, WORDS, URL, signed=True, amendment=True)),
    "signature/signature_forwarded": about(_I, lambda d: signature.signature_forwarded(
        NETWORK, d, who(d, "host"), "Noa Fictif", DOCUMENT, URL, b"%PDF", "convention-IMM-2027-0007-v1.pdf")),
    "signature/signer_changed": about(_I, lambda d: signature.signer_changed(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", "Andréa Direction (Structure Exemple B)",
        DOCUMENT, WORDS, URL)),
    "signature/copy_to_decide": about(_I, lambda d: signature.copy_to_decide(
        NETWORK, d, who(d, "coordinator"), "Claude Accueil (Structure Exemple C)", DOCUMENT,
        "Ce sont des images de pages (scan ou photos)\u00a0: comparez-les ci-dessous avec ce qui a été envoyé.", URL)),
    "signature/copy_refused": about(_I, lambda d: signature.copy_refused(
        NETWORK, d, who(d, "host"), DOCUMENT, WORDS, URL)),
    "signature/convention_expired": about(_I, lambda d: signature.convention_expired(
        NETWORK, d, who(d, "host"), "la convention IMM-2027-0007, version 1", ["Noa Fictif"], URL), "expired"),
    "signature/convention_expired--coordination": about(_I, lambda d: signature.convention_expired(
        NETWORK, d, who(d, "coordinator"), "la convention IMM-2027-0007, version 1", ["Noa Fictif"], URL), "expired"),
    "signature/signature_reminder": about(_I, lambda d: signature.signature_reminder(
        NETWORK, d, who(d, "employer"), "la convention IMM-2027-0007, version 1", "le mardi 2 février 2027",
        ["Claude Accueil (Structure Exemple C)"], URL)),
    "signature/signature_reminder--relance": about(_I, lambda d: signature.signature_reminder(
        NETWORK, d, who(d, "host"), "la convention IMM-2027-0007, version 1", "le mardi 2 février 2027", [], URL, WORDS,
        "Alix Coordination")),
    "convention/convention_reopened": about(_I, lambda d: convention.convention_reopened(NETWORK, d, d.author, 2, WORDS)),
    **{f"convention/convention_sealed{kind}": about(_I, lambda d, role=role: convention.convention_sealed(
        NETWORK, d, who(d, role), URL, 1, 0, CHECK_URL, CHECK_CODE, SEALED, SESSIONS), "signed")
       for kind, role in (("", "author"), ("--employeur", "employer"), ("--coordination", "coordinator"))},
    "convention/convention_sealed--avenant": about(_I, lambda d: convention.convention_sealed(
        NETWORK, d, who(d, "host"), URL, 1, 2, CHECK_URL, CHECK_CODE, SEALED[:1], []), "signed"),
    "convention/immersion_closed": about(_I, lambda d: convention.immersion_closed(NETWORK, d, d.author, WORDS), "closed"),
    "convention/part_to_complete": about(_I, lambda d: convention.part_to_complete(
        NETWORK, d, who(d, "host"), ["Indiquez qui signe pour la structure d’accueil, et en quelle qualité.",
                                     "Indiquez l’assurance de responsabilité civile de la structure d’accueil."], WORDS,
        f"{URL}/completer")),
    "convention/part_to_complete--rien": about(_I, lambda d: convention.part_to_complete(
        NETWORK, d, who(d, "employer"), [], "", f"{URL}/completer")),
    "convention/parts_ready": about(_I, lambda d: convention.parts_ready(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", False, URL)),
    "convention/parts_ready--en-relecture": about(_I, lambda d: convention.parts_ready(
        NETWORK, d, who(d, "coordinator"), "Andréa Direction (Structure Exemple B)", True, URL)),
}
