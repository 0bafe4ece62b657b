"""The way in: a link once, the same screen for everybody, a code for who needs one, sessions that close."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from asked import statements
from cast import COORDINATOR, sign_in
from pages import soup
from post import Post
from roads.stories import letters, token_in
from setting import at_once, databases
from sqlalchemy import select
from team import ADMINISTRATOR, READER, REFERENT, code_at, come_in, press_link, secret_shown

from app import create_app
from models.access_link import AccessLink, Purpose
from models.base import db, transaction
from models.second_factor import SecondFactor
from services.acces import second_factor, signing_in
from services.acces.signing_in import Browser

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def _ask(client, address: str):
    return client.post("/coordination/entrer", data={"email": address})


def test_known_and_unknown_addresses_get_the_same_screen_and_each_a_letter(client, post):
    known, unknown = _ask(client, COORDINATOR), _ask(client, "personne@ailleurs.example")
    assert known.status_code == unknown.status_code == 200
    assert known.text == re.sub("personne(@|%40)ailleurs", r"coordination\1ring", unknown.text)
    assert set(known.headers.keys()) == set(unknown.headers.keys())
    assert post.last(COORDINATOR).letter.endswith("/sign_in_link")
    assert post.last("personne@ailleurs.example").letter.endswith("/sign_in_unknown")


def test_asking_costs_about_as_many_statements_for_a_known_address_as_for_another(context, clock):
    """Time says nothing either: the same work but for the link's own row."""
    counts = {}
    for address in (COORDINATOR, "personne@ailleurs.example"):
        with statements(db.engine) as said:
            signing_in.ask(address, "127.0.0.1", clock.now)
        counts[address] = len(said)
    assert abs(counts[COORDINATOR] - counts["personne@ailleurs.example"]) <= 2, counts


def test_too_many_links_are_refused_without_saying_so(client, post):
    pages = [_ask(client, address) for address in (COORDINATOR, "personne@ailleurs.example") for _ in range(5)]
    assert {page.status_code for page in pages} == {200}
    assert [len(post.to(address)) for address in (COORDINATOR, "personne@ailleurs.example")] == [3, 3]


def test_whoever_asks_in_somebody_s_name_all_day_long_keeps_nobody_out(app, client, post, clock):
    sign_in(client, post)
    stranger = app.test_client()
    for _ in range(25):
        _ask(stranger, COORDINATOR)
        clock.advance(minutes=16)
    assert post.last(COORDINATOR, "sign_in_link").link("coordination/ouvrir")
    _ask(client, COORDINATOR)
    mine = post.last(COORDINATOR, "sign_in_link").link("coordination/ouvrir")
    for _ in range(3):
        _ask(stranger, COORDINATOR)
    assert client.get(mine).status_code == 200, "a stranger's demand cancels nothing of a browser that came before"
    clock.advance(minutes=31)
    before = len(post.to(COORDINATOR))
    _ask(app.test_client(), COORDINATOR)
    assert len(post.to(COORDINATOR)) == before + 1, "from a new browser too, half an hour later at the latest"


def test_a_link_serves_once_for_thirty_minutes_and_the_newer_cancels_the_older(client, post, clock):
    _ask(client, COORDINATOR)
    older = post.last(COORDINATOR, "sign_in_link").link("coordination/ouvrir")
    _ask(client, COORDINATOR)
    newer = post.last(COORDINATOR, "sign_in_link").link("coordination/ouvrir")
    gone = client.get(older)
    assert gone.status_code == 410 and 'href="/coordination/entrer">Recevoir un nouveau lien' in gone.text
    for _ in range(10):
        assert client.get(newer).status_code == client.head(newer).status_code == 200
    clock.advance(minutes=29)
    page = client.get(newer)
    assert client.fill(page, newer).status_code == 303
    assert client.post(newer).status_code == 410
    clock.advance(minutes=16)
    _ask(client, COORDINATOR)
    late = post.last(COORDINATOR, "sign_in_link").link("coordination/ouvrir")
    clock.advance(minutes=31)
    assert client.get(late).status_code == client.post(late).status_code == 410


