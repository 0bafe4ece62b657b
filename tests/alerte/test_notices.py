"""Neutral letters: they leave, they wait while the server is away, and nothing stays of them once they left."""

from __future__ import annotations

import pytest
from relay import Server, listening, sending_app
from sqlalchemy import func, select

from jobs.engine import deliver_all
from mail.letters import alerte as letters
from models.alerte import AlerteNotice
from models.base import db, transaction
from models.instance import instance
from models.outbox import OutboxMessage
from services.alerte import notices, sealed
from services.delivery import outage

SACHA = "sacha@courriel.example"


@pytest.fixture
def smtp():
    with listening(Server()) as server:
        yield server


@pytest.fixture
def sending(environ, smtp, clock):
    with sending_app(environ, smtp.port, clock, RING_MAIL_TIMEOUT="5") as app:
        yield app


def _post(clock, email: str = SACHA) -> None:
    with transaction():
        notices.post(letters.received(instance().network, "http://ring.example/suite"), email, "", clock.now)


def _waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(AlerteNotice))


def test_a_letter_leaves_and_its_row_goes(sending, smtp, clock):
    _post(clock)
    row = db.session.scalar(select(AlerteNotice))
    assert SACHA.encode() not in row.locked
    deliver_all(clock.now)
    assert [envelope.rcpt_tos for envelope in smtp.received] == [[SACHA]]
    assert _waiting() == 0
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_letter_put_off_is_tried_again_under_the_same_message_id_and_given_up_after_three_days(sending, smtp, clock):
    _post(clock)
    smtp.answers = ["451 4.3.0 later"] * 3
    for minutes in (0, 1, 5, 15):
        clock.advance(minutes=minutes)
        notices.send_due(clock.now)
        notices.send_due(clock.now)
    assert smtp.tries == 4 and len(set(smtp.ids())) == 1 and _waiting() == 0
    _post(clock)
    smtp.answers = ["451 4.3.0 later"] * 200
    for _hour in range(74):
        clock.advance(hours=1)
        notices.send_due(clock.now)
    assert _waiting() == 0 and len(smtp.received) == 1


def test_a_server_that_is_away_loses_none(environ, smtp, clock, sending):
    _post(clock)
    sending.extensions["transport"].settings = type(sending.extensions["transport"].settings)(
        **{**vars(sending.extensions["transport"].settings), "MAIL_PORT": 1})
    notices.send_due(clock.now)
    assert _waiting() == 1 and outage.under_way() is None, "the outbox's own state says nothing of it"


def test_an_address_that_does_not_exist_is_not_written_down_anywhere(sending, smtp, clock):
    _post(clock)
    smtp.refused[SACHA] = "550 5.1.1 no such user"
    notices.send_due(clock.now)
    assert _waiting() == 0
    from house.test_links_act_on_press_only import dump
    assert SACHA not in str(dump(sending))


def test_a_changed_secret_loses_the_letter_and_stops_nothing(sending, smtp, clock, monkeypatch):
    _post(clock)
    monkeypatch.setattr(notices, "_key", lambda: sealed.letter_key("another secret"))
    _post(clock, "lou@courriel.example")
    notices.send_due(clock.now)
    assert [envelope.rcpt_tos for envelope in smtp.received] == [["lou@courriel.example"]] and _waiting() == 0


def test_two_workers_send_one_letter_once(sending, smtp, clock):
    from setting import at_once
    _post(clock)
    at_once(sending, 4, lambda _number: notices.send_due(clock.now))
    assert len(smtp.received) == 1
