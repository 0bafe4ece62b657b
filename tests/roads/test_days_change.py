"""Days change after the signature: a session moved if all agree, an end before time, the next exchange, a next stage."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA, press, sign_in
from icalendar import Calendar
from pages import soup
from roads.signed import signed as all_signed
from roads.stories import planted, who
from roads.test_lived import TUTOR, at, link_of, state, tick
from setting import at_once, databases
from sqlalchemy import select

from models.base import db
from models.dossier import Dossier, Immersion
from models.session_move import SessionMove
from models.states import Kind
from pdf.convention import Session
from services import acting, convention
from services.errors import Refused
from services.immersion import moving

MOVED = {"seance1-on-jour": "4", "seance1-on-mois": "2", "seance1-on-annee": "2027", "seance1-starts": "10h",
         "seance1-ends": "12h"}


@pytest.fixture
def signed(app, clock) -> str:
    with app.app_context():
        return planted(Kind.IMMERSION, "signed", clock.now).reference


def days(app) -> list[str]:
    with app.app_context():
        return [f"{s.on:%d/%m} {s.starts:%H:%M}" for s in db.session.scalar(select(Immersion)).sessions]


def event(file) -> tuple[str, int, datetime, str]:
    """``(uid, sequence, start in UTC, method)`` of a calendar file."""
    calendar = Calendar.from_ical(file[2])
    (found,) = calendar.walk("VEVENT")
    return str(found["uid"]), int(found["sequence"]), found["dtstart"].dt.astimezone(UTC), str(calendar["method"])


@databases("sqlite", "postgresql")
def test_a_session_moves_once_the_three_agree_each_by_their_own_door(app, client, clock, post, signed):
    path = f"{link_of(app, clock, 'host')}/deplacer"
    press(client, path, session="1", words="Travaux dans la salle", **MOVED)
    assert not post.to(COORDINATOR) and days(app)[0] == "02/02 09:00"
    assert "Travaux dans la salle" in post.last(NOA, "move_asked").text
    post.reply(post.last(NOA, "move_asked"), "Oui")
    assert days(app)[0] == "02/02 09:00"
    press(client, f"{post.last(ANDREA, 'move_asked').link('d')}/accepter")
    assert days(app) == ["04/02 10:00", "09/02 09:00"]
    told = [letter for letter in post.all() if letter.letter.endswith("move_done")]
    assert {letter.to for letter in told} == {NOA, ANDREA, CLAUDE, TUTOR, COORDINATOR}
    for letter in told:
        if letter.to != COORDINATOR:
            assert event(letter.files[0]) == ("seance-1@ring.example", 1, datetime(2027, 2, 4, 9, tzinfo=UTC), "REQUEST")


def test_once_a_session_moved_every_page_tells_the_days_as_they_stand(app, client, clock, post):
    with app.app_context():
        row = all_signed(clock.now)
        code, new = row.verification_code, Session(date(2027, 2, 4), time(10), time(12))
        convention.seal_due(clock.now)
        before = _said(client.get(f"{link_of(app, clock, 'host')}"))
        assert "ardi 2 février 2027, de 9 h" in before and "Ces dates sont les bonnes" not in before
        assert "Depuis, avec l’accord" not in _said(client.get(f"/verifier/{code}"))
        dossier = row.immersion
        acting.perform("deplacer", who(dossier, "host").id, "", clock.now, extra=moving.Move(dossier.sessions[0].id, new))
        for role in ("author", "employer"):
            acting.perform("accepter", who(dossier, role).id, "", clock.now)
    for role in ("author", "employer", "host", "tutor"):
        page = _said(client.get(link_of(app, clock, role)))
        assert "eudi 4 février 2027, de 10 h à 12 h" in page and "Ces dates sont les bonnes" in page, role
        assert "ardi 2 février 2027, de 9 h" not in page and "Ariel Modèle" in page
    read = _said(client.get(f"{link_of(app, clock, 'author')}/convention"))
    assert "Signée par toutes les parties" in read and "A signé par lien" in read and "Signer en ligne" not in read
    assert "mardi 2 février 2027" in read and "eudi 4 février 2027, de 10 h à 12 h" in read, "what was signed, and what holds"
    mine = _said(client.get(link_of(app, clock, "coordinator")))
    assert "eudi 4 février 2027, de 10 h à 12 h" in mine and "ardi 2 février 2027, de 9 h" not in mine
    assert "Depuis, avec l’accord de toutes les parties jeudi 4 février 2027, mardi 9 février 2027" in _said(
        client.get(f"/verifier/{code}"))


def test_a_session_that_is_over_is_no_reason_to_hold_a_signed_convention(app, client, clock, signed):
    at(clock, date(2027, 2, 4))
    page = _said(client.get(link_of(app, clock, "coordinator")))
    assert "ardi 9 février 2027" in page and "Indiquez une date à venir" not in page and "ne peut pas partir" not in page


def _said(response) -> str:
    assert response.status_code == 200
    return " ".join(soup(response).main.get_text(" ").split()).replace("\u00a0", " ").replace("'", "’").replace(" ,", ",")


def test_one_who_prefers_the_date_keeps_it(app, client, clock, post, signed):
    press(client, f"{link_of(app, clock, 'author')}/deplacer", session="1", **MOVED)
    post.reply(post.last(CLAUDE, "move_asked"), "non\n\nLe 4 nous sommes fermés.")
    assert days(app)[0] == "02/02 09:00"
    assert "Le 4 nous sommes fermés" in post.last(NOA, "move_refused").text
    page = client.get(f"{link_of(app, clock, 'employer')}/accepter")
    assert page.status_code == 409, "nothing waits for an answer any more"


def test_a_date_is_moved_by_a_line_of_mail(app, clock, post, signed):
    post.reply(first_letter(app, clock, post, signed), "déplacer le mardi 9 février 2027 au jeudi 11 février 2027, 9 h - 12 h")
    assert "jeudi 11 février 2027, de 9 h à 12 h" in post.last(ANDREA, "move_asked").text.replace("\u00a0", " ")
    post.reply(post.last(ANDREA, "move_asked"), "oui")
    post.reply(post.last(CLAUDE, "move_asked"), "d'accord")
    assert days(app)[1] == "11/02 09:00"
    post.reply(post.last(NOA, "move_done"), "déplacer mardi prochain à jeudi")
    assert "Écrivez par exemple" in " ".join(post.last(NOA, "command_refused").text.split())


def first_letter(app, clock, post, signed):
    """A letter of this request in Noa's mailbox."""
    at(clock, date(2027, 1, 29))
    tick(app, clock)
    return post.last(NOA, "session_reminder")


