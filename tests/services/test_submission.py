"""Sending and confirming: once, in order, and nobody is told before the author says yes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import COORDINATOR, NOA
from house.test_links_act_on_press_only import dump
from roads.stories import BAGNOLS, confirmed, form, letters, said_in, text_of, token_in
from setting import at_once, databases
from sqlalchemy import func, select

from app import create_app
from models.access_link import AccessLink
from models.base import db
from models.dossier import Dossier
from models.states import Kind
from services import acting, inbound, links, submission
from services.errors import AlreadyDone, LinkExpired, LinkUnknown, TooMany

both = databases("sqlite", "postgresql")


def _count(model=Dossier) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


@both
def test_a_form_makes_one_request_one_letter_and_one_reference(context, clock):
    made = submission.submit(form(), "1.2.3.4", clock.now)
    assert (made.reference, made.again, made.confirmed) == ("AIDE-2027-0001", False, False)
    dossier = db.session.scalar(select(Dossier))
    assert (dossier.state, dossier.promised_on, dossier.author.email) == ("unconfirmed", None, NOA)
    assert [entry.kind for entry in dossier.journal] == ["submitted"]
    assert [(row.recipient, row.letter) for row in letters()] == [(NOA, "accueil/address_to_confirm")]


@both
def test_the_same_form_sent_again_is_the_same_request(context, clock):
    first = submission.submit(form(), "1.2.3.4", clock.now)
    again = submission.submit(form(), "5.6.7.8", clock.advance(hours=3))
    assert (again.reference, again.again, again.confirmed) == (first.reference, True, False)
    submission.confirm(token_in(letters()[0]), clock.now)
    assert submission.submit(form(), "1.2.3.4", clock.now).confirmed
    assert _count() == 1
    assert len(letters(name="address_to_confirm")) == 1


@both
def test_the_same_form_sent_many_times_at_once_is_one_request(app, clock):
    made, failed = at_once(app, 6, lambda _: submission.submit(form(), "1.2.3.4", clock.now))
    assert failed == []
    assert {one.reference for one in made} == {"AIDE-2027-0001"}
    assert sum(not one.again for one in made) == 1
    with app.app_context():
        assert (_count(), len(letters())) == (1, 1)


@both
def test_many_people_at_once_are_each_served(app, clock):
    _, failed = at_once(app, 8, lambda number: submission.submit(
        form(key=f"k{number}", email=f"p{number}@courriel.example"), "1.2.3.4", clock.now))
    assert failed == []
    with app.app_context():
        assert sorted(db.session.scalars(select(Dossier.number))) == list(range(1, 9))


def test_too_many_from_one_access_are_slowed_down_and_nothing_is_half_kept(environ, clock):
    app = create_app({**environ, "RING_REQUESTS_PER_HOUR": "3"}, testing=True)
    with app.app_context():
        for number in range(3):
            submission.submit(form(key=f"k{number}", email=f"p{number}@x.example"), "1.2.3.4", clock.now)
        for _ in range(2):
            with pytest.raises(TooMany, match="Rien n’est perdu"):
                submission.submit(form(key="k9", email="p9@x.example"), "1.2.3.4", clock.now)
        assert _count() == 3
        assert submission.submit(form(key="k9", email="p9@x.example"), "5.6.7.8", clock.now).reference == "AIDE-2027-0004"
        assert submission.submit(form(key="k1", email="p1@x.example"), "1.2.3.4", clock.now).again, "a repeat is not counted"
        clock.advance(hours=1, seconds=1)
        assert submission.submit(form(key="k10", email="p10@x.example"), "1.2.3.4", clock.now).reference == "AIDE-2027-0005"
        db.engine.dispose()


def test_nobody_can_have_an_address_flooded(context, clock):
    for number in range(10):
        submission.submit(form(key=f"k{number}", email=NOA.upper() if number % 2 else NOA), f"10.0.0.{number}", clock.now)
    with pytest.raises(TooMany, match="demain"):
        submission.submit(form(key="k11"), "10.0.0.99", clock.now)
    clock.advance(days=1, seconds=1)
    submission.submit(form(key="k11"), "10.0.0.99", clock.now)


@both
def test_confirming_brings_the_request_to_a_coordinator_once(context, clock):
    submission.submit(form(), "1.2.3.4", clock.now)
    token = token_in(letters()[0])
    before = dump(context)
    assert submission.read_confirmation(token, clock.now).reference == "AIDE-2027-0001"
    assert dump(context) == before, "reading changes nothing"
    dossier = submission.confirm(token, clock.advance(hours=2))
    assert dossier.state == "submitted"
    assert [e.kind for e in dossier.journal] == ["submitted", "confirmed", "routed"]
    assert str(dossier.promised_on) == "2027-01-14"
    assert sorted((row.recipient, row.letter) for row in letters()[1:]) == [
        (COORDINATOR, "coordination/request_to_coordinator"), (NOA, "accueil/request_received")]
    for act in (submission.read_confirmation, submission.confirm):
        with pytest.raises(AlreadyDone, match="AIDE-2027-0001"):
            act(token, clock.now)
    assert len(letters()) == 3


@both
def test_two_clicks_at_once_confirm_once(app, clock):
    with app.app_context():
        submission.submit(form(), "1.2.3.4", clock.now)
        token = token_in(letters()[0])

    def press(_: int) -> str:
        try:
            submission.confirm(token, clock.now)
        except (AlreadyDone, LinkExpired) as refusal:
            return type(refusal).__name__
        return "done"
    outcome, failed = at_once(app, 4, press)
    assert failed == []
    assert sorted(outcome) == ["AlreadyDone"] * 3 + ["done"]
    with app.app_context():
        assert len(letters(COORDINATOR)) == 1


def test_a_confirmation_link_too_old_can_be_renewed_and_a_made_up_one_cannot(context, clock):
    submission.submit(form(), "1.2.3.4", clock.now)
    token = token_in(letters()[0])
    clock.advance(days=7)
    with pytest.raises(LinkExpired) as expired:
        submission.confirm(token, clock.now)
    assert expired.value.renewable
    for wrong in ("", "x", token[:-1], token + "a", token.swapcase()):
        with pytest.raises(LinkUnknown):
            submission.confirm(wrong, clock.now)


def test_a_link_made_for_one_thing_opens_nothing_else(context, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    token = token_in(letters(NOA, "request_received")[0])
    with pytest.raises(LinkUnknown):
        submission.confirm(token, clock.now)
    assert dossier.state == "submitted"


@pytest.mark.parametrize("email", [NOA, NOA.title()])
def test_a_member_is_recognised_and_not_asked_to_join_twice(context, clock, email):
    first = confirmed(Kind.ADHESION, clock.now)
    acting.perform("accepter", first.coordinators[0].id, "", clock.now)
    written = len(letters(COORDINATOR))
    again = confirmed(Kind.ADHESION, clock.advance(days=9), key="cle-2", email=email)
    assert again.state == "withdrawn"
    assert "11 janvier 2027" in said_in(letters(email, "already_member")[0])
    assert len(letters(COORDINATOR)) == written, "the coordination is not troubled"


@pytest.mark.parametrize("email", [NOA, NOA.upper()])
def test_who_asked_already_is_led_back_to_the_first_request(context, clock, email):
    first = confirmed(Kind.ADHESION, clock.now)
    again = confirmed(Kind.ADHESION, clock.advance(days=1), key="cle-2", email=email)
    assert (first.state, again.state) == ("submitted", "withdrawn")
    assert first.reference in text_of(letters(name="already_asked")[0])
    assert len(letters(COORDINATOR)) == 1


def test_nobody_learns_whether_an_address_is_known_without_owning_it(context, clock):
    """The page that follows a form is the same for a member: only the mailbox says more."""
    first = confirmed(Kind.ADHESION, clock.now)
    acting.perform("accepter", first.coordinators[0].id, "", clock.now)
    known = submission.submit(form(Kind.ADHESION, key="cle-2"), "1.2.3.4", clock.now)
    unknown = submission.submit(form(Kind.ADHESION, key="cle-3", email="x@y.example"), "1.2.3.4", clock.now)
    assert (known.again, known.confirmed) == (unknown.again, unknown.confirmed) == (False, False)


def test_the_coordinator_is_told_what_is_known_of_the_author(context, clock):
    first = confirmed(Kind.ADHESION, clock.now)
    acting.perform("accepter", first.coordinators[0].id, "", clock.now)
    confirmed(Kind.ENTRAIDE, clock.now, key="cle-2")
    assert "Membre du réseau depuis le lundi 11 janvier 2027" in said_in(
        letters(COORDINATOR, "request_to_coordinator")[-1])
    confirmed(Kind.ENTRAIDE, clock.now, key="cle-3", email="x@y.example")
    assert "n’est pas encore membre" in said_in(letters(COORDINATOR, "request_to_coordinator")[-1])


@both
def test_an_unconfirmed_request_is_reminded_once_then_deleted(context, clock):
    submission.submit(form(), "1.2.3.4", clock.now)
    clock.advance(days=2)
    assert submission.remind_unconfirmed(clock.now) == 0
    clock.advance(minutes=1)
    assert [submission.remind_unconfirmed(clock.now) for _ in range(3)] == [1, 0, 0]
    reminder = letters(NOA, "confirmation_reminder")[0]
    assert "lundi 18 janvier 2027" in said_in(reminder)
    token = token_in(reminder)
    clock.advance(days=4)
    assert submission.delete_unconfirmed(clock.now) == 0
    clock.advance(days=1)
    assert (submission.delete_unconfirmed(clock.now), _count()) == (1, 0)
    with pytest.raises(LinkUnknown):
        submission.confirm(token, clock.now)


@both
def test_the_reply_address_of_a_deleted_request_is_never_somebody_else_s(context, clock):
    """It is signed and stays in the mailbox of who abandoned a request: it must not open the next one's conversation."""
    submission.submit(form(), "1.2.3.4", clock.now)
    address = acting.reply_address(db.session.scalar(select(Dossier)).author)
    clock.advance(days=7, seconds=1)
    assert submission.delete_unconfirmed(clock.now) == 1
    submission.submit(form(key="autre"), "1.2.3.4", clock.now)
    assert acting.reply_address(db.session.scalar(select(Dossier)).author) != address
    assert inbound.find_participants((address,), ()) == []