@databases("sqlite", "postgresql")
def test_two_presses_at_once_make_one_session(context, clock):
    signing_in.ask(COORDINATOR, "127.0.0.1", clock.now)
    token = token_in(letters(COORDINATOR, "sign_in_link")[-1])
    given, refused = at_once(context, 6, lambda _n: signing_in.enter(token, Browser("Firefox"), clock.now))
    assert len(given) == 1 and len(refused) == 5
    db.session.rollback()
    assert len([row for row in db.session.scalars(select(AccessLink)) if row.purpose == Purpose.SESSION]) == 1


def test_a_session_planted_before_is_worth_nothing_after(client, post):
    client.set_cookie("coordination", "a" * 43)
    sign_in(client, post)
    assert client.get_cookie("coordination").value != "a" * 43
    other = client.application.test_client()
    other.set_cookie("coordination", "a" * 43)
    assert other.get("/coordination/").headers["Location"] == "/coordination/entrer"


def test_a_session_left_is_dead_wherever_its_cookie_was_copied(client, post):
    sign_in(client, post)
    copied = client.get_cookie("coordination").value
    answer = client.post("/coordination/quitter")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.set_cookie("coordination", copied)
    assert client.get("/coordination/").headers["Location"] == "/coordination/entrer"


def test_a_session_ends_by_itself_after_twelve_hours(client, post, clock):
    sign_in(client, post)
    clock.advance(hours=11, minutes=59)
    assert client.get("/coordination/").status_code == 200
    clock.advance(minutes=2)
    assert client.get("/coordination/").status_code == 303


def test_a_forged_host_is_refused_and_changes_no_letter(environ, clock):
    app = create_app({**environ, "RING_PUBLIC_URL": "https://ring.example"}, testing=True)
    app.extensions["clock"] = clock
    client = app.test_client()
    said = {"Sec-Fetch-Site": "same-origin"}
    forged = client.post("/coordination/entrer", data={"email": COORDINATOR}, headers=said, base_url="https://evil.example")
    assert forged.status_code == 400
    client.post("/coordination/entrer", data={"email": COORDINATOR}, headers=said | {"X-Forwarded-Host": "evil.example"},
                base_url="https://ring.example")
    [letter] = Post(app, clock).to(COORDINATOR)
    assert "https://ring.example/coordination/ouvrir/" in letter.text and b"evil" not in letter.raw


def test_cookies_are_bound_to_the_host_where_the_site_is_secure(environ, clock):
    app = create_app({**environ, "RING_PUBLIC_URL": "https://ring.example"}, testing=True)
    app.extensions["clock"] = clock
    client = app.test_client()
    said = {"headers": {"Sec-Fetch-Site": "same-origin"}, "base_url": "https://ring.example"}
    client.post("/coordination/entrer", data={"email": COORDINATOR}, **said)
    answer = client.post(Post(app, clock).last(COORDINATOR).link("coordination/ouvrir"), **said)
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-coordination", "__Host-coordination-appareil"}
    for cookie in cookies:
        assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")), cookie
        assert "Domain" not in cookie


def test_the_owner_is_told_of_a_browser_never_seen_and_of_no_other(app, client, post, clock):
    sign_in(client, post)
    assert not [letter for letter in post.to(COORDINATOR) if letter.letter.endswith("/new_device")], "nothing to compare with"
    client.post("/coordination/quitter")
    clock.advance(minutes=20)
    sign_in(client, post)
    assert not [letter for letter in post.to(COORDINATOR) if letter.letter.endswith("/new_device")]
    clock.advance(minutes=20)
    other = app.test_client()
    _ask(other, COORDINATOR)
    path = post.last(COORDINATOR, "sign_in_link").link("coordination/ouvrir")
    other.open(path, method="POST", headers={"User-Agent": FIREFOX})
    said = post.last(COORDINATOR, "new_device").text
    assert "Firefox sur Windows" in said and "/coordination/securite" in said


