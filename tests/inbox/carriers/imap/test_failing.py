"""What fails in the middle, server, process or database, loses nothing and doubles nothing; poison sets nothing else back."""

from __future__ import annotations

import os
import signal

import pytest
from cast import COORDINATOR
from imapclient.exceptions import IMAPClientError
from servers.dovecot import PROCESSED

from inbox import process_stored
from inbox.carriers.mailbox import Mailbox
from models.base import db

from .reading import STRANGER, fetch, overview


@pytest.mark.parametrize("at", [1, 4, 9])
def test_a_server_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(app, dovecot, mailbox, mail, deliver, monkeypatch,
                                                                            at):
    words = [f"Réponse {number}" for number in range(10)]
    deliver(*map(mail.answer, words))
    whole, asked = Mailbox.whole, []

    def whole_until_killed(box, uid):
        asked.append(uid)
        if len(asked) == at:
            dovecot.kill()
        return whole(box, uid)
    monkeypatch.setattr(Mailbox, "whole", whole_until_killed)
    with pytest.raises((OSError, IMAPClientError)):
        fetch(app)
    with pytest.raises(OSError):
        fetch(app)
    dovecot.start()
    fetch(app)
    with app.app_context():
        process_stored(app.extensions["clock"].advance(minutes=2))
    assert sorted(mail.said()) == sorted(words)
    assert len(mail.kept()) == 10
    assert dovecot.folder_of(mailbox) == []
    assert len(dovecot.folder_of(mailbox, PROCESSED)) == 10


def test_a_server_killed_while_it_moves_loses_and_doubles_nothing(app, dovecot, mailbox, mail, deliver, monkeypatch):
    words = [f"Réponse {number}" for number in range(6)]
    deliver(*map(mail.answer, words))
    put_away = Mailbox.put_away

    def put_away_half(box, uids):
        put_away(box, uids[:3])
        dovecot.kill()
        put_away(box, uids[3:])
    monkeypatch.setattr(Mailbox, "put_away", put_away_half)
    with pytest.raises((OSError, IMAPClientError)):
        fetch(app)
    monkeypatch.undo()
    dovecot.start()
    fetch(app)
    with app.app_context():
        process_stored(app.extensions["clock"].advance(minutes=2))
    assert sorted(mail.said()) == sorted(words)
    assert dovecot.folder_of(mailbox) == [] and len(dovecot.folder_of(mailbox, PROCESSED)) == 6


KILLED = """
import os, signal
from app import create_app
from inbox.carriers import imap
from inbox.carriers.mailbox import Mailbox
Mailbox.put_away = lambda box, uids: os.kill(os.getpid(), signal.SIGKILL)
app = create_app()
imap.fetch(app, app.extensions["ring"].settings.imap)
"""


def test_a_process_killed_between_the_commit_and_the_move_takes_it_up_again(app, environ, dovecot, mailbox, mail, deliver, warm,
                                                                            tmp_path):
    deliver(mail.answer("Une fois"), mail.answer("Deux fois"))
    killed = tmp_path / "killed.py"
    killed.write_text(KILLED)
    done = warm.run(str(killed), environ=os.environ | environ)
    assert done.returncode == -signal.SIGKILL
    assert [row.state for row in mail.kept()] == ["received", "received"], "committed, and nothing more"
    assert len(dovecot.folder_of(mailbox)) == 2
    fetch(app)
    assert sorted(mail.said()) == ["Deux fois", "Une fois"]
    assert len(mail.kept()) == 2 and dovecot.folder_of(mailbox) == []


@pytest.mark.parametrize("kind", [b"POISON HANG", b"POISON DEATH", b"POISON FAULT"])
def test_a_poisonous_message_sets_nothing_else_back_and_ends_in_quarantine(app, mail, deliver, clock, post, poison, kind, caplog):
    deliver(mail.answer("Avant"), STRANGER % (1, 1) + kind, mail.answer("Après"))
    fetch(app)
    assert mail.said() == ["Avant", "Après"]
    poisonous = mail.kept()[1]
    assert (poisonous.state, poisonous.attempts) == ("received", 1)
    with app.app_context():
        assert process_stored(clock.advance(seconds=40)) == 0, "not at once"
        assert process_stored(clock.advance(seconds=30)) == 1
        assert process_stored(clock.advance(minutes=1)) == 0, "and less and less often"
        assert process_stored(clock.advance(minutes=5)) == 1
        assert process_stored(clock.advance(days=1)) == 0
    assert (mail.kept()[1].state, mail.kept()[1].raw) == ("quarantined", poisonous.raw)
    assert post.last(COORDINATOR, "digest")
    assert "des mots du message" not in caplog.text and "inconnu@" not in caplog.text


def test_a_message_the_server_cannot_give_comes_after_the_others_and_is_told(app, dovecot, mailbox, mail, deliver, clock):
    deliver(*[mail.answer(f"Réponse {number}") for number in range(4)])
    with dovecot.imap(mailbox) as session:  # Dovecot gives each its name and number, then one file can no longer be read
        session.select()
    (broken,) = [path for path in (dovecot.folder / "mail" / mailbox / "Maildir").glob("*/*")
                 if path.is_file() and "Réponse 1\n" in _text(path)]
    held = broken.stat().st_mode
    broken.chmod(0)
    try:
        for _ in range(6):
            try:
                fetch(app)
            except (OSError, IMAPClientError):
                continue
            clock.advance(minutes=2)
        assert sorted(mail.said()) == ["Réponse 0", "Réponse 2", "Réponse 3"]
        assert [item for item in overview(app, clock).troubles if "laissés dans la boîte" in item]
    finally:
        broken.chmod(held)
    dovecot.restart()
    clock.advance(days=1, minutes=1)
    fetch(app)
    assert "Réponse 1" in mail.said()
    assert not [item for item in overview(app, clock).troubles if "laissés dans la boîte" in item]


def _text(path) -> str:
    from email import message_from_bytes
    from email.policy import default
    return message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",)).get_content()


def test_the_database_that_does_not_answer_leaves_mail_in_the_mailbox(app, dovecot, mailbox, mail, deliver, clock):
    deliver(mail.answer("Plus tard"))
    with app.app_context():
        db.session.execute(db.text("ALTER TABLE inbound_message RENAME TO elsewhere"))
        db.session.execute(db.text("COMMIT"))
    done = app.test_cli_runner().invoke(args=["inbox", "fetch"])
    assert done.exit_code == 1 and "base de données" in done.output
    assert len(dovecot.folder_of(mailbox)) == 1
    with app.app_context():
        db.session.execute(db.text("ALTER TABLE elsewhere RENAME TO inbound_message"))
        db.session.execute(db.text("COMMIT"))
    fetch(app)
    assert mail.said() == ["Plus tard"]
