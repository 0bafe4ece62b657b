"""The connection: one for many letters, opened again when the server closes it, and what each of its answers means."""

from __future__ import annotations

import pytest
from cast import NOA
from relay import Server, listening, through
from roads.stories import form, letters
from sqlalchemy import select

from app import create_app
from mail.transport import Delivery, Stage, transport
from models.base import db
from models.delivery import DeliveryEvent
from services import delivery, submission
from services.delivery.verdicts import Verdict, of_answer, of_report


def _sent(count: int, clock, domain: str = "courriel.example") -> None:
    for number in range(count):
        submission.submit(form(key=f"{domain}{number}", email=f"p{number}@{domain}"), f"10.0.0.{number}", clock.now)


def _deliver(clock) -> None:
    while delivery.deliver_due(clock.now):
        pass
    db.session.rollback()


@pytest.fixture(params=[False, True], ids=["one by one", "read ahead"])
def smtp(request):
    """Every rule holds on a server that reads commands ahead (RFC 2920), as Postfix does, and on one that does not."""
    server = Server()
    server.reads_ahead = request.param
    with listening(server):
        yield server


def test_many_letters_share_one_connection(sending, smtp, clock):
    _sent(30, clock)
    _deliver(clock)
    assert (len(smtp.ids()), smtp.connections) == (30, 1)


def test_a_server_that_closes_after_some_letters_is_called_again_at_once(sending, smtp, clock):
    smtp.most = 7
    _sent(30, clock)
    _deliver(clock)
    assert {(row.state, row.attempts) for row in letters()} == {("sent", 1)}
    assert smtp.ids() == [row.message_id for row in letters()]
    assert smtp.connections == 5


def test_a_connection_cut_while_a_letter_is_on_it_costs_that_letter_a_wait(sending, smtp, clock):
    """Nobody knows whether the server took it: it is tried again later, not at once."""
    _sent(5, clock)
    smtp.answers = ["250 OK", "cut"]
    _deliver(clock)
    assert [row.state for row in letters()] == ["sent", "due", "sent", "sent", "sent"]
    assert letters()[1].first_tried_at is None, "the three days have not begun"
    clock.advance(minutes=2)
    _deliver(clock)
    assert sorted(smtp.ids()) == sorted(row.message_id for row in letters())


def test_three_letters_in_a_row_that_our_server_does_not_take_and_it_is_left_alone(sending, smtp, clock):
    _sent(10, clock)
    smtp.senders = ["550 5.7.1 this sender is not yours"] * 5000
    _deliver(clock)
    assert smtp.tries == 0
    assert [row.attempts for row in letters()] == [1, 1, 1] + [0] * 7
    assert delivery.under_way().said.startswith("550 5.7.1")
    for _ in range(100):
        _deliver(clock)
        clock.advance(hours=1)
    assert {row.state for row in letters()} == {"due"}, "nothing is given up: no recipient has refused anything"
    smtp.senders = []
    for _ in range(4):
        _deliver(clock)
        clock.advance(hours=1)
    assert {row.state for row in letters()} == {"sent"}
    assert delivery.under_way() is None


@pytest.mark.parametrize("answer", ["450 4.7.1 Greylisted, try again in 5 minutes", "451 4.3.0 queue file error",
                                    "452 4.5.3 Too many recipients", "452 4.2.2 Mailbox full"])
def test_an_address_that_is_put_off_waits_alone(sending, smtp, clock, answer):
    _sent(3, clock)
    smtp.refused = {"p1@courriel.example": answer}
    _deliver(clock)
    assert [row.state for row in letters()] == ["sent", "due", "sent"]
    assert letters()[1].server_said == answer and letters()[1].first_tried_at == clock.now
    assert smtp.connections == 1
    smtp.refused = {}
    _deliver(clock.advance(minutes=2) and clock)
    assert letters()[1].state == "sent"


def test_what_the_server_said_is_kept_for_each_letter(sending, smtp, clock):
    _sent(2, clock)
    smtp.answers = ["451 4.7.1 later", "250 2.0.0 Ok: queued as 4F2"]
    _deliver(clock)
    clock.advance(minutes=2)
    _deliver(clock)
    said = [(e.email, e.outcome, e.code, e.said) for e in db.session.scalars(select(DeliveryEvent).order_by(DeliveryEvent.id))]
    assert said == [("p0@courriel.example", "deferred", "4.7.1", "451 4.7.1 later"),
                    ("p1@courriel.example", "accepted", "2.0.0", "250 2.0.0 Ok: queued as 4F2"),
                    ("p0@courriel.example", "accepted", "", "250 OK")]


def test_a_letter_too_big_for_the_server_is_refused_before_it_is_sent(environ, clock):
    server = Server()
    server.largest = 500
    with listening(server):
        app = create_app({**environ, **through(server.port)}, testing=True)
        with app.app_context():
            _sent(1, clock)
            _deliver(clock)
            [row] = letters()
            assert (row.state, server.tries) == ("failed", 0)
            assert db.session.scalar(select(DeliveryEvent.outcome)) == "too_big"
            db.engine.dispose()


@pytest.fixture
def wire(sending):
    connection = transport(sending).connect()
    yield connection
    connection.close()


RAW = b"Subject: Essai\r\nTo: x\r\n\r\nBonjour\r\n"


