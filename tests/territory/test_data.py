"""The data file: what it holds, as counted in the sources it was made from."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from territory import communes as places
from territory.atlas import FILE, atlas
from territory.spelling import fold

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def everything() -> list[places.Commune]:
    return [commune for one in places.departements() for commune in places.communes_of_departement(one.code)]


def test_every_present_commune_is_there_once(everything):
    assert len(everything) == 34_969
    assert len({commune.code for commune in everything}) == 34_969
    assert [commune.code for commune in everything] == atlas().codes


def test_the_file_stays_small_enough_for_a_repository():
    assert FILE.stat().st_size < 700_000


def test_no_two_communes_have_the_same_label_even_without_accents(everything):
    labels = Counter(fold(commune.label) for commune in everything)
    assert [label for label, times in labels.items() if times > 1] == []


def test_the_label_of_each_commune_leads_back_to_it_alone(everything):
    lost = [commune.label for commune in everything if places.resolve(commune.label) != [commune]]
    assert lost == []


def test_each_commune_stands_in_its_departement_and_its_epci(everything):
    for commune in everything:
        assert commune.code.startswith(commune.departement)
        assert places.departement(commune.departement) is not None
        assert commune.epci == "" or places.epci(commune.epci) is not None


def test_only_islands_and_overseas_collectivities_have_no_epci(everything):
    alone = [commune for commune in everything if not commune.epci]
    assert len(alone) == 98
    assert {commune.name for commune in alone if commune.departement < "97"} == {
        "L’Île-d’Yeu", "Île-de-Bréhat", "Île-de-Sein", "Ouessant"}


def test_postal_codes_are_five_digits_and_only_the_southern_lands_have_none(everything):
    assert all(len(code) == 5 and code.isdigit() for commune in everything for code in commune.postal_codes)
    assert {commune.departement for commune in everything if not commune.postal_codes} == {"984"}


def test_names_are_written_with_the_curly_apostrophe(everything):
    assert not [commune.name for commune in everything if "'" in commune.name]
    assert not [name for name, _ in atlas().epci.values() if "'" in name]
    assert "Métropole Nice Côte d’Azur" in [epci.label for epci in places.epci_of_departement("06")]


def test_coordinates_of_mainland_communes_are_in_france(everything):
    mainland = [commune for commune in everything if commune.departement < "97"]
    assert all(41.3 < commune.latitude < 51.2 and -5.3 < commune.longitude < 9.7 for commune in mainland)


def test_most_people_live_in_communes_whose_centre_is_known():
    assert not any(places.commune(code).approximate for code in ("75056", "13055", "69123", "30189", "97411", "2A004"))
    known = [commune for commune in places.communes_of_departement("30") if not commune.approximate]
    assert len(known) == 184


@pytest.mark.parametrize(("code", "latitude", "longitude"), [
    ("75056", 48.86, 2.35), ("30189", 43.84, 4.36), ("30007", 44.13, 4.08), ("29019", 48.39, -4.49),
    ("2A004", 41.92, 8.74), ("97411", -20.88, 55.45), ("98818", -22.27, 166.45), ("97502", 46.78, -56.18),
])
def test_the_centre_of_a_town_is_where_it_stands(code, latitude, longitude):
    town = places.commune(code)
    assert (town.latitude, town.longitude) == pytest.approx((latitude, longitude), abs=0.06)


def test_the_gard_has_350_communes_83_postal_codes_and_parts_of_17_epci():
    gard = places.communes_of_departement("30")
    assert len(gard) == 350
    assert len({code for commune in gard for code in commune.postal_codes}) == 83
    epci = places.epci_of_departement("30")
    assert len(epci) == 17
    assert {"248400251", "243400736", "200069128"} < {one.siren for one in epci}


def test_an_epci_goes_over_the_border_of_a_departement():
    avignon = places.communes_of_epci("248 400 251")
    assert Counter(commune.departement for commune in avignon) == {"30": 7, "84": 9}


def test_importing_the_module_reads_no_data():
    code = ("import sys, json; import territory.communes, territory.atlas;"
            "print(json.dumps([territory.atlas.atlas.cache_info().currsize, 'flask' in sys.modules]))")
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert json.loads(answer.stdout) == [0, False]


def test_the_readme_tells_the_figures_of_the_file(everything):
    text = (ROOT / "territory" / "README.md").read_text("utf-8").replace(",", "")
    known = sum(not commune.approximate for commune in everything)
    for figure, what in ((len(everything), "communes"), (len(atlas().epci), "EPCI"), (known, "communes have a centre"),
                         (len(atlas().departements), "départements")):
        assert f"{figure:,} {what}".replace(",", " ") in text, what
    assert f"{FILE.stat().st_size / 1000:.0f} kB" in text