@pytest.mark.parametrize(("changes", "why"), [
    ({"seance1-on-jour": "1", "seance1-on-mois": "1"}, "passé"),
    ({"seance1-on-jour": "9"}, "2 fois"),
])
def test_a_date_that_cannot_be_is_refused_and_what_was_typed_is_kept(app, client, clock, signed, changes, why):
    path = f"{link_of(app, clock, 'host')}/deplacer"
    response = client.fill(client.get(path), path, session="1", words="Mes mots", **{**MOVED, **changes})
    assert response.status_code == 422 and why in response.text.replace("\u00a0", " ") and "Mes mots" in response.text


def test_oui_without_a_question_is_a_word_for_the_coordination(app, clock, post, signed):
    post.reply(first_letter(app, clock, post, signed), "D'accord")
    assert "D'accord" in post.last(COORDINATOR, "message_relayed").text


@databases("sqlite", "postgresql")
def test_two_who_agree_at_the_same_instant_move_it_once(app, client, clock, post, signed):
    press(client, f"{link_of(app, clock, 'host')}/deplacer", session="1", **MOVED)
    with app.app_context():
        everybody = db.session.scalar(select(Dossier)).participants
        people = [person.id for person in everybody if person.role in ("author", "employer")]
    _, raised = at_once(app, 4, lambda number: acting.perform("accepter", people[number % 2], "", clock.now))
    assert all(isinstance(error, Refused) for error in raised)
    assert days(app)[0] == "04/02 10:00"
    with app.app_context():
        assert [move.state for move in db.session.scalars(select(SessionMove))] == ["done"]
    assert len([letter for letter in post.all() if letter.letter.endswith("move_done")]) == 5


