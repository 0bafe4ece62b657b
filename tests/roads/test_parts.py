"""Each party completes its own part of the convention, by its own link, in any order and in several times."""

from __future__ import annotations

import re

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA, press
from pages import soup
from roads.stories import planted
from roads.test_immersion_detours import SPACE, Story
from setting import at_once, databases
from sqlalchemy import select

from models.base import db
from models.dossier import Immersion, Participant
from models.states import Kind
from pdf.convention import BY_DELEGATION, LEGAL_REPRESENTATIVE
from services import convention


@pytest.fixture
def agreed(app, client, post, clock) -> Story:
    return Story(app, client, post, clock).host_agrees()


def part(story: Story, address: str) -> str:
    letter = "host_to_agree" if address == CLAUDE else "host_agreed"
    path = story.post.last(address, letter).link("d").removesuffix("/completer")
    return f"{path}/completer"


def save(story: Story, address: str, **answers: str):
    page = part(story, address)
    return story.client.fill(story.client.get(page), page, **answers)


def data_of(story: Story):
    with story.app.app_context():
        dossier = db.session.scalar(select(Immersion))
        return convention.draft_data(dossier, story.post.clock.now)


def words(response) -> str:
    return " ".join(soup(response).get_text(" ").split()).replace("\u00a0", " ")


def test_each_party_gives_its_own_part_in_several_times_and_sees_who_else_has(agreed, client):
    page = client.get(part(agreed, CLAUDE))
    assert "Où en est chacun" in words(page) and "Structure d’accueil (vous)" in words(page)
    assert "Qui signe pour elle" in words(page) and "Votre employeur" not in words(page)
    saved = save(agreed, CLAUDE, host_name="Morgan Maire", host_quality="maire", host_email="maire@structure-c.example",
                 host2_name="Alix Services", host2_quality="DGS", host2_capacity="par délégation",
                 host2_email="dgs@structure-c.example", host_contact_name="Sacha Modèle", host_contact_phone="04 65 71 00 03")
    assert saved.status_code == 303 and "enregistre=1" in saved.location
    assert save(agreed, CLAUDE, place_access="Entrée par la cour").status_code == 303
    data = data_of(agreed)
    assert [(p.name, p.capacity, p.email) for p in data.host.signatories] == [
        ("Morgan Maire", "représentant·e légal·e", "maire@structure-c.example"),
        ("Alix Services", "par délégation", "dgs@structure-c.example")]
    assert data.host.contact.name == "Sacha Modèle" and data.tutor.name == "Ariel Modèle", "three different persons"
    assert data.places[0].access == "Entrée par la cour" and data.employer.signatories[0].name == "Andréa Direction"


@pytest.mark.parametrize(("typed", "quality", "capacity"), [
    ("Directeur par délégation", "Directeur", BY_DELEGATION), ("adjointe (par délégation)", "adjointe", BY_DELEGATION),
    ("adjointe par délégation du maire", "adjointe par délégation du maire", BY_DELEGATION),
    ("Par délégation", "Par délégation", BY_DELEGATION), ("Directrice", "Directrice", LEGAL_REPRESENTATIVE),
    ("Cheffe de la délégation du Gard", "Cheffe de la délégation du Gard", LEGAL_REPRESENTATIVE)])
def test_who_signs_by_delegation_is_not_called_a_legal_representative(context, clock, typed, quality, capacity):
    dossier = planted(Kind.IMMERSION, "host_agreed", clock.now)
    dossier.answers = {**dossier.answers, "host": {**dossier.answers["host"], "signatory_quality": typed}}
    (signs,) = convention.draft_data(dossier, clock.now).host.signatories
    assert (signs.quality, signs.capacity) == (quality, capacity)


def test_the_draft_brings_each_party_to_its_own_part(agreed, client, post):
    post.reply(post.last(COORDINATOR, "host_agreed"), "relecture")
    for address in (NOA, ANDREA, CLAUDE):
        letter = post.last(address, "convention_to_review")
        path = re.search(r"https?://[^/\s]+(/d/[\w-]+/completer)", letter.text)[1]
        assert "Votre part de la convention" in words(client.get(path))
        read = client.get(path.replace("/completer", "/convention"))
        assert soup(read).find("a", href=path), "the page where it is read leads there too"


def test_opening_the_page_changes_nothing_and_saving_twice_is_saving_once(agreed, client):
    before = data_of(agreed)
    for _ in range(3):
        client.get(part(agreed, ANDREA))
    assert data_of(agreed) == before
    with agreed.app.app_context():
        journal = len(db.session.scalar(select(Immersion)).journal)
    save(agreed, ANDREA, insurance_employer="Assurance Modèle")
    save(agreed, ANDREA, insurance_employer="Assurance Modèle")
    with agreed.app.app_context():
        assert len(db.session.scalar(select(Immersion)).journal) == journal + 1


def test_what_is_right_is_kept_beside_what_is_wrong(agreed, client):
    answer = save(agreed, ANDREA, insurance_employer="Assurance Modèle", employer_siret="123", employer_quality="Présidente")
    assert answer.status_code == 422 and "14 chiffres" in words(answer) and "Ce qui est juste est gardé" in words(answer)
    assert soup(answer).select_one('input[name="employer_siret"]')["value"] == "123", "what was typed is shown again"
    data = data_of(agreed)
    assert data.insurance_employer == "Assurance Modèle" and data.employer.signatories[0].quality == "Présidente"
    assert data.employer.siret == ""


