"""Requests no page of ours would make: answered kindly, never with a 500."""

from __future__ import annotations

import re

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, sign_in
from roads.stories import planted, who
from setting import databases

from models.access_link import Purpose
from models.base import transaction
from models.states import Kind
from services import acting
from services.links import personal_url

ODD = ["", "²", "-1", "0", "9" * 5000, "x", "1e3", "\x00", "é", "[]", " 1"]


@pytest.fixture
def paths(app, clock) -> dict[str, str]:
    """The personal page of each person of an immersion whose host is asked."""
    with app.app_context():
        dossier = planted(Kind.IMMERSION, "host_asked", clock.now)
        with transaction():
            return {role: personal_url(Purpose.DOSSIER, who(dossier, role), clock.now).removeprefix("http://localhost")
                    for role in ("author", "coordinator", "employer", "host")}


@pytest.mark.parametrize("odd", ODD)
def test_hidden_fields_somebody_changed_break_nothing(client, paths, odd):
    for path, data in [
        (f"{paths['host']}/accueillir", {"seances": odd}), (f"{paths['host']}/accueillir", {"seances": odd, "ajouter": "1"}),
        (f"{paths['coordinator']}/refuser", {"version": odd, "words": ""}),
        (f"{paths['coordinator']}/repondre", {"a": odd, "repondre-words": "Bonjour"}),
        (f"{paths['coordinator']}/proposer", {"structure": odd}),
        ("/aide/question", {"etat": odd, "vers": odd}), ("/aide/verification", {"etat": odd, "vers": odd}),
    ]:
        assert client.post(path, data=data).status_code < 500, (path, data)


def test_a_breakdown_gives_back_the_words_that_were_being_sent(client, paths, monkeypatch):
    """The page before is kept by no browser: they would be lost."""
    def broken(*_args, **_kwargs):
        raise RuntimeError("disk I/O error")
    monkeypatch.setattr(acting, "perform", broken)
    client.application.testing = False
    answer = client.post(f"{paths['author']}/repondre", data={"repondre-words": "Je viendrai <mardi>"})
    assert answer.status_code == 500 and "Je viendrai &lt;mardi&gt;" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@databases("sqlite", "postgresql")
def test_any_address_is_answered(client):
    client.reading = False  # a page may show the odd address back, escaped
    for path in ("/d/", "/d//x", "/d/%00", "/d/" + "a" * 4000, "/confirmer/%ff", "/coordination/..%2f", "/aide/rien",
                 "/demande-recue/x", "/courrier/a/%00", "/courrier/999999999999999999999", "/static/../app.py",
                 "/communes?q=%00", "/communes?q=" + "a" * 3000, "/%e2%80%ae", "/d/x/fichier/999999999999999999999"):
        for method in ("GET", "HEAD"):
            with client.open(path, method=method) as answer:
                assert answer.status_code < 500, (method, path)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(client, paths, method):
    for path in ("/", "/aide", f"{paths['author']}/retirer", "/coordination/entrer"):
        assert client.open(path, method=method).status_code in (200, 404, 405), (method, path)


def test_a_body_too_heavy_is_told_so(client):
    answer = client.post("/aide/question", data={"question": "x" * (26 * 1024 * 1024)})
    assert answer.status_code == 413


def test_a_page_says_nothing_of_what_others_may_not_know(client, paths):
    """No party reads another's address, whatever page they open."""
    pages = {role: client.get(path).text for role, path in paths.items()}
    addresses = {"author": "noa@structure-b.example", "employer": ANDREA, "host": CLAUDE}
    for role, text in pages.items():
        for other, address in addresses.items():
            assert role in ("coordinator", other) or address not in text, (role, other)


def test_a_role_cannot_press_another_roles_button(client, paths):
    for role in ("author", "employer"):
        assert client.get(f"{paths[role]}/accueillir").status_code in (404, 409)
        assert client.post(f"{paths[role]}/proposer", data={"structure": "1"}).status_code in (404, 409)
    assert client.post(f"{paths['author']}/note", data={"note-words": "x"}).status_code in (404, 409)


def test_a_sign_in_link_opens_one_session_and_leaving_closes_it_everywhere(client, post):
    sign_in(client, post)
    used = post.last(COORDINATOR, "sign_in_link").link("coordination/ouvrir")
    assert client.get("/coordination/").status_code == 200
    assert client.get(used).status_code == 410, "it served once"
    cookie = client.get_cookie("coordination").value
    assert client.post("/coordination/quitter").status_code == 303
    client.set_cookie("coordination", cookie)
    assert client.get("/coordination/").status_code == 303, "a copy of the cookie is worth nothing"


def test_an_unknown_address_at_the_entrance_sees_the_same_page(client, post):
    known = client.fill(client.get("/coordination/entrer"), "/coordination/entrer", email=COORDINATOR)
    unknown = client.fill(client.get("/coordination/entrer"), "/coordination/entrer", email="x@ring.example")
    assert known.status_code == unknown.status_code == 200
    said = [re.sub("(coordination|x)(@|%40)ring.example", "", answer.text) for answer in (known, unknown)]
    assert said[0] == said[1]
    assert post.last("x@ring.example").letter == "coordination/sign_in_unknown"
