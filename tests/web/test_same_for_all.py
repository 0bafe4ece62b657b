"""Doors that take an address say the same of one they know and of one they do not: text, status, heads, and what it costs."""

from __future__ import annotations

import re

import pytest
from alerte_people import REFERENT, enrol
from cast import COORDINATOR, PROFESSIONAL, confirm, send
from sqlalchemy import event

from models.base import db

MEMBER, NOBODY = "noa@structure-b.example", "personne@ailleurs.example"
DOORS = {"/coordination/entrer": COORDINATOR, "/mon-espace": MEMBER, "/retrouver-mon-lien": MEMBER, "/referents": REFERENT}
#: Statements that may differ: the row of a link, and what its letter reads.
APART = 6


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
        said: list[str] = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", hear := (lambda *args, said=said: said.append(args[2])))
        answer = client.fill(page, door, email=address)
        event.remove(engine, "before_cursor_execute", hear)
        if answer.status_code == 303:
            answer = client.get(answer.headers["Location"])
        words = re.sub(re.escape(address) + "|" + re.escape(address.replace("@", "%40")), "…", answer.text)
        answers[address], cost[address] = (answer.status_code, words, sorted(answer.headers.keys())), len(said)
    first, second = answers.values()
    assert first == second
    assert abs(cost[DOORS[door]] - cost[NOBODY]) <= APART, cost
    assert len(post.to(DOORS[door])) > before, "the address is known, and its letter left"
