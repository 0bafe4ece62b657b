"""A mailbox at a provider: what arrives there arrives here, once, whatever happens to either side. Real Dovecot."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import pytest
from cast import COORDINATOR
from house.tree import ROOT
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from letters_in import mail as letter_in
from ports import free_port
from servers.daemon import own_folder, until
from servers.dovecot import PROCESSED, Dovecot
from setting import at_once, databases
from sqlalchemy import select
from tools import program

from app import create_app
from inbox import process_stored
from inbox.carriers import imap
from inbox.carriers import mailbox as mailbox_module
from inbox.carriers.mailbox import Mailbox
from mail.private_addresses import private_secret, write_private_address
from models.base import db
from models.inbound import CarrierState, InboundMessage
from models.outbox import OutboxMessage
from services.inbound import carriers

STRANGER = (b"From: Inconnu <inconnu@ailleurs.example>\r\nTo: aide@ring.example\r\nMessage-ID: <%d@ailleurs.example>\r\n"
            b"\r\nBonjour %d\r\n")


@pytest.fixture
def environ(environ, dovecot, mailbox):
    return environ | {"RING_IMAP_URL": dovecot.url(mailbox)}


def fetch(app) -> int:
    return imap.fetch(app, app.extensions["ring"].settings.imap)


def overview(app, clock):
    with app.app_context():
        return carriers.overview(clock.now)


@contextmanager
def watching(app):
    """The mailbox is read as it is in real life, in a thread of its own."""
    end = threading.Event()
    thread = threading.Thread(target=imap.watch, args=(app, app.extensions["ring"].settings.imap, end.is_set))
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(20)
        assert not thread.is_alive(), "it ends when it is asked to"


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


def test_a_process_killed_between_the_commit_and_the_move_takes_it_up_again(app, environ, dovecot, mailbox, mail, deliver, clock):
    deliver(mail.answer("Une fois"), mail.answer("Deux fois"))
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, env=os.environ | environ, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [row.state for row in mail.kept()] == ["received", "received"], "committed, and nothing more"
    assert len(dovecot.folder_of(mailbox)) == 2
    fetch(app)
    assert sorted(mail.said()) == ["Deux fois", "Une fois"]
    assert len(mail.kept()) == 2 and dovecot.folder_of(mailbox) == []


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


def assert_the_wait_ends(box: Mailbox, arrival) -> None:
    """A message that arrives once the mailbox was listed is not waited for."""
    before = len(box.uids())
    arrival()
    began = monotonic()
    box.wait(60.0, lambda: False)
    assert monotonic() - began < 30 and len(box.uids()) == before + 1


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


@pytest.mark.parametrize(("change", "said"), [
    (lambda url, port: url.replace("un%20mot", "autre"), "refuse l’identifiant ou le mot de passe"),
    (lambda url, port: url.replace(str(port), "41009"), "ne répond pas"),
    (lambda url, port: url.replace("/INBOX", "/Absent"), "Le dossier « Absent » ne s’ouvre pas"),
    (lambda url, port: url.replace("imap://", "imaps://"), "liaison chiffrée"),
], ids=["password", "port", "folder", "tls"])
def test_what_is_wrong_with_the_mailbox_is_told_plainly_and_without_the_password(environ, dovecot, mailbox, clock, change, said):
    url = change(environ["RING_IMAP_URL"], dovecot.imap_port)
    app = create_app(environ | {"RING_IMAP_URL": url}, testing=True)
    done = app.test_cli_runner().invoke(args=["inbox", "fetch"])
    assert done.exit_code == 1 and said in done.output.replace("\u00a0", " ")
    status = app.test_cli_runner().invoke(args=["inbox", "status"])
    assert status.exit_code == 1 and said in status.output.replace("\u00a0", " ")
    for secret in ("d’essai", "%80%99", "Traceback", "Error"):
        assert secret not in done.output + status.output
    with app.app_context():
        assert "d’essai" not in db.session.scalar(select(CarrierState.last_error))


def test_a_wrong_password_is_tried_again_and_mail_enters_once_it_is_right(app, dovecot, mailbox, mail, deliver, clock,
                                                                          monkeypatch):
    monkeypatch.setattr(imap, "PASSWORD_BACK_OFF", (0.2,))
    people = dovecot.folder / "people" / mailbox
    right = people.read_text()
    people.write_text(right.replace("essai", "changé"))
    try:
        until(lambda: _refused(app), "Dovecot reads its file again")
        with watching(app):
            until(lambda: [item for item in overview(app, clock).troubles if "mot de passe" in item], "the trouble")
            people.write_text(right)
            dovecot.restart()
            deliver(mail.answer("Enfin"))
            until(lambda: mail.said() == ["Enfin"], "the answer")
    finally:
        people.write_text(right)


def _refused(app) -> bool:
    try:
        fetch(app)
    except Exception as error:
        return type(error).__name__ == "WrongPassword"
    return False


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


@databases("sqlite", "postgresql")
def test_two_who_read_the_same_mailbox_at_once_take_each_message_once(app, dovecot, mailbox, mail, deliver):
    words = [f"Réponse {number}" for number in range(12)]
    deliver(*map(mail.answer, words))
    at_once(app, 3, lambda _: fetch(app))
    assert sorted(mail.said()) == sorted(words)
    assert len(mail.kept()) == 12 and dovecot.folder_of(mailbox) == []


def test_the_command_ends_at_sigterm(environ, dovecot, mail, deliver):
    with subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "inbox", "watch"], cwd=ROOT, env=os.environ | environ,
                          stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "Relève de INBOX sur 127.0.0.1. Ctrl-C pour arrêter.\n"
        deliver(mail.answer("Une piste"))
        until(lambda: mail.said() == ["Une piste"], "the answer")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


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


@pytest.fixture(scope="module")
def tls_server():
    """A server with a certificate of its own making, whose folders are all under INBOX."""
    folder = own_folder("tls")
    subprocess.run([program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key", "-out", folder / "certificate"],
                   check=True, capture_output=True)
    (folder / "key").chmod(0o644)
    port = free_port()
    server = Dovecot(extra=f"""