def test_an_immersion_that_stops_is_told_to_the_employer_first_and_leaves_the_calendars(app, client, clock, post, signed):
    at(clock, date(2027, 2, 3))
    press(client, f"{link_of(app, clock, 'host')}/arreter", last="2027-02-02", cause="host", words="Dégât des eaux")
    assert state(app) == "interrupted"
    told = [letter for letter in post.all() if letter.letter.endswith("immersion_stopped")]
    assert told[0].to == ANDREA and {letter.to for letter in told} == {NOA, ANDREA, CLAUDE, TUTOR, COORDINATOR}
    assert event(told[0].files[0])[::3] == ("seance-2@ring.example", "CANCEL") and event(told[0].files[0])[1] == 1
    assert days(app) == ["02/02 09:00"]
    assert post.last(NOA, "report_to_give"), "what was lived is told all the same"
    assert "un empêchement de l’accueil" in client.page(link_of(app, clock, "author")).text


def test_an_immersion_that_does_not_take_place_is_said_with_its_cause_and_nothing_is_attested(app, client, clock, post, signed):
    post.reply(first_letter(app, clock, post, signed), "arrêter l'immersion : je change de poste")
    assert state(app) == "not_held"
    told = [letter for letter in post.all() if letter.letter.endswith("immersion_stopped")]
    assert told[0].to == ANDREA and "je change de poste" in told[0].text
    assert [event(file)[3] for file in told[0].files] == ["CANCEL", "CANCEL"]
    at(clock, date(2027, 2, 12))
    tick(app, clock)
    assert not [letter for letter in post.all() if letter.letter.endswith(("report_to_give", "attestation_ready"))]
    sign_in(client, post)
    assert client.get(f"/coordination/{signed}/attester").status_code == 409


def test_an_end_said_by_mistake_is_taken_back_by_who_said_it_and_calendars_are_restored(app, client, clock, post, signed):
    host = link_of(app, clock, "host")
    press(client, f"{host}/arreter", last="aucun", cause="host", words="Dégât des eaux")
    assert client.get(f"{link_of(app, clock, 'author')}/reprendre-immersion").status_code == 409, "somebody else said it"
    press(client, f"{host}/reprendre-immersion", words="Ce n’était pas notre salle.")
    assert state(app) == "signed" and days(app) == ["02/02 09:00", "09/02 09:00"]
    told = [letter for letter in post.all() if letter.letter.endswith("immersion_resumed")]
    assert told[0].to == ANDREA and {letter.to for letter in told} == {NOA, ANDREA, CLAUDE, TUTOR, COORDINATOR}
    assert [event(file)[::3] for file in told[0].files] == [
        ("seance-1@ring.example", "REQUEST"), ("seance-2@ring.example", "REQUEST")]
    assert {event(file)[1] for file in told[0].files} == {2}, "above the cancellation, which calendars follow"
    assert "Cause" not in client.page(host).text
    assert client.get(f"{host}/reprendre-immersion").status_code == 409, "twice is once"


@databases("sqlite", "postgresql")
def test_an_interruption_said_by_mistake_gives_back_its_days_and_asks_its_reports_later(app, client, clock, post, signed):
    at(clock, date(2027, 2, 3))
    press(client, f"{link_of(app, clock, 'author')}/arreter", last="2027-02-02", cause="companion", words="Je pars")
    assert days(app) == ["02/02 09:00"]
    post.reply(post.last(NOA, "immersion_stopped"), "c'était une erreur")
    assert state(app) == "signed" and days(app) == ["02/02 09:00", "09/02 09:00"]
    assert [event(file)[3] for file in post.last(CLAUDE, "immersion_resumed").files] == ["REQUEST"]
    count = len([letter for letter in post.all() if letter.letter.endswith("report_to_give")])
    at(clock, date(2027, 2, 10))
    tick(app, clock)
    assert state(app) == "lived" and len([each for each in post.all() if each.letter.endswith("report_to_give")]) == 2 * count


