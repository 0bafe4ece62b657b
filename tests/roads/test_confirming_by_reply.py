"""The address of a form confirmed by answering the letter that asks it, as by its button."""

from __future__ import annotations

import pytest
from cast import AIDE, send
from roads.correspondents import COORDINATOR, NOA, Story
from setting import databases

from services import submission


@pytest.fixture
def sent(app, client, post, clock) -> Story:
    """Noa has sent a form, and confirmed nothing."""
    send(client, "/aide", AIDE)
    return Story(app, client, post, clock)


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("words", ["oui", "Oui.", "Je confirme", "confirmer", "/confirmer", "Oui\n\nMerci,\nNoa"])
def test_a_reply_confirms_the_address_as_the_button_does(sent, words):
    sent.says(NOA, words)
    assert sent.state == "submitted"
    assert sent.count(NOA, "request_received") == 1 and sent.count(COORDINATOR, "request_to_coordinator") == 1
    assert sent.count(NOA, "command_done") == 0, "the receipt says it"
    assert "confirmed" in sent.journal


def test_words_under_it_reach_the_coordination(sent):
    sent.says(NOA, "Oui\n\nJ’ajoute que c’est pour mardi.")
    assert sent.state == "submitted" and sent.words == ["J’ajoute que c’est pour mardi."]
    assert "c’est pour mardi" in sent.told(COORDINATOR, "message_relayed")


def test_the_reminder_is_answered_too(sent):
    sent.clock.advance(days=3)
    with sent.app.app_context():
        submission.remind_unconfirmed(sent.clock.now)
    sent.says(NOA, "oui", "confirmation_reminder")
    assert sent.state == "submitted"


def test_the_link_after_the_reply_says_that_it_is_done(sent):
    path = sent.post.last(NOA).link("confirmer")
    sent.says(NOA, "oui")
    page = sent.client.get(path)
    assert "déjà confirmée" in page.text.replace("\u00a0", " ")
    assert sent.count(NOA, "request_received") == 1


def test_the_reply_after_the_link_or_twice_does_nothing_more(sent):
    sent.says(NOA, "oui")
    taken = sent.says(NOA, "oui", "address_to_confirm", headers={"Message-ID": "<encore@structure-b.example>"})
    assert (taken.state, taken.reason) == ("done", "adresse déjà confirmée")
    assert sent.words == [] and sent.count(NOA) == 2 and sent.count(COORDINATOR) == 1


def test_yes_in_an_exchange_is_an_answer(sent):
    sent.says(NOA, "oui")
    sent.says(COORDINATOR, "Bonjour Noa, puis-je vous appeler ?")
    sent.says(NOA, "Oui")
    assert sent.words[-1] == "Oui" and sent.count(NOA, "command_refused") == 0


@pytest.mark.parametrize("words", ["Bonjour, qui êtes-vous ?", "Oui, mais pas cette adresse", "Oui\nmais plus tard"])
def test_other_words_are_kept_confirm_nothing_and_one_letter_says_what_to_write(sent, words):
    sent.says(NOA, words)
    sent.says(NOA, words + " !", "address_to_confirm")
    assert sent.state == "unconfirmed" and sent.words[0] == words
    assert sent.count(NOA, "confirm_first") == 1 and "oui" in sent.told(NOA, "confirm_first")
    assert sent.count(COORDINATOR) == 0
    sent.says(NOA, "oui", "confirm_first")
    assert sent.state == "submitted" and sent.count(COORDINATOR, "message_relayed") == 2, "then the coordination reads them"


def test_an_automatic_answer_and_another_address_confirm_nothing(sent):
    sent.says(NOA, "oui", headers={"Auto-Submitted": "auto-replied"})
    sent.says(NOA, "oui", sender="Quelqu’un <autre@ailleurs.example>", headers={"Message-ID": "<autre@ailleurs.example>"})
    assert sent.state == "unconfirmed" and sent.count(COORDINATOR, "request_to_coordinator") == 0


def test_too_late_it_is_said_and_nothing_is_confirmed(sent):
    sent.clock.advance(days=7, hours=1)
    sent.says(NOA, "oui")
    assert sent.state == "unconfirmed" and "plus de sept jours" in sent.told(NOA, "command_refused")
    with sent.app.app_context():
        submission.delete_unconfirmed(sent.clock.now)
    assert sent.count(COORDINATOR, "request_to_coordinator") == 0
