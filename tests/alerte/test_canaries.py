"""Canary words and names go through a whole alert, and are looked for in all that stays: database files with their journal,
a backup, a dump, logs, temporary files, letters on their way, and every page and file the rest of the network can open."""

from __future__ import annotations

import base64
import logging
import quopri
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from alerte_people import OUTSIDE, PHRASE, REFERENT, S05, code_of
from cast import COORDINATOR
from house.test_doors import access, address, rules
from pages import ReadingClient, soup
from post import Post
from relay import Server, listening, sending_app
from setting import databases
from team import ADMINISTRATOR, come_in

from jobs.engine import deliver_all, hourly
from models.base import db
from services.alerte import notices

SAID, ANSWERED, AGAIN = "Zibeline cramoisie, je n’en peux plus", "Amarante, je vous appelle", "Cinabre, merci"
ADDRESS, NAME, EMPLOYER, PHONE = "perce.neige@prive.example", "Hermine Poignant-Test", "Structure Introuvable", "06 39 98 77 66"


def forms_of(word: str) -> Iterator[bytes]:
    """What a word looks like however it is written down."""
    raw = word.encode()
    yield from (raw, word.lower().encode(), word.encode("utf-16-le"), quote(word).encode(), quote_plus(word).encode(),
                quopri.encodestring(raw), raw.hex().encode(), raw.hex().upper().encode())
    yield word.encode("unicode_escape")
    for shift in range(3):  # base64 of a text that holds it anywhere
        yield base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4]


def found_in(content: bytes, words: list[str]) -> list[str]:
    return [word for word in words if any(form in content for form in forms_of(word))]


def files_of(*folders: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def dumped(app, tmp_path: Path) -> dict[str, bytes]:
    """What an operator keeps of the database, as the runbook says."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        copy = tmp_path / "backup.db"
        copy.unlink(missing_ok=True)
        with sqlite3.connect(url.database) as connection:
            connection.execute(f"VACUUM INTO '{copy}'")
        connection.close()
        return {"backup": copy.read_bytes()}
    tool = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1]
    where = ["-h", url.host, "-p", str(url.port), "-U", url.username, url.database]
    return {"dump": subprocess.run([tool, *where], capture_output=True, check=True).stdout}


class Watch:
    """All that stays, looked at after each step."""

    def __init__(self, app, folder: Path, temporary: Path, tmp_path: Path, caplog) -> None:
        self.app, self.folders, self.tmp_path, self.caplog = app, (folder, temporary), tmp_path, caplog
        self.words: list[str] = [SAID, ADDRESS, NAME, EMPLOYER, PHONE, PHONE.replace(" ", ""), PHRASE]
        self.looked = 0

    def look(self) -> None:
        with self.app.app_context():
            everything = files_of(*self.folders) | dumped(self.app, self.tmp_path) | {"log": self.caplog.text.encode()}
            db.session.rollback()
        for where, content in everything.items():
            assert found_in(content, self.words) == [], where
        self.looked += len(everything)


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
def test_nothing_that_stays_holds_a_word_or_a_name_of_an_alert(sending, environ, smtp, clock, tmp_path, caplog, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    caplog.set_level(logging.DEBUG)
    # The other side's: a mail server knows to whom it carries a letter (docs/runbook.md says so).
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)
    app, client = sending, sending.test_client()
    watch = Watch(app, Path(environ["RING_INSTANCE"]), temporary, tmp_path, caplog)

    for email in (REFERENT, OUTSIDE):
        client.fill(client.get("/referents"), "/referents", email=email)
        path = _link(app, smtp, clock, email, "r/")
        sheet = client.fill(client.get(path), path, phrase=PHRASE, again=PHRASE, alone="oui")
        watch.words.append(code_of(sheet))
        watch.words.append(code_of(sheet).replace(" ", ""))
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
