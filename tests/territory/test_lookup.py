"""What a person typed: search() while they type, resolve() once they sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.communes import commune, resolve, search
from territory.spelling import fold, fold_typed


def names(found):
    return [one.name for one in found]


@pytest.mark.parametrize("text", [
    "Uzès", "uzes", "UZES", " uzès ", "Uzès (30700)", "30700 Uzes", "uzes 30 700", "30\u00a0700 UZÈS", "30334",
    "Uzès 30", "Uzès, Gard", "Uzès 30701 CEDEX", "Uzès 30334",
])
def test_uzes_is_named_in_many_ways(text):
    assert names(resolve(text)) == ["Uzès"]
    assert search(text)[0].name == "Uzès"


@pytest.mark.parametrize(("text", "name"), [
    ("st gilles 30800", "Saint-Gilles"), ("ST-GILLES (Gard)", "Saint-Gilles"), ("pont st esprit", "Pont-Saint-Esprit"),
    ("l'hay les roses", "L’Haÿ-les-Roses"), ("L’Haÿ-les-Roses", "L’Haÿ-les-Roses"),
    ("oeuf en ternois", "Œuf-en-Ternois"),
    ("grand combe 30110", "La Grand-Combe"), ("Boulogne s/ mer", "Boulogne-sur-Mer"), ("Besseg", "Bessèges"),
    ("Sts Geosmes", "Saints-Geosmes"),
    ("Stes Maries de la mer", "Saintes-Maries-de-la-Mer"), ("Saint-Denis, Seine Saint Denis", "Saint-Denis"),
])
def test_accents_hyphens_apostrophes_and_short_forms_do_not_matter(text, name):
    assert names(resolve(text)) == [name]


@pytest.mark.parametrize(("text", "code"), [
    ("Paris 12e", "75056"), ("75012", "75056"), ("Marseille 8e arrondissement", "13055"), ("Lyon 69003", "69123"),
    ("Paris (75001 à 75116)", "75056"), ("Nîmes (30000, 30900)", "30189"), ("Thoiras", "30329"), ("Corbès", "30329"),
    ("30035 NIMES CEDEX 1", "30189"), ("Saint-Denis 93209 CEDEX", "93066"), ("97488 St Denis Cedex 9", "97411"),
    ("Hameau du Mas 30100", "30007"),
])
def test_arrondissements_parts_of_communes_and_cedex_lead_to_the_commune(text, code):
    assert [one.code for one in resolve(text)] == [code]


def test_a_postal_code_is_not_a_key():
    for code in ("30700", "30190"):
        found = resolve(code)
        assert len(found) == 17
        assert all(code in one.postal_codes for one in found)


def test_digits_that_are_a_postal_code_and_an_insee_code_are_a_postal_code():
    assert commune("30100").name != "Alès"
    assert names(resolve("30100")) == ["Alès"]
    assert names(search("30100"))[0] == "Alès"


def test_namesakes_are_all_given_the_near_departement_first():
    found = resolve("Saint-Gilles", near="30")
    assert len(found) > 3
    assert {one.departement for one in found} > {"30", "35", "71"}
    assert found[0].departement == "30"
    assert resolve("Saint-Gilles", near="71")[0].departement == "71"


def test_near_orders_but_never_decides():
    assert {one.code for one in resolve("Saint-Gilles", near="30")} == {one.code for one in resolve("Saint-Gilles")}


def test_a_name_and_a_code_that_contradict_each_other_are_not_certain():
    assert names(resolve("Uzès 30000")) == ["Uzès", "Nîmes"]


def test_the_name_of_another_place_with_the_wrong_departement_is_nothing():
    assert resolve("Uzès (Finistère)") == []
    assert resolve("Uzès 99999") == []


@pytest.mark.parametrize("text", [
    "", "   ", "-", "()", "zzzz", "12", "3", "s", "de", "saint", "l", "um", "sur mer", "x" * 5000, "00000",
])
def test_what_names_nothing_with_certainty_gives_nothing(text):
    assert resolve(text) == []


def test_the_beginning_of_several_names_is_not_certain():
    assert {"Montpellier", "Montpellier-de-Médillan"} == set(names(resolve("Montpell")))
    assert len(resolve("grand combe")) > 1


def test_search_puts_the_exact_name_first_then_beginnings_then_words():
    found = names(search("vigan", limit=5))
    assert found[0].startswith("Le Vigan")
    found = names(search("Uz", limit=50, near="30"))
    assert found[0] == "Uz"
    assert found[1] == "Uzès"


def test_search_puts_the_near_departement_first_then_the_most_inhabited():
    assert search("saint", near="30")[0].name == "Saint-Gilles"
    assert {one.departement for one in search("saint", near="30")} == {"30"}
    assert names(search("marse", limit=1)) == ["Marseille"]
    assert names(search("30", limit=3)) == ["Nîmes", "Alès", "Bagnols-sur-Cèze"]


def test_search_puts_words_that_follow_each_other_before_words_apart():
    found = names(search("la mer", limit=200))
    assert found.index("Saintes-Maries-de-la-Mer") < found.index("La Seyne-sur-Mer")


def test_search_finds_words_in_any_order():
    assert "Pont-Saint-Esprit" in names(search("esprit pont"))
    assert "Saint-Quentin-la-Poterie" in names(search("poterie quentin"))


def test_search_by_the_beginning_of_a_postal_code():
    found = search("307", limit=100)
    assert found
    assert all(any(code.startswith("307") for code in one.postal_codes) for one in found)
    assert "Uzès" in names(found)


def test_search_gives_no_more_than_asked_and_nobody_twice():
    for text in ("s", "paris", "30", "la", "saint", "marseille 1"):
        found = search(text, limit=7)
        assert len(found) <= 7
        assert len({one.code for one in found}) == len(found)


def test_search_of_nothing_is_nothing():
    assert search("") == [] == search("  ") == search("zzzz") == search("a b c")
    assert search("Uzès", limit=0) == []


def test_an_unknown_near_departement_changes_nothing():
    assert search("saint", near="00") == search("saint") == search("saint", near="")


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_the_lookup(text):
    assert len(search(text, near="30")) <= 10
    assert all(one.label for one in resolve(text))


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert fold_typed(text).isascii()


def test_a_list_folds_as_its_lines_do():
    lines = ["L’Haÿ-les-Roses", "Œuf-en-Ternois", "Bors (Canton de Charente-Sud)", "Nîmes"]
    assert fold("\n".join(lines)).split("\n") == [fold(line) for line in lines]
