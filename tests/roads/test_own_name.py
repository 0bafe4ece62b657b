"""Who comes in their own name, to the end: nobody's agreement is asked for them; a volunteer's association answers for them."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from cast import (
    ALONE,
    ANDREA,
    CLAUDE,
    COORDINATOR,
    HOSTING,
    IMMERSION,
    NOA,
    VOLUNTEER,
    confirm,
    press,
    send,
    sign_in,
    walk,
)
from pages import form_values, soup
from roads.correspondents import Story, structure_joined
from roads.signers import Signing
from roads.test_lived import tick
from roads.test_story_by_mail import ANSWERS, filled, prepared
from setting import databases
from sqlalchemy import select

from models.base import db
from models.dossier import Immersion
from pdf.convention import from_json
from services import convention, exports

LOU = "lou@courriel.example"
SPACE = "/coordination/IMM-2027-0001"


def words(response) -> str:
    return " ".join(soup(response).get_text(" ").split()).replace("\u00a0", " ")


def everything_said(post) -> str:
    """All letters of the immersion but those to who coordinates."""
    return " ".join(f"{letter.subject} {text(letter)}" for letter in post.all() if letter.to != COORDINATOR
                    and "adhesion/" not in letter.letter)


@pytest.fixture
def joined(app, client, post, clock) -> Story:
    return structure_joined(app, client, post, clock)


def text(letter) -> str:
    """A letter's words on one line, with ordinary spaces and apostrophes."""
    return " ".join(letter.text.split()).replace("’", "'")


def data_of(app):
    return from_json(db.session.scalar(select(Immersion)).convention.data)


def sealed(app, clock) -> None:
    with app.app_context():
        assert convention.seal_due(clock.now) == 1


def sign_all(joined, *people: str) -> Signing:
    signing = Signing(joined.app, joined.client, joined.post, joined.clock)
    signing.people[LOU] = ("Lou Exemple", "Formatrice")
    for address in people:
        assert signing.sign(address).status_code == 303, address
    return signing


@databases("sqlite", "postgresql")
def test_an_independent_goes_to_the_end_by_the_pages_and_no_letter_speaks_of_an_employer(joined, app, client, post, clock):
    send(client, "/immersion", ALONE)
    confirm(client, post, LOU)
    received = text(post.last(LOU, "request_received"))
    assert "vous parlez en votre nom" in received
    sign_in(client, post)
    page = words(client.get(SPACE))
    assert "Prendre en charge et chercher un accueil" in page and "demander l’accord de principe" not in page
    press(client, f"{SPACE}/accepter")
    assert "se signera à deux" in text(post.last(LOU, "taken_alone"))
    assert "proposer Structure Exemple C" in text(post.last(COORDINATOR, "employer_agreed"))
    assert joined.state == "employer_agreed"
    page = client.get(f"{SPACE}/proposer")
    press(client, f"{SPACE}/proposer", structure=soup(page).select_one("input[name=structure]")["value"])
    assert "vient en son nom" in text(post.last(CLAUDE, "host_to_agree"))
    host = post.last(CLAUDE, "host_to_agree").link("d")
    press(client, f"{host}/accueillir", **HOSTING)
    draw_up = client.get(f"{SPACE}/rediger")
    assert "La structure employeuse, qui signe" not in words(draw_up)
    assert not soup(draw_up).select("[name=employer_legal_name], [name=insurance_employer]")
    own = post.last(LOU, "host_agreed").link("d").removesuffix("/completer")
    part = client.get(f"{own}/completer")
    assert "Votre part est complète" in words(part)
    payers = [box["value"] for box in soup(part).select("input[name=travel_payer]")]
    assert payers == ["la structure d’accueil", "la personne accueillie", "le réseau"]
    client.fill(part, f"{own}/completer", companion_siret="000 000 034 00017", travel_payer="le réseau")
    press(client, f"{SPACE}/relecture")
    press(client, f"{SPACE}/signature")
    with app.app_context():
        data = data_of(app)
        assert (data.employer, data.frame) == (None, "independant_benevole")
        assert data.companion.siret == "00000003400017" and data.companion.address == "3 rue du Modèle"
        assert data.details.liability_insurance == "Assurance Modèle, contrat 789"
        assert [cost.payer for cost in data.costs] == ["le réseau", "la personne accueillie"]
        assert [report.author for report in data.reports] == ["la personne accueillie", "la structure d’accueil"]
    sign_all(joined, CLAUDE, LOU)
    assert joined.state == "signed"
    sealed(app, clock)
    letter = post.last(LOU, "convention_sealed")
    assert [name for name, *_ in letter.files if name.endswith(".ics")], "the sessions come for their calendar"
    with pikepdf.open(io.BytesIO(letter.files[0][2])) as pdf:
        assert "convention.json" in pdf.attachments
    clock.now = datetime(2027, 2, 10, 9, tzinfo=UTC)
    tick(app, clock)
    assert sorted(each.to for each in post.all() if each.letter.endswith("report_to_give")) == sorted([LOU, CLAUDE])
    press(client, f"{post.last(LOU, 'report_to_give').link('d').removesuffix('/bilan')}/bilan", held="oui", seen="Deux ateliers",
          kept="Un diagnostic", publish="named")
    press(client, f"{post.last(CLAUDE, 'report_to_give').link('d').removesuffix('/bilan')}/bilan", held="oui",
          shown="Un atelier", again="oui")
    press(client, f"{post.last(CLAUDE, 'account_to_agree').link('d')}/accepter")
    sign_in(client, post)  # a month later
    press(client, f"{SPACE}/publier")
    tick(app, clock)
    assert post.last(LOU, "attestation_ready").files
    with app.app_context():
        [row] = [row for row in exports.build("demandes", None).rows if row[0] == "IMM-2027-0001"]
        assert "Lou" not in repr(row) and "employeur" not in repr(row).lower()
        assert "IMM-2027-0001" in [row[-1] for row in exports.build("activite", None).rows]
    own = client.get(f"{post.last(LOU, 'attestation_ready').link('d')}/parcours")
    assert own.status_code == 200 and "employeu" not in words(own).lower()
    said = everything_said(post).replace("\u00a0", " ").lower()
    assert "employeu" not in said and "trois parties" not in said
    assert ANDREA not in {letter.to for letter in post.all()}


