"""What arrives in the mailbox of a provider is taken in once, and goes where what was processed goes. Real Dovecot."""

from __future__ import annotations

import pytest
from cast import COORDINATOR
from imapclient.exceptions import IMAPClientError
from letters_in import mail as letter_in
from servers.dovecot import PROCESSED
from setting import at_once, databases

from app import create_app
from inbox.carriers.mailbox import Mailbox
from mail.private_addresses import private_secret, write_private_address
from models.base import db
from models.inbound import CarrierState

from .reading import STRANGER, fetch, overview


def test_an_answer_enters_its_conversation_and_goes_to_the_folder_of_what_was_processed(app, dovecot, mailbox, mail, deliver):
    deliver(mail.answer("Voici une piste"))
    assert fetch(app) == 1
    assert mail.said() == ["Voici une piste"]
    assert dovecot.folder_of(mailbox) == []
    (kept,) = dovecot.folder_of(mailbox, PROCESSED)
    assert mail.kept()[0].raw == kept, "the bytes, as they came"
    assert dovecot.unread(mailbox, PROCESSED) == 1, "no flag of the mailbox's owner is touched"
    assert fetch(app) == 0


def test_an_answer_to_a_neutral_letter_is_stored_nowhere_and_leaves_the_mailbox_for_good(app, dovecot, mailbox, mail, deliver,
                                                                                       monkeypatch):
    with app.app_context():
        secret = private_secret(app.extensions["ring"].settings.alerte_dir)
    private = letter_in(write_private_address(7, secret, "ring.example"), "Zibeline, je craque", "sacha@courriel.example")
    deliver(private, mail.answer("Voici une piste"))
    with monkeypatch.context() as broken:
        broken.setattr(Mailbox, "erase", lambda *_args: (_ for _ in ()).throw(IMAPClientError("no")))
        fetch(app)
        assert len(dovecot.folder_of(mailbox)) == 1, "what would not leave is still there"
        assert "pas pu être effacé" in mail_state(app).last_error
    app.extensions["clock"].advance(minutes=2)
    fetch(app)
    assert mail.said() == ["Voici une piste"] and len(mail.kept()) == 1
    assert dovecot.folder_of(mailbox) == [] and len(dovecot.folder_of(mailbox, PROCESSED)) == 1
    with dovecot.imap(mailbox) as session:
        for line in session.list()[1]:
            folder = line.decode().rpartition('"." ')[2] or line.decode().split()[-1]
            assert not any(b"Zibeline" in raw for raw in dovecot.folder_of(mailbox, folder.strip('"'))), folder


def mail_state(app) -> CarrierState:
    with app.app_context():
        db.session.remove()
        return db.session.get(CarrierState, "imap")


def test_a_message_somebody_has_read_in_a_webmail_is_taken_in_like_another(app, dovecot, mailbox, mail, deliver):
    deliver(mail.answer("Lue ailleurs"))
    with dovecot.imap(mailbox) as session:
        session.select()
        session.store("1", "+FLAGS", r"(\Seen \Answered)")
    fetch(app)
    assert mail.said() == ["Lue ailleurs"]


@pytest.fixture
def unwritable(environ):
    """The application, told of a folder that the server will not make."""
    made = create_app(environ | {"RING_IMAP_DONE_FOLDER": "a//b"}, testing=True)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_folder_that_cannot_be_made_keeps_no_answer_from_arriving_and_is_told(app, unwritable, dovecot, mailbox, mail, deliver,
                                                                                clock):
    deliver(mail.answer("Une piste"))
    assert fetch(unwritable) == 1
    assert fetch(unwritable) == 0, "what was taken is not taken again"
    assert mail.said() == ["Une piste"]
    assert len(dovecot.folder_of(mailbox)) == 1
    (trouble,) = [item for item in overview(unwritable, clock).troubles if "rangés" in item]
    assert "a//b" in trouble
    deliver(mail.answer("Une autre"))
    assert fetch(app) == 1, "with a folder that can be made"
    assert mail.said() == ["Une piste", "Une autre"]
    assert dovecot.folder_of(mailbox) == [] and len(dovecot.folder_of(mailbox, PROCESSED)) == 2


def test_another_uidvalidity_makes_all_be_looked_at_again_and_nothing_doubled(unwritable, dovecot, mailbox, mail, deliver):
    deliver(mail.answer("Une piste"), mail.answer("Une autre"))
    fetch(unwritable)
    before = dovecot.uidvalidity(mailbox)
    dovecot.renumber(mailbox)
    assert dovecot.uidvalidity(mailbox) != before and len(dovecot.folder_of(mailbox)) == 2
    fetch(unwritable)
    assert mail.said() == ["Une piste", "Une autre"]
    assert len(mail.kept()) == 2


