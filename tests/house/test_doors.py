"""Who may come in by the web door, and what a forged request can do: enumerated from the routes themselves."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from house.tree import ROOT, same_as_golden
from werkzeug.routing import Rule

from app import create_app

ACCESS = {"public", "personal_link", "code_awaited", "team_only", "coordinator_only", "administrator_only", "figures_only",
          "referent_only", "captured_mail_only"}
SAFE = {"GET", "HEAD", "OPTIONS"}


def rules(app: Flask) -> list[Rule]:
    return sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"),
                  key=lambda rule: (rule.rule, sorted(rule.methods)))


def access(app: Flask, rule: Rule) -> str:
    return getattr(app.view_functions[rule.endpoint], "access", "")


def address(app: Flask, rule: Rule) -> str:
    """An address of that rule, with values nobody has."""
    values = {name: 999999 if "int:" in f"<{rule.rule.split(name)[0].split('<')[-1]}" else "rien" for name in rule.arguments}
    for choices, name in re.findall(r"<any\(([^)]*)\):(\w+)>", rule.rule):
        values[name] = choices.split(",")[0].strip()
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods - {"HEAD", "OPTIONS"})))


def test_each_route_has_exactly_one_access_rule(app):
    wrong = {rule.rule: access(app, rule) for rule in rules(app) if access(app, rule) not in ACCESS}
    assert not wrong


def test_the_list_of_routes_changes_only_knowingly(app):
    lines = [f"{access(app, rule):<19} {'+'.join(sorted(rule.methods - {'HEAD', 'OPTIONS'})):<9} {rule.rule}"
             for rule in rules(app)]
    same_as_golden(ROOT / "tests" / "house" / "routes.txt", "\n".join(lines) + "\n")


def test_addresses_are_french_words_without_accents_or_capitals(app):
    for rule in rules(app):
        fixed = "".join(part.split(">")[-1] for part in rule.rule.split("<"))
        assert fixed == fixed.lower().replace("_", "-"), rule.rule
        assert fixed.isascii(), rule.rule


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://ailleurs.example"},
    {"Origin": "null"}, {"Referer": "https://ailleurs.example/localhost"}, {},
], ids=lambda headers: "-".join(f"{k} {v}" for k, v in headers.items()) or "no header")
def test_every_post_refuses_what_does_not_come_from_our_pages(app, headers):
    client = app.test_client()
    seen = 0
    for rule in rules(app):
        for method in rule.methods - SAFE:
            path = address(app, rule)
            # The reading client says "same-origin" by default; here it says exactly these headers.
            answer = super(type(client), client).open(path, method=method, headers=headers, data={"x": "y"})
            assert answer.status_code == 403, (method, path, headers, answer.status_code)
            seen += 1
    assert seen >= 15


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"},
                                     {"Referer": "http://localhost/aide"}], ids=lambda headers: next(iter(headers)))
def test_a_post_from_our_own_page_is_heard_even_by_an_old_browser(app, headers):
    client = app.test_client()
    answer = super(type(client), client).open("/coordination/entrer", method="POST", headers=headers, data={"email": ""})
    assert answer.status_code == 422


def test_the_coordinators_space_is_closed_to_who_is_not_signed_in(app, client):
    closed = [rule for rule in rules(app) if access(app, rule) == "coordinator_only"]
    assert len(closed) >= 8
    for rule in closed:
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(address(app, rule), method=method)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/coordination/entrer"), rule.rule


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "../../etc/passwd"])
def test_a_made_up_session_opens_nothing(client, cookie):
    client.set_cookie("coordination", cookie)
    assert client.get("/coordination/").headers["Location"] == "/coordination/entrer"


def test_personal_pages_are_kept_by_no_cache_and_no_search_engine(app, client, post):
    from cast import AIDE, NOA, confirm, send
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    page = client.get(post.last(NOA).link("d"))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_an_unknown_personal_link_is_told_so_kindly(app, client):
    for rule in rules(app):
        if access(app, rule) == "personal_link":
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = client.open(address(app, rule), method=method)
                assert answer.status_code == 404, (method, rule.rule, answer.status_code)


def test_the_built_in_mailbox_does_not_exist_where_mail_leaves(environ):
    app = create_app({**environ, "RING_MAIL_SERVER": "127.0.0.1"}, testing=True)
    client = app.test_client()
    closed = [rule for rule in rules(app) if access(app, rule) == "captured_mail_only"]
    assert len(closed) >= 6
    for rule in closed:
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(address(app, rule), method=method, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 404, rule.rule


@pytest.mark.parametrize(("settings", "asked", "open_"), [
    ({"RING_PUBLIC_URL": "http://127.0.0.1:5000"}, "127.0.0.1:5000", True),
    ({"RING_PUBLIC_URL": "http://192.168.1.20:5000"}, "192.168.1.20:5000", True),  # scripts/run --host, which warns
    ({"RING_PUBLIC_URL": "http://[::1]:5000"}, "[::1]:5000", True),
    ({"RING_PUBLIC_URL": "https://reseau.exemple.fr"}, "reseau.exemple.fr", False),
    ({"RING_PUBLIC_URL": "http://93.184.216.34"}, "93.184.216.34", False),
    ({"RING_PUBLIC_URL": "http://127.0.0.1:5000"}, "reseau.exemple.fr", False),  # a proxy before a site that was told nothing
    ({"RING_PUBLIC_URL": "http://127.0.0.1:5000"}, "[2001:db8:", False),
    ({"RING_PUBLIC_URL": "https://essai.exemple.fr", "RING_DEBUG": "1"}, "essai.exemple.fr", True)])
def test_the_built_in_mailbox_shows_everybodys_mail_where_nobody_from_outside_can_come(environ, settings, asked, open_):
    app = create_app({**environ, **settings}, testing=True)
    client, mailbox = app.test_client(), [rule for rule in rules(app) if access(app, rule) == "captured_mail_only"]
    for rule in mailbox:
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(address(app, rule), method=method, headers={"Host": asked, "Sec-Fetch-Site": "same-origin"})
            said = "sous une adresse publique" in answer.text or answer.status_code == 400
            assert said is not open_ and (open_ or answer.status_code in (400, 404)), rule.rule
    page = client.get("/", headers={"Host": asked})
    if page.status_code == 200:
        assert ("/courrier/" in page.text) is app.extensions["ring"].settings.open_mailbox
        assert ("pas encore de courriels" in page.text) is not app.extensions["ring"].settings.open_mailbox


def test_no_page_anybody_can_open_sets_a_cookie(app, client):
    for rule in rules(app):
        if access(app, rule) == "public" and "GET" in rule.methods:
            with client.get(address(app, rule)) as answer:
                assert "Set-Cookie" not in answer.headers, rule.rule


def test_every_answer_carries_the_strict_headers(app, client):
    for path in ("/", "/aide", "/nulle-part", "/static/style.css", "/courrier/"):
        with client.get(path) as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "unsafe" not in headers["Content-Security-Policy"], path
