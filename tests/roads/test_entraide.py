"""Help among peers, through web and mail: who is asked, who takes it, what each reads, how it ends (stories S04 and S06)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from cast import COORDINATOR, NOA, confirm, press, send
from roads.correspondents import Story
from roads.peers import ARIEL, DOMINIQUE, SACHA, member, question
from setting import databases
from sqlalchemy import select

from models.base import db
from models.dossier import Entraide
from models.entraide import Solicitation

#: mardi 12 janvier 2027, 10 h 05 à Paris.
ASKED_AT = datetime(2027, 1, 12, 9, 5, tzinfo=UTC)


@pytest.fixture
def story(app, client, post, clock) -> Story:
    clock.now = ASKED_AT
    return Story(app, client, post, clock)


def ask(story: Story, *visible: str, **kind: str) -> None:
    send(story.client, "/aide", question(*visible, **kind))
    confirm(story.client, story.post, NOA)


def asked(app) -> dict[str, str]:
    """Who was asked, and what they said."""
    with app.app_context():
        db.session.expire_all()
        return {row.email: row.answer for row in db.session.scalars(select(Solicitation).order_by(Solicitation.id))}


@databases("sqlite", "postgresql")
def test_a_simple_question_is_answered_by_a_peer_who_replies(app, client, post, clock, story):
    with app.app_context():
        member(DOMINIQUE, skills=("aidants_connect",))
        member(ARIEL, skills=("demarches_administratives",))
    ask(story)
    assert asked(app) == {ARIEL: "none", DOMINIQUE: "none"}, "who offers the very skill first, then one that is near it"
    letter = post.last(DOMINIQUE, "peer_asked")
    assert "mandat" in letter.text and "à environ" in letter.text
    assert "Noa" not in letter.text + letter.html and NOA.encode() not in letter.raw
    assert "Ariel" in story.told(COORDINATOR, "request_to_coordinator"), "the coordination reads who is asked"

    clock.now = datetime(2027, 1, 12, 10, 40, tzinfo=UTC)
    post.reply(letter, "Il faut un mandat écrit signé.\n\n-- \nDominique Essai")
    answer = post.last(NOA, "message_relayed")
    assert "Il faut un mandat écrit signé." in answer.text and "texte cité" not in answer.text
    assert "Un·e pair du réseau" in answer.text
    assert "Dominique" not in answer.text + answer.html and DOMINIQUE.encode() not in answer.raw
    assert asked(app)[DOMINIQUE] == "taken" and story.state == "in_progress"
    assert "**" not in answer.text
    with app.app_context():
        assert story.dossier.first_answer_minutes == 95
        assert story.dossier.promised_on is None
    assert "Dominique" in story.told(COORDINATOR, "message_relayed"), "the coordination reads everybody's name"
    assert post.last(DOMINIQUE).letter == "entraide/to_help"

    post.reply(answer, "Merci ! Un modèle existe-t-il ?")
    thread = post.last(DOMINIQUE, "message_relayed")
    assert "Un modèle" in thread.text and "Noa" not in thread.text.replace("Bonjour", "")
    assert "Un modèle" in story.told(COORDINATOR, "message_relayed")
    post.reply(post.last(COORDINATOR, "message_relayed"), "Je vous envoie le nôtre à tous les deux.")
    assert "le nôtre" in story.told(NOA, "message_relayed") and "le nôtre" in story.told(DOMINIQUE, "message_relayed")

    path = re.search(r"(/d/[\w-]+/resolu)", post.last(NOA, "message_relayed").text)[1]
    press(client, path)
    assert story.state == "resolved"
    assert post.last(DOMINIQUE).letter == "entraide/resolved" and "Noa" not in post.last(DOMINIQUE).text
    assert post.last(COORDINATOR).letter == "entraide/resolved"
    post.reply(post.last(DOMINIQUE), "Avec plaisir. Un oubli : il faut aussi la date.")
    assert story.state == "in_progress", "a word reopens it"
    assert "aussi la date" in story.told(NOA, "message_relayed")


def test_a_peer_takes_by_the_page_and_chooses_to_be_named(app, client, post, story):
    with app.app_context():
        member(DOMINIQUE)
    ask(story, "nom")
    letter = post.last(DOMINIQUE, "peer_asked")
    path = letter.link("d")
    assert path.endswith("/prendre")
    page = client.get(path)
    assert "mandat" in page.text and asked(app)[DOMINIQUE] == "none", "opening the page takes nothing"
    press(client, path, named="oui", words="Bonjour, je connais bien le sujet.")
    assert asked(app)[DOMINIQUE] == "taken"
    assert "Dominique Essai" in story.told(NOA, "peer_found")
    assert "je connais bien" in story.told(NOA, "message_relayed")
    assert "Noa Fictif" in story.told(DOMINIQUE, "to_help")
    assert client.get(path).status_code == 409
    page = client.page(path.removesuffix("/prendre"))
    assert "Vous aidez Noa Fictif" in page.text and "je connais bien" in page.text
    page = client.page(post.last(NOA, "peer_found").link("d"))
    assert "Dominique Essai" in page.text and "je connais bien" in page.text


@pytest.mark.parametrize(("words", "answer"), [
    ("je prends", "taken"), ("Je prends !\n\nBonjour, il faut un mandat.", "taken"), ("pas cette fois", "declined"),
    ("Non merci", "declined"), ("Désolée, pas le temps cette semaine.", "declined"),
    ("Bonjour,\n\nJe ne peux pas cette fois, désolé.\n\nDominique", "declined"), ("à un·e collègue Ariel Essai", "passed"),
    ("à une collègue : ariel@structure-c.example", "passed"), ("en pause jusqu’au 12 février", "paused"),
    ("en pause", "none"), ("Non, une adresse n’est pas nécessaire : un mandat sur papier suffit.", "taken"),
])
def test_a_peer_answers_in_their_own_words(app, post, story, words, answer):
    with app.app_context():
        member(DOMINIQUE)
        member(ARIEL, skills=("bureautique",))
    ask(story)
    post.reply(post.last(DOMINIQUE, "peer_asked"), words)
    assert asked(app)[DOMINIQUE] == answer
    assert post.last(DOMINIQUE).letter != "entraide/peer_asked", "every answer has its own"
    if answer in ("declined", "paused", "none"):
        assert post.to(NOA)[-1].letter == "accueil/request_received", "who asked reads nothing of a no"
    if answer == "passed":
        assert asked(app)[ARIEL] == "none"
        assert "Un·e pair".lower() in story.told(ARIEL, "peer_asked") and "Dominique" not in story.told(ARIEL, "peer_asked")
        assert any("Ariel" in note or "ariel@" in note for note in story.notes)


def test_a_pause_holds_for_every_request_until_its_last_day(app, client, post, clock, story):
    with app.app_context():
        member(DOMINIQUE, pace="semaine")
    ask(story)
    post.reply(post.last(DOMINIQUE, "peer_asked"), "en pause jusqu’au 12 février 2027")
    assert "vendredi 12 février 2027" in story.told(DOMINIQUE, "command_done")
    clock.now = datetime(2027, 2, 12, 10, tzinfo=UTC)
    ask(story)
    assert story.count(DOMINIQUE, "peer_asked") == 1
    clock.now = datetime(2027, 2, 15, 10, tzinfo=UTC)
    ask(story)
    assert story.count(DOMINIQUE, "peer_asked") == 2


def test_whoever_answers_after_another_is_thanked_and_nothing_is_lost(app, client, post, story):
    with app.app_context():
        member(DOMINIQUE)
        member(ARIEL)
    ask(story)
    post.reply(post.last(ARIEL, "peer_asked"), "je prends")
    assert "Ariel" not in story.told(NOA, "peer_found")
    post.reply(post.last(DOMINIQUE, "peer_asked"), "Voici la réponse que je connais.")
    late = story.told(DOMINIQUE, "too_late")
    assert "vous n’avez rien à faire" in late.replace("\u00a0", " ") and "Ariel" not in late
    assert "Voici la réponse que je connais." in story.told(COORDINATOR, "message_relayed")
    assert "Voici la réponse" not in " ".join(letter.text for letter in post.to(NOA) + post.to(ARIEL))
    post.reply(post.last(DOMINIQUE, "peer_asked"), "je prends")
    assert "Quelqu’un d’autre du réseau" in story.told(DOMINIQUE, "command_refused")
    page = client.get(post.last(DOMINIQUE, "peer_asked").link("d"))
    assert page.status_code == 409 and "Quelqu’un d’autre du réseau" in page.text
    assert asked(app) == {ARIEL: "taken", DOMINIQUE: "none"}


def test_a_peer_gives_back_and_others_are_looked_for(app, client, post, clock, story):
    with app.app_context():
        member(DOMINIQUE)
        member(ARIEL)
        member(SACHA)
    ask(story)
    post.reply(post.last(ARIEL, "peer_asked"), "je prends")
    post.reply(post.last(ARIEL, "to_help"), "je rends")
    assert story.state == "submitted" and asked(app)[ARIEL] == "given_back"
    assert "ne peut finalement pas aider" in story.told(NOA, "peer_gave_back")
    post.reply(post.last(DOMINIQUE, "peer_asked"), "je prends")
    assert asked(app)[DOMINIQUE] == "taken"


@pytest.mark.parametrize("ticked", ["at once", "afterwards"])
def test_who_keeps_a_question_from_their_structure_is_asked_which_it_is(app, client, post, story, ticked):
    """Somebody who is no member and writes from their own mailbox: nothing but its name tells their employer."""
    from cast import AIDE, walk
    with app.app_context():
        member("collegue@gmail.com", structure="Structure Exemple B")
        member(ARIEL)
    private = "noa@courriel.example"
    box = {"visibility": ["pairs", "employeur"]}
    said = {"vous": {"email": private}, "contexte": box if ticked == "at once" else {}}
    pages = [(slug, answers | said.get(slug, {})) for slug, answers in AIDE]
    page = walk(client, "/aide", pages, upto="vous")
    answer = client.fill(page, "/aide/vous", **pages[-1][1])
    if ticked == "afterwards":
        assert answer.status_code == 200
        context = client.fill(answer, "/aide/verification", vers="contexte")
        answer = client.fill(client.fill(context, "/aide/contexte", **box), "/aide/vous")
    assert answer.status_code == 422 and "nous ne pouvons pas l’écarter" in answer.text and private in answer.text
    done = client.fill(client.fill(answer, "/aide/vous", organisation="L’association Structure Exemple B"), "/aide/verification")
    assert done.status_code == 303
    confirm(client, post, private)
    assert set(asked(app)) == {ARIEL}


def test_only_who_agreed_has_their_question_shown(app, client, post, story):
    with app.app_context():
        member(DOMINIQUE)
    from cast import AIDE
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert asked(app) == {}
    assert "la personne ne l’a pas souhaité" in story.told(COORDINATOR, "request_to_coordinator")
    with app.app_context():
        assert db.session.scalar(select(Entraide)).next_wave_at is None
