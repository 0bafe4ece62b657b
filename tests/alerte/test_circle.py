"""Whose employer is whose, and what is sealed: pure rules."""

from __future__ import annotations

import unicodedata

import pytest

from services.alerte import codes, sealed
from services.same_employer import same_employer


@pytest.mark.parametrize(("one", "other"), [
    ("Structure Exemple A", "structure exemple a"), ("Structure Exemple A", "Association Structure Exemple A"),
    ("Mairie de Sommières", "Commune de Sommieres"), ("CCAS de Sommières", "Mairie de Sommières"), ("Mairie", "mairie"),
    ("Communauté de communes du Piémont", "CC du Piémont"), ("L’Atelier", "atelier"),
])
def test_two_names_that_may_be_one_structure_s_keep_away(one, other):
    assert same_employer(one, other) and same_employer(other, one)


@pytest.mark.parametrize(("one", "other"), [
    ("Structure Exemple A", "Structure Exemple B"), ("", "Structure Exemple A"), ("", ""),
    ("Mairie de Sommières", "Mairie d’Uzès"), ("Mairie", "Association"),
])
def test_two_structures_do_not(one, other):
    assert not same_employer(one, other)


def test_a_code_holds_more_than_80_bits_and_no_two_words_begin_alike():
    from math import log2
    words = codes._words()
    assert codes.CODE * log2(len(words)) > 80
    assert len({codes._bare(word)[:4] for word in words}) == len(words) and all(word.isalpha() for word in words)
    assert all(codes._bare(word).isascii() and len(word) >= 4 for word in words)
    assert "alerte" not in words
    assert len({codes.draw() for _ in range(50)}) == 50


def test_a_code_is_read_back_however_it_was_written_down_or_typed():
    words = codes._words()
    accented = [word for word in words if not word.isascii()]
    assert len(accented) > 300, "shown with their accents"
    for at in range(0, len(accented) - 8, 8):
        shown = accented[at:at + 8]
        kept = codes.read(" ".join(shown))
        assert kept.isascii()
        bare = " ".join(map(codes._bare, shown))
        listed = "".join(f"{rank}. {word.title()}\r\n" for rank, word in enumerate(shown, 1))
        said = (bare, " ".join(shown).upper(), "-".join(shown), ", ".join(shown), listed, "\u00a0".join(shown),
                unicodedata.normalize("NFD", " ".join(shown)), " ".join(word[:4] for word in bare.split()))
        assert {codes.read(one) for one in said} == {kept}
    for _ in range(50):
        proposed = codes.draw_passphrase().split()
        assert len(proposed) == codes.PASSPHRASE and set(proposed) <= set(codes._words()), "spelt as anybody would note them"
        assert all(word.isascii() for word in proposed)


def test_a_sheet_is_read_back_as_it_was_printed_and_one_wrong_sign_is_seen():
    private = sealed.new_pair().private
    printed = sealed.recovery_code(private)
    assert [len(group) for group in printed.split()] == [4] * 14
    assert sealed.read_recovery(printed) == sealed.read_recovery(printed.upper().replace(" ", "")) == private
    for place, sign in enumerate(printed):
        other = "b" if sign == "a" else "a"
        if sign != " ":
            assert sealed.read_recovery(printed[:place] + other + printed[place + 1:]) is None
    assert sealed.read_recovery("") is None and sealed.read_recovery(printed[:-1]) is None


def test_what_is_sealed_tells_neither_its_words_nor_nearly_its_length():
    pair = sealed.new_pair()
    short, longer = sealed.seal_words(pair.public, {"text": "a"}), sealed.seal_words(pair.public, {"text": "a" * 900})
    assert len(short) == len(longer)
    assert sealed.seal_words(pair.public, {"text": "a"}) != short
    with pytest.raises(sealed.CannotOpen):
        sealed.open_words(sealed.new_pair().private, short)
    assert pair.private.hex() not in repr(pair) and str(pair.private) not in repr(sealed.author_keys("abeille"))
