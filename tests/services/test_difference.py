"""What changes between two versions is read at a glance: of a list, only what leaves and what comes."""

from __future__ import annotations

import pytest

from services.convention.difference import Difference, as_rows

_DAYS = [f"mardi {day} février 2027, de 9 h à 12 h" for day in range(1, 29)]


def _one(before: str, after: str) -> Difference:
    return Difference("Séances", before, after, material=True)


def test_of_forty_sessions_only_those_that_change_are_said():
    found = _one("\n".join(_DAYS), "\n".join([*_DAYS[:5], "jeudi 11 février 2027, de 14 h à 17 h", *_DAYS[6:]]))
    assert found.parts == [("Retiré", _DAYS[5]), ("Ajouté", "jeudi 11 février 2027, de 14 h à 17 h"),
                           ("Le reste", "ne change pas")]
    assert as_rows([found]) == [["Séances", f"Retiré :\n{_DAYS[5]}\nAjouté :\njeudi 11 février 2027, de 14 h à 17 h\n"
                                 "Le reste ne change pas."]]


@pytest.mark.parametrize(("before", "after", "said"), [
    ("a\nb", "a\nb\nc", [("Ajouté", "c"), ("Le reste", "ne change pas")]),
    ("a\nb", "b", [("Retiré", "a"), ("Le reste", "ne change pas")]),
    ("a\nb", "c", [("Retiré", "a\nb"), ("Ajouté", "c")]),
    ("a\na", "a", [("Retiré", "a"), ("Le reste", "ne change pas")]),
    ("a\nb", "b\na", [("Avant", "a\nb"), ("Maintenant", "b\na")]),
    ("", "a\nb", [("Avant", ""), ("Maintenant", "a\nb")]),
    ("a", "b", [("Avant", "a"), ("Maintenant", "b")])])
def test_a_list_tells_what_leaves_and_what_comes_and_the_rest_both_readings(before, after, said):
    assert _one(before, after).parts == said


def test_of_twelve_thousand_characters_a_word_that_changes_is_shown_among_its_neighbours():
    words = [f"mot{number}" for number in range(2000)]
    before, after = _one(" ".join(words), " ".join([*words[:900], "neuf", *words[901:]])).parts
    assert before == ("Avant", "… " + " ".join(words[892:909]) + " …")
    assert after == ("Maintenant", "… " + " ".join([*words[892:900], "neuf", *words[901:909]]) + " …")


@pytest.mark.parametrize(("before", "after"), [("mot " * 400, "mot " * 401), ("a " * 200 + "fin", "début " + "a " * 200)])
def test_a_long_text_that_is_lengthened_or_turned_round_is_still_told_otherwise(before, after):
    (_, was), (_, now) = _one(before.strip(), after.strip()).parts
    assert was != now
