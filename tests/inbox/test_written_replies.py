"""Replies written for this project: the words that must remain, whatever the client put around them."""

from __future__ import annotations

import pytest
from written_replies import MARKED, QUOTE, SENT, UNMARKED, WrittenReply, normal, words, written_replies

from inbox.decode import html_to_text
from inbox.kind import Kind, classify
from inbox.parse import parse
from inbox.reply_text import reply_text
from inbox.signature_block import under_dashes

CASES = written_replies()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_words_of_a_person_remain_and_nothing_else(case: WrittenReply):
    text = case.text or html_to_text(case.html)
    kept, _ = under_dashes(reply_text(text, case.html).kept)
    assert normal(kept) == normal(case.expected)
    assert not words(case.expected) - words(kept)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nobody_is_taken_for_a_machine(case: WrittenReply):
    kind = "html" if case.html else "plain"
    mail = (f"From: Camille Essai <camille@asso.example>\nSubject: Re: Tableur\nMessage-ID: <1@asso.example>\n"
            f"Content-Type: text/{kind}; charset=utf-8\n\n{case.html or case.text}")
    assert classify(parse(mail.encode()), "reseau.example").kind == Kind.HUMAN


#: Last lines that look like the beginning of what programs write above a quote.
LAST_LINES = (
    "Je peux le 12 janvier 2027 à 14 h 00", "Disponible : mardi", "Mon adresse : a@b.example", "06 12 34 56 78",
    "On se voit le 4 mars 2024 à 10:12", "Le lundi 4 mars, oui", "A. Martin <alice@x.example>", "Rendez-vous à 10h12",
    "Alice\nMairie de Dax\nLe Bourg 40100", "Sam l'a écrit", "Le 12 mars à 9:30 chez Sam <s@b.example>", "Oui",
    "alice@asso.example", "Je l'ai écrit le 4 mars 2024", "OK pour 10:30, 11:30", "Le réseau", "Dax, le 4 mars 2024",
    "Elle m'a écrit", "Tél. : 06 12 34 56 78 - Courriel : a@b.example", "De : moi", "Date : 12/03/2024", "Envoyé hier",
    "https://a.example/c?d=e",
)


@pytest.mark.parametrize("client", [*MARKED, *UNMARKED])
def test_the_last_line_of_a_person_is_never_taken_for_the_header_of_the_quote(client):
    header = {**MARKED, **UNMARKED}[client]
    quoted = QUOTE if client in MARKED else f"\n{SENT}"
    for last in LAST_LINES:
        for gap in ("\n", "\n\n"):
            answer = f"Bonjour,\n\nC'est d'accord.\n\n{last}"
            assert normal(reply_text(f"{answer}{gap}{header}\n{quoted}\n").kept) == answer
