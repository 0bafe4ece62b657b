"""The mailboxes of the tests behave as those of a provider."""

from __future__ import annotations

import smtplib

import pytest

from .dovecot import PROCESSED

ALIX = "alix@ring.example"
LETTER = (b"From: Noa <noa@structure-b.example>\r\nTo: alix@ring.example\r\nSubject: essai\r\nMessage-ID: <1@b>\r\n"
          b"\r\nBonjour.\r\n")


def test_what_is_delivered_is_read_back_to_the_byte_and_stays_unread(dovecot):
    dovecot.mailbox(ALIX)
    dovecot.deliver(LETTER, ALIX)
    (kept,) = dovecot.folder_of(ALIX)
    assert kept.endswith(LETTER)
    assert dovecot.unread(ALIX) == 1


def test_a_plus_address_reaches_its_mailbox_and_stays_in_a_header(dovecot):
    dovecot.mailbox("reponse@ring.example")
    dovecot.deliver(LETTER, "reponse+abc@ring.example")
    (kept,) = dovecot.folder_of("reponse@ring.example")
    assert b"Delivered-To: reponse+abc@ring.example" in kept


def test_an_unknown_mailbox_and_a_full_one_are_refused_for_good(dovecot):
    dovecot.mailbox("pleine@ring.example", quota_bytes=10)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        dovecot.deliver(LETTER, "inconnue@ring.example")
    assert refusal.value.recipients["inconnue@ring.example"][0] == 550
    with pytest.raises(smtplib.SMTPDataError) as full:
        dovecot.deliver(LETTER, "pleine@ring.example")
    assert b"5.2.2" in full.value.smtp_error


def test_a_folder_for_what_was_processed_is_there(dovecot):
    dovecot.mailbox(ALIX)
    dovecot.deliver(LETTER, ALIX)
    with dovecot.imap(ALIX) as session:
        assert "MOVE" in session.capability()[1][0].decode()
        session.select("INBOX")
        assert session.uid("COPY", "1", '"Ring trait&AOk-s"')[0] == "OK"
    assert len(dovecot.folder_of(ALIX, PROCESSED)) == 1


def test_a_server_that_was_killed_starts_again_on_the_same_port_and_mail(dovecot):
    dovecot.mailbox(ALIX)
    dovecot.deliver(LETTER, ALIX)
    port = dovecot.imap_port
    dovecot.kill()
    dovecot.start()
    assert dovecot.imap_port == port
    assert len(dovecot.folder_of(ALIX)) == 1


def test_a_restored_mailbox_has_other_numbers_under_another_validity(dovecot):
    dovecot.mailbox(ALIX)
    dovecot.deliver(LETTER, ALIX)
    dovecot.deliver(LETTER, ALIX)
    before = dovecot.uidvalidity(ALIX)
    dovecot.renumber(ALIX)
    assert dovecot.uidvalidity(ALIX) != before
    assert len(dovecot.folder_of(ALIX)) == 2


def test_what_another_test_delivered_is_not_there(dovecot):
    dovecot.mailbox(ALIX)
    assert dovecot.folder_of(ALIX) == []
