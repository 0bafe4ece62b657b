"""A coordinator picks one peer by hand: with reasons, within their pace, or beyond it knowingly."""

from __future__ import annotations

from datetime import date

import pytest
from cast import AIDE, NOA, confirm, press, send, sign_in
from roads.peers import ARIEL, CLAUDE, DOMINIQUE, SACHA, YAEL, member, question
from setting import databases

from models.base import db
from models.dossier import Dossier
from models.structure import Membre

HERE = "/coordination/AIDE-2027-0001/solliciter"


@pytest.fixture
def waiting(app, client, post):
    """A question that peers may read; Dominique and Ariel were asked at once, Sacha is in pause, Yaël knows something else."""
    with app.app_context():
        member(DOMINIQUE)
        member(ARIEL, skills=("demarches_administratives",))
        member(YAEL, skills=("parentalite",))
        member(SACHA, pause_ends_on=date(2027, 2, 1))
        member(CLAUDE, pace="")
    send(client, "/aide", question())
    confirm(client, post, NOA)
    sign_in(client, post)
    return post


def number(app, email: str) -> str:
    with app.app_context():
        return str(db.session.query(Membre.id).filter_by(email=email).scalar())


@databases("sqlite", "postgresql")
def test_a_peer_picked_by_hand_gets_the_question_and_may_take_it(app, client, post, waiting):
    page = client.get(HERE)
    assert "pas indiqué ce sujet" in page.text and "en pause jusqu’au" in page.text
    names = page.text
    assert "Claude Essai" not in names, "who never accepted to be asked is not proposed"
    before = len(post.to(YAEL))
    assert before == 0
    press(client, HERE, peer=number(app, YAEL))
    letter = post.last(YAEL, "peer_asked")
    assert "Alix Coordination a pensé à vous" in " ".join(letter.text.split())
    with app.app_context():
        journal = [entry.sentence for entry in db.session.query(Dossier).one().journal]
    assert "Alix Coordination a sollicité une personne en particulier." in journal
    post.reply(letter, "je prends")
    assert post.last(YAEL, "to_help")
    assert client.get(HERE).status_code == 409


@databases("sqlite", "postgresql")
def test_a_pause_is_overridden_knowingly_and_with_a_reason_only(app, client, post, waiting):
    sacha = number(app, SACHA)
    refused = client.fill(client.get(HERE), HERE, peer=sacha)
    assert refused.status_code == 422 and "en pause jusqu’au" in refused.text and not post.to(SACHA)
    wordless = client.fill(refused, HERE, peer=sacha, knowingly=["oui"])
    assert wordless.status_code == 422 and "Dites pourquoi" in wordless.text and not post.to(SACHA)
    done = client.fill(wordless, HERE, peer=sacha, knowingly=["oui"], words="Vu avec Sacha au téléphone.")
    assert done.status_code == 303 and post.last(SACHA, "peer_asked")
    assert "au téléphone" not in post.last(SACHA, "peer_asked").text
    with app.app_context():
        dossier = db.session.query(Dossier).one()
        assert "au-delà du rythme" in " ".join(entry.sentence for entry in dossier.journal)
        assert [one.body for one in dossier.messages if one.is_note and "au téléphone" in one.body]


def test_who_was_asked_as_often_as_they_accept_comes_last_and_it_is_said(app, client, post, waiting, clock):
    send(client, "/aide", question(email="jo@structure-z.example"))
    confirm(client, post, "jo@structure-z.example")
    page = client.get("/coordination/AIDE-2027-0002/solliciter").text
    assert "autant que son rythme le permet" in page
    assert page.index("Yael") < page.index("autant que son rythme")


def test_nobody_is_picked_where_the_asker_did_not_want_peers(client, post):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    sign_in(client, post)
    assert client.get(HERE).status_code == 409
    assert "Solliciter une personne" not in client.get("/coordination/AIDE-2027-0001").text
