"""A mail nobody expected, as a person reads it: words, names, telephone, the mail it passes on; never an exception."""

from __future__ import annotations

import pytest
from letters_in import PDF, mail

from inbox import read_mail
from inbox.decisions import Decision, read_decision
from models.typography import french
from services.inbound.opening import question_of
from services.inbound.reading import MailContent, split_name


@pytest.mark.parametrize(("words", "phone"), [
    ("Bonjour\n\nNoa Fictif\n06 39 98 00 07", "06 39 98 00 07"),
    ("Bonjour\n-- \nNoa\nTél. : +33 6 39 98 00 07", "+33 6 39 98 00 07"),
    ("Bonjour\n-- \nNoa\nTél : 04.65.71.00.00 | Fax 04.65.71.00.01", "04.65.71.00.00"),
    ("Bonjour\n\nFax : 04 65 71 00 01", ""),
    ("SIRET 000 000 018 00010", ""), ("Le dossier 0612345678901", ""),
    ("Bonjour\n\nLe 10 janvier 2027, Alix a écrit :\n> 04 65 71 00 00", ""),
])
def test_the_telephone_is_the_writers_own(words, phone):
    assert read_mail(mail("aide@ring.example", words)).phone == phone


@pytest.mark.parametrize("head", [
    "---------- Forwarded message ---------\nDe : Lou Exemple <lou@courriel.example>",
    "-------- Message transféré --------\nSujet : Question\nDe : \tLou Exemple <lou@courriel.example>",
    "Début du message réexpédié :\n\n> De: Lou Exemple <lou@courriel.example>",
    "-----Message d'origine-----\nDe : Lou Exemple [mailto:lou@courriel.example]",
])
def test_who_wrote_the_mail_that_is_passed_on(head):
    content = read_mail(mail("aide@ring.example", f"À voir.\n\n{head}\nObjet : Question\n\nComment imprimer ?",
                             subject="TR: Question"))
    assert content.forwarded and "Comment imprimer" in content.words
    assert (content.original_name, content.original_address) == ("Lou Exemple", "lou@courriel.example")
    assert content.people[0] == ("Lou Exemple", "lou@courriel.example")


def test_files_are_judged_and_quotes_kept_apart():
    content = read_mail(mail("aide@ring.example", "Voici.\n\nLe 10 janvier 2027, Alix a écrit :\n> Bonjour",
                             files=[PDF, ("outil.exe", "application/x-msdownload", b"MZ" + b"\0" * 99)]))
    assert content.words == "Voici." and "> Bonjour" in content.elided
    assert [name for name, *_ in content.files] == ["plan.pdf"] and len(content.refused_files) == 1
    assert ("to", "aide@ring.example") in content.headers


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 50, b"From: x\r\n\r\n", b"From: a@b\r\nSubject: Re: " + b"x" * 99_999])
def test_whatever_it_is_a_person_can_see_it(raw):
    assert isinstance(read_mail(raw), MailContent)


@pytest.mark.parametrize(("name", "address", "parts"), [
    ("Noa Fictif", "", ("Noa", "Fictif")), ("FICTIF Noa", "", ("Noa", "Fictif")), ("Fictif, Noa", "", ("Noa", "Fictif")),
    ("Anne Marie DE LA TOUR", "", ("Anne Marie", "De La Tour")), ("", "noa.fictif@x.example", ("Noa", "Fictif")),
    ("", "contact@x.example", ("", "")), ("Noa", "", ("Noa", "")), ("MAIRIE", "", ("MAIRIE", "")),
])
def test_a_name_is_guessed_in_its_two_parts(name, address, parts):
    assert split_name(name, address) == parts


@pytest.mark.parametrize(("subject", "words", "question"), [
    ("Re: Mandat sans adresse", "Comment faire ?", "Mandat sans adresse\n\nComment faire ?"),
    ("Bonjour", "Comment faire ?", "Comment faire ?"), ("", "Comment faire ?", "Comment faire ?"),
    ("Comment faire", "Comment faire ?", "Comment faire ?"), ("TR : Fwd: Une imprimante", "", "Une imprimante"),
])
def test_the_question_holds_the_subject_once(subject, words, question):
    assert question_of(MailContent("<1@x>", subject=subject, words=words)) == french(question)


@pytest.mark.parametrize(("text", "decision"), [
    ("écarter", Decision("discard")), ("/Ecarter", Decision("discard")), ("Écarter.\nMerci", Decision("discard")),
    ("ouvrir une demande", Decision("open")), ("Ouvrir une demande d’aide", Decision("open")),
    ("remettre", Decision("put_back")), ("rattacher AIDE-2026-0003", Decision("attach", "AIDE-2026-0003")),
    ("Rattacher à la demande aide 2026 3", Decision("attach", "AIDE-2026-0003")),
    ("/rattacher imm-2027-12", Decision("attach", "IMM-2027-0012")),
    ("Rattacher : AIDE-2026-0003", Decision("attach", "AIDE-2026-0003")),
    ("", None), ("écarter serait dommage", None), ("rattacher", None), ("rattacher AIDE-2026-0003 et répondre", None),
    ("ne pas écarter", None), ("Bonjour,\nécarter", None),
])
def test_the_first_line_decides_and_doubt_does_not(text, decision):
    assert read_decision(text) == decision