def test_the_numbers_of_one_mailbox_say_nothing_of_anothers(app, environ, dovecot, mailbox, mail, deliver):
    deliver(mail.answer("Ici"))
    fetch(app)
    dovecot.mailbox("ailleurs@ring.example")
    dovecot.deliver(mail.answer("Ailleurs"), "ailleurs@ring.example", COORDINATOR)
    moved = create_app(environ | {"RING_IMAP_URL": dovecot.url("ailleurs@ring.example")}, testing=True)
    fetch(moved)
    assert mail.said() == ["Ici", "Ailleurs"]


def large(mail, megabytes: int, **headers: str) -> bytes:
    from email import message_from_bytes
    from email.policy import SMTP
    message = message_from_bytes(mail.answer("Voici la convention signée", **headers), policy=SMTP)
    message.add_attachment(b"\0" * (megabytes * 740 * 1024), maintype="application", subtype="pdf", filename="scan.pdf")
    return message.as_bytes()


def test_what_is_too_large_is_not_even_fetched_and_its_author_is_told_what_to_do_once_a_day(
        app, dovecot, mailbox, mail, deliver, post, monkeypatch):
    fetched = []
    monkeypatch.setattr(Mailbox, "whole", lambda box, uid: fetched.append(uid))
    raw = large(mail, 28)
    assert len(raw) > 27 * 1024 * 1024
    deliver(raw)
    fetch(app)
    (row,) = mail.kept()
    assert row.state == "ignored" and "trop lourd" in row.reason and len(row.raw) < 5000
    assert not fetched and dovecot.folder_of(mailbox) == [] and len(dovecot.folder_of(mailbox, PROCESSED)) == 1
    told = post.last(COORDINATOR, "mail_too_large")
    assert "25 Mo" in told.text and "plusieurs courriels" in told.text
    assert mail.reply_address in told.raw.decode().replace("\r\n ", ""), "an answer to it comes back to the conversation"
    deliver(large(mail, 28))
    fetch(app)
    assert len([item for item in post.to(COORDINATOR) if item.letter.endswith("mail_too_large")]) == 1
    app.extensions["clock"].advance(days=1, minutes=1)
    deliver(large(mail, 28))
    fetch(app)
    assert len([item for item in post.to(COORDINATOR) if item.letter.endswith("mail_too_large")]) == 2
    assert mail.said() == []


@pytest.mark.parametrize(("headers", "envelope"), [
    ({"Auto_Submitted": "auto-replied"}, COORDINATOR), ({"List_Id": "<liste.example>"}, COORDINATOR), ({}, ""),
], ids=["automaton", "list", "null sender"])
def test_a_machine_that_writes_too_much_is_not_answered(app, dovecot, mailbox, mail, post, headers, envelope):
    before = len(post.all())
    dovecot.deliver(large(mail, 28, **headers), mailbox, envelope)
    fetch(app)
    assert "trop lourd" in mail.kept()[0].reason
    assert len(post.all()) == before


def test_a_stranger_is_told_without_their_own_words_repeated(app, deliver, post):
    deliver(STRANGER % (1, 1) + b"Subject-less\r\n" * (27 * 1024 * 1024 // 14))
    fetch(app)
    told = post.last("inconnu@ailleurs.example", "mail_too_large")
    assert "Inconnu" not in told.text and "25 Mo" in told.text


def test_the_same_mail_by_two_carriers_is_taken_once(app, mail, deliver, clock):
    from inbox import receive
    raw = mail.answer("Une seule fois")
    deliver(raw, STRANGER % (1, 1))
    fetch(app)
    with app.app_context():
        for message in (raw, STRANGER % (1, 1)):
            receive(b"Received: from elsewhere\r\n" + message, "lmtp", clock.now)
    assert mail.said() == ["Une seule fois"]
    assert [row.state for row in mail.kept()] == ["done", "form", "ignored", "ignored"]


@databases("sqlite", "postgresql")
def test_two_who_read_the_same_mailbox_at_once_take_each_message_once(app, dovecot, mailbox, mail, deliver):
    words = [f"Réponse {number}" for number in range(12)]
    deliver(*map(mail.answer, words))
    at_once(app, 3, lambda _: fetch(app))
    assert sorted(mail.said()) == sorted(words)
    assert len(mail.kept()) == 12 and dovecot.folder_of(mailbox) == []
