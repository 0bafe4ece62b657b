"""The block with addresses under somebody's name is set apart; words are not."""

from __future__ import annotations

import pytest

from inbox.signature_block import part_signature

ME, NAME = "noa@structure-b.example", "Noa Fictif"
BLOCK = "Médiateur numérique – Structure B\nTél. : 06 39 98 00 01\nnoa@structure-b.example"


@pytest.mark.parametrize(("words", "kept", "block"), [
    (f"Merci, c’est noté.\n\nCordialement,\nNoa Fictif\n{BLOCK}", "Merci, c’est noté.\n\nCordialement,\nNoa Fictif", BLOCK),
    (f"D’accord.\n\nNoa Fictif\n{BLOCK}", "D’accord.\n\nNoa Fictif", BLOCK),
    ("D’accord.\n\nNoa\nnoa@structure-b.example", "D’accord.\n\nNoa", "noa@structure-b.example"),
    ("D’accord.\n\nBonne journée\n\nNoa | Structure B | 5 place du Marché 30000 Nîmes | 06.39.98.00.01",
     "D’accord.\n\nBonne journée",
     "Noa | Structure B | 5 place du Marché 30000 Nîmes | 06.39.98.00.01"),
    ("Oui.\n\nBien à vous\nNoa Fictif\n+33 6 39 98 00 01\nwww.structure-b.example", "Oui.\n\nBien à vous\nNoa Fictif",
     "+33 6 39 98 00 01\nwww.structure-b.example"),
    ("Oui.\n\nCordialement\nNoa Fictif\n06 39 98 00 01\n\nPS : le fichier est joint.",
     "Oui.\n\nCordialement\nNoa Fictif\n\nPS : le fichier est joint.", "06 39 98 00 01"),
])
def test_a_block_that_says_how_to_reach_its_author_is_set_apart(words, kept, block):
    assert part_signature(words, ME, NAME) == (kept, block)


@pytest.mark.parametrize("words", [
    "Vous pouvez m’appeler au 06 39 98 00 01.\n\nCordialement,\nNoa",
    "Bonjour,\n\nMon adresse est noa@structure-b.example.\n\nMerci",
    "noa@structure-b.example", "06 39 98 00 01", "Cordialement,\nNoa Fictif\nMédiateur numérique", "",
    "Les contacts :\n- Mairie 04 66 00 00 00\n- CAF 04 66 00 00 01\n\nNoa",
    "Le rendez-vous est le 12/12/2026 à 14 h 30.\n\nMerci\nNoa", "Le numéro de dossier est 2026 0001 0002 0003.\n\nMerci,\nNoa",
    "Merci\nNoa\nEst-ce que le 06 39 98 00 01 est le bon numéro ?",
    "Cordialement,\nNoa\n\nJ’oubliais : l’agent de la CAF répond au 04 66 00 00 01 le matin, sauf le mercredi.",
])
def test_words_stay_words(words):
    assert part_signature(words, ME, NAME) == (words, "")


def test_nothing_written_is_lost():
    for words in (f"Merci.\n\nCordialement,\nNoa\n{BLOCK}\n\nPS : à jeudi.", f"Oui\n\n\n{BLOCK}"):
        kept, block = part_signature(words, ME, NAME)
        assert sorted(f"{kept}\n{block}".split()) == sorted(words.split())


def test_a_very_long_mail_takes_no_time():
    words = "Une ligne de texte avec 06 39 98 00 01 dedans.\n" * 20_000 + "Cordialement,\nNoa\n" + "1 " * 4_000
    assert part_signature(words, ME, NAME)[1] == ""
