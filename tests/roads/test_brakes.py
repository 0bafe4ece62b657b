"""Mail that comes too often goes no further, and nobody is refused twice a day (study on mail, 1.4: rows 8, 29 and 30)."""

from __future__ import annotations

import pytest
from cast import sign_in
from roads.correspondents import COORDINATOR, DEPUTY, NOA, with_network
from setting import databases
from sqlalchemy import select

from models.base import db
from models.inbound import InboundMessage
from services.inbound.braking import MOST, MOST_OF_A_COORDINATOR

LONG = "Bonjour, je suis absente et je lirai votre message à mon retour, merci de votre patience."


@databases("sqlite", "postgresql")
def test_ten_mails_in_three_hours_are_relayed_the_next_are_kept_and_told_once(help_asked, client, post):
    for number in range(MOST + 4):
        row = help_asked.says(NOA, f"Message numéro {number}")
        assert row.state == "done"
    assert help_asked.count(COORDINATOR, "message_relayed") == MOST
    assert help_asked.count(COORDINATOR, "words_kept") == 1 and help_asked.journal.count("slowed") == 1
    assert "répondeur automatique" in help_asked.told(COORDINATOR, "words_kept")
    assert help_asked.words == [f"Message numéro {number}" for number in range(MOST + 4)], "all are on the page"
    sign_in(client, post)
    assert f"Message numéro {MOST + 3}" in client.page("/coordination/AIDE-2027-0001").text
    help_asked.clock.advance(hours=3)
    help_asked.says(NOA, "Et maintenant ?")
    assert "Et maintenant" in help_asked.told(COORDINATOR, "message_relayed")


def test_far_too_many_are_kept_as_they_came_only(help_asked):
    for number in range(MOST * 3 + 5):
        help_asked.says(NOA, f"Numéro {number}", minutes=0.5)
    assert len(help_asked.words) == MOST * 3
    with help_asked.app.app_context():
        states = db.session.scalars(select(InboundMessage.state)).all()
        assert states.count("done") == MOST * 3 and states.count("ignored") == 5


def test_orders_are_slowed_too_and_answered_by_nothing(help_asked):
    for number in range(MOST):
        help_asked.says(NOA, "stop" if number % 2 else "reprendre les courriels", "request_received")
    answered = help_asked.count(NOA)
    help_asked.says(NOA, "retirer ma demande", "request_received")
    assert help_asked.state == "submitted" and help_asked.count(NOA) == answered
    assert "retirer ma demande" in help_asked.words


def test_a_coordinator_may_write_more(help_asked):
    for number in range(MOST + 2):
        help_asked.says(COORDINATOR, f"Réponse {number}", "request_to_coordinator")
    assert help_asked.count(NOA, "message_relayed") == MOST + 2
    assert MOST_OF_A_COORDINATOR > MOST


@databases("sqlite", "postgresql")
def test_the_same_words_within_minutes_are_relayed_once(help_asked):
    for _ in range(3):
        help_asked.says(NOA, LONG, "request_received")
    assert help_asked.count(COORDINATOR, "message_relayed") == 1 and help_asked.journal.count("same_words") == 1
    help_asked.clock.advance(minutes=15)
    help_asked.says(NOA, LONG, "request_received")
    assert help_asked.count(COORDINATOR, "message_relayed") == 2


@pytest.mark.parametrize("words", ["Oui", "Merci !"])
def test_short_words_may_answer_two_questions(help_asked, words):
    help_asked.says(COORDINATOR, "Avez-vous un rendez-vous ? Puis-je vous appeler ?")
    for _ in range(2):
        help_asked.says(NOA, words)
    assert help_asked.count(COORDINATOR, "message_relayed") == 2


def test_the_same_words_with_another_file_are_another_message(help_asked):
    for content in (b"%PDF-1.7 un", b"%PDF-1.7 deux"):
        help_asked.says(NOA, LONG, "request_received", files=(("scan.pdf", "application/pdf", content),))
    assert help_asked.count(COORDINATOR, "message_relayed") == 2


def test_a_mail_taken_up_again_after_an_error_has_not_been_said_before(help_asked, monkeypatch):
    from services import conversation
    kept = conversation.write
    monkeypatch.setattr(conversation, "write", lambda *_args, **_more: 1 / 0)
    row = help_asked.says(NOA, LONG)
    assert row.state == "received" and help_asked.words == []
    monkeypatch.setattr(conversation, "write", kept)
    from inbox import process_stored
    help_asked.clock.advance(minutes=1)
    with help_asked.app.app_context():
        assert process_stored(help_asked.clock.now) == 1
    assert help_asked.words == [LONG] and help_asked.count(COORDINATOR, "message_relayed") == 1


def test_two_answering_machines_without_a_header_stop_by_themselves(help_asked):
    """Each answers whatever reaches it, with words that change each time."""
    help_asked.says(COORDINATOR, "Bonjour Noa.")
    for turn in range(200):
        before = len(help_asked.post.all())
        for address in (NOA, COORDINATOR):
            help_asked.says(address, f"Je suis absente, votre message est le numéro {turn} de la liste.", "message_relayed")
        if len(help_asked.post.all()) == before:
            break
    assert turn <= MOST_OF_A_COORDINATOR + 2
    assert len(help_asked.post.all()) < 3 * (MOST + MOST_OF_A_COORDINATOR)


def test_a_refusal_is_written_once_a_day(app, help_asked):
    with_network(app, without=COORDINATOR)
    for hours in (1, 1, 1):
        help_asked.clock.advance(hours=hours)
        help_asked.says(COORDINATOR, f"Bonjour Noa, depuis {help_asked.clock.now}", "request_to_coordinator")
    assert help_asked.count(COORDINATOR, "no_longer") == 1 and help_asked.count(DEPUTY, "words_kept") == 1
    help_asked.clock.advance(days=1)
    help_asked.says(COORDINATOR, "Toujours moi.", "request_to_coordinator")
    assert help_asked.count(COORDINATOR, "no_longer") == 2


@pytest.mark.parametrize("headers", [
    {"Return-Path": "<>"}, {"List-Id": "<liste.example>"}, {"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}])
def test_a_null_sender_a_list_and_an_automaton_are_never_answered(help_asked, headers):
    help_asked.says(COORDINATOR, "/clore")
    help_asked.clock.advance(days=100)
    before = len(help_asked.post.all())
    row = help_asked.says(NOA, "Bonjour, la question revient.", headers=headers)
    assert row.state != "done" and help_asked.state == "closed"
    assert len([i for i in help_asked.post.all()[before:] if i.letter != "coordination/digest"]) == 0
