"""Distances: right, symmetric, and never said with more precision than is known."""

from __future__ import annotations

import pytest

from territory.communes import Commune, commune
from territory.distance import describe, kilometres


def at(latitude: float, longitude: float, *, code: str = "00001", departement: str = "00", approximate: bool = False):
    return Commune(code, "Ici", ("00000",), departement, "", latitude, longitude, approximate)


@pytest.mark.parametrize(("one", "other", "km", "within"), [
    ("75056", "69123", 392, 4), ("30189", "30007", 39, 3), ("30334", "30189", 20, 2), ("75056", "97411", 9360, 60),
])
def test_distances_between_towns_are_those_of_the_map(one, other, km, within):
    assert kilometres(commune(one), commune(other)) == pytest.approx(km, abs=within)


def test_a_degree_of_latitude_is_111_km_and_half_the_earth_20015():
    assert kilometres(at(44, 4), at(45, 4)) == pytest.approx(111.2, abs=0.1)
    assert kilometres(at(0, 0), at(0, 180)) == pytest.approx(20015, abs=1)


def test_the_distance_is_the_same_both_ways_and_nothing_to_itself():
    a, b = commune("30334"), commune("98735")
    assert kilometres(a, b) == kilometres(b, a)
    assert kilometres(a, a) == 0


def test_the_date_line_is_not_a_wall():
    assert kilometres(at(-14, 179.9), at(-14, -179.9)) < 25


@pytest.mark.parametrize(("north", "approximate", "said"), [
    (0.0, False, "à moins de 5\u00a0km"),
    (0.25, False, "à environ 28\u00a0km"),
    (0.25, True, "à environ 30\u00a0km"),
    (0.05, True, "à moins de 10\u00a0km"),
    (0.1, True, "à environ 10\u00a0km"),
    (1.53, False, "à environ 170\u00a0km"),
    (20.0, False, "à environ 2\u00a0220\u00a0km"),
])
def test_a_distance_is_said_as_precisely_as_it_is_known(north, approximate, said):
    assert describe(at(44, 4), at(44 + north, 4, code="00002", approximate=approximate)) == said


def test_one_commune_is_at_no_distance_of_itself():
    assert describe(commune("30334"), commune("30334")) == "dans la même commune"


def test_two_approximated_neighbours_with_the_same_middle_are_not_said_to_touch():
    a, b = commune("30001"), commune("30319")
    assert a.approximate
    assert b.approximate
    assert describe(a, b) == "à moins de 10\u00a0km"


def test_far_islands_placed_by_guess_have_no_distance():
    anaa, papeete = commune("98711"), commune("98735")
    assert anaa.approximate
    assert describe(anaa, papeete) == describe(papeete, anaa) == "à une distance inconnue"
    assert describe(commune("98718"), anaa) == "à une distance inconnue"
