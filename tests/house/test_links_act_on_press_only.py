"""A mail scanner opens every link of every letter before the person does: opening changes nothing, pressing acts."""

from __future__ import annotations

import re
from email import message_from_bytes

from cast import ANDREA, CLAUDE, COORDINATOR, HOSTING, IMMERSION, NOA, STRUCTURE, confirm, press, send, sign_in
from pages import soup
from sqlalchemy import select

from models.base import db


def dump(app) -> dict[str, list]:
    """Every row of every table, each value whole (a row's own repr cuts long texts short), mail with its words decoded."""
    with app.app_context():
        db.session.rollback()
        return {table.name: sorted(" | ".join(map(_whole, row)) for row in db.session.execute(select(table)))
                for table in db.metadata.sorted_tables}


def _whole(value) -> str:
    if not isinstance(value, bytes):
        return repr(value)
    parts = [part for part in message_from_bytes(value).walk() if not part.is_multipart()]
    return b"\n".join([value, *(part.get_payload(decode=True) or b"" for part in parts)]).decode("utf-8", "backslashreplace")


class Scanner:
    """Opens what it is given, and the links of the pages it finds, without a session; remembers what it opened."""

    def __init__(self, app, post) -> None:
        self.app, self.post, self.seen = app, post, set()
        self.client = app.test_client()

    def scan(self) -> int:
        """Open all that is new; the database is as it was."""
        letters = self.post.all()
        before, opened = dump(self.app), 0
        todo = [path for letter in letters for path in re.findall(r"https?://[^/\s\"<]+(/[^\s\"<&]*)", letter.text + letter.html)]
        deeper = []
        while todo or deeper:
            path, further = (todo.pop(), True) if todo else (deeper.pop(), False)
            if path in self.seen or path.startswith("/courrier"):
                continue
            self.seen.add(path)
            with self.client.get(path) as page, self.client.head(path) as head:
                assert page.status_code == head.status_code, path
                assert page.status_code < 500, path
                assert not head.data, path
                opened += 1
                if further and page.mimetype == "text/html":
                    deeper += [a["href"].split("#")[0] for a in soup(page).select("a[href^='/']")]
        after = dump(self.app)
        assert before == after, [table for table in before if before[table] != after[table]]
        return opened


def test_opening_every_link_of_every_letter_changes_nothing(app, client, post):
    scanner = Scanner(app, post)
    send(client, "/rejoindre/structure", STRUCTURE)
    assert scanner.scan() >= 1
    confirm(client, post, CLAUDE)
    scanner.scan()
    post.reply(post.last(COORDINATOR), "accepter")
    scanner.scan()
    send(client, "/immersion", IMMERSION)
    scanner.scan()
    confirm(client, post, NOA)
    scanner.scan()
    press(client, post.last(COORDINATOR, "request_to_coordinator").link("d"))  # its first link is "accepter"
    scanner.scan()
    press(client, post.last(ANDREA).link("d") + "/accepter")
    scanner.scan()
    press(client, post.last(COORDINATOR, "employer_agreed").link("d") + "/proposer", structure="1")
    scanner.scan()
    press(client, post.last(CLAUDE).link("d") + "/accueillir", **HOSTING)
    scanner.scan()
    client.fill(client.get("/coordination/entrer"), "/coordination/entrer", email=COORDINATOR)
    scanner.scan()
    sign_in(client, post)
    press(client, "/coordination/IMM-2027-0001/rediger")
    press(client, "/coordination/IMM-2027-0001/relecture")
    scanner.scan()
    press(client, "/coordination/IMM-2027-0001/signature")
    assert scanner.scan() >= 3
    assert len(scanner.seen) > 50


def test_what_is_compared_and_searched_has_the_words_of_letters_whole(app, client, post):
    send(client, "/rejoindre/structure", STRUCTURE)
    letter = post.to(CLAUDE)[-1]
    kept = " ".join(dump(app)["outbox_body"])
    assert letter.text.strip()[-40:] in kept.replace("\r\n", "\n") and "Confirmer" in kept
