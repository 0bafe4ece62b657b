"""Where carriers stand, as a monitor and a coordinator read it."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from cast import sign_in
from setting import databases

from app import create_app
from config import SettingError, load_settings
from inbox import receive
from models.base import db
from services import inbound
from services.delivery import outage
from services.inbound.carriers import overview

URL = "imap://reseau%40exemple.fr:mot%3Ade%2Fpasse@127.0.0.1:41001/INBOX"
UNKNOWN = b"From: inconnu@ailleurs.example\r\nTo: x@ring.example\r\nMessage-ID: <%d@x>\r\n\r\nBonjour\r\n"


def status(app):
    done = app.test_cli_runner().invoke(args=["inbox", "status"])
    return done.exit_code, done.output.replace("\u00a0", " ")


@pytest.fixture
def with_imap(environ, clock, app):
    made = create_app(environ | {"RING_IMAP_URL": URL}, testing=True)
    made.extensions["clock"] = clock
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@databases("sqlite", "postgresql")
def test_all_is_well_where_nothing_waits(app):
    assert status(app) == (0, "Arrivée                 Dernier succès                            Dernière difficulté\n"
                              "Aucun courriel n’est encore arrivé.\n\nÀ lire : 0.\nMis de côté : 0.\nTout va bien.\n")


def test_a_carrier_that_never_worked_asks_for_attention(with_imap):
    code, said = status(with_imap)
    assert code == 1 and "rien n’a encore fonctionné" in said


@databases("sqlite", "postgresql")
def test_a_success_after_an_error_is_well_and_a_silence_is_not(with_imap, clock):
    with with_imap.app_context():
        inbound.note_failure("imap", clock.now, "Le serveur ne répond pas.")
    assert status(with_imap)[0] == 1 and "ne répond pas" in status(with_imap)[1]
    with with_imap.app_context():
        inbound.note_success("imap", clock.advance(minutes=1))
    code, said = status(with_imap)
    assert code == 0 and "Boîte IMAP" in said and "Le serveur ne répond pas." in said, "the last error stays readable"
    clock.advance(minutes=31)
    code, said = status(with_imap)
    assert code == 1 and "aucun signe depuis le lundi 11 janvier 2027 à 9 h 01" in said


def test_a_message_nobody_reads_asks_for_attention(app, clock):
    with app.app_context():
        inbound.store(UNKNOWN % 1, "pipe", clock.now)
    assert status(app)[0] == 0
    clock.advance(minutes=16)
    code, said = status(app)
    assert code == 1 and "À lire : 1, le plus ancien du lundi 11 janvier 2027 à 9 h." in said and "tâches de fond" in said


def test_mail_set_aside_is_counted_and_asks_for_attention_once_it_is_forgotten(app, clock):
    with app.app_context():
        for number in range(2):
            receive(UNKNOWN % number, "pipe", clock.now)
    code, said = status(app)
    assert code == 0 and "Mis de côté : 2" in said
    clock.advance(days=8)
    assert status(app)[0] == 1


def test_a_network_that_sends_and_cannot_receive_is_told(environ, clock):
    made = create_app(environ | {"RING_MAIL_SERVER": "127.0.0.1"}, testing=True)
    assert "Aucune réponse ne peut arriver" in status(made)[1]
    assert "rien ne reçoit encore les réponses" in made.test_cli_runner().invoke(args=["check"]).output
    with made.app_context():
        inbound.note_success("pipe", clock.now)
    assert "Aucune réponse" not in status(made)[1]
    assert "rien ne reçoit" not in made.test_cli_runner().invoke(args=["check"]).output
    imap = create_app(environ | {"RING_MAIL_SERVER": "127.0.0.1", "RING_IMAP_URL": URL}, testing=True)
    assert "rien ne reçoit" not in imap.test_cli_runner().invoke(args=["check"]).output


def test_check_speaks_even_before_the_tables_are_made(tmp_path):
    made = create_app({"RING_INSTANCE": str(tmp_path), "RING_MAIL_SERVER": "127.0.0.1"}, testing=True)
    assert "rien ne reçoit encore" in made.test_cli_runner().invoke(args=["check"]).output


def test_sending_that_stopped_is_told_too_and_is_no_way_in(app, clock):
    with app.app_context():
        outage.begin("535 5.7.8 Authentication failed", clock.now)
        outage.begin("535 5.7.8 Authentication failed", clock.advance(minutes=5))
    code, said = status(app)
    assert code == 1 and "Rien ne part depuis le lundi 11 janvier 2027 à 9 h" in said
    assert "Aucun courriel n’est encore arrivé" in said


def test_the_page_says_the_same_to_coordinators(app, client, post, clock):
    sign_in(client, post)
    assert "Tout va bien" in client.page("/coordination/courriels/etat").text
    with app.app_context():
        inbound.note_failure("imap", clock.now, "Le serveur <imap> ne répond pas : essai plus tard.")
        receive(UNKNOWN % 1, "pipe", clock.now)
    page = client.page("/coordination/courriels/etat")
    assert "À signaler" in page.text and "Le serveur <imap> ne répond pas" in page.text.replace("\u00a0", " ")
    assert "Boîte IMAP" in page.text and "jamais" in page.text and "Mis de côté : 1" in page.text.replace("\u00a0", " ")


def test_the_pipe_notes_that_it_served(app, environ, mail, clock, warm):
    done = warm.run("-m", "flask", "--app", "app", "inbox", "receive", typed=mail.answer("Par la commande"),
                    environ=os.environ | environ)
    assert done.returncode == 0 and mail.said() == ["Par la commande"]
    with app.app_context():
        (carrier,) = overview(clock.now + timedelta(days=1000)).carriers
        assert carrier.label == "Commande de réception" and carrier.last_success_at


@pytest.mark.parametrize("url", ["http://u:p@h", "imaps://h", "imaps://u@h", "imaps://u:p@", "imaps://u:secret@h:port", "imaps"])
def test_a_mailbox_address_that_cannot_be_read_is_told_without_repeating_it(tmp_path, url):
    with pytest.raises(SettingError) as refused:
        load_settings({"RING_INSTANCE": str(tmp_path), "RING_IMAP_URL": url})
    assert "IMAP_URL" in refused.value.message and "secret" not in refused.value.message
    assert refused.value.__cause__ is None


def test_a_mailbox_address_is_read_with_its_signs(tmp_path):
    settings = load_settings({"RING_INSTANCE": str(tmp_path), "RING_IMAP_URL": URL})
    account = settings.imap
    assert (account.user, account.password, account.host, account.port, account.tls) == (
        "reseau@exemple.fr", "mot:de/passe", "127.0.0.1", 41001, False)
    assert "passe" not in repr(account) + repr(settings)
    plain = load_settings({"RING_INSTANCE": str(tmp_path), "RING_IMAP_URL": "imaps://a:b@h"}).imap
    assert (plain.port, plain.folder, plain.tls) == (993, "INBOX", True)


@pytest.mark.parametrize("url", ["lmtp://127.0.0.1", "127.0.0.1:24", "http://127.0.0.1:24", "lmtp://:24", "lmtp://h:x"])
def test_an_address_to_listen_on_that_cannot_be_read_is_told(tmp_path, url):
    with pytest.raises(SettingError, match="INBOX_LISTEN"):
        load_settings({"RING_INSTANCE": str(tmp_path), "RING_INBOX_LISTEN": url})