def test_an_end_is_taken_back_within_a_week_and_not_once_a_report_came(app, client, clock, post, signed):
    at(clock, date(2027, 2, 3))
    host = link_of(app, clock, "host")
    press(client, f"{host}/arreter", last="2027-02-02", cause="host", words="Dégât des eaux")
    asked = client.get(f"{host}/reprendre-immersion")
    assert "Possible jusqu’au mercredi 10 février 2027" in asked.text.replace("\u00a0", " ")
    at(clock, date(2027, 2, 11))
    page = client.page(host)
    assert not page.select("a[href$=reprendre-immersion]"), "the button goes with the time"
    assert "L’immersion pouvait reprendre jusqu’au mercredi 10 février 2027" in page.text.replace("\u00a0", " ")
    answer = client.fill(asked, f"{host}/reprendre-immersion")
    assert answer.status_code == 409 and "mercredi 10 février 2027" in answer.text.replace("\u00a0", " ")
    post.reply(post.last(CLAUDE, "immersion_stopped"), "c'était une erreur")
    assert "mercredi 10 février 2027" in " ".join(post.last(CLAUDE, "command_refused").text.split()).replace("\u00a0", " ")
    assert state(app) == "interrupted"
    at(clock, date(2027, 2, 4))
    press(client, f"{host}/bilan", held="oui", shown="Un atelier", again="oui")
    assert client.get(f"{host}/reprendre-immersion").status_code == 409
    assert state(app) == "interrupted"


def test_the_last_day_said_must_be_one_that_was_lived(app, client, clock, signed):
    path = f"{link_of(app, clock, 'author')}/arreter"
    response = client.fill(client.get(path), path, last="2027-02-09", cause="companion", words="Empêchement")
    assert response.status_code == 422 and state(app) == "signed"


def test_the_next_exchange_goes_to_everybodys_calendar_changes_there_and_leaves_it(app, client, clock, post, signed):
    sign_in(client, post)
    base = f"/coordination/{signed}"
    when = {"on-jour": "11", "on-mois": "mars", "on-annee": "2027", "starts": "14h", "ends": "15h"}
    press(client, f"{base}/echange", place="en visioconférence", **when)
    assert "jeudi 11 mars 2027, de 14 h à 15 h" in client.page(base).text.replace("\u00a0", " ")
    first = event(post.last(NOA, "exchange_planned").files[0])
    assert first == ("echange-1@ring.example", 0, datetime(2027, 3, 11, 13, tzinfo=UTC), "REQUEST")
    press(client, f"{base}/echange", **{**when, "on-jour": "12"})
    assert event(post.last(ANDREA, "exchange_planned").files[0])[1] == 1
    press(client, f"{base}/annuler-echange", words="Je suis en formation")
    assert event(post.last(CLAUDE, "exchange_cancelled").files[0])[1::2] == (2, "CANCEL")
    press(client, f"{base}/echange", **when)
    assert event(post.last(NOA, "exchange_planned").files[0])[1] == 3, "a calendar that took it out takes it in again"


def test_several_stages_make_one_parcours_with_its_days_counted(app, client, clock, post, signed):
    at(clock, date(2027, 2, 10))
    tick(app, clock)
    press(client, f"{link_of(app, clock, 'author')}/etape", words="Cette fois, un espace France Services")
    assert "IMM-2027-0002" in post.last(NOA, "request_received").text
    theirs = post.last(COORDINATOR, "request_to_coordinator").link("d").removesuffix("/accepter")
    assert "Cette fois, un espace France Services" in client.page(theirs).text
    text = client.page(f"{link_of(app, clock, 'author')}/parcours").text
    assert "2 étapes" in text and "2 jours" in text and "IMM-2027-0002" in text
    assert client.get(f"{link_of(app, clock, 'host')}/parcours").status_code == 404
    assert client.get(f"{link_of(app, clock, 'author')}/etape").status_code == 409, "one at a time"
