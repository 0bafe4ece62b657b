"""Who receives a request: by kind and territory, the most precise first, somebody present, never nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from house.letters.invented import NETWORK
from hypothesis import given, settings
from hypothesis import strategies as st
from roads.stories import BAGNOLS, MONTPELLIER, NIMES, confirmed, said_in

from models.network import REQUEST_KINDS, Absence, Coordinator
from models.states import Kind
from services import routing
from services.routing import choose
from territory import communes

DAY = date(2027, 2, 10)
AWAY = (Absence(date(2027, 2, 8), date(2027, 2, 19)),)
EPCI = communes.commune(BAGNOLS).epci


def person(name: str, *territories: str, kinds: tuple[str, ...] = REQUEST_KINDS, deputy: str = "", away: bool = False,
           default: bool = False) -> Coordinator:
    return Coordinator(name, f"{name}@ring.example", "", territories, kinds, f"{deputy}@ring.example" if deputy else "",
                       AWAY if away else (), default)


def chosen(*people: Coordinator, kind: Kind = Kind.ENTRAIDE, insee: str = BAGNOLS, day: date = DAY) -> tuple[str, str]:
    route = choose(replace(NETWORK, coordinators=people), kind, insee, day)
    return route.coordinator.name, route.journal


@pytest.mark.parametrize(("people", "found"), [
    ([person("dep", "30", default=True), person("epci", EPCI)], ("epci", "routed")),
    ([person("epci", EPCI), person("dep", "30", default=True)], ("epci", "routed")),
    ([person("dep", "30"), person("autre", "34", default=True)], ("dep", "routed")),
    ([person("large", "30", "34", EPCI, default=True), person("precis", EPCI)], ("precis", "routed")),
    ([person("un", "30", default=True), person("deux", "30")], ("un", "routed")),
    ([person("epci", EPCI, kinds=("immersion",)), person("dep", "30", default=True)], ("dep", "routed")),
    ([person("ailleurs", "34", default=True)], ("ailleurs", "routed_by_default")),
    ([person("rien", default=True)], ("rien", "routed_by_default")),
    ([person("epci", EPCI, deputy="dep", away=True), person("dep", "30", default=True)], ("dep", "routed_to_deputy")),
    ([person("a", EPCI, deputy="b", away=True), person("b", deputy="c", away=True), person("c", default=True)],
     ("c", "routed_to_deputy")),
    ([person("a", EPCI, deputy="b", away=True), person("b", deputy="a", away=True), person("c", default=True)],
     ("c", "routed_to_deputy")),
    ([person("a", EPCI, away=True), person("c", default=True)], ("c", "routed_to_deputy")),
    ([person("a", EPCI, away=True), person("c", default=True, away=True), person("d")], ("d", "routed_to_deputy")),
    ([person("a", "34", default=True, deputy="b", away=True), person("b")], ("b", "routed_to_deputy")),
], ids=lambda value: "-".join(p.name for p in value) if isinstance(value, list) else None)
def test_a_request_goes_to(people, found):
    assert chosen(*people) == found


def test_when_everybody_is_away_the_default_receives_it_all_the_same():
    name, journal = chosen(person("a", EPCI, deputy="b", away=True), person("b", deputy="a", away=True, default=True))
    assert name == "b" and journal != "routed"


@pytest.mark.parametrize("insee", ["", "99999", "nulle part"])
def test_a_place_nobody_knows_goes_to_the_default(insee):
    assert chosen(person("dep", "30"), person("c", default=True), insee=insee) == ("c", "routed_by_default")


@pytest.mark.parametrize(("day", "found"), [(date(2027, 2, 7), "a"), (date(2027, 2, 8), "c"), (date(2027, 2, 19), "c"),
                                            (date(2027, 2, 20), "a")])
def test_an_absence_counts_its_first_and_last_day(day, found):
    assert chosen(person("a", EPCI, deputy="c", away=True), person("c", default=True), day=day)[0] == found


@given(st.lists(st.tuples(st.sampled_from(["", "30", "34", EPCI]), st.booleans(), st.integers(-1, 4),
                          st.sets(st.sampled_from(REQUEST_KINDS))), min_size=1, max_size=5))
@settings(max_examples=80, deadline=None)
def test_a_request_never_goes_to_nobody(shape):
    people = [person(f"p{i}", *([place] if place else []), kinds=tuple(kinds), away=away, default=i == 0,
                     deputy=f"p{deputy}" if 0 <= deputy < len(shape) and deputy != i else "")
              for i, (place, away, deputy, kinds) in enumerate(shape)]
    for kind, insee in product(Kind, (BAGNOLS, NIMES, MONTPELLIER, "")):
        route = routing.choose(replace(NETWORK, coordinators=tuple(people)), kind, insee, DAY)
        assert route.coordinator in people
        if not all(p.absent_on(DAY) for p in people):
            assert not route.coordinator.absent_on(DAY)


def test_the_way_it_was_chosen_is_told_in_the_journal_and_to_the_author(context, clock):
    precise = confirmed(Kind.ENTRAIDE, clock.now, commune=BAGNOLS)
    assert precise.coordinators[0].name == "Charlie Suppléance"
    assert precise.journal[-1].sentence == "La demande est confiée à Charlie Suppléance."
    far = confirmed(Kind.ENTRAIDE, clock.now, key="k2", commune=MONTPELLIER)
    assert "par défaut" in far.journal[-1].sentence
    from roads.stories import letters
    assert "Alix Coordination" in said_in(letters(name="request_received")[-1])