def test_sessions_are_listed_and_closed_from_any_of_them(app, client, post, clock):
    sign_in(client, post)
    clock.advance(minutes=20)
    other = app.test_client()
    press_link(other, post, COORDINATOR)
    assert len(soup(client.get("/coordination/securite")).select("tbody tr")) == 2
    one = soup(client.get("/coordination/securite")).select_one("tbody form")["action"].split("#")[0]
    assert client.post(one).status_code == client.post(one).status_code == 303, "twice is once"
    assert other.get("/coordination/").status_code == 303
    assert client.get("/coordination/").status_code == 200
    clock.advance(minutes=20)
    press_link(other, post, COORDINATOR)
    client.post("/coordination/securite/sessions")
    assert other.get("/coordination/").status_code == 303 and client.get("/coordination/").status_code == 200


def test_nobody_closes_the_session_of_another(app, client, post, clock):
    sign_in(client, post)
    with app.app_context():
        number = db.session.scalar(select(AccessLink.id).where(AccessLink.purpose == Purpose.SESSION.value))
    other = app.test_client()
    come_in(other, post, clock, READER)
    assert other.post(f"/coordination/securite/sessions/{number}").status_code == 303
    assert client.get("/coordination/").status_code == 200


# ---- the second factor


def _installed(client, post, clock, address: str = ADMINISTRATOR) -> tuple[str, list[str]]:
    press_link(client, post, address)
    page = client.get("/coordination/code")
    secret = secret_shown(page)
    page = client.fill(page, "/coordination/code", code=code_at(secret, clock))
    return secret, [item.text for item in soup(page).select(".codes li")]


@pytest.mark.parametrize("address", [ADMINISTRATOR, REFERENT])
def test_who_administers_or_reads_alerts_gives_a_code_before_anything_opens(client, post, clock, address):
    assert press_link(client, post, address).headers["Location"] == "/coordination/code"
    assert client.get("/coordination/securite").headers["Location"] == "/coordination/entrer"
    assert client.get_cookie("coordination") is None
    page = client.get("/coordination/code")
    assert client.fill(page, "/coordination/code", code="000 000").status_code == 422
    assert client.get("/coordination/securite").status_code == 303
    client.fill(page, "/coordination/code", code=code_at(secret_shown(page), clock))
    assert client.get("/coordination/securite").status_code == 200


def test_a_code_serves_once_and_the_next_entry_asks_another(client, post, clock):
    secret, _kept = _installed(client, post, clock)
    client.post("/coordination/quitter")
    code = code_at(secret, clock)
    press_link(client, post, ADMINISTRATOR)
    page = client.get("/coordination/code")
    assert not soup(page).select(".key"), "the key is shown once"
    assert client.fill(page, "/coordination/code", code=code).status_code == 422
    clock.advance(seconds=30)
    assert client.fill(page, "/coordination/code", code=code_at(secret, clock)).status_code == 303
    assert client.get("/coordination/equipe").status_code == 200


def test_a_code_on_paper_replaces_the_telephone_once(client, post, clock):
    _secret, kept = _installed(client, post, clock)
    assert len(kept) == len(set(kept)) == second_factor.RECOVERY_CODES
    client.post("/coordination/quitter")
    press_link(client, post, ADMINISTRATOR)
    used = client.fill(client.get("/coordination/code"), "/coordination/code", code=kept[0].upper().replace("-", " "))
    assert used.status_code == 200 and "reste 9" in " ".join(soup(used).text.split()).replace("\u00a0", " ")
    client.post("/coordination/quitter")
    clock.advance(minutes=16)
    press_link(client, post, ADMINISTRATOR)
    assert client.fill(client.get("/coordination/code"), "/coordination/code", code=kept[0]).status_code == 422


def test_guessing_codes_stops(client, post, clock):
    press_link(client, post, ADMINISTRATOR)
    answers = [client.post("/coordination/code", data={"code": f"{number:06d}"}).status_code for number in range(40)]
    assert answers.count(422) == second_factor.TRIES and answers[-1] == 429


def test_the_right_to_give_a_code_lasts_fifteen_minutes(client, post, clock):
    press_link(client, post, ADMINISTRATOR)
    clock.advance(minutes=16)
    assert client.get("/coordination/code").headers["Location"] == "/coordination/entrer"


