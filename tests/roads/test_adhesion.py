"""Joining, by the three ways in: welcomed, told why not, or recognised."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, LEARNER, NOA, PROFESSIONAL, STRUCTURE, confirm, press, send, sign_in
from sqlalchemy import select

from models.base import db
from models.structure import Membre, Structure

LOU = "lou@courriel.example"
WAYS = [("structure", STRUCTURE, CLAUDE), ("professionnel", PROFESSIONAL, NOA), ("en-devenir", LEARNER, LOU)]


def members(app) -> list[Membre]:
    with app.app_context():
        return list(db.session.scalars(select(Membre)))


@pytest.mark.parametrize(("way", "pages", "address"), WAYS, ids=[way for way, *_ in WAYS])
def test_who_asks_to_join_is_welcomed_with_the_commitments(app, client, post, way, pages, address):
    send(client, f"/rejoindre/{way}", pages)
    assert members(app) == []
    confirm(client, post, address)
    post.reply(post.last(COORDINATOR), "/accepter\n\nContente de vous compter parmi nous.")
    welcome = post.last(address, "welcome")
    assert "Contente de vous compter parmi nous." in welcome.text
    name, kind, content = welcome.files[0]
    assert (name, kind, content[:4]) == ("engagements-ADH-2027-0001.pdf", "application/pdf", b"%PDF")
    assert [(member.email, member.charter_version) for member in members(app)] == [(address, "2026-11")]
    assert client.page(welcome.link("mon-espace")).select_one("h1")

    before = len(post.to(COORDINATOR))
    send(client, f"/rejoindre/{way}", pages)
    confirm(client, post, address)
    assert post.last(address).letter == "accueil/already_member"
    assert len(post.to(COORDINATOR)) == before and len(members(app)) == 1


@pytest.mark.parametrize("told", ["oui", "non"])
def test_an_employer_is_told_only_if_the_member_agrees_to_it(client, post, told):
    pages = [(slug, answers | ({"employer_told": told} if slug == "employeur" else {})) for slug, answers in PROFESSIONAL]
    if told == "non":
        pages = [(slug, {k: v for k, v in answers.items() if k != "employer_email"}) for slug, answers in pages]
    send(client, "/rejoindre/professionnel", pages)
    confirm(client, post, NOA)
    assert post.to(ANDREA) == []
    press(client, post.last(COORDINATOR).link("d"))
    letters = post.to(ANDREA)
    assert len(letters) == (1 if told == "oui" else 0)
    if letters:
        assert "Noa Fictif" in letters[0].text and NOA not in letters[0].text
        post.reply(letters[0], "Très bien, comment adhérer ?")
        assert "comment adhérer" in post.last(COORDINATOR, "message_relayed").text


def test_a_refusal_says_why_and_can_be_answered(app, client, post):
    send(client, "/rejoindre/en-devenir", LEARNER)
    confirm(client, post, LOU)
    sign_in(client, post)
    path = "/coordination/ADH-2027-0001/refuser"
    assert client.fill(client.get(path), path, words="").status_code == 422, "a refusal without a reason is not sent"
    press(client, path, words="Votre projet n’est pas dans notre territoire.")
    refused = post.last(LOU, "refused")
    assert "pas dans notre territoire" in refused.text
    post.reply(refused, "Je déménage le mois prochain.")
    assert "Je déménage" in post.last(COORDINATOR, "message_relayed").text
    assert members(app) == []


def test_who_changes_their_mind_before_the_decision_is_let_go(app, client, post):
    send(client, "/rejoindre/en-devenir", LEARNER)
    confirm(client, post, LOU)
    press(client, post.last(LOU).link("d") + "/retirer")
    assert post.last(COORDINATOR).letter == "conversation/request_withdrawn"
    assert client.get(post.last(COORDINATOR, "request_to_coordinator").link("d")).status_code == 409
    assert members(app) == []


def test_the_answer_of_somebody_known_already_reaches_the_coordination(client, post):
    """The second request stopped before any coordinator: its letter can be answered all the same."""
    for _ in range(2):
        send(client, "/rejoindre/en-devenir", LEARNER)
        confirm(client, post, LOU)
        if post.last(LOU).letter != "accueil/already_member":
            post.reply(post.last(COORDINATOR), "accepter")
    post.reply(post.last(LOU, "already_member"), "C’était pour changer mon téléphone.")
    assert "changer mon téléphone" in post.last(COORDINATOR, "message_relayed").text


def test_words_for_a_coordinator_who_left_reach_the_one_who_stays(app, client, post):
    send(client, "/rejoindre/en-devenir", LEARNER)
    confirm(client, post, LOU)
    ring = app.extensions["ring"]
    alix, charlie = ring.network.coordinators
    app.extensions["ring"] = replace(ring, network=replace(ring.network, coordinators=(replace(charlie, default=True),)))
    written = len(post.to(alix.email))
    post.reply(post.last(LOU), "Avez-vous des nouvelles ?")
    assert "des nouvelles" in post.last(charlie.email, "message_relayed").text
    assert len(post.to(alix.email)) == written


def test_a_structure_named_by_its_employee_is_completed_by_its_own_representative(app, client, post):
    send(client, "/rejoindre/professionnel", PROFESSIONAL)
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "accepter")
    own = [(slug, answers | ({"structure_name": "structure exemple b", "structure_commune": "Nîmes", "siret": "",
                              "website": "exemple.fr"} if slug == "structure" else {})) for slug, answers in STRUCTURE]
    send(client, "/rejoindre/structure", own)
    confirm(client, post, CLAUDE)
    post.reply(post.last(COORDINATOR), "accepter")
    with app.app_context():
        structure = db.session.scalars(select(Structure)).one()
        assert structure.hosts and structure.website == "https://exemple.fr"
        assert {member.email for member in structure.members} == {NOA, CLAUDE}
        assert structure.contact.email == CLAUDE
