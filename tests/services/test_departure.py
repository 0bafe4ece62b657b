"""A coordinator leaves, another takes all: nothing lost, nothing left readable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cast import AIDE, COORDINATOR, DEPUTY, NOA, confirm, send
from pages import soup
from roads.stories import letters, planted, said_in
from setting import databases
from sqlalchemy import select
from team import ADMINISTRATOR, come_in, press_link

from models.access_link import AccessLink
from models.base import db
from models.dossier import Dossier
from models.states import Kind
from services.acces import second_factor
from services.acting import perform
from services.coordination import departure, presence
from services.errors import Refused
from territory.said_days import Days

both = databases("sqlite", "postgresql")


def _out_of_the_file(app, address: str) -> None:
    """What the operator does: the block goes, the site starts again. Somebody else becomes the default."""
    ring = app.extensions["ring"]
    stay = tuple(one for one in ring.network.coordinators if one.email != address)
    app.extensions["ring"] = replace(ring, network=replace(ring.network,
                                                              coordinators=(replace(stay[0], default=True), *stay[1:])))


@both
def test_all_that_somebody_had_goes_to_a_colleague(context, clock):
    taken = planted(Kind.ENTRAIDE, "submitted", clock.now)
    perform("prendre", taken.coordinators[0].id, "", clock.now)
    routed, over = planted(Kind.ADHESION, "submitted", clock.now), planted(Kind.ENTRAIDE, "closed", clock.now)
    perform("note", taken.coordinators[0].id, "À rappeler.", clock.now)
    said = departure.hand_over_all(COORDINATOR, DEPUTY, clock.now)
    assert "2 demandes en cours" in said and "1 terminée" in said
    db.session.expire_all()
    assert db.session.get(Dossier, taken.id).assigned_to == DEPUTY
    for dossier in (taken, routed, over):
        assert [one.email for one in db.session.get(Dossier, dossier.id).coordinators] == [DEPUTY]
        assert "quitte la coordination" in " ".join(entry.sentence for entry in dossier.journal)
    [told] = letters(DEPUTY, "taken_over")
    assert taken.reference in said_in(told) and routed.reference in said_in(told) and over.reference not in said_in(told)
    assert "À rappeler." in [message.body for message in taken.messages], "words stay, under their own name"
    assert departure.hand_over_all(COORDINATOR, DEPUTY, clock.now).count("aucune") == 2, "twice is once"


@both
def test_nothing_that_was_held_opens_anything(app, client, post, clock):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    link, brought = post.last(COORDINATOR).link("d"), post.last(COORDINATOR)
    press_link(client, post, COORDINATOR)
    with app.app_context():
        presence.go_away(COORDINATOR, Days(clock.now.date(), clock.now.date()), clock.now)
        second_factor.begin(app.extensions["ring"].network.team_member(COORDINATOR), clock.now)
        departure.hand_over_all(COORDINATOR, DEPUTY, clock.now)
        alive = [row for row in db.session.scalars(select(AccessLink)) if row.email == COORDINATOR and row.alive(clock.now)]
        assert alive == [] and second_factor.of(COORDINATOR) is None
        assert presence.announced(COORDINATOR, clock.now.date()) is None
    assert client.get("/coordination/").headers["Location"] == "/coordination/entrer"
    assert client.get(link).status_code == 410
    _out_of_the_file(app, COORDINATOR)
    clock.advance(minutes=20)
    client.post("/coordination/entrer", data={"email": COORDINATOR})
    assert post.last(COORDINATOR).letter.endswith("/sign_in_unknown")
    post.reply(brought, "/clore")
    assert post.last(COORDINATOR).letter.endswith("/no_longer"), "the address of an old letter does nothing"
    with app.app_context():
        assert db.session.scalar(select(Dossier.state)) == "submitted"
    post.reply(post.last(NOA), "Et pour un mineur ?")
    assert "Et pour un mineur" in post.last(DEPUTY, "message_relayed").text


def test_who_left_the_file_first_is_found_and_handed_over(app, client, post, clock):
    with app.app_context():
        perform("prendre", planted(Kind.ENTRAIDE, "submitted", clock.now).coordinators[0].id, "", clock.now)
    _out_of_the_file(app, COORDINATOR)
    come_in(client, post, clock, ADMINISTRATOR)
    page = client.get("/coordination/equipe/depart")
    assert "N’est plus dans le fichier" in soup(page).text and "Noa" not in soup(page).text
    assert client.fill(page, "/coordination/equipe/depart", leaving=COORDINATOR, to=DEPUTY).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(Dossier.assigned_to)) == DEPUTY
        assert [one.email for one in departure.who_may_leave()] == [DEPUTY]


def test_the_page_refuses_the_same_person_and_keeps_what_was_chosen(app, client, post, clock):
    come_in(client, post, clock, ADMINISTRATOR)
    page = client.get("/coordination/equipe/depart")
    answer = client.fill(page, "/coordination/equipe/depart", leaving=DEPUTY, to=DEPUTY)
    assert answer.status_code == 422 and "une autre personne" in soup(answer).text
    assert client.post("/coordination/equipe/depart").status_code == 422


def test_ones_own_requests_stay_ones_own(app, client, post, clock):
    """A coordinator who asked for help as a mediator still follows that."""
    send(client, "/aide", tuple((slug, answers | ({"email": DEPUTY} if "email" in answers else {})) for slug, answers in AIDE))
    confirm(client, post, DEPUTY)
    link = post.last(DEPUTY, "request_received").link("d")
    with app.app_context():
        departure.hand_over_all(DEPUTY, COORDINATOR, clock.now)
    assert client.get(link).status_code == 200


def test_nobody_takes_over_from_themselves_nor_from_outside(context, clock):
    for to in (COORDINATOR, "personne@ailleurs.example"):
        with pytest.raises(Refused):
            departure.hand_over_all(COORDINATOR, to, clock.now)


def test_absences_over_for_long_are_forgotten(context, clock):
    presence.go_away(COORDINATOR, Days(clock.now.date(), clock.now.date()), clock.now)
    assert presence.purge(clock.advance(days=30)) == 0
    assert presence.purge(clock.advance(days=1, hours=12)) == 1
