"""A coordinator picks one peer by hand: with reasons, and never beyond their pace nor during their pause."""

from __future__ import annotations

from datetime import date

import pytest
from cast import AIDE, NOA, confirm, press, send, sign_in
from roads.peers import ARIEL, CLAUDE, DOMINIQUE, SACHA, YAEL, member, question
from setting import databases

from models.base import db
from models.dossier import Dossier
from models.structure import Membre
from services.acting import perform
from services.errors import Refused

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
def test_nobody_is_asked_during_their_pause_whoever_wishes_it(app, client, post, waiting, clock):
    sacha, page = number(app, SACHA), client.page(HERE)
    assert not page.select(f"[name=peer][value='{sacha}']") and "Sacha" in page.select_one("main form ~ ul").text
    forged = client.fill(client.get(HERE), HERE, peer=sacha, words="Vu avec Sacha au téléphone.")
    assert forged.status_code == 422 and not post.to(SACHA)
    with app.app_context():
        participant = next(one for one in db.session.query(Dossier).one().coordinators)
        with pytest.raises(Refused, match="en pause jusqu’au"):
            perform("solliciter", participant.id, "", clock.now, extra=int(sacha))
    assert not post.to(SACHA)


def test_who_was_asked_as_often_as_they_accept_is_named_apart_and_cannot_be_picked(app, client, post, waiting, clock):
    send(client, "/aide", question(email="jo@structure-z.example"))
    confirm(client, post, "jo@structure-z.example")
    page = client.page("/coordination/AIDE-2027-0002/solliciter")
    may, later = page.select_one("main form").text, page.select_one("main form ~ ul").text
    assert "Yael" in may and "autant que son rythme" not in may
    assert "Dominique" in later and "autant que son rythme le permet" in later and "Dominique" not in may


def test_nobody_is_picked_where_the_asker_did_not_want_peers(client, post):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    sign_in(client, post)
    assert client.get(HERE).status_code == 409
    assert "Solliciter une personne" not in client.get("/coordination/AIDE-2027-0001").text
