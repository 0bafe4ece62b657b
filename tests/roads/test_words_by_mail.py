"""What a word in a reply does to a request: done, confirmed, told to whom it matters, undone; doubt does nothing."""

from __future__ import annotations

import pytest
from cast import ANDREA, LEARNER, confirm, send
from roads.correspondents import COORDINATOR, NOA, Story, immersion_asked, undo_offered
from setting import databases
from sqlalchemy import select

from models.base import db
from models.stored_file import StoredFile

PDF = (("plan.pdf", "application/pdf", b"%PDF-1.7 plan"),)


# --- clore, rouvrir -------------------------------------------------------------------------------------------------------

@databases("sqlite", "postgresql")
def test_what_was_closed_is_reopened_by_the_word_the_confirmation_gives(help_asked):
    help_asked.says(COORDINATOR, "/clore\nMerci à vous.")
    assert help_asked.state == "closed" and undo_offered(help_asked) == "/rouvrir"
    help_asked.says(COORDINATOR, "/rouvrir\nJ’avais oublié une chose.", "command_done")
    assert help_asked.state == "in_progress"
    assert "est rouverte par Alix Coordination" in help_asked.told(NOA, "request_reopened")
    assert "J’avais oublié une chose." in help_asked.told(NOA, "request_reopened")


def test_the_author_reopens_what_was_resolved_and_the_coordination_is_told(help_asked):
    help_asked.says(NOA, "C’est résolu")
    assert help_asked.state == "resolved" and undo_offered(help_asked, NOA) == "/rouvrir"
    help_asked.says(NOA, "rouvrir", "command_done")
    assert help_asked.state == "in_progress"
    assert "rouverte par Noa Fictif" in help_asked.told(COORDINATOR, "request_reopened")


def test_a_refused_adhesion_is_looked_at_again(app, client, post, clock):
    story = Story(app, client, post, clock, "ADH-2027-0001")
    send(client, "/rejoindre/en-devenir", LEARNER)
    confirm(client, post, "lou@courriel.example")
    story.says(COORDINATOR, "Refuser : hors du territoire")
    assert story.state == "refused" and undo_offered(story) == "/rouvrir"
    story.says(COORDINATOR, "rouvrir")
    assert story.state == "submitted"


@databases("sqlite", "postgresql")
def test_a_refused_immersion_is_taken_up_where_it_stood(app, client, post, clock):
    story = immersion_asked(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "Oui")
    assert story.state == "employer_agreed"
    story.says(COORDINATOR, "/refuser Erreur de dossier")
    assert story.state == "refused" and undo_offered(story) == "/rouvrir"
    story.says(COORDINATOR, "/rouvrir Pardon, je m’étais trompée.")
    assert story.state == "employer_agreed", "its employer is not asked again"
    for address in (NOA, ANDREA):
        assert "structure d’accueil à proposer" in story.told(address, "request_reopened")
    assert story.count(ANDREA, "employer_to_agree") == 1


def test_an_immersion_refused_before_its_employer_was_asked_begins_again(app, client, post, clock):
    story = immersion_asked(app, client, post, clock)
    story.says(COORDINATOR, "/refuser Erreur")
    story.says(COORDINATOR, "/rouvrir")
    assert story.state == "submitted"
    story.says(COORDINATOR, "accepter")
    assert story.state == "employer_asked" and story.count(ANDREA, "employer_to_agree") == 1


def test_an_employer_who_refused_is_asked_again_by_reopening(app, client, post, clock):
    story = immersion_asked(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "Non : trop de travail")
    assert story.state == "refused"
    story.says(COORDINATOR, "/rouvrir")
    assert story.state == "employer_asked"
    story.says(ANDREA, "Oui", "request_reopened")
    assert story.state == "employer_agreed"
    with app.app_context():
        assert len([p for p in story.dossier.participants if p.role == "employer"]) == 1


# --- notes and files ------------------------------------------------------------------------------------------------------

def test_a_note_is_taken_back_by_who_wrote_it(help_asked):
    help_asked.says(COORDINATOR, "/note À rappeler", files=PDF)
    assert help_asked.notes == ["À rappeler"] and undo_offered(help_asked) == "retirer la note"
    help_asked.says(COORDINATOR, "retirer la note", "command_done")
    assert help_asked.notes == [] and "note_removed" in help_asked.journal
    with help_asked.app.app_context():
        assert db.session.scalars(select(StoredFile.name)).all() == ["plan.pdf"], "its file stays with the request"
    help_asked.says(COORDINATOR, "retirer la note", "command_done")
    assert "Vous n’avez pas écrit de note" in help_asked.told(COORDINATOR, "command_refused")


@pytest.mark.parametrize(("words", "letter"), [("/clore", "command_done"), ("/note À lire", "command_done"),
                                               ("/accepter", "command_refused"), ("clore maintenant", "command_refused")])
def test_files_that_came_with_an_order_are_kept_for_the_coordination_and_sent_to_nobody(help_asked, words, letter):
    help_asked.says(COORDINATOR, words, files=PDF)
    assert "en note interne" in help_asked.told(COORDINATOR, letter)
    assert all(not item.files for item in help_asked.post.to(NOA))
    with help_asked.app.app_context():
        [file] = db.session.scalars(select(StoredFile)).all()
        assert file.message.is_note and file.dossier.reference == help_asked.reference


def test_the_files_of_an_employer_who_says_yes_reach_the_coordination(app, client, post, clock):
    story = immersion_asked(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "Oui", files=PDF)
    assert story.state == "employer_agreed"
    assert story.post.last(COORDINATOR, "message_relayed").files[0][0] == "plan.pdf"


# --- doubt ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("words", "said"), [
    ("refuser dossier incomplet", "ce n’est pas certain que ce soit un ordre"),
    ("/accepter Bienvenue", "ne sert pas pour une demande d’aide"),
    ("stop", "transmettre à"), ("/fusionner", "n’en est pas un que nous comprenons"),
    ("transmettre à Personne", "Charlie Suppléance (suppleance@ring.example)"), ("transmettre à", "Il manque le nom"),
    ("je m’absente jusqu’à bientôt", "n’avons pas su lire de jour"),
    ("je m’absente jusqu’au 10 janvier 2027", "Ce jour est passé"),
    ("Je prends\nJe vous appelle, Noa.", "/je prends"), ("/note un\n/clore", "un seul ordre par courriel"),
])
def test_doubt_goes_to_a_human_nothing_is_done_and_the_words_are_kept(help_asked, words, said):
    before = help_asked.count(NOA), help_asked.state
    help_asked.says(COORDINATOR, words)
    assert (help_asked.count(NOA), help_asked.state) == before
    refused = help_asked.told(COORDINATOR, "command_refused")
    assert said in refused and "gardés en note interne" in refused, refused
    assert help_asked.notes == [words] and help_asked.holder == ""


def test_words_that_came_with_an_order_too_late_are_kept(help_asked):
    help_asked.says(NOA, "C’est résolu")
    help_asked.says(COORDINATOR, "/clore\nMerci à vous deux.", "request_to_coordinator")
    assert help_asked.state == "resolved"
    assert help_asked.notes == ["/clore\nMerci à vous deux."]


def test_words_of_an_employer_whose_order_came_too_late_reach_the_coordination(app, client, post, clock):
    story = immersion_asked(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(NOA, "retirer ma demande")
    story.says(ANDREA, "Non : nous n’avons personne pour le remplacer.", "employer_to_agree")
    assert "personne pour le remplacer" in story.told(COORDINATOR, "message_relayed")
    assert "transmis à la coordination" in story.told(ANDREA, "command_refused")