@both
def test_the_link_of_the_reminder_confirms_too(context, clock):
    submission.submit(form(), "1.2.3.4", clock.now)
    clock.advance(days=3)
    submission.remind_unconfirmed(clock.now)
    assert submission.confirm(token_in(letters(NOA, "confirmation_reminder")[0]), clock.now).state == "submitted"
    with pytest.raises(AlreadyDone):
        submission.confirm(token_in(letters(NOA, "address_to_confirm")[0]), clock.now)
    clock.advance(days=90)
    assert submission.delete_unconfirmed(clock.now) == 0, "what is confirmed stays"


def test_links_are_forgotten_a_month_after_their_end(context, clock):
    confirmed(Kind.ENTRAIDE, clock.now, commune=BAGNOLS)
    total = _count(AccessLink)
    clock.now += timedelta(days=7 + 30)
    links.forget(clock.now)
    assert _count(AccessLink) == total
    clock.advance(seconds=1)
    links.forget(clock.now)
    assert _count(AccessLink) == total - 1, "the confirmation link"


def test_a_number_is_never_lost_to_an_error(context, clock, monkeypatch):
    submission.submit(form(), "1.2.3.4", clock.now)
    with monkeypatch.context() as patch:
        patch.setattr(submission.outbox, "post", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            submission.submit(form(key="k2"), "1.2.3.4", clock.now)
    assert submission.submit(form(key="k2"), "1.2.3.4", clock.now).reference == "AIDE-2027-0002"


def test_the_year_of_a_reference_is_the_year_in_paris(context, clock):
    clock.now = clock.now.replace(year=2027, month=12, day=31, hour=23, minute=30)
    assert submission.submit(form(), "1.2.3.4", clock.now).reference == "AIDE-2028-0001"