def test_a_domain_with_accents_travels_in_punycode(wire, smtp):
    assert wire.send_bytes("retour+x@ring.example", "noa@médiathèque.example", RAW).accepted
    assert smtp.received[0].rcpt_tos == ["noa@xn--mdiathque-53af.example"]
    assert smtp.received[0].mail_from == "retour+x@ring.example"


def test_accents_before_the_at_sign_need_a_server_that_carries_them(wire, smtp):
    answer = wire.send_bytes("retour+x@ring.example", "zoé@courriel.example", RAW)
    assert (answer.stage, answer.code) == (Stage.RECIPIENT, 553) and "5.6.7" in answer.said
    assert of_answer(answer) == Verdict.LETTER
    assert wire.send_bytes("retour+x@ring.example", NOA, RAW).accepted, "the connection serves on"


def test_a_server_that_carries_accents_is_given_them(environ):
    server = Server()
    server.carries_accents = True
    with listening(server):
        app = create_app({**environ, **through(server.port)}, testing=True)
        with app.app_context():
            connection = transport(app).connect()
            assert connection.send_bytes("retour+x@ring.example", "zoé@courriel.example", RAW).accepted
            connection.close()
            db.engine.dispose()
    assert server.received[0].rcpt_tos == ["zoé@courriel.example"]


def test_a_line_that_begins_with_a_dot_arrives_as_it_was(wire, smtp):
    raw = b"Subject: x\r\n\r\n.\r\n..\r\n.fin\r\nsans fin de ligne"
    assert wire.send_bytes("retour+x@ring.example", NOA, raw).accepted
    assert smtp.received[0].original_content == raw + b"\r\n"


@pytest.mark.parametrize("address", ["noa@..example", "noa@" + "é" * 80 + ".example"])
def test_an_address_no_server_could_read_is_refused_without_asking(wire, smtp, address):
    answer = wire.send_bytes("retour+x@ring.example", address, RAW)
    assert not answer.accepted and answer.stage == Stage.RECIPIENT
    assert wire.send_bytes("retour+x@ring.example", NOA, RAW).accepted


R, S, C = Stage.RECIPIENT, Stage.SENDER, Stage.CONTENT


@pytest.mark.parametrize(("stage", "said", "meant"), [
    (R, "550 5.1.1 <x@y>: Recipient address rejected: User unknown", Verdict.ADDRESS),
    (R, "550 5.1.10 RESOLVER.ADR.RecipientNotFound", Verdict.ADDRESS),
    (R, "550 5.4.1 Recipient address rejected: Access denied", Verdict.ADDRESS),
    (R, "554 5.4.4 Host not found", Verdict.ADDRESS),
    (R, "550 5.2.1 The email account that you tried to reach is disabled", Verdict.ADDRESS),
    (R, "550 No such user here", Verdict.ADDRESS),
    (R, "550 Requested action not taken: mailbox unavailable", Verdict.ADDRESS),
    (R, "553 sorry, that domain isn't in my list", Verdict.ADDRESS),
    (C, "550 5.1.1 no such user", Verdict.ADDRESS),
    (R, "550 5.7.1 Relaying denied", Verdict.LETTER),
    (R, "550 relay not permitted", Verdict.LETTER),
    (R, "550 blocked, see our policy", Verdict.LETTER),
    (R, "550 5.1.8 sender domain not found", Verdict.LETTER),
    (R, "552 5.2.2 Over quota", Verdict.LETTER),
    (C, "554 5.7.1 Spam message rejected", Verdict.LETTER),
    (C, "550 content", Verdict.LETTER),
    (C, "552 5.3.4 Message size exceeds fixed limit", Verdict.TOO_BIG),
    (S, "552 5.3.4 Message size exceeds fixed limit", Verdict.TOO_BIG),
    (S, "552 message too big", Verdict.TOO_BIG),
    (S, "550 5.1.7 bad sender", Verdict.SERVER),
    (S, "451 4.3.0 no room", Verdict.SERVER),
    (R, "530 5.7.0 Authentication required", Verdict.SERVER),
    (R, "421 4.7.0 closing", Verdict.SERVER),
    (R, "450 4.2.0 greylisted", Verdict.LATER),
    (C, "451 4.7.1 OFR_421 later", Verdict.LATER),
    (C, "452 4.3.1 insufficient storage", Verdict.LATER),
])
def test_what_an_answer_means(stage, said, meant):
    assert of_answer(Delivery(stage, int(said[:3]), said)) == meant


@pytest.mark.parametrize(("status", "action", "said", "meant"), [
    ("5.1.1", "failed", "550 5.1.1 User unknown", Verdict.ADDRESS),
    ("5.0.0", "failed", "550 unknown user", Verdict.ADDRESS),
    ("", "", "Adresse inconnue : la boîte n’existe pas", Verdict.ADDRESS),
    ("5.2.2", "failed", "mailbox full", Verdict.LETTER),
    ("5.7.1", "failed", "554 rejected as spam, unknown user", Verdict.LETTER),
    ("4.4.7", "failed", "delivery time expired", Verdict.LETTER),
    ("", "", "Undelivered Mail Returned to Sender", Verdict.LETTER),
    ("5.3.4", "failed", "too big", Verdict.TOO_BIG),
    ("4.4.1", "delayed", "connection timed out", Verdict.LATER),
])
def test_what_a_report_means(status, action, said, meant):
    assert of_report(status, action, said) == meant
