"""Words where they belong: a message moved, a message made a request, two requests made one; nothing lost on the way."""

from __future__ import annotations

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send, sign_in
from pages import soup
from roads.stories import confirmed, letters, planted
from setting import at_once, databases
from sqlalchemy import select

from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.states import Kind
from services import search
from services.acting import perform
from services.coordination import regrouping
from services.errors import AlreadyDone, NotFound, Refused

both = databases("sqlite", "postgresql")


def _two(clock, **second) -> tuple[Dossier, Dossier]:
    return confirmed(Kind.ENTRAIDE, clock.now, key="un"), confirmed(Kind.ENTRAIDE, clock.now, key="deux", **second)


def _alix(context):
    return context.extensions["ring"].network.coordinator(COORDINATOR)


def _words(dossier: Dossier) -> list[tuple[str, bool]]:
    db.session.expire_all()
    return [(one.body, one.is_note) for one in db.session.get(Dossier, dossier.id).messages]


@both
def test_a_message_goes_to_the_request_it_is_about_as_its_writers_words(context, clock):
    here, there = _two(clock)
    perform("repondre", here.author.id, "À propos de l’autre sujet.", clock.now)
    number = db.session.scalar(select(Message.id))
    before = len(letters())
    assert regrouping.move_message(here.id, number, there.reference, _alix(context), clock.now) == there.reference
    assert _words(here) == [] and _words(there) == [("À propos de l’autre sujet.", False)]
    assert db.session.get(Dossier, there.id).awaits_coordination and len(letters()) == before, "nobody is written to"
    assert [one.dossier.reference for one in search.search("autre sujet", clock.now).dossiers] == [there.reference]
    with pytest.raises(NotFound):
        regrouping.move_message(here.id, number, there.reference, _alix(context), clock.now)


