"""To stop digests and to have them again: by the page, by one press in a mail program, by mail, from the space."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

import pytest
from cast import COORDINATOR, sign_in
from pages import soup
from sqlalchemy import select

from app import create_app
from models.base import db, transaction
from models.delivery import MailOptOut
from models.inbound import InboundMessage
from services import digest, subscription

ONE_PRESS = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def told(app, clock, post):
    """A digest in the coordinator's mailbox."""
    with app.app_context(), transaction():
        digest.tell(COORDINATOR, "Alix Coordination", "Une nouvelle.", clock.now)
    return post.last(COORDINATOR, "digest")


def _stopped(app) -> bool:
    with app.app_context():
        db.session.rollback()
        return not subscription.wants(COORDINATOR)


def _path(letter) -> str:
    return letter.link("desabonnement")


def _bare_post(app, path: str, **options):
    """A POST as a mail provider's server sends it: no cookie, no Origin, no Sec-Fetch-Site (RFC 8058, 3.2)."""
    client = app.test_client()
    return super(type(client), client).open(path, method="POST", **options)


def test_the_headers_offer_a_page_a_mail_and_over_https_one_press(app, environ, clock, told):
    mail = message_from_bytes(told.raw, policy=default)
    assert re.fullmatch(r"<http://localhost/desabonnement/[\w-]{43}>, "
                        r"<mailto:desabonnement\+[a-z2-7]{26}@ring\.example\?subject=desabonnement>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] is None, "RFC 8058, 2: https alone"
    assert re.fullmatch(r"Réseau Exemple <recapitulatif\.ring\.example>", mail["List-Id"])
    secure = create_app({**environ, "RING_PUBLIC_URL": "https://ring.example"}, testing=True)
    with secure.app_context():
        with transaction():
            digest.tell("suppleance@ring.example", "Dominique", "Une nouvelle.", clock.now)
        from roads.stories import letters
        mail = message_from_bytes(letters("suppleance@ring.example")[0].raw, policy=default)
        db.session.remove()
        db.engine.dispose()
    assert mail["List-Unsubscribe"].startswith("<https://ring.example/desabonnement/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("options", [{"data": ONE_PRESS}, {"data": ONE_PRESS, "content_type": "multipart/form-data"},
                                     {"data": ONE_PRESS, "headers": {"Sec-Fetch-Site": "cross-site"}}],
                         ids=["urlencoded", "multipart", "from a webmail"])
def test_one_press_in_a_mail_program_stops_at_once(app, told, options):
    answer = _bare_post(app, _path(told), **options)
    assert answer.status_code == 200, "no redirect: programs do not follow one"
    assert "Set-Cookie" not in answer.headers
    assert _stopped(app)
    assert _bare_post(app, _path(told), **options).status_code == 200, "twice is once"


def test_without_the_words_of_one_press_a_post_from_elsewhere_is_refused(app, told):
    for path in (_path(told), _path(told).replace("desabonnement", "abonnement")):
        for data in ({}, {"List-Unsubscribe": "oui"}):
            assert _bare_post(app, path, data=data).status_code == 403
    resumed = _path(told).replace("desabonnement", "abonnement")
    assert _bare_post(app, resumed, data=ONE_PRESS).status_code == 403, "one press only ever stops"
    assert not _stopped(app)


def test_opening_the_link_stops_nothing_and_the_page_does_both(app, client, told):
    page = client.get(_path(told))
    assert page.status_code == 200 and COORDINATOR in page.text and not _stopped(app)
    assert page.headers["Cache-Control"] == "no-store"
    stopped = client.fill(page, _path(told))
    assert "C’est fait" in stopped.text and _stopped(app)
    assert "à nouveau" in soup(client.get(_path(told))).h1.text
    again = client.fill(stopped, "/abonnement/")
    assert again.status_code == 200 and not _stopped(app)
    assert "à nouveau" in soup(again).h1.text


def test_a_link_that_is_too_old_or_made_up_says_so(app, client, clock, told):
    assert client.get("/desabonnement/rien").status_code == 404
    assert _bare_post(app, "/desabonnement/rien", data=ONE_PRESS).status_code == 404
    clock.advance(days=366)
    assert client.get(_path(told)).status_code == 410


def _write(app, clock, to: str, sender: str = COORDINATOR, subject: str = "desabonnement") -> None:
    with app.app_context():
        from inbox import receive
        receive((f"From: <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{subject}.{clock.now:%s}@x.example>\r\n"
                 "\r\n").encode(), "test", clock.now)


def _address(letter) -> str:
    return re.search(r"mailto:([^?>\s]+)", str(message_from_bytes(letter.raw, policy=default)["List-Unsubscribe"]))[1]


def test_a_mail_to_the_address_of_the_header_stops_too_and_is_confirmed(app, client, clock, post, told):
    _write(app, clock, _address(told).upper())
    assert _stopped(app)
    done = post.last(COORDINATOR, "digest_stopped")
    client.fill(client.get(done.link("desabonnement")), "/abonnement/")
    assert not _stopped(app)
    with app.app_context():
        assert db.session.scalars(select(InboundMessage.state)).all() == ["done"], "not set aside"


def test_it_is_the_address_that_counts_whoever_writes_from_another_of_theirs(app, clock, post, told):
    _write(app, clock, _address(told), sender="alix.perso@ailleurs.example")
    assert _stopped(app)
    assert not post.to("alix.perso@ailleurs.example"), "told to the person, at the address it is about"
    clock.advance(minutes=1)
    _write(app, clock, _address(told))
    assert len([letter for letter in post.all() if letter.letter == "coordination/digest_stopped"]) == 1


def test_a_made_up_address_stops_nothing_and_a_person_sees_it(app, clock, told):
    _write(app, clock, "desabonnement+" + "a" * 26 + "@ring.example")
    assert not _stopped(app)
    with app.app_context():
        assert db.session.scalar(select(InboundMessage.state)) == "quarantined"


def test_a_coordinator_chooses_from_the_space_without_any_letter(app, client, post):
    sign_in(client, post)
    page = client.get("/coordination/recapitulatifs")
    stopped = client.fill(page, "/coordination/recapitulatifs/arreter")
    assert stopped.status_code == 200 and _stopped(app)
    client.fill(stopped, "/coordination/recapitulatifs/reprendre")
    assert not _stopped(app)
    with app.app_context():
        assert db.session.scalars(select(MailOptOut)).all() == []