@pytest.mark.parametrize(("who", "name", "whose"), [
    (CLAUDE, "host_email", ANDREA), (CLAUDE, "tutor_email", NOA), (ANDREA, "employer_email", NOA),
    (ANDREA, "employer_contact_email", CLAUDE.upper())])
def test_two_parties_may_not_give_the_same_address(agreed, who, name, whose):
    answer = save(agreed, who, **{name: whose})
    assert answer.status_code == 422 and "déjà celle d’une autre partie" in words(answer)
    assert whose.lower() not in str(data_of(agreed)).lower()


def test_an_address_shared_by_two_parties_stops_the_convention_whoever_typed_it(agreed, client, post):
    press(client, f"{SPACE}/rediger", employer_email=NOA)
    answer = client.fill(client.get(f"{SPACE}/relecture"), f"{SPACE}/relecture")
    assert answer.status_code == 422 and "aussi celle d’une autre partie" in words(answer)


def test_the_author_and_the_employer_cannot_touch_the_host_s_part(agreed, client):
    page = part(agreed, NOA)
    client.fill(client.get(page), page, host_name="Noa Fictif", companion_job="médiatrice")
    data = data_of(agreed)
    assert data.host.signatories[0].name == "Claude Accueil" and data.companion.job_title == "médiatrice"


def test_the_coordination_sees_who_owes_what_and_asks_them(agreed, client, post):
    save(agreed, ANDREA, employer_quality="")
    page = words(client.get(SPACE))
    assert "La convention, partie par partie" in page and "Indiquez qui signe pour la structure employeuse" in page
    press(client, f"{SPACE}/demander-parts", words="Avant vendredi si possible.")
    told = post.last(ANDREA)
    assert told.letter == "convention/part_to_complete" and "qui signe pour la structure employeuse" in told.text
    assert "Avant vendredi" in told.text
    assert post.last(NOA).letter != "convention/part_to_complete", "nobody is asked for what they gave"
    save(agreed, ANDREA, employer_quality="Directrice")
    assert post.last(COORDINATOR).letter == "convention/parts_ready"


def test_a_part_saved_while_the_coordination_writes_is_not_lost(agreed, client):
    open_page = client.get(f"{SPACE}/rediger")
    save(agreed, CLAUDE, safety="Chaussures fermées")
    assert client.fill(open_page, f"{SPACE}/rediger", travel_detail="94 km").status_code == 303
    data = data_of(agreed)
    assert data.safety == "Chaussures fermées" and data.costs[0].detail == "94 km"


def test_the_same_answer_changed_by_both_is_shown_to_the_coordination_before_it_is_kept(agreed, client):
    open_page = client.get(f"{SPACE}/rediger")
    save(agreed, CLAUDE, safety="Chaussures fermées")
    answer = client.fill(open_page, f"{SPACE}/rediger", safety="Casque", travel_detail="94 km")
    assert answer.status_code == 422 and "« Chaussures fermées »" in words(answer)
    assert data_of(agreed).safety == "Chaussures fermées"
    assert client.fill(answer, f"{SPACE}/rediger").status_code == 303
    assert data_of(agreed).safety == "Casque" and data_of(agreed).costs[0].detail == "94 km"


def test_a_part_changed_while_it_is_read_makes_a_new_version_and_the_coordination_is_told_once(agreed, client, post):
    press(client, f"{SPACE}/relecture")
    save(agreed, CLAUDE, meals="Repas partagé")
    save(agreed, CLAUDE, meals="Repas tiré du sac")
    with agreed.app.app_context():
        versions = db.session.scalar(select(Immersion)).conventions
        assert [(row.version, row.state) for row in versions] == [(1, "shown"), (2, "draft")]
        assert versions[0].data["meals"] != "Repas tiré du sac"
    assert len([letter for letter in post.to(COORDINATOR) if letter.letter == "convention/parts_ready"]) == 1


def test_once_sent_to_be_signed_a_part_is_no_longer_changed_here(agreed, client, post):
    page = part(agreed, CLAUDE)
    open_page = client.get(page)
    press(client, f"{SPACE}/relecture")
    press(client, f"{SPACE}/signature")
    assert client.fill(open_page, page, meals="Autre chose").status_code == 409
    assert data_of(agreed).meals != "Autre chose"


@databases("sqlite", "postgresql")
def test_three_parties_who_save_at_the_same_instant_lose_nothing(app, client, post, clock):
    story = Story(app, client, post, clock).host_agrees()
    with app.app_context():
        people = {p.role: p.id for p in db.session.scalars(select(Participant))}
    given = [("host", {"meals": "Repas partagé"}), ("employer", {"insurance_employer": "Assurance Modèle"}),
             ("author", {"companion_job": "médiatrice"})]
    done, raised = at_once(app, 3, lambda n: convention.complete_part(people[given[n][0]], given[n][1], {}, clock.now))
    assert raised == [] and done == [True] * 3
    data = data_of(story)
    assert (data.meals, data.insurance_employer, data.companion.job_title) == ("Repas partagé", "Assurance Modèle", "médiatrice")
