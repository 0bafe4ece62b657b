"""The mailbox is listened to, or looked at from time to time: an answer enters at once; reading ends when it is asked to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from cast import COORDINATOR
from house.tree import ROOT
from imapclient import IMAPClient
from servers.daemon import until
from servers.dovecot import PROCESSED, Dovecot
from sqlalchemy import select

from app import create_app
from inbox import process_stored
from inbox.carriers import imap
from inbox.carriers import mailbox as mailbox_module
from models.base import db
from models.inbound import InboundMessage
from models.outbox import OutboxMessage

from .reading import assert_the_wait_ends, fetch, overview, watching


def test_an_answer_arrives_while_the_server_is_listened_to(app, dovecot, mail, deliver, monkeypatch):
    """IDLE: nothing else would look into the mailbox before the test gives up."""
    monkeypatch.setattr(imap, "IDLE_FOR", 3600.0)
    with watching(app):
        until(lambda: overview(app, app.extensions["clock"]).carriers[0].last_success_at, "the first look")
        deliver(mail.answer("Tout de suite"))
        until(lambda: mail.said() == ["Tout de suite"], "the answer")
        deliver(mail.answer("Encore"))
        until(lambda: len(mail.said()) == 2, "the next answer")


def test_what_arrives_while_the_server_lists_is_listed_too(app, mail, deliver, monkeypatch):
    """Told once, in the middle of another answer: IDLE would not tell it again."""
    deliver(mail.answer("Avant"))
    search, times = IMAPClient.search, []

    def search_and_arrival(client, *args):
        found = search(client, *args)
        times.append(found)
        if len(times) == 1:
            deliver(mail.answer("Pendant"))
            client._imap.noop()
        return found
    monkeypatch.setattr(IMAPClient, "search", search_and_arrival)
    with imap.open_mailbox(app.extensions["ring"].settings.imap, PROCESSED) as box:
        assert len(box.uids()) == 2
    assert len(times) == 2


def test_what_arrives_between_the_list_and_the_wait_ends_the_wait_at_once(app, mail, deliver):
    """A server tells it with its consent to IDLE, in one piece: those lines may be read together, and nothing comes after."""
    with imap.open_mailbox(app.extensions["ring"].settings.imap, PROCESSED) as box:
        for _ in range(10):
            assert_the_wait_ends(box, lambda: deliver(mail.answer("Entre deux")))


@pytest.fixture(scope="module")
def old_server():
    """A server that knows neither IDLE nor MOVE."""
    server = Dovecot(extra="protocol imap {\n  imap_capability = IMAP4rev1 UIDPLUS LITERAL+ NAMESPACE AUTH=PLAIN\n}\n")
    server.start()
    yield server
    server.remove()


def test_a_server_without_idle_nor_move_is_read_at_intervals_and_tidied(environ, app, old_server, mail, monkeypatch):
    old_server.clean()
    old_server.mailbox("ancien@ring.example")
    old = create_app(environ | {"RING_IMAP_URL": old_server.url("ancien@ring.example")}, testing=True)
    old.extensions["clock"] = app.extensions["clock"]
    monkeypatch.setattr(mailbox_module, "POLL", 0.2)
    idled = []
    monkeypatch.setattr("imapclient.IMAPClient.idle", lambda client: idled.append(client))
    with watching(old):
        for number in range(3):
            old_server.deliver(mail.answer(f"Réponse {number}"), "ancien@ring.example", COORDINATOR)
            until(lambda count=number + 1: len(mail.said()) == count, "the answer")
        until(lambda: len(old_server.folder_of("ancien@ring.example", PROCESSED)) == 3, "the move")
    assert not idled and old_server.folder_of("ancien@ring.example") == []


def test_a_server_that_goes_and_comes_back_is_told_and_then_read_again(app, dovecot, mail, deliver, clock, monkeypatch):
    monkeypatch.setattr(imap, "BACK_OFF", (0.1,))
    with watching(app):
        deliver(mail.answer("Avant"))
        until(lambda: mail.said() == ["Avant"], "the answer")
        dovecot.kill()
        until(lambda: [item for item in overview(app, clock).troubles if "ne répond pas" in item], "the trouble")
        dovecot.start()
        deliver(mail.answer("Après"))
        until(lambda: mail.said() == ["Avant", "Après"], "the answer that waited")
        clock.advance(minutes=1)
        deliver(mail.answer("Encore"))
        until(lambda: not overview(app, clock).troubles, "the end of the trouble")


def test_the_command_ends_at_sigterm(environ, dovecot, mail, deliver):
    with subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "inbox", "watch"], cwd=ROOT, env=os.environ | environ,
                          stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "Relève de INBOX sur 127.0.0.1. Ctrl-C pour arrêter.\n"
        deliver(mail.answer("Une piste"))
        until(lambda: mail.said() == ["Une piste"], "the answer")
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0


def test_asked_to_stop_it_stores_what_it_holds_and_leaves_the_rest(app, dovecot, mailbox, mail, deliver):
    deliver(*[mail.answer(f"Réponse {number}") for number in range(5)])
    account, looks = app.extensions["ring"].settings.imap, iter([False, False, *[True] * 99])
    with imap.open_mailbox(account, PROCESSED) as box, app.app_context():
        assert imap.take_all(box, account, lambda: next(looks)) == 2
    assert len(dovecot.folder_of(mailbox)) == 3 and len(mail.kept()) == 2
    fetch(app)
    with app.app_context():
        process_stored(app.extensions["clock"].now + timedelta(minutes=1))
        assert db.session.scalars(select(InboundMessage.state)).all() == ["done"] * 5
        relayed = select(OutboxMessage).where(OutboxMessage.letter == "conversation/message_relayed")
        assert len(db.session.scalars(relayed).all()) == 5
