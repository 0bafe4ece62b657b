"""Mail that is not what it should be: kept, told to a person when it matters, and never taken for somebody's word."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from email import message_from_bytes
from email.policy import default

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send, sign_in
from house.tree import ROOT
from mail_reports import report
from roads.test_aide import state
from setting import at_once, databases
from sqlalchemy import select

from inbox import receive
from models.base import db
from models.conversation import Message
from models.inbound import InboundMessage
from models.journal import JournalEntry
from models.outbox import OutboxMessage
from services import inbound, mailbox_reply

STRANGER = "inconnu@ailleurs.example"


@pytest.fixture
def letter(client, post):
    """The coordinator's letter about a request for help."""
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    return post.last(COORDINATOR)


def raw_reply(app, letter, words: str, clock) -> bytes:
    with app.app_context():
        return mailbox_reply.write_reply(db.session.get(OutboxMessage, letter.id), words, [], clock.now)


def take(app, raw: bytes, clock) -> InboundMessage:
    with app.app_context():
        return db.session.get(InboundMessage, receive(raw, "test", clock.now))


def header(raw: bytes, name: str, value: str) -> bytes:
    """``raw`` with that header, in place of the one it had."""
    raw = re.sub(rb"(?mi)^" + name.encode() + rb":.*?\r\n(?=\S)", b"", raw, count=1, flags=re.DOTALL)
    return f"{name}: {value}\r\n".encode() + raw


def elsewhere(raw: bytes, address: str) -> bytes:
    """``raw`` sent to another address, and answering nothing we know."""
    return header(header(header(raw, "To", address), "In-Reply-To", "<x@y>"), "References", "<x@y>")


def test_somebody_else_writing_to_a_reply_address_waits_for_the_word_of_who_is_expected(app, client, post, letter):
    post.reply(letter, "/accepter\nJe décide à sa place", sender=f"Alix Coordination <{STRANGER}>")
    assert state(app) == "submitted"
    assert not [item for item in post.to(NOA) if "à sa place" in item.text]
    asked = post.last(COORDINATOR, "is_it_you")
    assert STRANGER in asked.text
    client.fill(client.get(asked.link("adresse")), asked.link("adresse"), reponse="non")
    assert state(app) == "submitted"
    assert STRANGER in post.last(COORDINATOR, "digest").text
    sign_in(client, post)
    assert STRANGER in client.page("/coordination/courriels").text


def test_nobody_is_asked_whether_an_address_that_looks_like_theirs_is_theirs(app, post, letter):
    """With a Cyrillic « о »: they would say yes."""
    number = post.reply(letter, "/accepter", sender="Alix Coordination <c\u043eordination@ring.example>")
    assert not [item for item in post.to(COORDINATOR) if item.letter.endswith("is_it_you")]
    with app.app_context():
        row = db.session.get(InboundMessage, number)
        assert row.state == "quarantined" and "ressemblent" in row.reason
    assert state(app) == "submitted"


def test_the_author_cannot_use_the_coordinators_letter(app, post, letter):
    post.reply(letter, "/clore", sender=NOA)
    assert state(app) == "submitted"


@pytest.mark.parametrize("address", ["reponse+aaaaaaaaaaaaaaaaaaaaaaaaaa@ring.example", "reponse@ring.example",
                                     "contact@ring.example"])
def test_a_made_up_reply_address_leads_nowhere(app, clock, letter, address):
    row = take(app, elsewhere(raw_reply(app, letter, "/clore", clock), address), clock)
    assert (row.state, state(app)) == ("quarantined", "submitted")


def test_a_forged_address_does_not_open_somebody_elses_conversation(app, clock, post, letter):
    """One letter of the signature changed, and the rest as it was."""
    raw = raw_reply(app, letter, "/clore", clock)
    address = message_from_bytes(raw, policy=default)["To"].addresses[0].addr_spec
    forged = address.replace(address[20], "a" if address[20] != "a" else "b", 1)
    assert take(app, elsewhere(raw, forged), clock).state == "quarantined"
    assert state(app) == "submitted"


@pytest.mark.parametrize("extra", [
    {"Auto-Submitted": "auto-replied"}, {"X-Autoreply": "yes"}, {"Precedence": "auto_reply"},
    {"Auto-Submitted": "auto-generated", "Subject": "Absence du bureau"},
    {"Subject": "Réponse automatique : absent jusqu’au 18 janvier"},
], ids=lambda extra: "-".join(extra.values())[:30])
def test_an_absence_is_kept_and_answers_nobody(app, clock, post, letter, extra):
    raw = raw_reply(app, letter, "Je suis absente du bureau jusqu’au 18 janvier.", clock)
    for name, value in extra.items():
        raw = header(raw, name, value)
    before = len(post.all())
    row = take(app, raw, clock)
    assert row.state == "ignored", row.reason
    assert len(post.all()) == before and state(app) == "submitted"


