"""Who resembles whom: names as people write them, and no more than a sign is worth."""

from __future__ import annotations

import pytest

from services.membre.resemblance import Person, Place, near, people_alike, people_pairs, places_alike, places_pairs

CAMILLE = Person(1, "Camille Exemple", "camille@structure-a.example", "06 39 98 00 01", "30189", "Structure Exemple A")


@pytest.mark.parametrize("other", [
    Person(2, "EXEMPLE Camille", "autre@courriel.example"),
    Person(2, "Camille Exemple", "camille@courriel.example", commune="30189"),
    Person(2, "Camile Exemple", "autre@courriel.example", commune="30189"),
    Person(2, "Camille Exmeple", "autre@courriel.example", structure="La structure exemple A"),
    Person(2, "Camille Autre", "autre@courriel.example", "+33 6 39 98 00 01"),
    Person(2, "Dominique Essai", "autre@courriel.example", others=frozenset({"camille@structure-a.example"})),
])
def test_these_may_be_the_same_person(other):
    assert people_alike(CAMILLE, other) and people_alike(other, CAMILLE)
    assert [(one.id, two.id) for one, two, _why in people_pairs([CAMILLE, other])] == [(1, 2)]


@pytest.mark.parametrize("other", [
    Person(2, "Dominique Essai", "dominique@structure-a.example", "06 39 98 00 01", "30189", "Structure Exemple A"),
    Person(2, "Camile Exemple", "autre@courriel.example", commune="30007"),
    Person(2, "Camille Essai", "camille@structure-b.example", commune="30189"),
])
def test_a_shared_telephone_a_shared_first_name_or_a_far_namesake_is_not_enough(other):
    assert people_alike(CAMILLE, other) == () and people_pairs([CAMILLE, other]) == []


def test_short_names_are_alike_only_when_they_are_the_same():
    assert not near("noa", "noe") and near("camille exemple", "camile exemple") and not near("camille exemple", "camille essai")


A = Place(1, "Association Le Lien", "00000003400017", "30189", "3 rue des Lilas", "https://www.lien.example/")


@pytest.mark.parametrize(("other", "alike"), [
    (Place(2, "Autre nom", "00000003400017", "30007"), True),
    (Place(2, "Le lien", "", "30189"), True),
    (Place(2, "Le Lien", "", "30007"), False),
    (Place(2, "Autre nom", "", "30189", "3, rue des Lilas", "http://lien.example"), False),
])
def test_structures_are_alike_by_siret_or_by_name_in_one_commune(other, alike):
    assert bool(places_alike(A, other)) is alike
    assert bool(places_pairs([A, other])) is alike


def test_one_pair_is_found_among_thousands():
    people = [Person(number, f"Prénom{number} Nom{number}", f"m{number}@structure.example", commune=str(30000 + number % 300))
              for number in range(3000)]
    found = people_pairs([*people, Person(9001, people[7].name, "autre@courriel.example")])
    assert (7, 9001) in {(one.id, other.id) for one, other, _why in found}
