"""A new version of the commitments asks again, kindly: by link or « j’accepte », reminded rarely, never punished."""

from __future__ import annotations

import pytest
from cast import CLAUDE, COORDINATOR, NOA, PROFESSIONAL, STRUCTURE, confirm, send, sign_in
from setting import databases

from jobs.engine import hourly
from models.agreement import CharterAgreement
from models.base import db
from models.charter import charter
from models.structure import Membre

HERE, VERSION = "/coordination/membres/", "2027-01"


@pytest.fixture
def newer(app):
    """A new version for professionals, put by the operator while the site runs; structures read the same words."""
    def put(version: str = VERSION) -> None:
        with app.app_context():
            old = charter("2026-11")
            folder = app.extensions["ring"].settings.INSTANCE / "commitments"
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for kind, commitments in old.commitments.items():
            for one in commitments[:-1] if kind == "professional" else commitments:
                lines += [f"[[{kind}]]", f'code = "{one.code}"', f'titre = "{one.title}"', f'texte = "{one.text}"']
            if kind == "professional":
                lines += ["[[professional]]", 'code = "accueil"', 'titre = "Accueillir"', f'texte = "Nous recevons ({version})."']
        (folder / f"{version}.toml").write_text("\n".join(lines), "utf-8")
    return put


def joins(client, post, email: str, pages, prefix: str) -> None:
    send(client, prefix, pages)
    confirm(client, post, email)
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/accepter")


@pytest.fixture
def asked(app, client, post, clock, newer):
    """Noa and Claude are members; a newer version concerns Noa, and was put to the members."""
    joins(client, post, NOA, PROFESSIONAL, "/rejoindre/professionnel")
    joins(client, post, CLAUDE, STRUCTURE, "/rejoindre/structure")
    newer()
    sign_in(client, post)
    page = client.get(HERE)
    assert "La version 2027-01 est prête" in page.text and "les structures" not in page.text
    assert client.fill(page, f"{HERE}engagements", why="Nous accueillons davantage.").status_code == 303
    with app.app_context():
        hourly(clock.now)
    return post.last(NOA, "charter_proposed")


def version_of(app, email: str) -> str:
    with app.app_context():
        return db.session.query(Membre).filter_by(email=email).one().charter_version


@databases("sqlite", "postgresql")
def test_who_agreed_to_an_older_version_reads_what_changes_and_agrees_by_link(app, client, post, asked):
    assert "Nous accueillons davantage." in asked.text and "Accueillir" in asked.text and "Ne figure plus" in asked.text
    assert not [one for one in post.to(CLAUDE) if one.letter.endswith("charter_proposed")], "nothing changes for structures"
    link = asked.link("engagements")
    for _ in range(2):
        assert client.get(link).status_code == 200 and client.head(link).status_code == 200
    assert version_of(app, NOA) == "2026-11", "opening a letter agrees to nothing"
    for _ in range(2):
        page = client.get(link)
        if "J’accepte" in page.text:
            assert "C’est noté" in client.fill(page, link).text
    assert version_of(app, NOA) == VERSION
    assert "Tout le monde" in client.get(HERE).text
    client.fill(client.get("/mon-espace"), "/mon-espace", email=NOA)
    space = post.last(NOA, "space_link").link("mon-espace")
    shown = client.get(space).text
    assert "version 2027-01" in shown and "version 2026-11" in shown and "en rejoignant" in shown
    for version in ("2026-11", VERSION):
        assert client.get(f"{space}/engagements-{version}.pdf").data.startswith(b"%PDF")
    assert client.get(f"{space}/engagements-2031-01.pdf").status_code == 404


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("words", ["J’accepte", "oui", "D’accord."])
def test_j_accepte_in_reply_agrees_and_is_confirmed(app, client, post, asked, words):
    post.reply(asked, words)
    assert version_of(app, NOA) == VERSION
    assert "accepté les engagements" in " ".join(post.last(NOA).text.split())
    with app.app_context():
        ways = {row.version: row.way for row in db.session.query(CharterAgreement) if row.membre.email == NOA}
    assert ways == {"2026-11": "joining", VERSION: "mail"}


def test_other_words_go_to_the_coordination_and_agree_to_nothing(app, client, post, asked):
    post.reply(asked, "J’ai une question sur l’accueil.")
    assert version_of(app, NOA) == "2026-11"
    assert "une question sur l’accueil" in post.last(COORDINATOR).text


def test_two_reminders_at_most_and_nothing_is_taken_away(app, client, post, clock, asked):
    def letters() -> int:
        return len([one for one in post.to(NOA) if one.letter.endswith("charter_reminder")])
    said = []
    for days in (1, 30, 1, 95, 90, 365):
        clock.advance(days=days)
        while clock.now.weekday() > 3:
            clock.advance(days=1)
        with app.app_context():
            hourly(clock.now)
            hourly(clock.now)
        said.append(letters())
    assert said == [0, 1, 1, 2, 2, 2]
    with app.app_context():
        assert db.session.query(Membre).filter_by(email=NOA).one().left_at is None


def test_nobody_is_asked_before_a_coordinator_has_read_it_nor_twice(app, client, post, clock, newer):
    joins(client, post, NOA, PROFESSIONAL, "/rejoindre/professionnel")
    newer()
    with app.app_context():
        hourly(clock.now)
    assert not [one for one in post.to(NOA) if one.letter.endswith("charter_proposed")]
    sign_in(client, post)
    client.fill(client.get(HERE), f"{HERE}engagements")
    again = client.post(f"{HERE}engagements", data={"version": VERSION}, headers={"Sec-Fetch-Site": "same-origin"})
    assert again.status_code == 409
    newer("2027-02")
    stale = client.post(f"{HERE}engagements", data={"version": VERSION}, headers={"Sec-Fetch-Site": "same-origin"})
    assert stale.status_code == 422 and "Une autre version" in stale.text


def test_an_old_page_does_not_agree_to_what_was_not_in_view(app, client, post, asked, newer):
    link = asked.link("engagements")
    page = client.get(link)
    newer("2027-02")
    client.fill(client.get(HERE), f"{HERE}engagements")
    refused = client.fill(page, link)
    assert refused.status_code in (409, 410, 422) and version_of(app, NOA) == "2026-11"


def test_a_version_that_cannot_be_read_is_left_out_and_told_by_check(app, client):
    with app.app_context():
        folder = app.extensions["ring"].settings.INSTANCE / "commitments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "2027-03.toml").write_text("[[structure]]\ncode = 1", "utf-8")
    assert client.get("/rejoindre/structure").status_code == 200
    said = app.test_cli_runner().invoke(args=["check"]).output
    assert "2027-03.toml n’est pas lu" in said
