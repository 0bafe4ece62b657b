"""Which members are asked to help, in which order, how many at a time, how often; and what happens at the same moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cast import COORDINATOR, NOA, confirm, send
from roads.correspondents import Story
from roads.peers import ARIEL, CLAUDE, DOMINIQUE, SACHA, YAEL, member, question
from roads.test_entraide import ask, asked
from setting import at_once, databases
from sqlalchemy import select

from jobs.engine import sweep
from models.base import db
from models.delivery import StoppedAddress
from models.dossier import Entraide
from models.entraide import Solicitation
from models.structure import MemberKind
from services import acting
from services.entraide import helping, waves
from services.errors import AlreadyDone

#: mardi 12 janvier 2027, 10 h 05 à Paris.
TUESDAY = datetime(2027, 1, 12, 9, 5, tzinfo=UTC)
NEAR, NEARER, FAR = "nord@structure-f.example", "voisin@structure-g.example", "loin@structure-h.example"


@pytest.fixture
def story(app, client, post, clock) -> Story:
    clock.now = TUESDAY
    return Story(app, client, post, clock)


def settings(app, **changed) -> None:
    ring = app.extensions["ring"]
    app.extensions["ring"] = replace(ring, network=replace(ring.network, help=replace(ring.network.help, **changed)))


def _seat(email: str) -> int:
    return db.session.scalar(select(Solicitation.participant_id).where(Solicitation.email == email))


def test_who_offers_the_skill_is_asked_the_nearest_first_and_a_few_at_a_time(app, story):
    with app.app_context():
        member(YAEL)
        member(ARIEL)
        member(NEAR, commune="30189")
        member(DOMINIQUE, skills=("aidants_connect",), commune="30189")
        member(SACHA, skills=("bureautique",), commune="30189")
    settings(app, wave_size=2)
    ask(story)
    assert list(asked(app)) == [NEAR, ARIEL], "Nîmes, then Bagnols; who offers a near skill comes after"
    story.clock.advance(hours=23)
    with app.app_context():
        assert sweep(story.clock.now) >= 0
    assert len(asked(app)) == 2, "they have their day"
    story.clock.advance(hours=1)
    with app.app_context():
        sweep(story.clock.now)
    assert list(asked(app)) == [NEAR, ARIEL, YAEL, DOMINIQUE]


def test_nobody_is_asked_beyond_what_they_accept(app, story):
    with app.app_context():
        member(ARIEL, pace="")
        member(DOMINIQUE, pace="jamais")
        member(YAEL, pause_ends_on=TUESDAY.date())
        member(CLAUDE, left_at=TUESDAY)
        member(SACHA)
        member(NOA)
        db.session.add(StoppedAddress(email=SACHA, stopped_at=TUESDAY, because="bounced_hard"))
        db.session.commit()
    ask(story)
    assert asked(app) == {}
    assert "Aucun membre disponible" in story.told(COORDINATOR, "request_to_coordinator")


@pytest.mark.parametrize(("pace", "days", "times"), [("semaine", (0, 6, 8), 2), ("quinzaine", (0, 1, 2, 31), 3),
                                                     ("mois", (0, 29, 31), 2), ("trimestre", (0, 60, 91), 2)])
def test_a_pace_counts_the_requests_of_everybody(app, story, pace, days, times):
    with app.app_context():
        member(DOMINIQUE, pace=pace)
    begun = story.clock.now
    for day in days:
        moment = begun + timedelta(days=day)
        story.clock.now = moment
        ask(story)
        story.clock.now = moment + timedelta(hours=50)
        with app.app_context():
            for dossier in db.session.scalars(select(Entraide)):
                dossier.next_wave_at = None
            db.session.commit()
    assert story.count(DOMINIQUE, "peer_asked") == times


def test_who_was_asked_lately_comes_after_their_neighbours(app, story):
    with app.app_context():
        member(ARIEL, pace="quinzaine")
        member(CLAUDE, pace="quinzaine")
    settings(app, wave_size=1)
    ask(story)
    ask(story)
    assert list(asked(app)) == [ARIEL, CLAUDE]


@pytest.mark.parametrize(("organisation", "others"), [
    ("Structure Exemple B", {ARIEL}), ("structure exemple  b", {ARIEL}), ("Association Structure Exemple B", {ARIEL}),
    ("Une autre", {ARIEL, "collegue@gmail.com"})])
def test_the_askers_own_employer_is_left_aside_when_they_say_so(app, story, organisation, others):
    with app.app_context():
        member("andrea@structure-b.example", structure="Structure Exemple B")
        member("collegue@gmail.com", structure="Structure Exemple B")
        member(ARIEL)
    ask(story, "employeur", organisation=organisation)
    assert set(asked(app)) == others, "the address of the asker names their employer; so does its name"


def test_without_that_wish_a_colleague_may_be_asked(app, story):
    with app.app_context():
        member("andrea@structure-b.example", structure="Structure Exemple B")
    ask(story, organisation="Structure Exemple B")
    assert asked(app) == {"andrea@structure-b.example": "none"}


def test_a_question_of_an_employer_goes_to_employers_who_agreed_to_advise_others(app, story):
    with app.app_context():
        member(CLAUDE, kind=MemberKind.STRUCTURE, structure="Structure Exemple C", skills=(), advises_employers=True)
        member(YAEL, kind=MemberKind.STRUCTURE, structure="Structure Exemple E", skills=("fiche_de_poste",))
        member(DOMINIQUE, skills=("fiche_de_poste",))
    ask(story, kind="manager", theme="fiche_de_poste")
    assert asked(app) == {CLAUDE: "none"}
    assert "d’autres responsables de structures" in story.told(CLAUDE, "peer_asked")


def test_to_lend_a_hand_somebody_far_away_is_not_asked(app, story):
    with app.app_context():
        member(ARIEL)
        member(FAR, commune="75056")
    ask(story, kind="renfort")
    assert list(asked(app)) == [ARIEL]


def test_peers_are_written_to_in_working_hours(app, story):
    with app.app_context():
        member(DOMINIQUE)
    story.clock.now = datetime(2027, 1, 16, 21, tzinfo=UTC)
    ask(story)
    assert asked(app) == {} and "dès la prochaine ouverture" in story.told(COORDINATOR, "request_to_coordinator")
    with app.app_context():
        sweep(story.clock.now)
        assert asked(app) == {}
        story.clock.now = datetime(2027, 1, 18, 9, tzinfo=UTC)
        sweep(story.clock.now)
    assert asked(app) == {DOMINIQUE: "none"}


def test_when_all_said_no_the_next_are_asked_without_waiting_and_then_the_coordination_is_told(app, post, story):
    with app.app_context():
        member(DOMINIQUE)
        member(ARIEL)
    settings(app, wave_size=1)
    ask(story)
    post.reply(post.last(ARIEL, "peer_asked"), "pas cette fois")
    with app.app_context():
        sweep(story.clock.now)
    assert asked(app) == {ARIEL: "declined", DOMINIQUE: "none"}
    post.reply(post.last(DOMINIQUE, "peer_asked"), "pas cette fois")
    with app.app_context():
        sweep(story.clock.now)
    assert "Plus personne à solliciter" in story.told(COORDINATOR, "digest")
    assert story.state == "submitted"


@databases("sqlite", "postgresql")
def test_two_peers_who_press_at_the_same_moment_one_helps_the_other_is_thanked(app, post, story):
    with app.app_context():
        member(DOMINIQUE)
        member(ARIEL)
    ask(story)
    with app.app_context():
        seats = [_seat(DOMINIQUE), _seat(ARIEL)]
    given, raised = at_once(app, 2, lambda one: acting.perform("prendre", seats[one], "", story.clock.now))
    assert len(given) == 1 and [type(error) for error in raised] == [AlreadyDone]
    assert str(raised[0]) == helping.TOO_LATE
    assert sorted(asked(app).values()) == ["none", "taken"]
    assert story.count(NOA, "peer_found") == 1


@databases("sqlite", "postgresql")
def test_a_wave_that_runs_twice_asks_nobody_twice_and_no_more_people(app, story):
    with app.app_context():
        for number in range(8):
            member(f"pair{number}@structure-k.example")
    settings(app, wave_size=2)
    ask(story)
    story.clock.advance(hours=24)
    given, raised = at_once(app, 4, lambda _: waves.send_waves(story.clock.now))
    assert not raised and sorted(given) == [0, 0, 0, 2]
    assert len(asked(app)) == 4


@databases("sqlite", "postgresql")
def test_who_accepts_one_request_a_week_gets_one_even_when_two_come_at_once(app, client, post, story):
    with app.app_context():
        member(DOMINIQUE)
    story.clock.now = datetime(2027, 1, 11, 22, tzinfo=UTC)
    for _ in range(3):
        send(client, "/aide", question())
        confirm(client, post, NOA)
    story.clock.now = TUESDAY
    given, raised = at_once(app, 3, lambda _: waves.send_waves(story.clock.now))
    assert not raised and sum(given) == 1
    with app.app_context():
        assert len(db.session.scalars(select(Solicitation)).all()) == 1


@databases("sqlite", "postgresql")
def test_a_wave_that_leaves_while_the_question_is_resolved_leaves_before_or_not_at_all(app, story):
    with app.app_context():
        member(DOMINIQUE)
        member(ARIEL)
    settings(app, wave_size=1)
    ask(story)
    story.clock.advance(hours=24)
    with app.app_context():
        author = story.dossier.author.id
    at_once(app, 2, lambda one: waves.send_waves(story.clock.now) if one else
            acting.perform("resolu", author, "", story.clock.now))
    assert story.state == "resolved" and len(asked(app)) in (1, 2)
    with app.app_context():
        assert story.dossier.next_wave_at is None
        waves.send_waves(story.clock.now + timedelta(days=3))
    assert len(asked(app)) in (1, 2)
    seat = asked(app)
    with app.app_context():
        ids = [_seat(email) for email in seat]
        for one in ids:
            with pytest.raises(AlreadyDone) as told:
                acting.perform("prendre", one, "", story.clock.now)
            assert str(told.value) == helping.OVER
