"""Mails that come together end as if each had come alone, in their order: only quicker."""

from __future__ import annotations

import pytest
from cast import COORDINATOR, NOA
from setting import databases
from sqlalchemy import select

from inbox import process_stored, together
from models.base import db
from models.dossier import Dossier
from models.inbound import InboundMessage
from models.search import SearchEntry, Subject
from services import conversation, inbound
from services.inbound import replies


def bring(app, clock, raws: list[bytes]) -> None:
    with app.app_context():
        claimed = together.keep_all(raws, "maildir", clock.now)
        together.understand_all(claimed, lambda: clock.now)


def states(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(InboundMessage.state).order_by(InboundMessage.id)))


@pytest.fixture
def transactions(monkeypatch) -> list[int]:
    """How many replies were asked to be written each time, and how many were."""
    asked, honest = [], inbound.take_replies

    def counted(waiting, now):
        done = honest(waiting, now)
        asked.append(done)
        return done
    monkeypatch.setattr(inbound, "take_replies", counted)
    return asked


@databases("sqlite", "postgresql")
def test_replies_that_come_together_are_kept_relayed_and_found_in_their_order(app, mail, post, clock, transactions):
    words = [f"Réponse numéro {number}" for number in range(12)]
    bring(app, clock, [mail.answer(said) for said in words])
    assert mail.said() == words and states(app) == ["done"] * 12
    assert [letter.letter for letter in post.to(NOA)].count("conversation/message_relayed") == 12
    assert sum(transactions) == 12
    with app.app_context():
        assert len(db.session.scalars(select(SearchEntry).where(SearchEntry.subject == Subject.MESSAGE.value)).all()) == 12
        journal = [entry.kind for entry in db.session.scalars(select(Dossier)).one().journal]
    assert journal.count("answered") == 1 and journal.count("wrote") == 11


@databases("sqlite", "postgresql")
def test_one_whose_writing_fails_harms_none_of_the_others(app, mail, post, clock, monkeypatch):
    honest = conversation.say

    def failing(dossier, by, words, *given, **more):
        done = honest(dossier, by, words, *given, **more)
        if "panne" in words:
            raise RuntimeError("after all was written")
        return done
    monkeypatch.setattr(conversation, "say", failing)
    bring(app, clock, [mail.answer("Avant"), mail.answer("Une panne"), mail.answer("Après")])
    assert mail.said() == ["Avant", "Après"] and states(app) == ["done", "received", "done"]
    assert [letter.letter for letter in post.to(NOA)].count("conversation/message_relayed") == 2
    monkeypatch.setattr(conversation, "say", honest)
    with app.app_context():
        assert process_stored(clock.advance(minutes=2)) == 1
    assert mail.said() == ["Avant", "Après", "Une panne"], "it is taken up by the clock"


@databases("sqlite", "postgresql")
def test_a_command_among_words_is_obeyed_in_its_turn(app, mail, clock):
    bring(app, clock, [mail.answer("Avant"), mail.answer("/clore\nMerci à vous"), mail.answer("Après")])
    assert mail.said()[0] == "Avant" and mail.said()[-1] == "Après"
    with app.app_context():
        journal = [entry.kind for entry in db.session.scalars(select(Dossier)).one().journal]
    assert journal.index("answered") < journal.index("closed") < len(journal) - 1


@databases("sqlite", "postgresql")
def test_copies_of_a_mail_that_come_together_are_one_answer(app, mail, post, clock):
    raw = mail.answer("Une seule fois")
    bring(app, clock, [raw, raw, b"Delivered-To: x@ring.example\r\n" + raw, mail.answer("Une autre")])
    assert sorted(mail.said()) == ["Une autre", "Une seule fois"]
    assert states(app) == ["done", "ignored", "done"]
    assert [letter.letter for letter in post.to(NOA)].count("conversation/message_relayed") == 2


def test_forms_are_not_kept_waiting_for_many_replies(app, mail, clock, transactions, monkeypatch):
    monkeypatch.setattr(replies, "LONGEST_HELD", 0.0)
    bring(app, clock, [mail.answer(f"Réponse {number}") for number in range(4)])
    assert transactions == [1, 1, 1, 1] and len(mail.said()) == 4


def test_what_was_stored_together_and_not_understood_is_taken_up_by_the_clock(app, mail, clock):
    with app.app_context():
        together.keep_all([mail.answer("La première"), mail.answer("La deuxième")], "maildir", clock.now)
        assert process_stored(clock.advance(minutes=1)) == 0, "whoever stored them may be at it"
        assert process_stored(clock.advance(minutes=5)) == 2
    assert mail.said() == ["La première", "La deuxième"]


def test_somebody_elses_mail_among_replies_is_dealt_with_too(app, mail, post, clock):
    stranger = b"From: inconnu@ailleurs.example\r\nTo: reseau@ring.example\r\nSubject: Bonjour\r\n\r\nQui lit ceci ?\r\n"
    absence = mail.answer("Je suis en vacances", Auto_Submitted="auto-replied")
    bring(app, clock, [mail.answer("Avant"), stranger, absence, mail.answer("Après")])
    assert mail.said() == ["Avant", "Après"]
    assert states(app) == ["done", "quarantined", "ignored", "done"]
    assert post.last(COORDINATOR, "digest")
