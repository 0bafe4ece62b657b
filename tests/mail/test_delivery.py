"""Letters leave once, are tried again when they should be, and what the server said is kept."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from cast import COORDINATOR, NOA
from roads.stories import confirmed, form, letters
from setting import at_once, databases
from sqlalchemy import select

from app import create_app
from models.base import db
from models.journal import JournalEntry
from models.states import Kind
from services import courrier, submission

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
    assert courrier.deliver_due(clock.now) == 3
    assert courrier.deliver_due(clock.now) == 0
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
        assert courrier.deliver_due(clock.now) == 1
        row = letters()[0]
        db.session.refresh(row)
        assert (row.state, row.server_said) == ("due", "451 4.7.1 Liste grise")
        waits.append((row.due_at - clock.now).total_seconds() / 60)
        assert courrier.deliver_due(row.due_at - timedelta(seconds=1)) == 0
        clock.now = row.due_at
    assert [round(wait - 0.25) for wait in waits] == [1, 5, 15, 60, 60, 60]
    assert courrier.deliver_due(clock.now) == 1
    assert _states() == [("sent", 7)]
    assert len(set(smtp.ids())) == len(smtp.ids()) == 1


def test_after_three_days_it_is_given_up_and_told_on_the_dossier(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {COORDINATOR: "450 4.2.1 mailbox busy"}
    tries = 0
    while any(state in ("due", "sending") for state, _ in _states()):
        courrier.deliver_due(clock.now)
        clock.advance(hours=2)
        tries += 1
        assert tries < 40
    row = letters(COORDINATOR)[0]
    assert (row.state, row.server_said) == ("failed", "450 4.2.1 mailbox busy")
    assert timedelta(days=3) < clock.now - row.created_at < timedelta(days=3, hours=5)
    assert [e.kind for e in row.dossier.journal].count("mail_failed") == 1
    assert {r.state for r in letters(NOA)} == {"sent"}


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "554 5.7.1 Refused", "552 5.2.2 Mailbox full"])
def test_a_final_no_is_believed_at_once(sending, smtp, clock, answer):
    confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {NOA: answer}
    courrier.deliver_due(clock.now)
    rows = letters(NOA)
    assert {(row.state, row.server_said) for row in rows} == {("failed", answer)}
    assert {row.state for row in letters(COORDINATOR)} == {"sent"}, "one refusal does not hold the others back"
    journal = db.session.scalars(select(JournalEntry.kind)).all()
    assert journal.count("mail_failed") == len(rows)
    assert courrier.deliver_due(clock.advance(days=2)) == 0


def test_a_refusal_in_the_middle_of_many_stops_nobody(sending, smtp, clock):
    _sent(9, clock)
    smtp.answers = ["250 OK", "451 later", "250 OK", "554 no", "421 closing", "250 OK"]
    courrier.deliver_due(clock.now)
    assert [state for state, _ in _states()] == ["sent", "due", "sent", "failed", "due", "sent", "sent", "sent", "sent"]
    clock.advance(minutes=2)
    courrier.deliver_due(clock.now)
    assert [state for state, _ in _states()].count("sent") == 8
    assert len(set(smtp.ids())) == 8


def test_a_server_that_is_down_costs_nothing_but_time(environ, clock):
    import socket
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        app = create_app({**environ, "RING_MAIL_SERVER": "127.0.0.1", "RING_MAIL_PORT": str(taken.getsockname()[1]),
                          "RING_MAIL_USE_TLS": "false"}, testing=True)
        with app.app_context():
            _sent(2, clock)
            assert courrier.deliver_due(clock.now) == 2
            assert [(row.state, row.attempts) for row in letters()] == [("due", 1)] * 2
            assert "ConnectionRefused" in letters()[0].server_said
            db.engine.dispose()


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(environ, clock):
    import socket
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        app = create_app({**environ, "RING_MAIL_SERVER": "127.0.0.1", "RING_MAIL_PORT": str(silent.getsockname()[1]),
                          "RING_MAIL_USE_TLS": "false", "RING_MAIL_TIMEOUT": "1"}, testing=True)
        with app.app_context():
            _sent(1, clock)
            courrier.deliver_due(clock.now)
            row = letters()[0]
            assert row.state == "due" and "time" in row.server_said.lower()
            db.engine.dispose()


def test_nothing_leaves_in_clear_when_encryption_was_asked(environ, smtp, clock):
    """The server offers no STARTTLS: the letter stays."""
    app = create_app({**environ, "RING_MAIL_SERVER": "127.0.0.1", "RING_MAIL_PORT": str(smtp.port)}, testing=True)
    with app.app_context():
        _sent(1, clock)
        courrier.deliver_due(clock.now)
        assert letters()[0].state == "due"
        assert (smtp.received, smtp.tries) == ([], 0)
        db.engine.dispose()


@both
def test_who_dies_while_sending_gives_the_letter_back_after_the_lease(sending, smtp, clock):
    _sent(3, clock)
    identity = [row.message_id for row in letters()]
    assert len(courrier._claim(clock.now)) == 3  # and the worker is killed here
    assert _states() == [("sending", 1)] * 3
    clock.advance(minutes=4)
    assert courrier.deliver_due(clock.now) == 0, "the lease is not over: the first worker may be alive"
    clock.advance(minutes=2)
    assert courrier.deliver_due(clock.now) == 3
    assert _states() == [("sent", 2)] * 3
    assert smtp.ids() == identity


@both
def test_two_workers_never_send_the_same_letter(sending, smtp, clock):
    _sent(12, clock)
    smtp.pause = 0.02
    handled, failed = at_once(sending, 3, lambda _: courrier.deliver_due(clock.now))
    assert failed == []
    assert sum(handled) == 12
    assert len(smtp.ids()) == len(set(smtp.ids())) == 12
    assert _states() == [("sent", 1)] * 12


def test_a_slow_server_never_makes_a_worker_outlive_its_lease(sending, smtp, clock, monkeypatch):
    """Letters not yet begun when half of the lease is gone are given back, untouched, for whoever is free."""
    monkeypatch.setattr(courrier, "LEASE", timedelta(seconds=1))
    _sent(8, clock)
    smtp.pause = 0.2
    first = courrier.deliver_due(clock.now)
    assert 2 <= first < 8
    assert sorted(_states()) == sorted([("sent", 1)] * first + [("due", 0)] * (8 - first))
    smtp.pause = 0
    monkeypatch.setattr(courrier, "LEASE", timedelta(seconds=60))
    assert courrier.deliver_due(clock.now) == 8 - first
    assert len(smtp.ids()) == len(set(smtp.ids())) == 8


@both
def test_without_a_server_letters_are_kept_for_the_built_in_mailbox(context, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    assert courrier.deliver_due(clock.now) == 3
    assert {state for state, _ in _states()} == {"captured"}
    assert [address for address, *_ in courrier.mailboxes()] == [COORDINATOR, NOA]