ssl = yes
ssl_cert = <{folder}/certificate
ssl_key = <{folder}/key
service imap-login {{
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
namespace inbox {{
  prefix = INBOX.
  separator = .
}}
""")
    server.certificate, server.imaps_port = folder / "certificate", port
    server.start()
    yield server
    server.remove()
    shutil.rmtree(folder)


@pytest.mark.parametrize("way", ["imaps", "starttls"])
def test_an_encrypted_mailbox_is_read_where_its_certificate_is_trusted_and_told_where_it_is_not(
        app, environ, tls_server, mail, monkeypatch, way):
    tls_server.clean()
    tls_server.mailbox("tls@ring.example")
    url = tls_server.url("tls@ring.example", scheme="imaps" if way == "imaps" else "imap")
    if way == "imaps":
        url = url.replace(str(tls_server.imap_port), str(tls_server.imaps_port))
    else:
        monkeypatch.setattr(mailbox_module, "_is_this_machine", lambda host: False)
    made = create_app(environ | {"RING_IMAP_URL": url}, testing=True)
    made.extensions["clock"] = app.extensions["clock"]
    tls_server.deliver(mail.answer("Chiffrée"), "tls@ring.example", COORDINATOR)
    done = made.test_cli_runner().invoke(args=["inbox", "fetch"])
    assert done.exit_code == 1 and "certificat" in done.output and mail.kept() == []
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_server.certificate))
    assert fetch(made) == 1
    assert mail.said() == ["Chiffrée"]
    assert len(tls_server.folder_of("tls@ring.example", f"INBOX.{PROCESSED}")) == 1, "under INBOX, as this server wants"
    with imap.open_mailbox(made.extensions["ring"].settings.imap, f"INBOX.{PROCESSED}") as box:
        assert_the_wait_ends(box, lambda: tls_server.deliver(mail.answer("Encore"), "tls@ring.example", COORDINATOR))


def test_a_password_never_travels_in_clear(app, dovecot, mailbox, monkeypatch):
    """Another machine's server without STARTTLS: Dovecot of the tests, taken for one."""
    monkeypatch.setattr(mailbox_module, "_is_this_machine", lambda host: False)
    signed_in = []
    monkeypatch.setattr(mailbox_module, "_sign_in", lambda *given: signed_in.append(given))
    done = app.test_cli_runner().invoke(args=["inbox", "fetch"])
    assert done.exit_code == 1 and "imaps://" in done.output and not signed_in
