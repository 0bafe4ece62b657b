"""One call of each letter that follows a signature, in its turns."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.invented import NETWORK, REPLY, URL, WORDS, dossier, who

from mail.letter import Attachment, Letter
from mail.letters import attestation, convention, evaluation, sessions
from models.dossier import Dossier
from models.evaluation import Voice
from models.report_questions import QUESTIONS
from models.states import Kind

HOST = {"address": "3 rue des Lilas, 30200 Bagnols-sur-Cèze", "tutor_name": "Ariel Modèle",
        "tutor_quality": "conseiller numérique", "tutor_contact": "06 39 98 00 09",
        "meals": "repas partagé avec l’équipe", "safety": ""}
ROWS = [["Qu’avez-vous vu et fait ?", "Un atelier Pix\nUne permanence"],
        ["Qu’en gardez-vous pour votre travail ?", "Prendre le temps"]]
WAS, WANTED = "mardi 2 février 2027, de 9 h à 12 h 30", "jeudi 4 février 2027, de 9 h à 12 h 30"
ICS = (Attachment("rendez-vous-2027-02-04-09h00.ics", "text/calendar; method=REQUEST; charset=utf-8", b""),)
OUT = (Attachment("annulation-rendez-vous-2027-02-09-09h00.ics", "text/calendar; method=CANCEL; charset=utf-8", b""),)
PAPERS = (Attachment("attestation-IMM-2027-0007.pdf", "application/pdf", b"%PDF"),
          Attachment("badge-IMM-2027-0007.png", "image/png", b"png"))
BILAN, PREPARED = f"{URL}/bilan", "mon retour\n\nVu et fait :"
PAGE = "http://127.0.0.1:5000/recits/7"


def _to(role: str, write: Callable[[Dossier, object], Letter], state: str = "lived") -> Callable[[], Letter]:
    def made() -> Letter:
        of = dossier(Kind.IMMERSION, state)
        return write(of, who(of, role))
    return made


def _asked(role: str) -> Callable[[], Letter]:
    return _to(role, lambda d, p: evaluation.report_to_give(NETWORK, d, p, BILAN, REPLY, PREPARED))


def _stopped(role: str, *, begun: bool, own: bool = False) -> Callable[[], Letter]:
    return _to(role, lambda d, p: sessions.immersion_stopped(
        NETWORK, d, p, "Claude Accueil (Structure Exemple C)", "un empêchement de l’accueil", WORDS, [WAS],
        () if role == "coordinator" else OUT, begun=begun, own=own, url=URL,
        until="mardi 9 février 2027" if own or role == "coordinator" else ""), "interrupted" if begun else "not_held")


SAMPLES_AFTER: dict[str, Callable[[], Letter]] = {
    "evaluation/report_to_give": _asked("author"),
    "evaluation/report_to_give--accueil": _asked("host"),
    "evaluation/report_to_give--employeur": _asked("employer"),
    "evaluation/report_reminder": _to("author", lambda d, p: evaluation.report_reminder(
        NETWORK, d, p, BILAN, REPLY, PREPARED, last=False)),
    "evaluation/report_reminder--dernier": _to("employer", lambda d, p: evaluation.report_reminder(
        NETWORK, d, p, BILAN, REPLY, PREPARED, last=True)),
    "evaluation/report_given": _to("coordinator", lambda d, p: evaluation.report_given(
        NETWORK, d, p, Voice.COMPANION, ROWS, URL, again=False, doubt=False)),
    "evaluation/report_given--doute": _to("coordinator", lambda d, p: evaluation.report_given(
        NETWORK, d, p, Voice.HOST, ROWS, URL, again=True, doubt=True)),
    "evaluation/report_about_you": _to("author", lambda d, p: evaluation.report_about_you(
        NETWORK, d, p, "Claude Accueil (Structure Exemple C)", ROWS, URL)),
    "evaluation/report_to_complete": _to("host", lambda d, p: evaluation.report_to_complete(
        NETWORK, d, p, ["Comme prévu\u00a0: oui"],
        [f"Il manque «\u00a0Montré et partagé\u00a0»\u00a0: {QUESTIONS[Voice.HOST][1].ask}"],
        PREPARED, REPLY, BILAN)),
    "evaluation/account_to_agree": _to("host", lambda d, p: evaluation.account_to_agree(NETWORK, d, p, ROWS, True, URL, REPLY)),
    "evaluation/account_to_agree--sans-nom": _to("employer", lambda d, p: evaluation.account_to_agree(
        NETWORK, d, p, ROWS, False, URL, REPLY)),
    "evaluation/account_agreed": _to("coordinator", lambda d, p: evaluation.account_agreed(
        NETWORK, d, p, ROWS, f"{URL}/publier")),
    "evaluation/account_published": _to("author", lambda d, p: evaluation.account_published(NETWORK, d, p, PAGE, URL)),
    "evaluation/account_published--accueil": _to("host", lambda d, p: evaluation.account_published(NETWORK, d, p, PAGE, URL)),
    "sessions/session_reminder": _to("author", lambda d, p: sessions.session_reminder(NETWORK, d, p, WAS, HOST, URL), "signed"),
    "sessions/session_reminder--accueil": _to("host", lambda d, p: sessions.session_reminder(
        NETWORK, d, p, WAS, {"address": "3 rue des Lilas"}, URL), "signed"),
    "sessions/move_asked": _to("author", lambda d, p: sessions.move_asked(
        NETWORK, d, p, "Claude Accueil (Structure Exemple C)", WAS, WANTED, WORDS, URL, REPLY), "signed"),
    "sessions/move_asked--sans-mot": _to("employer", lambda d, p: sessions.move_asked(
        NETWORK, d, p, "Noa Fictif", WAS, WANTED, "", URL, REPLY), "signed"),
    "sessions/move_done": _to("host", lambda d, p: sessions.move_done(NETWORK, d, p, WAS, WANTED, URL, ICS), "signed"),
    "sessions/move_done--coordination": _to("coordinator", lambda d, p: sessions.move_done(
        NETWORK, d, p, WAS, WANTED, URL, ()), "signed"),
    "sessions/move_refused": _to("author", lambda d, p: sessions.move_refused(
        NETWORK, d, p, "Claude Accueil (Structure Exemple C)", WAS, WORDS), "signed"),
    "sessions/immersion_stopped": _stopped("employer", begun=True),
    "sessions/immersion_stopped--pas-eu-lieu": _stopped("author", begun=False),
    "sessions/immersion_stopped--de-soi": _stopped("host", begun=True, own=True),
    "sessions/immersion_stopped--coordination": _stopped("coordinator", begun=False),
    "sessions/immersion_resumed": _to("employer", lambda d, p: sessions.immersion_resumed(
        NETWORK, d, p, "Claude Accueil (Structure Exemple C)", WORDS, [WAS], URL, ICS, own=False), "signed"),
    "sessions/immersion_resumed--de-soi": _to("host", lambda d, p: sessions.immersion_resumed(
        NETWORK, d, p, "", "", [WAS], URL, ICS, own=True), "signed"),
    "sessions/immersion_resumed--coordination": _to("coordinator", lambda d, p: sessions.immersion_resumed(
        NETWORK, d, p, "Noa Fictif", "", [], URL, (), own=False), "signed"),
    "sessions/exchange_planned": _to("author", lambda d, p: sessions.exchange_planned(
        NETWORK, d, p, "jeudi 11 mars 2027, de 14 h à 15 h", "en visioconférence", WORDS, ICS, changed=False)),
    "sessions/exchange_planned--changee": _to("host", lambda d, p: sessions.exchange_planned(
        NETWORK, d, p, "jeudi 11 mars 2027, de 14 h à 15 h", "", "", ICS, changed=True)),
    "sessions/exchange_cancelled": _to("employer", lambda d, p: sessions.exchange_cancelled(
        NETWORK, d, p, "jeudi 11 mars 2027, de 14 h à 15 h", WORDS, OUT)),
    "sessions/sessions_changed": _to("author", lambda d, p: sessions.sessions_changed(
        NETWORK, d, p, [WAS], [WANTED], OUT + ICS), "signed"),
    "sessions/sessions_changed--coordination": _to("coordinator", lambda d, p: sessions.sessions_changed(
        NETWORK, d, p, [], [WANTED], ()), "signed"),
    "sessions/sessions_changed--lieu": _to("author", lambda d, p: sessions.sessions_changed(
        NETWORK, d, p, [], [], ICS, "8 rue des Oliviers, Bagnols-sur-Cèze", [WAS]), "signed"),
    "sessions/sessions_changed--tutorat": _to("host", lambda d, p: sessions.sessions_changed(
        NETWORK, d, p, [], [], ICS, "", [WAS]), "signed"),
    "sessions/tutor_relieved": _to("host", lambda d, p: sessions.tutor_relieved(NETWORK, d, p, OUT), "signed"),
    "convention/details_changed": _to("author", lambda d, p: convention.details_changed(
        NETWORK, d, p, "Claude Accueil (Structure Exemple C)", [["Comment joindre la structure d’accueil",
                                                                 "avant : (rien) ; maintenant : Camille Bureau"]], WORDS, URL),
        "signed"),
    "convention/avenant_to_sign": _to("employer", lambda d, p: convention.avenant_to_sign(
        NETWORK, d, p, f"{URL}/signer", 1, "La salle ferme.", [
            ["Lieux", "avant : 3 rue des Lilas ; maintenant : 8 rue des Oliviers"],
            ["Séances", f"Ajouté :\n{WANTED}\nLe reste ne change pas."]], PAPERS[0], signs=True), "signed"),
    "convention/avenant_to_sign--tutorat": _to("author", lambda d, p: convention.avenant_to_sign(
        NETWORK, d, p, URL, 1, "La salle ferme.", [["Lieux", "avant : 3 rue des Lilas ; maintenant : 8 rue des Oliviers"],
                           ["Séances", f"Ajouté :\n{WANTED}\nLe reste ne change pas."]], PAPERS[0], signs=False), "signed"),
    "convention/avenant_cancelled": _to("host", lambda d, p: convention.avenant_cancelled(NETWORK, d, p, 1, WORDS), "signed"),
    "attestation/attestation_ready": _to("author", lambda d, p: attestation.attestation_ready(
        NETWORK, d, p, "7K4M-XQ2P-9RTD", URL, PAPERS)),
    "attestation/attestation_ready--accueil": _to("host", lambda d, p: attestation.attestation_ready(
        NETWORK, d, p, "7K4M-XQ2P-9RTD", URL, PAPERS)),
    "attestation/attestation_revoked": _to("author", lambda d, p: attestation.attestation_revoked(NETWORK, d, p, WORDS)),
}
