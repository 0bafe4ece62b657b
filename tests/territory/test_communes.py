"""Values: codes, labels, EPCI, départements."""

from __future__ import annotations

import dataclasses

import pytest

from territory.communes import (
    Commune,
    Departement,
    commune,
    communes_of_departement,
    communes_of_epci,
    departement,
    epci,
    epci_of_departement,
)


def test_a_commune_is_found_by_its_insee_code():
    found = commune("30334")
    assert (found.name, found.postal_codes, found.departement) == ("Uzès", ("30700",), "30")
    assert found.epci == "200034379"
    assert commune(" 2a004 ").name == "Ajaccio"


@pytest.mark.parametrize("code", ["", "30", "99999", "30700 ", "Uzès", "303340"])
def test_an_unknown_code_is_no_commune(code):
    assert commune(code) is None


@pytest.mark.parametrize(("code", "present"), [
    ("30094", "30329"), ("30329", "30329"), ("75112", "75056"), ("13208", "13055"), ("69383", "69123"),
    ("20004", "2A004"),
])
def test_a_former_code_a_delegated_commune_or_an_arrondissement_leads_to_the_present_commune(code, present):
    assert commune(code).code == present


def test_values_are_frozen_and_equal_by_value():
    assert commune("30334") == commune("30334")
    with pytest.raises(dataclasses.FrozenInstanceError):
        commune("30334").name = "Ucetia"


@pytest.mark.parametrize(("code", "label"), [
    ("30334", "Uzès (30700)"), ("30189", "Nîmes (30000, 30900)"), ("2A004", "Ajaccio (20000, 20090, 20167)"),
    ("75056", "Paris (75001 à 75116)"), ("98414", "La Terre-Adélie (98414)"),
])
def test_a_label_tells_the_postal_codes_and_the_first_and_last_of_many(code, label):
    assert commune(code).label == label


def test_a_label_without_a_known_place_needs_no_data():
    assert Commune("00000", "Ici", ("00001", "00002"), "00", "", 0.0, 0.0, True).label == "Ici (00001, 00002)"


def test_the_kind_of_an_epci_is_spelt_out():
    uzes = epci("200 034 379")
    assert (uzes.kind, uzes.label) == ("CC", "Communauté de communes Pays d’Uzès")
    assert uzes.kind_label == "communauté de communes"
    assert all(one.kind_label for code in ("13", "30", "69", "06") for one in epci_of_departement(code))
    assert epci("200046977").label == "Métropole de Lyon"
    assert epci("000000000") is None
    assert epci("") is None


def test_the_communes_of_an_unknown_place_are_none():
    assert communes_of_epci("") == [] == communes_of_epci("000000000")
    assert communes_of_departement("00") == [] == communes_of_departement("")
    assert epci_of_departement("977") == []


def test_a_departement_is_found_by_its_code():
    assert departement("30") == Departement("30", "Gard", "76")
    assert departement("2a").name == "Corse-du-Sud"
    assert departement("30").region_name == "Occitanie"
    assert departement("987").region_name == "Polynésie française"
    assert departement("20") is None