def _each_way_at_once(context, clock, act) -> list[Exception]:
    """Ten times ``act(here, its reference, there, its reference)``, one in two the other way, as ten people would."""
    here, there = _two(clock)
    names = [(here.id, here.reference), (there.id, there.reference)]
    for one in (here, there):
        for number in range(5):
            perform("repondre", one.author.id, f"Message {number} de {one.reference}.", clock.now)
    theirs = {one.id: list(db.session.scalars(select(Message.id).where(Message.dossier_id == one.id))) for one in (here, there)}
    db.session.rollback()

    def play(number: int) -> str:
        (of, _), (_, to) = (names, names[::-1])[number % 2]
        return act(of, theirs[of][number // 2], to)
    return at_once(context, 10, play)[1]


@both
def test_messages_that_cross_at_once_all_arrive(context, clock):
    alix = _alix(context)
    raised = _each_way_at_once(context, clock, lambda of, message, to: regrouping.move_message(of, message, to, alix, clock.now))
    assert raised == []
    db.session.expire_all()
    for one in db.session.scalars(select(Dossier)):
        assert not [message for message in one.messages if f"de {one.reference}." in message.body]
    assert len(db.session.scalars(select(Message.id)).all()) == 10


@both
def test_two_requests_each_merged_into_the_other_at_once_become_one(context, clock):
    alix = _alix(context)
    raised = _each_way_at_once(context, clock, lambda of, _message, to: regrouping.merge(of, to, alix, clock.now))
    assert len(raised) == 9 and {type(error) for error in raised} <= {AlreadyDone, Refused}, raised
    db.session.expire_all()
    assert sorted(len(one.messages) for one in db.session.scalars(select(Dossier))) == [0, 10]


@both
def test_a_message_of_who_has_no_part_there_becomes_a_note(context, clock):
    here, there = _two(clock, email="autre@structure-z.example")
    perform("repondre", here.author.id, "Des mots.", clock.now)
    regrouping.move_message(here.id, db.session.scalar(select(Message.id)), there.reference, _alix(context), clock.now)
    [(body, note)] = _words(there)
    assert note and body.startswith("Message de Noa Fictif, venu de") and body.endswith("Des mots.")


@both
def test_a_message_becomes_a_request_of_its_own(context, clock):
    here = confirmed(Kind.ENTRAIDE, clock.now)
    perform("repondre", here.author.id, "Autre question : qui prête un vidéoprojecteur ?", clock.now)
    number = db.session.scalar(select(Message.id))
    made = regrouping.split(here.id, number, _alix(context), clock.now)
    db.session.expire_all()
    dossier = db.session.scalar(select(Dossier).where(Dossier.reference == made))
    assert (dossier.author.email, dossier.state) == (NOA, "submitted") and dossier.coordinators[0].email == COORDINATOR
    assert [one.body for one in dossier.messages] == ["Autre question : qui prête un vidéoprojecteur ?"] and _words(here) == []
    assert letters(NOA, "request_received")[-1].dossier_id == dossier.id
    with pytest.raises(NotFound):
        regrouping.split(here.id, number, _alix(context), clock.now)


@both
def test_two_requests_of_one_person_become_one_and_old_letters_lead_there(app, client, post, clock):
    for _ in range(2):
        send(client, "/aide", AIDE)
        confirm(client, post, NOA)
    first = next(letter for letter in post.to(NOA) if letter.letter.endswith("/request_received"))
    post.reply(first, "Un mot dans la première.")
    with app.app_context():
        dossier = db.session.scalar(select(Dossier).where(Dossier.reference == "AIDE-2027-0001"))
        assert regrouping.merge(dossier.id, "AIDE-2027-0002", _alix(app), clock.now) == "AIDE-2027-0002"
        db.session.expire_all()
        assert db.session.scalar(select(Dossier.state).where(Dossier.reference == "AIDE-2027-0001")) == "closed"
        with pytest.raises(AlreadyDone):
            regrouping.merge(dossier.id, "AIDE-2027-0002", _alix(app), clock.now)
    assert "AIDE-2027-0002" in post.last(NOA, "requests_merged").text
    post.reply(first, "Et encore un mot.")
    with app.app_context():
        rows = db.session.execute(select(Dossier.reference, Message.body).join(Message, Message.dossier_id == Dossier.id)
                                  .order_by(Message.id)).all()
        assert rows == [("AIDE-2027-0002", "Un mot dans la première."), ("AIDE-2027-0002", "Et encore un mot.")]


def test_two_persons_or_two_kinds_are_never_made_one(context, clock):
    here, there = _two(clock, email="autre@structure-z.example")
    joining = planted(Kind.ADHESION, "submitted", clock.now)
    for other in (there.reference, joining.reference, here.reference, "AIDE-2027-9999"):
        with pytest.raises(Refused):
            regrouping.merge(here.id, other, _alix(context), clock.now)


@both
def test_the_pages_ask_before_and_keep_what_was_typed(app, client, post, clock):
    with app.app_context():
        here, _there = _two(clock)
        perform("repondre", here.author.id, "Des mots.", clock.now)
    sign_in(client, post)
    page = soup(client.get("/coordination/AIDE-2027-0001"))
    path = page.select_one(".move a")["href"]
    assert client.fill(client.get(path), path).status_code == 422
    wrong = client.fill(client.get(path), path, ou="autre", reference="AIDE-2027-9999")
    assert wrong.status_code == 422 and soup(wrong).select_one("input[name=reference]")["value"] == "AIDE-2027-9999"
    moved = client.fill(client.get(path), path, ou="autre", reference="aide 2027 2")
    assert moved.location.startswith("/coordination/AIDE-2027-0002")
    again = soup(client.get("/coordination/AIDE-2027-0002")).select_one(".move a")["href"]
    made = client.fill(client.get(again), again, ou="nouvelle")
    assert made.status_code == 303 and "AIDE-2027-0003" in made.location
    merging = "/coordination/AIDE-2027-0001/fusionner"
    assert client.fill(client.get(merging), merging, reference="IMM-2027-0001").status_code == 422
    assert client.fill(client.get(merging), merging, reference="AIDE-2027-0002").status_code == 303
