"""Letters leave once, are tried again when they should be, and what the server said is kept."""

from __future__ import annotations

import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cast import COORDINATOR, NOA
from relay import Server, listening, through
from roads.stories import confirmed, form, letters
from setting import at_once, databases
from sqlalchemy import select

from app import create_app
from models.base import db
from models.journal import JournalEntry
from models.states import Kind
from services import courrier, delivery, submission
from services.delivery import claiming

both = databases("sqlite", "postgresql")


def _states() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(row.state, row.attempts) for row in letters()]


def _sent(count: int, clock, key: str = "cle") -> None:
    for number in range(count):
        submission.submit(form(key=f"{key}{number}", email=f"p{number}@courriel.example"), f"10.0.0.{number}", clock.now)


@both
def test_a_letter_leaves_as_it_was_written(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    assert delivery.deliver_due(clock.now) == 3
    assert delivery.deliver_due(clock.now) == 0
    rows = letters()
    assert [(row.state, row.attempts, row.sent_at, row.lease_until) for row in rows] == [("sent", 1, clock.now, None)] * 3
    assert smtp.ids() == [row.message_id for row in rows]
    for envelope, row in zip(smtp.received, rows, strict=True):
        assert (envelope.mail_from, envelope.rcpt_tos) == (row.envelope_from, [row.recipient])
        assert envelope.original_content.rstrip() == row.raw.rstrip(), "to the byte"
        assert message_from_bytes(envelope.original_content, policy=default)["To"].addresses[0].addr_spec == row.recipient


@both
def test_a_server_that_says_later_is_asked_later_and_later(sending, smtp, clock):
    _sent(1, clock)
    smtp.answers = ["451 4.7.1 Liste grise"] * 6
    waits = []
    for _ in range(6):
        assert delivery.deliver_due(clock.now) == 1
        row = letters()[0]
        db.session.refresh(row)
        assert (row.state, row.server_said) == ("due", "451 4.7.1 Liste grise")
        waits.append((row.due_at - clock.now).total_seconds() / 60)
        assert delivery.deliver_due(row.due_at - timedelta(seconds=1)) == 0
        clock.now = row.due_at
    assert [round(wait - 0.25) for wait in waits] == [1, 5, 15, 60, 60, 60]
    assert delivery.deliver_due(clock.now) == 1
    assert _states() == [("sent", 7)]
    assert len(set(smtp.ids())) == len(smtp.ids()) == 1


def test_after_three_days_it_is_given_up_and_told_on_the_dossier(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {COORDINATOR: "450 4.2.1 mailbox busy"}
    tries = 0
    while any(state in ("due", "sending") for state, _ in _states()):
        delivery.deliver_due(clock.now)
        clock.advance(hours=2)
        tries += 1
        assert tries < 40
    row = letters(COORDINATOR)[0]
    assert (row.state, row.server_said) == ("failed", "450 4.2.1 mailbox busy")
    assert timedelta(days=3) < clock.now - row.created_at < timedelta(days=3, hours=5)
    assert [e.kind for e in row.dossier.journal].count("mail_failed") == 1
    assert {r.state for r in letters(NOA)} == {"sent"}


@pytest.mark.parametrize("answer", ["554 5.7.1 Refused", "552 5.2.2 Mailbox full", "552 5.3.4 Message too big"])
def test_a_final_no_is_believed_at_once(sending, smtp, clock, answer):
    confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {NOA: answer}
    while delivery.deliver_due(clock.now):
        pass
    rows = letters(NOA)
    assert {(row.state, row.server_said) for row in rows} == {("failed", answer)}
    assert {row.state for row in letters(COORDINATOR)} == {"sent"}, "one refusal does not hold the others back"
    journal = db.session.scalars(select(JournalEntry.kind)).all()
    assert journal.count("mail_failed") == len(rows)
    assert len(letters(COORDINATOR, "letter_failed")) == 1, "told once a day, not once a letter"
    assert delivery.deliver_due(clock.advance(days=2)) == 0


def test_a_refusal_in_the_middle_of_many_stops_nobody(sending, smtp, clock):
    _sent(9, clock)
    smtp.answers = ["250 OK", "451 later", "250 OK", "554 5.6.0 no", "421 closing", "421 closing", "250 OK"]
    delivery.deliver_due(clock.now)
    assert [state for state, _ in _states()] == ["sent", "due", "sent", "failed", "due", "sent", "sent", "sent", "sent"]
    clock.advance(minutes=2)
    delivery.deliver_due(clock.now)
    assert [state for state, _ in _states()].count("sent") == 8
    assert len(set(smtp.ids())) == 8


def _app(environ, port: int, **settings: str):
    return create_app({**environ, **through(port, **settings)}, testing=True)


def test_a_server_that_is_down_costs_nothing_but_time(environ, clock, caplog):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        app = _app(environ, taken.getsockname()[1])
        with app.app_context():
            _sent(2, clock)
            assert delivery.deliver_due(clock.now) == 0
            assert [(row.state, row.attempts, row.due_at) for row in letters()] == [("due", 0, clock.now)] * 2
            assert "ConnectionRefused" in delivery.under_way().said
            assert "ConnectionRefused" in caplog.text and "@" not in caplog.text
            clock.advance(minutes=9)
            delivery.deliver_due(clock.now)
            assert caplog.text.count("cannot be used") == 1, "said once, not each minute"
            db.engine.dispose()


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(environ, clock):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        app = _app(environ, silent.getsockname()[1], RING_MAIL_TIMEOUT="1")
        with app.app_context():
            _sent(1, clock)
            delivery.deliver_due(clock.now)
            assert letters()[0].state == "due" and "time" in delivery.under_way().said.lower()
            db.engine.dispose()


def test_nothing_leaves_in_clear_when_encryption_was_asked(environ, smtp, clock):
    """The server offers no STARTTLS: the letter stays."""
    app = _app(environ, smtp.port, RING_MAIL_USE_TLS="true")
    with app.app_context():
        _sent(1, clock)
        delivery.deliver_due(clock.now)
        assert letters()[0].state == "due"
        assert (smtp.received, smtp.tries) == ([], 0)
        db.engine.dispose()


def test_a_password_that_is_refused_is_nobodys_fault_but_ours(environ, clock):
    """535: every letter stays due, however long it takes, and the operator is told."""
    controller = Controller(object(), hostname="127.0.0.1", port=Server().port, auth_require_tls=False,
                            authenticator=lambda *_: AuthResult(success=False, handled=False))
    controller.start()
    try:
        app = _app(environ, controller.port, RING_MAIL_USERNAME="ring", RING_MAIL_PASSWORD="perdu")
        with app.app_context():
            _sent(3, clock)
            for _ in range(6):
                assert delivery.deliver_due(clock.advance(days=1)) == 0
            assert _states() == [("due", 0)] * 3
            assert delivery.under_way().said.startswith("535")
            assert "perdu" not in delivery.under_way().said
            db.engine.dispose()
    finally:
        controller.stop()


@both
def test_a_server_down_for_forty_minutes_then_up_sends_everything_once_in_order(environ, clock):
    """Letters go on being written meanwhile; none is held against, none is doubled, the oldest leaves first."""
    server = Server()
    app = _app(environ, server.port)
    with app.app_context():
        for minute in range(40):
            if minute % 4 == 0:
                _sent(3, clock, key=f"m{minute}-")
            assert delivery.deliver_due(clock.now) == 0
            clock.advance(minutes=1)
        assert _states() == [("due", 0)] * 30
        with listening(server):
            for _ in range(6):
                while delivery.deliver_due(clock.now):
                    pass
                clock.advance(minutes=1)
        assert _states() == [("sent", 1)] * 30
        assert server.ids() == [row.message_id for row in letters()]
        assert delivery.under_way() is None
        db.session.remove()
        db.engine.dispose()


@both
def test_who_dies_while_sending_gives_the_letter_back_after_the_lease(sending, smtp, clock):
    _sent(3, clock)
    identity = [row.message_id for row in letters()]
    assert len(claiming.claim(clock.now)) == 3  # and the worker is killed here
    assert _states() == [("sending", 1)] * 3
    clock.advance(minutes=4)
    assert delivery.deliver_due(clock.now) == 0, "the lease is not over: the first worker may be alive"
    clock.advance(minutes=2)
    assert delivery.deliver_due(clock.now) == 3
    assert _states() == [("sent", 2)] * 3
    assert smtp.ids() == identity


@both
def test_two_workers_never_send_the_same_letter(sending, smtp, clock):
    _sent(12, clock)
    smtp.pause = 0.02
    handled, failed = at_once(sending, 3, lambda _: delivery.deliver_due(clock.now))
    assert failed == []
    assert sum(handled) == 12
    assert len(smtp.ids()) == len(set(smtp.ids())) == 12
    assert _states() == [("sent", 1)] * 12


def test_a_slow_server_never_makes_a_worker_outlive_its_lease(sending, smtp, clock, monkeypatch):
    """Letters not yet begun when half of the lease is gone are given back, untouched, for whoever is free."""
    monkeypatch.setattr("services.delivery.sending.monotonic", lambda: claiming.LEASE.total_seconds() / 5 * len(smtp.ids()))
    _sent(8, clock)
    assert delivery.deliver_due(clock.now) == 3, "a fifth of the lease each"
    assert sorted(_states()) == sorted([("sent", 1)] * 3 + [("due", 0)] * 5)
    assert [delivery.deliver_due(clock.now) for _ in range(2)] == [3, 2]
    assert len(smtp.ids()) == len(set(smtp.ids())) == 8


@both
def test_without_a_server_letters_are_kept_for_the_built_in_mailbox(context, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    assert delivery.deliver_due(clock.now) == 3
    assert {state for state, _ in _states()} == {"captured"}
    assert [address for address, *_ in courrier.mailboxes()] == [COORDINATOR, NOA]


@both
def test_who_operates_is_told_what_waits_what_is_late_and_what_was_refused(sending, smtp, clock):
    _sent(3, clock)
    smtp.answers = ["550 5.1.1 Inconnu ici", "250 pris", "451 plus tard"]
    delivery.deliver_due(clock.now)
    said = sending.test_cli_runner().invoke(args=["mail", "status"])
    assert said.exit_code == 0, said.output
    for words in ("à envoyer : 1", "accepté par le serveur d’envoi : 1", "Adresses arrêtées : 1", "550 5.1.1 Inconnu ici",
                  "Tout va bien"):
        assert words in said.output.replace("\u00a0", " "), said.output
    clock.advance(hours=1)
    said = sending.test_cli_runner().invoke(args=["mail", "status"])
    assert said.exit_code == 1 and "en retard de plus de cinq minutes : 1" in said.output.replace("\u00a0", " ")
