"""A question finds its answer, by mail, and an answer closed too soon is taken up again."""

from __future__ import annotations

import re

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, press, send, sign_in
from setting import databases
from sqlalchemy import select

from models.base import db
from models.dossier import Dossier
from models.inbound import InboundMessage
from models.journal import JournalEntry

PDF = b"%PDF-1.7 modele"


def state(app, reference: str = "AIDE-2027-0001") -> str:
    with app.app_context():
        return db.session.scalar(select(Dossier.state).where(Dossier.reference == reference))


def journal(app) -> list[str]:
    with app.app_context():
        return [entry.sentence for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))]


@pytest.fixture
def asked(client, post):
    """Noa has asked for help and confirmed."""
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)


@databases("sqlite", "postgresql")
def test_a_question_is_answered_resolved_and_taken_up_again(app, client, post, asked):
    assert state(app) == "submitted"
    post.reply(post.last(COORDINATOR), "Bonjour Noa,\n\nVoici le modèle.", files=(("modele.pdf", "application/pdf", PDF),))
    answer = post.last(NOA, "message_relayed")
    assert "Voici le modèle." in answer.text and answer.files[0][2] == PDF
    assert COORDINATOR not in answer.text + answer.html and COORDINATOR.encode() not in answer.raw
    assert state(app) == "in_progress"

    post.reply(answer, "Merci ! Et sans pièce d’identité ?")
    relayed = post.last(COORDINATOR, "message_relayed")
    assert "sans pièce d’identité" in relayed.text and NOA.encode() not in relayed.raw
    assert "Voici le modèle" not in relayed.text.split("--")[0].replace("Merci", ""), "the quoted answer is not sent again"
    post.reply(relayed, "Oui, c’est possible.")

    letter = post.last(NOA, "message_relayed")
    path = re.search(r"(/d/[\w-]+/resolu)", letter.text)[1]
    press(client, path)
    assert state(app) == "resolved"
    assert post.last(COORDINATOR).letter == "entraide/resolved"
    assert client.get(path).status_code == 409, "a second click is told so"

    post.reply(letter, "Finalement non, il reste une question.")
    assert state(app) == "in_progress"
    assert "il reste une question" in post.last(COORDINATOR, "message_relayed").text
    post.reply(post.last(COORDINATOR, "message_relayed"), "/clore\nNous en parlerons au téléphone.")
    assert state(app) == "closed"
    assert "au téléphone" in post.last(NOA, "ended").text
    assert post.last(COORDINATOR).letter == "coordination/command_done"
    said = journal(app)
    assert said[0] == "Noa Fictif a envoyé la demande."
    assert "Noa Fictif a repris l’échange : la demande est rouverte." in [line.replace("\u00a0", " ") for line in said]


def test_a_note_stays_with_the_coordination(app, client, post, asked):
    post.reply(post.last(COORDINATOR), "/note Rappeler Dominique avant vendredi")
    assert all("Dominique" not in letter.text for letter in post.to(NOA))
    assert "Dominique" not in client.page(post.last(NOA).link("d")).text
    sign_in(client, post)
    assert "Rappeler Dominique" in client.page("/coordination/AIDE-2027-0001").text
    assert state(app) == "submitted", "a note answers nobody"


@pytest.mark.parametrize(("words", "found"), [
    ("/refuser Ce n’est pas du ressort du réseau", "refused"), ("Refuser : hors sujet", "refused"), ("/clore", "closed"),
    ("/resolu", "resolved"), ("resolu", "resolved"), ("Refuser serait dommage, je vous réponds.", "submitted"),
    ("/refuser", "submitted"), ("/accepter", "submitted"),
])
def test_words_of_a_reply_act_like_the_buttons(app, post, asked, words, found):
    post.reply(post.last(COORDINATOR), words)
    assert state(app) == found
    if found == "submitted":
        assert post.last(COORDINATOR).letter in ("coordination/command_refused", "conversation/reply_not_taken")
    elif found != "in_progress":
        assert post.last(COORDINATOR).letter == "coordination/command_done"


def test_the_page_does_what_the_mail_does(app, client, post, asked):
    sign_in(client, post)
    page = client.get("/coordination/AIDE-2027-0001")
    answer = client.fill(page, "/coordination/AIDE-2027-0001/repondre", **{"repondre-words": "Bonjour Noa, voici."})
    assert answer.status_code == 303
    assert "Bonjour Noa, voici." in post.last(NOA, "message_relayed").text
    mine = post.last(NOA, "request_received").link("d")
    client.fill(client.get(mine), f"{mine}/repondre", **{"repondre-words": "Merci <b>Alix</b>"})
    assert "Merci <b>Alix</b>" in post.last(COORDINATOR, "message_relayed").text
    assert "&lt;b&gt;Alix" in client.get(mine).text


def test_an_author_who_needs_nothing_more_withdraws(app, client, post, asked):
    mine = post.last(NOA).link("d")
    press(client, f"{mine}/retirer", words="J’ai trouvé ailleurs.")
    assert state(app) == "withdrawn"
    assert "J’ai trouvé ailleurs" in post.last(COORDINATOR, "request_withdrawn").text
    post.reply(post.last(NOA), "Merci quand même")
    assert "Merci quand même" in post.last(COORDINATOR, "message_relayed").text
    assert state(app) == "withdrawn"


def test_what_a_person_writes_before_confirming_waits_with_the_request(app, client, post):
    send(client, "/aide", AIDE)
    post.reply(post.last(NOA), "J’ai oublié de dire : c’est pour lundi.")
    assert post.to(COORDINATOR) == []
    path = post.last(NOA, "address_to_confirm").link("confirmer")
    assert client.fill(client.get(path), path).status_code == 200
    assert "pour lundi" in post.last(COORDINATOR, "message_relayed").text
    sign_in(client, post)
    assert "pour lundi" in client.page("/coordination/AIDE-2027-0001").text


@databases("sqlite", "postgresql")
def test_every_mail_is_kept_whatever_becomes_of_it(app, post, asked):
    for words in ("Bonjour", "/clore", "/rien", ""):
        post.reply(post.last(COORDINATOR), words)
    with app.app_context():
        rows = db.session.scalars(select(InboundMessage)).all()
        assert len(rows) == 4
        assert {row.state for row in rows} <= {"done", "ignored", "quarantined"}
        assert all(row.raw for row in rows)
