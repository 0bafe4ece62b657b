"""« Stop » in a reply ends the mail of a request, but for what ends it or asks for a decision."""

from __future__ import annotations

from cast import AIDE, ANDREA, press, send, sign_in
from roads.correspondents import COORDINATOR, NOA, Story, immersion_asked, undo_offered
from setting import databases
from sqlalchemy import select

from models.base import db
from models.dossier import Participant


@databases("sqlite", "postgresql")
def test_stop_ends_the_mail_of_a_request_and_writing_again_brings_it_back(help_asked, client, post):
    help_asked.says(NOA, "STOP")
    done = help_asked.told(NOA, "command_done")
    assert "Nous ne vous écrirons plus" in done and "« retirer ma demande »" in done
    assert undo_offered(help_asked, NOA) == "reprendre les courriels"
    assert "Noa Fictif ne veut plus recevoir de courriels" in help_asked.told(COORDINATOR, "person_stopped")
    before = help_asked.count(NOA)
    help_asked.says(COORDINATOR, "Bonjour Noa, voici la réponse.", "request_to_coordinator")
    assert help_asked.count(NOA) == before
    assert "vos mots ne sont pas partis par courriel" in help_asked.told(COORDINATOR, "words_wait")
    assert "voici la réponse" in client.page(post.last(NOA, "request_received").link("d")).text
    sign_in(client, post)
    assert "Ne veut plus de courriels" in client.page("/coordination/AIDE-2027-0001").text
    help_asked.says(NOA, "Finalement je veux bien la suite.", "command_done")
    help_asked.says(COORDINATOR, "La voici.", "message_relayed")
    assert "La voici." in help_asked.told(NOA, "message_relayed")


def test_mail_is_taken_up_again_by_the_words_of_the_confirmation(help_asked):
    help_asked.says(NOA, "stop")
    help_asked.says(NOA, "Reprendre les courriels", "command_done")
    assert "Vous recevrez de nouveau" in help_asked.told(NOA, "command_done")
    help_asked.says(COORDINATOR, "Voici.", "request_to_coordinator")
    assert "Voici." in help_asked.told(NOA, "message_relayed")


def test_who_said_stop_still_gets_what_ends_the_request(help_asked):
    help_asked.says(NOA, "stop")
    help_asked.says(COORDINATOR, "/refuser Hors du champ du réseau", "request_to_coordinator")
    assert "Hors du champ" in help_asked.told(NOA, "ended")


def test_an_employer_who_said_stop_still_gets_what_asks_for_their_decision(app, client, post, clock):
    story = immersion_asked(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "stop")
    assert "Andréa Direction (Structure Exemple B) ne veut plus" in story.told(COORDINATOR, "person_stopped")
    story.says(COORDINATOR, "/refuser Erreur", "request_to_coordinator")
    assert story.post.last(ANDREA).letter == "immersion/not_possible"
    story.says(COORDINATOR, "/rouvrir", "request_to_coordinator")
    assert story.count(ANDREA, "request_reopened") == 0, "news is not"
    with app.app_context():
        assert db.session.scalar(select(Participant.muted_at).where(Participant.email == ANDREA)) is not None


def test_stop_before_the_address_is_confirmed_ends_the_reminder(app, client, post, clock):
    from services import submission
    send(client, "/aide", AIDE)
    story = Story(app, client, post, clock)
    story.says(NOA, "stop")
    assert post.to(COORDINATOR) == [], "nobody is told of a request that was not confirmed"
    clock.advance(days=3)
    with app.app_context():
        submission.remind_unconfirmed(clock.now)
    assert story.count(NOA, "confirmation_reminder") == 0


def test_stop_by_the_button_does_the_same(help_asked, client, post):
    mine = post.last(NOA, "request_received").link("d")
    press(client, f"{mine}/stop")
    assert "Recevoir de nouveau les courriels" in client.page(mine).text
    press(client, f"{mine}/reprendre-courriels")
    assert "Ne plus recevoir de courriels" in client.page(mine).text