def test_an_independent_goes_to_the_signature_by_mail_alone(joined, post, clock):
    send(joined.client, "/immersion", ALONE)
    joined.says(LOU, "oui", "address_to_confirm")
    joined.says(COORDINATOR, "accepter", "request_to_coordinator")
    joined.says(COORDINATOR, prepared(post.last(COORDINATOR, "employer_agreed"), "proposer Structure Exemple C"),
                "employer_agreed")
    joined.says(CLAUDE, filled(prepared(post.last(CLAUDE, "host_to_agree"), "Complétez cette réponse"), ANSWERS), "host_to_agree")
    joined.says(COORDINATOR, "relecture", "host_agreed")
    joined.says(COORDINATOR, "signature")
    assert joined.state == "to_sign"
    assert {letter.to for letter in post.all() if letter.letter.endswith("convention_to_sign")} == {LOU, CLAUDE}


def test_a_volunteer_s_association_agrees_and_signs_by_its_own_name(joined, app, client, post, clock):
    send(client, "/immersion", VOLUNTEER)
    confirm(client, post, NOA)
    assert "votre association" in text(post.last(NOA, "request_received"))
    joined.says(COORDINATOR, "accepter", "request_to_coordinator")
    sign_in(client, post)
    assert "accord de l’association demandé" in words(client.get(SPACE)), "the step is said by their name"
    with app.app_context():
        steps = [row[6] for row in exports.build("demandes", None).rows if row[0] == "IMM-2027-0001"]
    assert steps == ["accord de l’association demandé"]
    asked = text(post.last(ANDREA, "employer_to_agree"))
    assert "bénévole dans votre association" in asked and "comme celle de son association" in asked
    joined.says(ANDREA, "oui")
    assert "Votre association donne son accord" in post.last(NOA, "employer_agreed").subject
    joined.says(COORDINATOR, prepared(post.last(COORDINATOR, "employer_agreed"), "proposer Structure Exemple C"),
                "employer_agreed")
    assert "son association est d'accord" in text(post.last(CLAUDE, "host_to_agree"))
    press(client, f"{post.last(CLAUDE, 'host_to_agree').link('d')}/accueillir", **HOSTING)
    own = post.last(NOA, "host_agreed").link("d").removesuffix("/completer")
    form = soup(client.get(f"{own}/completer")).select_one("form[action*=completer]")
    answer = client.post(f"{own}/completer", data=dict(form_values(form)) | {
        "independant_benevole__liability_insurance": "Celle de l’association"})
    assert answer.status_code == 303, words(answer)
    joined.says(COORDINATOR, "relecture", "host_agreed")
    page = client.get(f"{post.last(NOA, 'convention_to_review').link('d').removesuffix('/convention')}/convention")
    assert "L’association" in words(page) and "structure employeuse" not in words(page)
    joined.says(COORDINATOR, "signature")
    sign_all(joined, CLAUDE, NOA, ANDREA)
    assert joined.state == "signed"
    sealed(app, clock)
    with app.app_context():
        row = db.session.scalar(select(Immersion)).convention
        assert [mine.party_label for mine in row.signatures] == ["structure d’accueil", "personne accueillie", "association"]
    own = post.last(ANDREA, "convention_sealed").link("d")
    press(client, f"{own}/arreter", last="aucun", cause="employer", words="Local fermé")
    assert "un empêchement de l'association" in text(post.last(NOA, "immersion_stopped"))
    said = everything_said(post).lower()
    assert "votre employeur" not in said and "son employeur" not in said and "l'employeur" not in said


def test_who_changes_the_situation_is_asked_what_is_theirs_and_nothing_typed_is_lost(client):
    page = walk(client, "/immersion", IMMERSION)
    page = client.fill(page, "/immersion/verification", vers="situation")
    page = client.fill(page, "/immersion/situation", work_status="independant")
    assert "Votre activité" in soup(page).h1.text
    page = client.fill(page, "/immersion/activite", **ALONE[4][1])
    said = words(page)
    assert "L’atelier de Lou" in said and "Andréa Direction" not in said
    page = client.fill(page, "/immersion/verification", vers="situation")
    page = client.fill(page, "/immersion/situation", work_status="salarie")
    assert soup(page).select_one("[name=employer_name]")["value"] == "Andréa Direction"


def test_a_page_that_is_not_asked_of_them_leads_back_to_the_first(client):
    page = walk(client, "/immersion", ALONE, upto="activite")
    state = soup(page).select_one("[name=etat]")["value"]
    answer = client.post("/immersion/employeur", data={"etat": state})
    assert "Votre situation" in soup(answer).h1.text


def test_no_cause_of_an_employer_is_offered_where_there_is_none(joined, client, post, clock):
    test_an_independent_goes_to_the_signature_by_mail_alone(joined, post, clock)
    sign_all(joined, CLAUDE, LOU)
    page = client.get(f"{post.last(LOU, 'signature_received').link('d').removesuffix('/signer')}/arreter")
    assert "host" in [box["value"] for box in soup(page).select("input[name=cause]")]
    assert not soup(page).select("input[name=cause][value=employer]")
