"""What is kept of letters that left: the row stays with its request, the words go."""

from __future__ import annotations

from cast import NOA
from delivered import come_back, deliver, states, stopped, write
from roads.stories import confirmed, letters, who
from setting import databases
from sqlalchemy import func, select

from commands.check import sending_fails
from inbox import receive
from jobs.engine import hourly
from models.base import db, transaction
from models.conversation import Message
from models.delivery import DeliveryEvent, StoppedAddress
from models.states import Kind
from services import acting, delivery, mailbox_reply


@databases("sqlite", "postgresql")
def test_the_words_of_a_letter_go_after_ninety_days_and_its_trace_stays(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    clock.advance(days=60)
    write(dossier, "Plus tard", clock)
    deliver(clock)
    answer = mailbox_reply.write_reply(letters(NOA)[-1], "Merci", [], clock.now)
    hourly(clock.now)
    assert all(row.raw for row in letters())
    hourly(clock.advance(days=31))
    db.session.rollback()
    assert [bool(row.raw) for row in letters()] == [False, False, False, True]
    assert {row.state for row in letters()} == {"sent"} and all(row.subject for row in letters())
    assert db.session.scalar(select(func.count()).select_from(DeliveryEvent)) == 1
    hourly(clock.advance(days=60))
    db.session.rollback()
    assert not any(row.raw for row in letters())
    receive(answer, "test", clock.now)
    assert "Merci" in db.session.scalars(select(Message.body)).all()[-1], "a late answer still finds its conversation"


def test_a_letter_held_for_ninety_days_is_given_up(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    come_back(letters(NOA)[-1], clock)
    hourly(clock.advance(days=89))
    assert "held" in states(NOA)
    hourly(clock.advance(days=2))
    assert set(states(NOA)) == {"sent", "failed"}
    assert stopped() == {NOA: True}, "somebody still has that address, and it does not work"


def test_an_address_that_works_again_is_forgotten(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    come_back(letters(NOA)[-1], clock)
    acting.perform("adresse", who(dossier, "coordinator").id, "", clock.now, extra=delivery.Correction(dossier.author.id))
    hourly(clock.advance(days=34))
    assert stopped() == {NOA: False}
    hourly(clock.advance(days=2))
    assert stopped() == {}


def test_an_address_nobody_has_is_forgotten(sending, clock):
    with transaction() as session:
        session.add(StoppedAddress(email="parti@structure-z.example", stopped_at=clock.now, because="bounced_hard"))
    hourly(clock.advance(days=36))
    assert stopped() == {}


def test_the_operator_is_told_that_nothing_leaves(sending, smtp, clock):
    assert sending_fails() == []
    confirmed(Kind.ENTRAIDE, clock.now)
    smtp.senders = ["550 5.7.1 not your sender"] * 9
    deliver(clock)
    [sentence] = sending_fails()
    assert "rien ne part depuis le" in sentence and "550 5.7.1 not your sender" in sentence