def test_a_bounce_is_noted_on_the_request_and_answers_nobody(app, clock, post, letter):
    """What becomes of the address: tests/mail/test_stopped.py."""
    with app.app_context():
        name = db.session.get(OutboxMessage, letter.id).message_id
    before = len(post.all())
    row = take(app, report(_envelope(app, letter), COORDINATOR, letter=name), clock)
    assert row.state == "ignored" and "5.1.1" in row.reason
    with app.app_context():
        assert db.session.get(OutboxMessage, letter.id).state == "held"
        assert db.session.scalars(select(JournalEntry.kind)).all()[-1] == "address_stopped"
    [told] = post.all()[before:]
    assert told.letter == "coordination/address_stopped" and told.to != COORDINATOR, "another coordinator is told"


def test_a_report_that_names_no_letter_of_ours_changes_nothing(app, clock, post, letter):
    before = len(post.all())
    assert take(app, report(_envelope(app, letter), COORDINATOR), clock).state == "ignored"
    assert len(post.all()) == before
    with app.app_context():
        assert db.session.get(OutboxMessage, letter.id).state == "captured"
        assert "address_stopped" not in db.session.scalars(select(JournalEntry.kind)).all()


def test_a_delay_is_not_a_failure(app, clock, post, letter):
    """« Still trying » (RFC 3464, action: delayed): nothing to tell yet."""
    returned = _envelope(app, letter)
    delay = f"""From: MAILER-DAEMON@mx.example
To: {returned}
Subject: Delayed Mail (still being retried)
Message-ID: <delay-1@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered for 4 hours. It will be retried.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {COORDINATOR}
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; 451 4.4.1 connection timed out

--b--
""".replace("\n", "\r\n").encode()
    assert take(app, delay, clock).state == "ignored"
    with app.app_context():
        assert "mail_failed" not in db.session.scalars(select(JournalEntry.kind)).all()
        assert db.session.get(OutboxMessage, letter.id).state != "failed"


def _envelope(app, letter) -> str:
    with app.app_context():
        return db.session.get(OutboxMessage, letter.id).envelope_from


@databases("sqlite", "postgresql")
def test_the_same_mail_delivered_twice_is_one_answer(app, clock, post, letter):
    raw = raw_reply(app, letter, "Bonjour Noa", clock)
    first = take(app, raw, clock)
    assert take(app, raw, clock).id == first.id
    by_another_way = take(app, b"Received: from b.example\r\n" + raw, clock)
    assert (by_another_way.state, by_another_way.reason) == ("ignored", "déjà reçu")
    assert len([item for item in post.to(NOA) if item.letter == "conversation/message_relayed"]) == 1


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("words", ["Bonjour Noa", "/clore\nMerci"])
def test_the_same_mail_brought_by_two_carriers_at_the_same_instant_is_one_answer(app, clock, post, letter, monkeypatch, words):
    both, take_reply = threading.Barrier(2), inbound.take_reply

    def together(*given):
        both.wait(120)
        take_reply(*given)
    monkeypatch.setattr(inbound, "take_reply", together)
    raw = raw_reply(app, letter, words, clock)
    brought = [(raw, "imap"), (b"Received: from b.example\r\n" + raw, "lmtp")]
    before = len(post.all())
    _, raised = at_once(app, 2, lambda number: receive(*brought[number], clock.now))
    assert not raised
    with app.app_context():
        rows = db.session.scalars(select(InboundMessage)).all()
        assert sorted((row.state, row.reason.partition(" ")[0]) for row in rows) == [
            ("done", "commande" if words.startswith("/") else ""), ("ignored", "déjà")]
        assert len(db.session.scalars(select(Message)).all()) == 1
    assert len(post.all()) - before == (2 if words.startswith("/") else 1)


@databases("sqlite", "postgresql")
def test_a_strangers_mail_brought_by_two_carriers_at_the_same_instant_is_answered_once(app, clock, post, letter, monkeypatch):
    both, unmatched = threading.Barrier(2), inbound.unmatched

    def together(*given):
        both.wait(120)
        unmatched(*given)
    monkeypatch.setattr(inbound, "unmatched", together)
    raw = (b"From: Sacha <sacha@ailleurs.example>\r\nTo: reseau@ring.example\r\nSubject: Bonjour\r\n"
           b"Message-ID: <1@ailleurs.example>\r\n\r\nQui \xc3\xaates-vous ?\r\n")
    brought = [(raw, "imap"), (b"Received: from b.example\r\n" + raw, "lmtp")]
    _, raised = at_once(app, 2, lambda number: receive(*brought[number], clock.now))
    assert not raised
    with app.app_context():
        assert sorted(db.session.scalars(select(InboundMessage.state))) == ["ignored", "quarantined"]
    assert len(post.to("sacha@ailleurs.example")) == 1