def test_the_database_gives_no_code_away(app, client, post, clock):
    secret, kept = _installed(client, post, clock)
    with app.app_context():
        row = db.session.scalar(select(SecondFactor))
        said = repr(vars(row)).encode() + row.secret
    assert secret.encode() not in said
    assert not [code for code in kept if code.encode() in said]


def test_a_coordinator_may_install_a_code_and_do_without_again(client, post, clock):
    sign_in(client, post)
    client.post("/coordination/securite/code")
    page = client.get("/coordination/securite/code")
    secret = secret_shown(page)
    assert client.fill(page, "/coordination/securite/code", code="").status_code == 422
    assert client.fill(page, "/coordination/securite/code", code=code_at(secret, clock)).status_code == 200
    clock.advance(minutes=20)
    client.post("/coordination/quitter")
    assert press_link(client, post, COORDINATOR).headers["Location"] == "/coordination/code"
    client.fill(client.get("/coordination/code"), "/coordination/code", code=code_at(secret, clock))
    clock.advance(seconds=31)
    form = client.get("/coordination/securite/code/retirer")
    assert client.fill(form, "/coordination/securite/code/retirer", code="123456").status_code == 422
    assert client.fill(form, "/coordination/securite/code/retirer", code=code_at(secret, clock)).status_code == 303
    client.post("/coordination/quitter")
    assert press_link(client, post, COORDINATOR).headers["Location"] == "/coordination/"


def test_who_must_have_a_code_cannot_do_without(client, post, clock):
    secret, _kept = _installed(client, post, clock)
    clock.advance(seconds=31)
    assert client.post("/coordination/securite/code/retirer", data={"code": code_at(secret, clock)}).status_code == 409


def test_an_administrator_resets_a_lost_telephone_and_its_owner_is_told(app, client, post, clock):
    _installed(client, post, clock, REFERENT)
    admin = app.test_client()
    come_in(admin, post, clock, ADMINISTRATOR)
    clock.advance(hours=-1)  # the session of the referent is still open
    assert client.get("/coordination/securite").status_code == 200
    assert admin.post("/coordination/equipe/code", data={"qui": REFERENT}).status_code == 303
    assert client.get("/coordination/securite").status_code == 303
    assert "remis à zéro" in post.last(REFERENT, "access_changed").text
    clock.advance(hours=2)
    press_link(client, post, REFERENT)
    assert soup(client.get("/coordination/code")).select(".key"), "another telephone is installed"


def test_an_administrator_closes_somebodys_sessions(app, client, post, clock):
    sign_in(client, post)
    admin = app.test_client()
    come_in(admin, post, clock, ADMINISTRATOR)
    assert admin.post("/coordination/equipe/sessions", data={"qui": COORDINATOR}).status_code == 303
    assert client.get("/coordination/").status_code == 303
    assert "a fermé toutes vos sessions" in post.last(COORDINATOR, "access_changed").text
    assert admin.post("/coordination/equipe/sessions", data={"qui": "x@ailleurs.example"}).status_code == 404


def test_a_role_that_asks_for_a_code_opens_nothing_in_a_session_opened_without(app, client, post, clock):
    """Somebody made an administrator while signed in gives a code first."""
    sign_in(client, post)
    with app.app_context():
        row = db.session.scalar(select(AccessLink).where(AccessLink.purpose == Purpose.SESSION.value))
        token = client.get_cookie("coordination").value
        assert signing_in.owner(token, clock.now).email == COORDINATOR
        db.session.expunge_all()
        with transaction():
            db.session.get(AccessLink, row.id).email = ADMINISTRATOR
        assert signing_in.owner(token, clock.now) is None


def test_who_left_the_file_opens_nothing_with_what_they_had(app, client, post, clock):
    sign_in(client, post)
    ring = app.extensions["ring"]
    others = tuple(person for person in ring.network.coordinators if person.email != COORDINATOR)
    app.extensions["ring"] = replace(ring, network=replace(ring.network, coordinators=others))
    assert client.get("/coordination/").headers["Location"] == "/coordination/entrer"
