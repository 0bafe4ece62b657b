"""Canary words and names go through a whole alert, and are looked for in all that stays: database files with their journal,
a backup, a dump, logs, temporary files, letters on their way, and every page and file the rest of the network can open."""

from __future__ import annotations

import base64
import io
from email import message_from_bytes, policy

import pikepdf
import pytest
from alerte_people import OUTSIDE, PHRASE, REFERENT, S05, code_of
from canaries import forms_of, found_in
from cast import COORDINATOR
from house.test_doors import access, address, rules
from pages import ReadingClient, soup
from post import Post
from relay import Server, listening, sending_app
from setting import databases
from team import ADMINISTRATOR, come_in

from jobs.engine import deliver_all, hourly
from services.alerte import notices

SAID, ANSWERED, AGAIN = "Zibeline cramoisie, je n’en peux plus", "Amarante, je vous appelle", "Cinabre, merci"
ADDRESS, NAME, EMPLOYER, PHONE = "perce.neige@prive.example", "Hermine Poignant-Test", "Structure Introuvable", "06 39 98 77 66"


@pytest.fixture
def smtp():
    with listening(Server()) as server:
        yield server


@pytest.fixture
def sending(environ, smtp, clock):
    with sending_app(environ, smtp.port, clock, RING_MAIL_TIMEOUT="5") as app:
        app.extensions["clock"] = clock
        app.test_client_class = ReadingClient
        yield app


def _letters(app, smtp, clock) -> list:
    deliver_all(clock.now)
    return [message_from_bytes(envelope.original_content, policy=policy.default) for envelope in smtp.received]


def _link(app, smtp, clock, to: str, kind: str) -> str:
    import re
    last = [letter for letter in _letters(app, smtp, clock) if letter["To"].addresses[0].addr_spec == to][-1]
    return re.search(rf"https?://[^/\s]+(/{kind}[^\s]*)", last.get_body(("plain",)).get_content())[1]


@databases("sqlite", "postgresql")
def test_nothing_that_stays_holds_a_word_or_a_name_of_an_alert(sending, smtp, clock, watched):
    app, client = sending, sending.test_client()
    watch = watched(app)
    watch.words = [SAID, ADDRESS, NAME, EMPLOYER, PHONE, PHONE.replace(" ", ""), PHRASE]

    for email in (REFERENT, OUTSIDE):
        client.fill(client.get("/referents"), "/referents", email=email)
        path = _link(app, smtp, clock, email, "r/")
        sheet = client.fill(client.get(path), path, phrase=PHRASE, again=PHRASE, alone="oui")
        watch.words.append(code_of(sheet))
        watch.words.append(code_of(sheet).replace(" ", ""))
        paper = client.fill(sheet, "/referents/fiche.pdf")
        assert paper.mimetype == "application/pdf" and paper.headers["Cache-Control"] == "no-store"
        with pikepdf.open(io.BytesIO(paper.data)) as pdf:
            assert len(pdf.pages) == 1 and "Fiche de secours" in str(pdf.docinfo["/Title"])
        watch.look()

    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **(S05 | {
        "words": SAID, "name": NAME, "email": ADDRESS, "employer": EMPLOYER, "phone": PHONE}))
    watch.look()
    code = code_of(client.fill(check, "/alerte/envoyer"))
    watch.words += [code, code.replace(" ", "-")]
    watch.look()  # letters still wait
    assert ADDRESS in {letter["To"].addresses[0].addr_spec for letter in _letters(app, smtp, clock)}
    assert notices.captured() == []
    watch.look()

    path = _link(app, smtp, clock, REFERENT, "r/")
    client.fill(client.get(path), path, phrase=PHRASE)
    client.fill(client.get("/referents/messages/1"), "/referents/messages/1")
    page = client.get("/referents/messages/1")
    assert SAID in page.text and NAME in page.text and PHONE in page.text
    watch.words.append(ANSWERED)
    client.fill(page, "/referents/messages/1/repondre", words=ANSWERED)
    watch.look()
    page = client.fill(client.get("/suite"), "/suite", code=code)
    assert ANSWERED in page.text
    watch.words.append(AGAIN)
    client.fill(page, "/suite/repondre", words=AGAIN)
    client.get("/suite")
    watch.look()
    client.post("/suite", data={"code": code.replace(code.split()[0], "abeille")})
    client.fill(client.get("/referents/messages/1"), "/referents/messages/1/repondre", words="", clore="oui")
    _letters(app, smtp, clock)
    watch.look()

    for who in (COORDINATOR, ADMINISTRATOR):
        _every_page(app, client, clock, smtp, who, watch.words)
    clock.advance(days=61)
    hourly(clock.now)
    watch.look()
    assert watch.looked > 40


def _every_page(app, client, clock, smtp, who: str, words: list[str]) -> None:
    """All that a coordinator or an administrator can open, exports and files included."""

    class Mail(Post):
        def all(self) -> list:
            deliver_all(self.clock.now)
            return super().all()
    come_in(client, Mail(app, clock), clock, who)
    seen, others = 0, ("referent_only", "personal_link", "captured_mail_only", "code_awaited")
    for rule in rules(app):
        if "GET" in rule.methods and access(app, rule) not in others:
            with client.get(address(app, rule)) as answer:
                assert found_in(answer.get_data(), words) == [], rule.rule
                seen += 1
    assert seen > 25
    assert soup(client.get("/coordination/")).select("main")


def test_the_forms_a_word_may_take_are_all_seen(tmp_path):
    """The watch itself is watched."""
    for form in forms_of(SAID):
        assert found_in(b"xx" + form + b"yy", [SAID]) == [SAID]
    assert found_in(base64.b64encode(b"1" + SAID.encode() + b"2"), [SAID]) == [SAID]
    assert found_in(b'{"a": "%s"}' % SAID.encode("unicode_escape"), [SAID]) == [SAID]
    assert found_in(b"nothing", [SAID]) == []
