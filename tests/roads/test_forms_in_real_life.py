"""People press twice, go back, leave a page open, lose a link: nothing is lost and nothing is doubled."""

from __future__ import annotations

import re

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send, walk
from pages import soup
from roads.test_aide import state
from sqlalchemy import func, select

from models.base import db
from models.dossier import Dossier
from services import submission


def count(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Dossier))


def test_the_button_pressed_twice_makes_one_request_and_says_so(app, client, post):
    check = walk(client, "/aide", AIDE)
    first, second = (client.fill(check, "/aide/verification") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert "AIDE-2027-0001" in client.page(first.location).text
    again = client.page(second.location)
    assert "déjà" in again.h1.text.lower() and "AIDE-2027-0001" in again.text
    assert count(app) == 1 and len(post.to(NOA)) == 1


def test_back_then_sent_again_is_the_same_request(app, client, post):
    check = walk(client, "/aide", AIDE)
    client.fill(check, "/aide/verification")
    confirm(client, post, NOA)
    again = client.get(client.fill(check, "/aide/verification").location)
    assert "déjà" in soup(again).h1.text.lower()
    assert count(app) == 1


def test_a_page_open_for_days_can_still_be_sent(app, client, clock):
    check = walk(client, "/aide", AIDE)
    clock.advance(days=20)
    assert client.fill(check, "/aide/verification").status_code == 303
    assert count(app) == 1


def test_going_back_to_a_page_keeps_all_that_was_typed(client):
    page = walk(client, "/aide", AIDE)
    first = client.fill(page, "/aide/verification", vers="question")
    assert first.status_code == 200
    assert "Quelle procédure de mandat" in soup(first).select_one("textarea[name=question]").text
    changed = client.fill(first, "/aide/question", question="Une autre question")
    assert changed.status_code == 200
    assert "Une autre question" in changed.text and "Fictif" in changed.text, "back at the check page, the rest as it was"


def sealed(page) -> str:
    """What a page carries of the pages before it."""
    return soup(page).select_one("form input[name=etat]")["value"]


@pytest.mark.parametrize("damage", [lambda text: text[:-5], lambda text: text[:30] + "~" + text[31:], lambda text: "",
                                    lambda text: "é"], ids=["cut", "changed", "empty", "odd"])
def test_a_page_that_came_back_damaged_makes_no_request(app, client, damage):
    text = sealed(walk(client, "/aide", AIDE))
    answer = client.post("/aide/verification", data={"etat": damage(text)})
    assert answer.status_code == 422
    assert count(app) == 0


def test_a_page_of_one_form_is_not_taken_by_another(app, client):
    text = sealed(walk(client, "/aide", AIDE))
    for other in ("/immersion/verification", "/rejoindre/structure/verification"):
        assert client.post(other, data={"etat": text}).status_code == 422
    assert count(app) == 0


def test_a_link_too_old_is_renewed_to_the_same_address_and_to_no_other(app, client, post, clock):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    old = post.last(NOA, "request_received").link("d")
    clock.advance(days=181)
    page = client.get(old)
    assert page.status_code == 410
    written = len(post.all())
    assert client.fill(page, "/nouveau-lien/").status_code == 303
    renewed = post.all()[written:]
    assert [(letter.to, letter.letter) for letter in renewed] == [(NOA, "accueil/link_renewed")]
    fresh = renewed[0].link("d")
    assert fresh != old and client.get(fresh).status_code == 200 and client.get(old).status_code == 410
    assert NOA not in page.text, "the page does not tell whose link it was"


def test_a_confirmation_link_too_old_is_renewed_and_confirms(app, client, post, clock):
    send(client, "/aide", AIDE)
    old = post.last(NOA).link("confirmer")
    clock.advance(days=7)
    page = client.get(old)
    assert page.status_code == 410
    client.fill(page, "/nouveau-lien/")
    path = post.last(NOA, "link_renewed").link("confirmer")
    assert client.fill(client.get(path), path).status_code == 200
    assert state(app) == "submitted" and post.to(COORDINATOR)


def test_a_link_is_renewed_a_few_times_only(client, post, clock):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    old = post.last(NOA, "request_received").link("d")
    clock.advance(days=181)
    page = client.get(old)
    for _ in range(6):
        assert client.fill(page, "/nouveau-lien/").status_code == 303, "the screen is always the same"
    assert len([letter for letter in post.to(NOA) if letter.letter == "accueil/link_renewed"]) == 3


def test_a_link_cut_by_a_mail_program_says_what_to_do(client, post):
    send(client, "/aide", AIDE)
    path = post.last(NOA).link("confirmer")
    page = client.get(path[:-6])
    assert page.status_code == 404 and re.search("copiez-le en entier|copiez l’adresse entière", page.text)


def test_nothing_typed_can_become_markup(client):
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }}"
    pages = [(slug, answers | ({"question": nasty} if slug == "question" else {})) for slug, answers in AIDE]
    page = walk(client, "/aide", pages)
    assert "<script>alert" not in page.text and "<img src=x" not in page.text
    assert "{{ 7*7 }}" in soup(page).text


def _deleted(app, client, post, clock):
    """A request that was never confirmed and is gone; gives the page that followed its sending and its link."""
    page = send(client, "/aide", AIDE)
    link = post.last(NOA).link("confirmer")
    clock.advance(days=8)
    with app.app_context():
        submission.delete_unconfirmed(clock.now)
    return client.get(page.request.path), client.get(link)


def test_a_request_deleted_for_want_of_confirmation_is_gone(app, client, post, clock):
    receipt, link = _deleted(app, client, post, clock)
    assert (receipt.status_code, link.status_code) == (404, 404)
    assert count(app) == 0


def test_the_page_of_a_deleted_request_says_that_it_was_deleted(app, client, post, clock):
    receipt, _ = _deleted(app, client, post, clock)
    assert "sans confirmation, elle a été effacée" in receipt.text.replace("\u00a0", " ")
