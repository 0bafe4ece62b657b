"""Once a year, members say whether what is known of them is right."""

from __future__ import annotations

import pytest
from cast import COORDINATOR, NOA, PROFESSIONAL, confirm, send
from setting import databases

from models.base import db, transaction
from models.structure import Membre
from services.donnees import checking


@pytest.fixture
def noa(client, post):
    send(client, "/rejoindre/professionnel", PROFESSIONAL)
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "/accepter")


def ask(app, clock) -> int:
    with app.app_context():
        return checking.ask(clock.now)


def checked(app):
    with app.app_context():
        return db.session.query(Membre).filter_by(email=NOA).one().checked_at


@databases("sqlite", "postgresql")
def test_a_member_is_asked_after_a_year_once_and_a_yes_in_reply_is_enough(app, client, post, clock, noa):
    clock.advance(days=364)
    assert ask(app, clock) == 0
    clock.advance(days=3)
    assert ask(app, clock) == 1 and ask(app, clock) == 0
    letter = post.last(NOA, "yearly_reminder")
    assert "Noa Fictif" in letter.text and letter.link("mon-espace")
    post.reply(letter, "Oui")
    assert checked(app) == clock.now
    assert "à jour" in post.last(NOA).text
    clock.advance(days=30)
    assert ask(app, clock) == 0


def test_an_answer_in_other_words_goes_to_the_coordination(app, client, post, clock, noa):
    clock.advance(days=366)
    ask(app, clock)
    post.reply(post.last(NOA, "yearly_reminder"), "J’ai changé de commune, je suis à Alès maintenant.")
    assert "je suis à Alès" in post.last(COORDINATOR).text and checked(app) is None


def test_nobody_is_asked_at_night_nor_after_leaving(app, client, post, clock, noa):
    clock.advance(days=366, hours=12)
    assert ask(app, clock) == 0
    clock.advance(hours=12)
    with app.app_context(), transaction():
        db.session.query(Membre).filter_by(email=NOA).one().left_at = clock.now
    assert ask(app, clock) == 0


def test_a_yes_that_nobody_asked_for_changes_nothing(app, client, post, clock, noa):
    post.reply(post.last(NOA, "welcome"), "Oui")
    assert checked(app) is None
