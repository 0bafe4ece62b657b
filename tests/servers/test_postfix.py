"""The mail server of the tests behaves as a town's, and nothing leaves the machine."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

ALIX, NOA = "alix@ring.example", "noa@structure-b.example"


def letter(to: str = NOA, words: str = "Bonjour.") -> bytes:
    return f"From: Alix <{ALIX}>\r\nTo: {to}\r\nSubject: essai\r\nMessage-ID: <1@ring.example>\r\n\r\n{words}\r\n".encode()


@pytest.fixture
def people(dovecot):
    dovecot.mailbox(ALIX, NOA)


def test_every_domain_but_the_networks_has_its_mailboxes_here(dovecot, postfix, people):
    postfix.send(letter(), ALIX, NOA)
    postfix.settled()
    assert len(dovecot.folder_of(NOA)) == 1


def test_a_letter_to_nobody_comes_back_with_a_report(dovecot, postfix, people):
    postfix.send(letter("inconnue@structure-b.example"), ALIX, "inconnue@structure-b.example")
    postfix.settled()
    report = message_from_bytes(dovecot.folder_of(ALIX)[0], policy=default)
    assert report.get_content_type() == "multipart/report"
    assert b"Status: 5.1.1" in report.as_bytes()


def test_a_mailbox_whose_owner_is_away_answers_the_envelope(dovecot, postfix, people):
    dovecot.vacation(NOA, "Je suis en congés.")
    postfix.send(letter(), "alix+retour@ring.example", NOA)
    postfix.settled()
    (answer,) = dovecot.folder_of(ALIX)
    assert b"Auto-Submitted: auto-replied (vacation)" in answer
    assert b"Delivered-To: alix+retour@ring.example" in answer


def test_what_is_written_to_a_closed_door_is_kept(postfix, people):
    postfix.send(letter("reponse+abc@ring.example"), ALIX, "reponse+abc@ring.example")
    postfix.deferred(1)
    postfix.empty_queue()
    assert postfix.queue() == []


def test_a_server_that_was_killed_has_lost_nothing(dovecot, postfix, people):
    dovecot.stop()
    postfix.send(letter(), ALIX, NOA)
    postfix.deferred(1)
    postfix.kill()
    dovecot.start()
    postfix.start()
    postfix.flush()
    postfix.settled()
    assert len(dovecot.folder_of(NOA)) == 1
