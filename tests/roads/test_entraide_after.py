"""Help among peers, further: a promised day that passes, a meeting, who does not know, an opinion, a fiche for others (S06)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from cast import COORDINATOR, DEPUTY, NOA, confirm, press, send, sign_in, walk
from icalendar import Calendar
from roads.correspondents import Story
from roads.peers import ARIEL, CLAUDE, DOMINIQUE, member, question
from roads.test_entraide import ASKED_AT, ask, asked
from setting import at_once, databases
from sqlalchemy import select

from jobs.engine import sweep
from models.base import db
from models.entraide import Fiche, OpinionCount
from models.structure import MemberKind
from services.entraide import watching
from services.observatoire.counting import count
from services.observatoire.period import period_named

CAMILLE = "camille@structure-a.example"


@pytest.fixture
def story(app, client, post, clock) -> Story:
    clock.now = ASKED_AT
    return Story(app, client, post, clock)


def _watch(story: Story, *moment: int) -> None:
    story.clock.now = datetime(*moment, 9, tzinfo=UTC)
    with story.app.app_context():
        watching.watch(story.clock.now)
        sweep(story.clock.now)


@databases("sqlite", "postgresql")
def test_a_promised_day_that_passes_is_told_step_by_step(app, story):
    """Asked on Tuesday, promised for Friday 15 January."""
    ask(story)
    assert "vendredi 15 janvier 2027" in story.told(NOA, "request_received")
    _watch(story, 2027, 1, 13)
    assert story.count(COORDINATOR, "answer_reminder") == 0
    _watch(story, 2027, 1, 14)
    _watch(story, 2027, 1, 14)
    assert story.count(COORDINATOR, "answer_reminder") == 1, "once"
    _watch(story, 2027, 1, 15)
    assert story.count(DEPUTY) == 0
    _watch(story, 2027, 1, 18)
    assert "n’est pas venue" in story.told(DEPUTY, "answer_late") and story.count(NOA, "answer_delayed") == 1
    _watch(story, 2027, 1, 19)
    assert "AIDE-2027-0001" in story.told("presidence@ring.example", "nobody_answers")
    assert "Noa" not in story.told("presidence@ring.example", "nobody_answers")
    story.post.reply(story.post.last(DEPUTY, "answer_late"), "Bonjour Noa, il faut un mandat.")
    assert "il faut un mandat" in story.told(NOA, "message_relayed")
    for day in (20, 21, 22):
        _watch(story, 2027, 1, day)
    assert story.count("presidence@ring.example") == 1 and story.count(NOA, "answer_delayed") == 1


def test_two_watches_at_once_write_once(app, story):
    ask(story)
    story.clock.now = datetime(2027, 1, 18, 9, tzinfo=UTC)
    at_once(app, 3, lambda _: watching.watch(story.clock.now))
    assert story.count(DEPUTY, "answer_late") + story.count(COORDINATOR, "answer_reminder") <= 3
    assert story.count(NOA, "answer_delayed") <= 1


def test_a_peer_who_took_it_is_the_one_reminded(app, post, story):
    with app.app_context():
        member(DOMINIQUE)
    ask(story)
    post.reply(post.last(DOMINIQUE, "peer_asked"), "je prends")
    _watch(story, 2027, 1, 14)
    assert story.count(DOMINIQUE, "answer_reminder") == 1 and story.count(COORDINATOR, "answer_reminder") == 0
    post.reply(post.last(DOMINIQUE, "answer_reminder"), "Je me renseigne.")
    _watch(story, 2027, 1, 18)
    assert story.count(DEPUTY, "answer_late") == 0


@databases("sqlite", "postgresql")
def test_a_manager_in_difficulty_talks_with_another_employer(app, client, post, story):
    """S06: the coordination and a volunteer employer; a slot chosen by link; a file for calendars."""
    with app.app_context():
        member(CAMILLE, kind=MemberKind.STRUCTURE, structure="Structure Exemple A", commune="30263")
        member(CLAUDE, kind=MemberKind.STRUCTURE, structure="Structure Exemple C", skills=("fiche_de_poste",),
               advises_employers=True)
        member(ARIEL, skills=("fiche_de_poste",))
    send(client, "/aide", question(kind="accompagnement", theme="fiche_de_poste", given_name="Camille", family_name="Exemple",
                                   email=CAMILLE))
    confirm(client, post, CAMILLE)
    assert asked(app) == {CLAUDE: "none"}
    post.reply(post.last(CLAUDE, "peer_asked"), "je prends")
    mine = post.last(CAMILLE, "peer_found").link("d")
    press(client, f"{mine}/creneaux", **{
        "day1-jour": "19", "day1-mois": "1", "day1-annee": "2027", "hour1": "14 h", "day2-jour": "21", "day2-mois": "1",
        "day2-annee": "2027", "hour2": "10h", "minutes": "60", "place": "Visio"})
    letter = post.last(CLAUDE, "slots_proposed")
    assert "mardi 19 janvier 2027 à 14 h" in " ".join(letter.text.split()) and "Camille" not in letter.text
    press(client, letter.link("d"), slot="2")
    for person in (CAMILLE, CLAUDE, COORDINATOR):
        got = post.last(person, "meeting_set")
        event = Calendar.from_ical(got.files[0][2]).walk("VEVENT")[0]
        assert event["DTSTART"].dt.astimezone(UTC) == datetime(2027, 1, 21, 9, tzinfo=UTC)
        assert not [other for other in (CAMILLE, CLAUDE, COORDINATOR) if other != person and other.encode() in got.raw]
    assert client.get(letter.link("d")).status_code == 409, "chosen already"
    post.reply(post.last(CLAUDE, "meeting_set"), "annuler le rendez-vous")
    gone = Calendar.from_ical(post.last(CAMILLE, "meeting_cancelled").files[0][2])
    assert gone["METHOD"] == "CANCEL" and gone.walk("VEVENT")[0]["SEQUENCE"] == 1
    with app.app_context():
        told = count(period_named("2027", datetime(2028, 1, 3, 9, tzinfo=UTC), date(2027, 1, 1))).themes
    themes = dict(zip(told.rows, told.row_totals, strict=True))
    assert themes["Fiche de poste, place dans l’équipe"] is None, "counted, too few to be told, and no name"


def test_a_slot_is_chosen_by_its_number_in_a_reply(app, client, post, story):
    with app.app_context():
        member(DOMINIQUE)
    ask(story)
    post.reply(post.last(DOMINIQUE, "peer_asked"), "je prends")
    mine = post.last(DOMINIQUE, "to_help").link("d")
    press(client, f"{mine}/creneaux", **{"day1-jour": "19", "day1-mois": "1", "day1-annee": "2027", "hour1": "14 h",
                                         "minutes": "30"})
    post.reply(post.last(NOA, "slots_proposed"), "créneau 4")
    assert story.count(NOA, "meeting_set") == 0 and "de 1 à 1" in story.told(NOA, "command_refused")
    post.reply(post.last(NOA, "slots_proposed"), "créneau 1")
    assert story.count(NOA, "meeting_set") == story.count(DOMINIQUE, "meeting_set") == 1

    post.reply(post.last(NOA, "meeting_set"), "annuler le rendez-vous")
    press(client, f"{mine}/creneaux", **{"day1-jour": "20", "day1-mois": "1", "day1-annee": "2027", "hour1": "9 h",
                                         "minutes": "30"})
    post.reply(post.last(NOA, "slots_proposed"), "créneau 1")
    files = [Calendar.from_ical(letter.files[0][2]) for letter in post.to(DOMINIQUE) if letter.files]
    ranks = [file.walk("VEVENT")[0]["SEQUENCE"] for file in files]
    assert ranks == [0, 1, 2], "calendars leave alone what is not newer than a cancellation"


def test_who_does_not_know_says_whom_to_turn_to(app, post, story):
    with app.app_context():
        member(DOMINIQUE)
    ask(story)
    post.reply(post.last(DOMINIQUE, "peer_asked"), "je ne sais pas")
    told = story.told(NOA, "oriented")
    assert "Point d’accès au droit" in told and "04 65 71 00 30" in told and "Dominique" not in told
    assert asked(app)[DOMINIQUE] == "oriented" and story.state == "submitted"
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "je ne sais pas")
    assert story.state == "in_progress" and story.count(NOA, "oriented") == 2


def test_where_no_contact_is_known_words_alone_are_asked_for(app, client, post, story):
    with app.app_context():
        member(DOMINIQUE, skills=("posture",))
    ask(story, theme="posture")
    path = f"{post.last(DOMINIQUE, 'peer_asked').link('d').rpartition('/')[0]}/orienter"
    page = client.page(path)
    assert not page.select("[name=contacts]") and "pas de contact à proposer" in page.select_one("main").text
    empty = client.fill(client.get(path), path)
    assert empty.status_code == 422 and "à qui la personne peut s’adresser" in empty.text
    press(client, path, words="Voyez la maison départementale.")
    assert "maison départementale" in story.told(NOA, "oriented")


@pytest.mark.parametrize(("words", "counted"), [("avis oui, oui", {("answered", "oui"): 1, ("again", "oui"): 1}),
                                                ("Avis : en partie, non", {("answered", "partie"): 1, ("again", "non"): 1}),
                                                ("avis", {}), ("avis oui, en partie", {})])
def test_an_opinion_is_counted_without_a_name_and_once(app, post, story, words, counted):
    ask(story)
    post.reply(post.last(COORDINATOR), "/résolu")
    assert "comptées sans votre nom" in story.told(NOA, "resolved")
    for _ in range(2):
        post.reply(post.last(NOA, "resolved"), words)
    with app.app_context():
        assert {(row.question, row.answer): row.count for row in db.session.scalars(select(OpinionCount))} == counted


@databases("sqlite", "postgresql")
def test_an_exchange_becomes_a_fiche_once_both_agree_and_is_offered_to_the_next_who_asks(app, client, post, story):
    with app.app_context():
        member(DOMINIQUE)
    ask(story, "nom")
    post.reply(post.last(DOMINIQUE, "peer_asked"), "Il faut un mandat écrit signé. Dominique")
    mine = post.last(NOA, "message_relayed").link("d").removesuffix("/resolu")
    press(client, f"{mine}/resolu")
    press(client, f"{mine}/fiche")
    assert client.get("/fiches").status_code == 200 and "mandat" not in client.page("/fiches").text, "one alone is not enough"
    assert story.count(COORDINATOR, "fiche_to_edit") == 0
    post.reply(post.last(DOMINIQUE, "fiche_proposed"), "d’accord pour une fiche")
    path = post.last(COORDINATOR, "fiche_to_edit").link("d")
    response = client.fill(client.get(path), path, title="Un mandat sans adresse de courriel")
    assert response.status_code == 422 and "retirez Dominique" in response.text.replace("\u00a0", " ")
    press(client, path, title="Un mandat sans adresse de courriel", answer="Il faut un mandat écrit, signé.")
    public = post.last(NOA, "fiche_published").link("fiches")
    page = client.page(public)
    assert "mandat écrit" in page.text and "Noa" not in page.text and "Dominique" not in page.text
    check = walk(client, "/aide", question())
    assert "Un mandat sans adresse de courriel" in check.text, "offered before sending"
    assert "Un mandat" in client.get("/fiches?q=mandats").text and "Un mandat" not in client.get("/fiches?q=imprimante").text
    post.reply(post.last(DOMINIQUE, "fiche_published"), "retirer la fiche")
    assert client.get(public).status_code == 404
    with app.app_context():
        assert db.session.scalar(select(Fiche.state)) == "withdrawn"
    sign_in(client, post)
    assert client.get("/coordination/AIDE-2027-0001/rediger-fiche").status_code == 409, "it is not published again without both"