def test_a_mail_that_waits_is_taken_up_though_a_copy_came_by_another_way(app, client, clock, post, letter):
    raw = header(raw_reply(app, letter, "/clore", clock), "From", f"Alix <{STRANGER}>")
    first = take(app, raw, clock)
    with app.app_context():
        copy = db.session.get(InboundMessage, receive(b"Received: from b.example\r\n" + raw, "lmtp", clock.now))
        assert (first.state, copy.state) == ("waiting", "ignored")
    asked = post.last(COORDINATOR, "is_it_you")
    client.fill(client.get(asked.link("adresse")), asked.link("adresse"), reponse="oui")
    assert state(app) == "closed"


def test_our_own_letter_coming_back_changes_nothing(app, clock, post, letter):
    before = len(post.all())
    row = take(app, letter.raw, clock)
    assert row.state in ("ignored", "quarantined")
    assert state(app) == "submitted"
    assert len([i for i in post.all()[before:] if i.letter != "coordination/digest"]) == 0


@pytest.mark.parametrize("raw", [
    b"\x00\xff" * 50, b"Bonjour", b"From: x\r\n\r\n", b"\r\n\r\n", b"Subject: =?utf-8?b?//8=?=\r\n\r\n" + b"\xff" * 9,
    b"From: " + b"a" * 5000 + b"@x\r\nTo: b\r\n\r\n", b"Content-Type: multipart/mixed\r\n\r\n--\r\n" * 40,
], ids=range(7))
def test_a_mail_that_is_hardly_one_is_kept(app, clock, raw):
    row = take(app, raw, clock)
    assert row.state in ("quarantined", "ignored")
    with app.app_context():
        assert db.session.scalars(select(InboundMessage)).one().raw == raw


def test_a_program_joined_to_a_reply_is_refused_and_the_words_still_go(app, post, letter):
    post.reply(letter, "Voici l’outil", files=(("outil.exe", "application/x-msdownload", b"MZ" + b"\0" * 99),))
    assert "Voici l’outil" in post.last(NOA, "message_relayed").text
    assert not post.last(NOA, "message_relayed").files
    refused = post.last(COORDINATOR, "reply_not_taken")
    assert "outil" in refused.text and "programme" in refused.text


def test_a_reply_without_a_word_is_told_to_its_author_and_to_nobody_else(app, post, letter, clock):
    """Sent too soon, or written inside what it answers: nobody would know that it was lost."""
    before = len(post.all())
    for words in ("", "   "):
        raw = raw_reply(app, letter, words, clock)
        row = take(app, header(raw, "Message-ID", f"<empty-{len(words)}@exemple.fr>"), clock)
        assert (row.state, row.reason) == ("done", "sans mots nouveaux")
    (told,) = post.all()[before:]
    assert (told.to, told.letter) == (COORDINATOR, "conversation/reply_not_taken")
    assert "aucun mot de vous" in told.text.replace("\n", " ") and told.subject.startswith("Re: ")
    post.reply(told, "Voici ma réponse.")
    assert "Voici ma réponse." in post.last(NOA, "message_relayed").text


RECEIVE = ("-m", "flask", "--app", "app", "inbox", "receive")


@pytest.mark.slow
def test_a_mail_server_pipes_a_reply_in(app, clock, environ, post, letter, warm):
    """``flask --app app inbox receive``: 0 once it is kept, 75 to be asked again (sysexits.h)."""
    raw = raw_reply(app, letter, "Bonjour Noa, voici la marche à suivre.", clock)
    done = subprocess.run([sys.executable, *RECEIVE], input=raw, cwd=ROOT, timeout=300, capture_output=True, check=False,
                          env=os.environ | environ)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr[-1500:]
    assert "la marche à suivre" in post.last(NOA, "message_relayed").text
    assert warm.run(*RECEIVE, typed=raw, environ=os.environ | environ).returncode == 0, "again: kept already"
    assert len([i for i in post.to(NOA) if i.letter == "conversation/message_relayed"]) == 1


@pytest.mark.slow
def test_a_mail_server_is_asked_to_try_again_when_nothing_can_be_kept(environ, tmp_path, warm):
    environ = os.environ | environ
    broken = environ | {"RING_DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/ring.db"}
    done = warm.run(*RECEIVE, typed=b"From: a@b.example\r\nTo: c@d.example\r\n\r\nBonjour\r\n", environ=broken)
    assert done.returncode == 75, done.stderr[-1500:]
    empty = warm.run(*RECEIVE, typed=b"  \r\n", environ=environ)
    assert (empty.returncode, empty.stdout) == (0, ""), "nothing to keep: the mail server need not try again"
    assert empty.stderr
