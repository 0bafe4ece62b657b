"""Dates that cannot be and dates that deserve a look, on the host's page, by mail and for the coordination (N06)."""

from __future__ import annotations

from datetime import date, time

import pytest
from cast import CLAUDE, COORDINATOR, HOSTING, press, sign_in
from pages import soup
from roads.stories import ANSWERS, NIMES, SUMMARY
from roads.test_immersion_detours import SPACE, Story
from sqlalchemy import select

from models.base import db, transaction
from models.convention import ImmersionSession
from models.dossier import Immersion, Participant
from models.states import Kind

ONE_DAY = {name: value for name, value in HOSTING.items() if not name.startswith("seance2")}


@pytest.fixture
def asked(app, client, post, clock) -> Story:
    return Story(app, client, post, clock).host_asked()


def on(day: str, month: str, **more: str) -> dict[str, str]:
    return ONE_DAY | {"seance1-on-jour": day, "seance1-on-mois": month} | more


def answer(story: Story, answers: dict[str, str], **more: str):
    """What the host's page says once its button is pressed, and once more if it asks to look again."""
    page = f"{story.post.last(CLAUDE, 'host_to_agree').link('d')}/accueillir"
    return story.client.fill(story.client.get(page), page, **answers, **more)


def words(response) -> str:
    return " ".join(soup(response).get_text(" ").split())


def other_immersion(story: Story, clock, *, email: str, host: int, hours=(time(9), time(12))) -> None:
    """Another immersion, on the 2nd of February: of somebody, at some host."""
    with story.app.app_context(), transaction() as session:
        session.add(Immersion(
            year=2027, number=2, reference="IMM-2027-0002", state="to_sign", title="Ailleurs", submission_key="autre",
            commune=NIMES, created_at=clock.now, moved_at=clock.now, confirmed_at=clock.now, summary=SUMMARY,
            answers=dict(ANSWERS[Kind.IMMERSION]), host_id=host,
            participants=[Participant(role="author", name="Noa Fictif", email=email)],
            sessions=[ImmersionSession(on=date(2027, 2, 2), starts=hours[0], ends=hours[1])]))


def test_a_holiday_is_shown_once_then_kept_and_told_to_the_coordination(asked, client, post):
    holiday = on("29", "3")
    page = answer(asked, holiday)
    assert page.status_code == 422 and asked.state == "host_asked"
    assert "jour férié (Lundi de Pâques)" in words(page) and "Rien n’est encore envoyé" in words(page)
    kept = soup(page).select_one('input[name="tutor_name"]')["value"]
    assert kept == "Ariel Modèle", "nothing typed is lost"
    action = soup(page).select_one("form.question-form")["action"]
    assert client.fill(page, action).status_code == 303
    assert asked.state == "host_agreed"
    assert "Lundi de Pâques" in post.last(COORDINATOR, "host_agreed").text.replace("\u00a0", " ")
    assert "Lundi de Pâques" in words(client.get(SPACE))


def test_a_warning_read_for_some_dates_does_not_stand_for_others(asked, client):
    first = answer(asked, on("29", "3"))
    action = soup(first).select_one("form.question-form")["action"]
    again = client.fill(first, action, **on("1", "5"))
    assert again.status_code == 422 and "Fête du Travail" in words(again)


def test_nobody_is_received_in_two_places_at_once(asked, clock, client):
    other_immersion(asked, clock, email="noa@structure-b.example", host=asked.other)
    page = answer(asked, on("2", "2"))
    assert page.status_code == 422 and "déjà attendue ailleurs à ces heures" in words(page)
    assert "IMM-2027-0002" not in words(page), "the host does not learn of another request"
    assert asked.state == "host_asked"
    assert answer(asked, on("3", "2"), averti="x").status_code == 422, "two days over two weeks were asked: told"


def test_a_host_without_a_place_left_is_told_and_decides(asked, clock, client):
    other_immersion(asked, clock, email="autre@structure-z.example", host=asked.host)
    page = answer(asked, HOSTING)
    assert page.status_code == 422 and "une seule place" in words(page)
    action = soup(page).select_one("form.question-form")["action"]
    assert client.fill(page, action).status_code == 303
    assert "IMM-2027-0002" in words(client.get(SPACE)), "the coordination knows whom to ask"


def test_the_same_dates_by_mail_are_taken_with_what_deserves_a_look(asked, post):
    letter = post.last(CLAUDE, "host_to_agree")
    lines = "\n".join(("accueillir", "Dates :", "29/03/2027 9h-12h", "Adresse : 3 rue des Lilas", "Tuteur : Ariel Modèle",
                       "Fonction : conseiller", "Téléphone : 06 39 98 00 09", "Signataire : Claude Accueil",
                       "Qualité : Directrice", "Assurance : Mutuelle Exemple"))
    post.reply(letter, lines)
    assert asked.state == "host_agreed"
    assert "jour férié" in post.last(CLAUDE, "command_done").text.replace("\u00a0", " ")


def test_a_host_who_declines_lets_the_next_one_be_asked_at_once(app, client, post, clock):
    story = Story(app, client, post, clock).employer_agrees()
    sign_in(client, post)
    press(client, f"{SPACE}/proposer", structure=str(story.host), following=[str(story.other)])
    post.reply(post.last(CLAUDE, "host_to_agree"), "Non\nNous sommes en travaux.")
    assert story.state == "host_asked"
    assert post.last("autre@structure-d.example").letter == "immersion/host_to_agree"
    assert "nous demandons maintenant" in post.last(COORDINATOR, "not_possible").text
    post.reply(post.last("autre@structure-d.example", "host_to_agree"), "Non")
    assert story.state == "employer_agreed"
    with app.app_context():
        assert db.session.scalar(select(Immersion.answers))["next_hosts"] == []


def test_places_already_promised_are_told_before_a_host_is_asked(app, client, post, clock):
    story = Story(app, client, post, clock).employer_agrees()
    other_immersion(story, clock, email="autre@structure-z.example", host=story.host)
    sign_in(client, post)
    assert "complet le mardi 2 février" in words(client.get(f"{SPACE}/proposer")).replace("\u00a0", " ")
