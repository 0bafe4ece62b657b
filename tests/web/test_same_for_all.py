"""Doors that take an address say the same of one they know and of one they do not: text, status, heads, and what it costs."""

from __future__ import annotations

import re
from math import inf
from time import process_time

import pytest
from alerte_people import REFERENT, enrol
from asked import engine_of, statements
from cast import COORDINATOR, PROFESSIONAL, confirm, send

MEMBER, NOBODY = "noa@structure-b.example", "personne@ailleurs.example"
DOORS = {"/coordination/entrer": COORDINATOR, "/mon-espace": MEMBER, "/retrouver-mon-lien": MEMBER, "/referents": REFERENT}
#: Statements that may differ: the row of a link, and what its letter reads.
APART = 6
#: Alternated tries of each address, at least and at most; how many times as much work either may be, beside half a millisecond.
FEWEST, TRIES, MOST_TIMES, FLOOR = 8, 60, 2, 0.0005


@pytest.fixture
def known(client, post):
    send(client, "/rejoindre/professionnel", PROFESSIONAL)
    confirm(client, post, MEMBER)
    post.reply(post.last(COORDINATOR), "/accepter")
    enrol(client, post)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_says_nothing_of_which_addresses_it_knows(app, client, post, clock, known, door: str):
    before = len(post.to(DOORS[door]))
    answers, cost = {}, {}
    for address in (DOORS[door], NOBODY):
        clock.advance(hours=1)
        page = client.get(door)
        with statements(engine_of(app)) as said:
            answer = client.fill(page, door, email=address)
        if answer.status_code == 303:
            answer = client.get(answer.headers["Location"])
        words = re.sub(re.escape(address) + "|" + re.escape(address.replace("@", "%40")), "…", answer.text)
        answers[address], cost[address] = (answer.status_code, words, sorted(answer.headers.keys())), len(said)
    first, second = answers.values()
    assert first == second
    assert abs(cost[DOORS[door]] - cost[NOBODY]) <= APART, cost
    assert len(post.to(DOORS[door])) > before, "the address is known, and its letter left"


def _work(client, clock, door: str, address: str) -> float:
    """Processor time of one demand: what a busy machine does meanwhile is not counted."""
    clock.advance(hours=1)
    began = process_time()
    assert client.post(door, data={"email": address}).status_code in (200, 303)
    return process_time() - began


def test_a_door_works_about_as_much_for_an_address_it_does_not_know(client, clock, known):
    """The least of many tries, one in turn: a letter is written whoever asks, and only its rows differ. Somebody outside is
    let try three times a quarter of an hour for an address, through a network: they cannot see what is allowed for here."""
    client.reading = False
    for door, address in DOORS.items():
        known_least = unknown_least = inf
        for tried in range(TRIES):
            known_least = min(known_least, _work(client, clock, door, address))
            unknown_least = min(unknown_least, _work(client, clock, door, NOBODY))
            if tried >= FEWEST and _alike(known_least, unknown_least):
                break
        assert _alike(known_least, unknown_least), (door, known_least, unknown_least)


def _alike(one: float, other: float) -> bool:
    return max(one, other) < MOST_TIMES * min(one, other) + FLOOR
