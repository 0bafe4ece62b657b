"""An address that does not work is left in peace: its letters wait, and its coordinators know."""

from __future__ import annotations

import pytest
from cast import COORDINATOR, NOA
from delivered import come_back, deliver, journal, states, stopped, write
from mail_reports import report
from roads.stories import confirmed, form, letters, said_in, who
from setting import at_once, databases
from sqlalchemy import func, select

from inbox import receive
from jobs.engine import hourly
from mail.addresses import ReplyAddress, write_address
from models.base import db, transaction
from models.delivery import DeliveryEvent
from models.inbound import InboundMessage
from models.outbox import OutboxMessage
from models.states import Kind
from services import acting, delivery, mailbox_reply, submission
from services.errors import AlreadyDone, Refused

both = databases("sqlite", "postgresql")
NEW = "noa.fictif@ailleurs.example"


@both
def test_an_address_that_does_not_exist_stops_at_the_first_refusal(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {NOA: "550 5.1.1 <noa> User unknown"}
    deliver(clock)
    assert stopped() == {NOA: True}
    assert set(states(NOA)) == {"held"}, "the letter that was refused waits too"
    told = letters(COORDINATOR, "address_stopped")
    assert len(told) == 1, "once for all the letters"
    assert "Noa Fictif" in said_in(told[0]) and "n’existe pas" in said_in(told[0])
    assert NOA not in said_in(told[0]) and "5.1.1" not in said_in(told[0])
    assert journal().count("address_stopped") == 1
    tries = len([e for e in db.session.scalars(select(DeliveryEvent)) if e.email == NOA])
    write(dossier, "Bonjour", clock)
    deliver(clock)
    assert set(states(NOA)) == {"held"}
    assert len([e for e in db.session.scalars(select(DeliveryEvent)) if e.email == NOA]) == tries, "the server was not asked"


@both
def test_held_letters_leave_in_their_order_when_the_address_works_again(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {NOA: "550 5.1.1 User unknown"}
    deliver(clock)
    for words in ("un", "deux", "trois"):
        write(dossier, words, clock)
    deliver(clock)
    held = [row.message_id for row in letters(NOA)]
    assert set(states(NOA)) == {"held"}
    smtp.refused, smtp.received = {}, []
    said = acting.perform("adresse", who(dossier, "coordinator").id, "", clock.advance(days=3),
                          extra=delivery.Correction(dossier.author.id))
    assert said == f"{len(held)} courriels partent à l’adresse de Noa Fictif, de nouveau utilisée."
    deliver(clock)
    assert smtp.ids() == held
    assert stopped() == {NOA: False}
    assert journal()[-1] == "address_lifted"
    with pytest.raises(AlreadyDone):
        acting.perform("adresse", who(dossier, "coordinator").id, "", clock.now, extra=delivery.Correction(dossier.author.id))


@both
def test_letters_that_come_back_five_times_stop_the_address_and_four_do_not(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    for number in range(1, 6):
        assert stopped() == {}
        write(dossier, f"essai {number}", clock)
        deliver(clock)
        come_back(letters(NOA)[-1], clock, status="5.2.2", said="552 5.2.2 Mailbox full", number=number)
        clock.advance(days=2)
    assert stopped() == {NOA: True}
    assert states(NOA).count("held") == 5, "what came back waits, so that nothing is lost"
    assert "boîte est peut-être pleine" in said_in(letters(COORDINATOR, "address_stopped")[0])


def test_what_came_back_long_ago_is_forgotten(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    for number in range(8):
        write(dossier, f"essai {number}", clock)
        deliver(clock)
        come_back(letters(NOA)[-1], clock, status="5.2.2", said="552 5.2.2 Mailbox full", number=number)
        clock.advance(days=9)
    assert stopped() == {}


def test_the_same_letter_reported_again_and_again_counts_once(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    for number in range(9):
        come_back(letters(NOA)[-1], clock, status="5.2.2", said="552 5.2.2 Mailbox full", number=number)
    assert stopped() == {}
    assert len(letters(COORDINATOR, "letter_failed")) == 1
    assert journal().count("mail_failed") == 1


def test_a_letter_too_big_says_nothing_against_the_address(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    for number in range(7):
        write(dossier, f"essai {number}", clock)
        deliver(clock)
        come_back(letters(NOA)[-1], clock, status="5.3.4", said="552 5.3.4 too big", number=number)
    assert stopped() == {}
    assert "trop lourd" in said_in(letters(COORDINATOR, "letter_failed")[0])


@both
def test_a_report_about_a_letter_of_ours_stops_its_address_and_is_answered_by_nobody(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    letter = letters(NOA)[-1]
    row = come_back(letter, clock)
    assert (row.state, row.participant_id) == ("ignored", letter.participant_id)
    assert stopped() == {NOA: True}
    others = [one.state for one in letters(NOA) if one.id != letter.id]
    assert (db.session.get(OutboxMessage, letter.id).state, set(others)) == ("held", {"sent"})
    assert [one.recipient for one in letters()[3:]] == [COORDINATOR], "the coordinator is told, and nobody else"


def test_a_report_is_believed_by_the_letters_name_even_without_its_return_address(sending, smtp, clock):
    """Some servers send it to From; a random Message-ID is as good a proof."""
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    letter = letters(NOA)[-1]
    receive(report("reseau@ring.example", NOA, letter=letter.message_id), "test", clock.now)
    assert stopped() == {NOA: True}


def test_a_forged_report_stops_nothing(sending, smtp, clock):
    """The return address is read by whoever receives a letter; without the name of a letter it proves nothing."""
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    before = len(letters())
    mine, theirs = letters(NOA)[-1], letters(COORDINATOR)[-1]
    invented = "<20270111080000.0123456789abcdef0123@ring.example>"
    for number in range(20):
        come_back(mine, clock, naming="", number=number)
    come_back(mine, clock, naming=invented, number=90)
    # Who knows the name of one's own letter cannot stop another with it.
    wrong = report(theirs.envelope_from, COORDINATOR, letter=mine.message_id, number=91)
    row = db.session.get(InboundMessage, receive(wrong, "test", clock.now))
    guessed = write_address(ReplyAddress(1, 0, bounce=True), "another secret", "ring.example")
    receive(report(guessed, NOA, number=92), "test", clock.now)
    assert stopped() == {}
    assert "contredit" in row.reason
    assert len(letters()) == before and {one.state for one in letters()} == {"sent"}
    assert db.session.scalar(select(func.count()).where(DeliveryEvent.outbox_message_id.is_(None))) == 5, "a few are kept"


def test_a_report_for_a_letter_sent_before_the_address_worked_again_does_not_stop_it(sending, smtp, clock):
    """Late, or delivered a second time by a mailbox restored from a backup."""
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    first, second = letters(NOA)[-2:]
    come_back(second, clock)
    clock.advance(days=1)
    acting.perform("adresse", who(dossier, "coordinator").id, "", clock.now, extra=delivery.Correction(dossier.author.id))
    come_back(first, clock, number=2)
    assert stopped() == {NOA: False}
    clock.advance(days=1)
    deliver(clock)
    come_back(db.session.get(OutboxMessage, second.id), clock, number=3)
    assert stopped() == {NOA: True}, "it left again, and came back again"


def test_a_report_of_delay_is_written_down_and_changes_nothing(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    letter = letters(NOA)[-1]
    come_back(letter, clock, action="delayed", status="4.4.1", said="451 4.4.1 connection timed out")
    assert db.session.get(OutboxMessage, letter.id).state == "sent"
    last = db.session.scalars(select(DeliveryEvent).order_by(DeliveryEvent.id.desc())).first()
    assert (last.outcome, last.outbox_message_id, last.code) == ("deferred", letter.id, "4.4.1")
    assert journal().count("mail_failed") == 0


def test_a_mail_from_a_stopped_address_starts_it_again(sending, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {NOA: "550 5.1.1 User unknown"}
    deliver(clock)
    smtp.refused = {}
    receive(mailbox_reply.write_reply(letters(NOA)[-1], "Me voilà", [], clock.now), "test", clock.now)
    deliver(clock)
    assert set(states(NOA)) == {"sent"}
    assert stopped() == {NOA: False}


def test_nobody_is_disturbed_for_a_form_whose_address_was_never_confirmed(sending, smtp, clock):
    submission.submit(form(email="personne@nulle-part.example"), "1.2.3.4", clock.now)
    smtp.refused = {"personne@nulle-part.example": "550 5.1.1 User unknown"}
    deliver(clock)
    assert [row.recipient for row in letters()] == ["personne@nulle-part.example"]
    for days in (3, 5, 40):
        clock.advance(days=days)
        hourly(clock.now)
    assert stopped() == {}, "and nothing of it stays"
    assert db.session.scalar(select(func.count()).select_from(DeliveryEvent)) == 0


def test_when_a_coordinators_own_address_stops_another_coordinator_is_told(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {COORDINATOR: "550 5.1.1 User unknown"}
    deliver(clock)
    told = letters(name="address_stopped")
    assert len(told) == 1 and told[0].recipient != COORDINATOR
    assert told[0].recipient in {p.email for p in dossier.coordinators}
    with pytest.raises(Refused, match="fichier du réseau"):
        acting.perform("adresse", who(dossier, "coordinator").id, "", clock.now,
                       extra=delivery.Correction(who(dossier, "coordinator").id, NEW))


@both
def test_two_workers_who_learn_it_at_once_tell_it_once(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    for number in range(6):
        write(dossier, f"mot {number}", clock)
    smtp.refused, smtp.pause = {NOA: "550 5.1.1 User unknown"}, 0
    for row in letters(NOA)[-6:]:
        # Each worker finds one of them.
        with transaction():
            db.session.get(OutboxMessage, row.id).due_at = clock.now
    _handled, failed = at_once(sending, 4, lambda _: delivery.deliver_due(clock.now))
    deliver(clock)
    assert failed == []
    assert len(letters(COORDINATOR, "address_stopped")) == 1
    assert journal().count("address_stopped") == 1
