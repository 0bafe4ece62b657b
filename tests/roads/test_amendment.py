"""An amendment to a signed convention: the same engine, the same people; dates that change reach the calendars."""

from __future__ import annotations

import io
from datetime import date, time

import pikepdf
import pytest
from cast import ANDREA, CLAUDE, NOA, press, sign_in
from icalendar import Calendar
from pages import form_values, soup
from roads.signers import Signing
from roads.test_days_change import days
from roads.test_lived import at, tick
from setting import databases
from werkzeug.datastructures import MultiDict

from models.signature import Signature
from pdf.convention import Session
from services.errors import Refused
from services.immersion.moving import Move

#: A third morning, at another address.
AMENDED = {"reason": "La salle ferme pour travaux.", "place_address": "8 rue des Oliviers", "seance3-on-jour": "16",
           "seance3-on-mois": "2", "seance3-on-annee": "2027", "seance3-starts": "9h", "seance3-ends": "12h"}
DOSSIER = "/coordination/IMM-2027-0001"
#: What a loan of labour asks, beside what a mission of observation did.
LOAN = {"entrusted_work": "Tenir la permanence.", "post_features": "Aucune.", "cost_method": "Au coût, sans marge.",
        "cse_note": "Pas de CSE dans les deux structures."}


@pytest.fixture
def signed(app, client, post, clock) -> Signing:
    story = Signing(app, client, post, clock).sent()
    for address in (ANDREA, CLAUDE, NOA):
        story.sign(address)
    tick(app, clock)
    sign_in(client, post)
    return story


def kinds(letter) -> list[str]:
    """What the calendar files of a letter do."""
    return sorted(str(Calendar.from_ical(content)["method"]) for _, kind, content in letter.files if kind.startswith("text/cal"))


@databases("sqlite", "postgresql")
def test_an_amendment_is_signed_by_the_same_three_sealed_and_its_dates_take_effect(app, client, clock, post, signed):
    press(client, f"{DOSSIER}/avenant", **AMENDED)
    letter = post.last(NOA, "avenant_to_sign")
    said = " ".join(letter.text.split())
    assert "La salle ferme pour travaux" in said and "8 rue des Oliviers" in said and "3 rue des Lilas" in said
    assert letter.files[0][0] == "avenant-1-IMM-2027-0001.pdf"
    page = client.page(letter.link("d")).text.replace("\u00a0", " ")
    assert "Signer l’avenant n° 1" in page and "mardi 16 février 2027" in page and "Ce qui ne change pas" in page
    for address in (NOA, CLAUDE, ANDREA):
        assert len(days(app)) == 2, "nothing changes before the last signature"
        assert signed.sign(address).status_code == 303
    assert days(app) == ["02/02 09:00", "09/02 09:00", "16/02 09:00"]
    with app.app_context():
        assert signed.dossier.state == "signed" and signed.version.state == "signed"
    assert kinds(post.last(NOA, "sessions_changed")) == ["REQUEST"] * 3, "the place changes for all of them"
    tick(app, clock)
    sealed = post.last(ANDREA, "convention_sealed")
    assert sealed.files[0][0] == "convention-IMM-2027-0001-avenant-1-signe.pdf"
    with pikepdf.open(io.BytesIO(sealed.files[0][2])) as pdf:
        names = sorted(str(each.UF) for each in pdf.Root.AF)
    assert names == ["avenant.json", "signatures.json"]
    with app.app_context():
        code = signed.dossier.conventions[-1].verification_code
    said = client.page(f"/verifier/{code}").text.replace("\u00a0", " ")
    assert "avenant" in said.lower() and "en vigueur" in said
    with client.post("/verifier", data={"fichier": (io.BytesIO(sealed.files[0][2]), "avenant.pdf")}) as answer:
        assert "Document authentique" in answer.text
    page = client.page(f"{DOSSIER}/avenant")
    assert page.select_one("#place_address")["value"] == "8 rue des Oliviers", "the next one starts from what is in force"


def test_an_amendment_of_the_place_keeps_a_session_that_all_agreed_to_move(app, client, clock, post, signed):
    new = Session(date(2027, 2, 11), time(9), time(12))
    with app.app_context():
        number = signed.dossier.sessions[1].id
    signed.act("host", "deplacer", "", Move(number, new))
    for role in ("author", "employer"):
        signed.act(role, "accepter")
    assert days(app) == ["02/02 09:00", "11/02 09:00"]
    press(client, f"{DOSSIER}/avenant", reason="La salle ferme.", place_address="8 rue des Oliviers")
    said = " ".join(post.last(NOA, "avenant_to_sign").text.split()).replace("\u00a0", " ")
    assert "Retiré : mardi 9 février 2027" in said and "Ajouté : jeudi 11 février 2027" in said, "the document says it now"
    with pytest.raises(Refused, match="attend ses signatures"):
        signed.act("host", "deplacer", "", Move(number, Session(date(2027, 2, 12), time(9), time(12))))
    for address in (NOA, CLAUDE, ANDREA):
        assert signed.sign(address).status_code == 303
    assert days(app) == ["02/02 09:00", "11/02 09:00"]
    told = " ".join(post.last(NOA, "sessions_changed").text.split()).replace("\u00a0", " ")
    assert "8 rue des Oliviers" in told and "9 février" not in told


def test_an_amendment_that_changes_nothing_or_cannot_be_is_refused(client, signed):
    response = client.fill(client.get(f"{DOSSIER}/avenant"), f"{DOSSIER}/avenant", reason="Pour voir")
    assert response.status_code == 422 and "Rien ne change" in response.text
    response = client.fill(client.get(f"{DOSSIER}/avenant"), f"{DOSSIER}/avenant", **{**AMENDED, "seance3-on-jour": "9"})
    assert response.status_code == 422 and "La salle ferme" in response.text


def test_another_legal_representative_costs_and_insurance_are_amended_and_the_new_one_signs(app, client, clock, post, signed):
    press(client, f"{DOSSIER}/avenant", reason="La directrice part.", employer_name="Camille Nouvelle",
          employer_quality="Directrice par intérim", employer_email="camille@structure-b.example",
          travel_payer="le réseau", insurance_host="Assurance Neuve, contrat 9")
    letter = post.last("camille@structure-b.example", "avenant_to_sign")
    said = " ".join(letter.text.split()).replace("\u00a0", " ")
    for words in ("Qui signe pour la structure employeuse", "Camille Nouvelle", "Andréa Direction", "Frais", "le réseau",
                  "Assurance de l’accueil", "maintenant : Assurance Neuve, contrat 9"):
        assert words in said, words
    assert "Vous n’avez rien à signer" in " ".join(post.last(ANDREA, "avenant_to_sign").text.split())
    signed.people["camille@structure-b.example"] = ("Camille Nouvelle", "Directrice par intérim")
    for address in (NOA, CLAUDE, "camille@structure-b.example"):
        assert signed.sign(address).status_code == 303
    assert not [each for each in post.all() if each.letter.endswith("sessions_changed")], "no date changes"
    tick(app, clock)
    assert post.last("camille@structure-b.example", "convention_sealed").files
    with app.app_context():
        code, first = signed.dossier.conventions[-1].verification_code, signed.dossier.conventions[0].verification_code
    assert "modifié depuis" in client.page(f"/verifier/{first}").text.replace("\u00a0", " ")
    assert "en vigueur" in client.page(f"/verifier/{code}").text.replace("\u00a0", " ")
    page = client.page(f"{DOSSIER}/avenant")
    assert page.select_one("#employer_name")["value"] == "Camille Nouvelle"
    assert page.select_one("[name=travel_payer][checked]")["value"] == "le réseau"


@databases("sqlite", "postgresql")
def test_another_place_and_another_tutor_change_the_calendars_of_each(app, client, clock, post, signed):
    press(client, f"{DOSSIER}/avenant", reason="Ariel part.", tutor_name="Lou Premier", tutor_email="lou@structure-c.example")
    for address in (NOA, CLAUDE, ANDREA):
        signed.sign(address)
    assert kinds(post.last("lou@structure-c.example", "sessions_changed")) == ["REQUEST", "REQUEST"]
    tick(app, clock)
    press(client, f"{DOSSIER}/avenant", reason="Dominique arrive.", tutor_name="Dominique Second",
          tutor_email="dominique@structure-c.example", place_address="8 rue des Oliviers")
    for address in (NOA, CLAUDE, ANDREA):
        signed.sign(address)
    assert kinds(post.last("lou@structure-c.example", "tutor_relieved")) == ["CANCEL", "CANCEL"]
    assert kinds(post.last("dominique@structure-c.example", "sessions_changed")) == ["REQUEST", "REQUEST"]
    letter = post.last(NOA, "sessions_changed")
    assert "8 rue des Oliviers" in " ".join(letter.text.split()) and kinds(letter) == ["REQUEST", "REQUEST"]
    [event] = Calendar.from_ical(next(content for _, kind, content in letter.files if kind.startswith("text/cal"))).walk("VEVENT")
    assert "8 rue des Oliviers" in event["location"] and event["sequence"] == 2
    at(clock, date(2027, 1, 29))
    tick(app, clock)
    said = " ".join(post.last(NOA, "session_reminder").text.split())
    assert "8 rue des Oliviers" in said and "Dominique Second" in said


def test_a_way_to_reach_somebody_needs_no_amendment(client, signed):
    answer = client.fill(client.get(f"{DOSSIER}/avenant"), f"{DOSSIER}/avenant", reason="Autre numéro",
                         tutor_phone="06 39 98 00 01")
    assert answer.status_code == 422 and "ne demandent pas d’avenant" in answer.text


def test_a_signatory_may_not_share_the_address_of_another_party(client, signed):
    answer = client.fill(client.get(f"{DOSSIER}/avenant"), f"{DOSSIER}/avenant", reason="Autre signataire",
                         employer_name="Camille Nouvelle", employer_email=CLAUDE)
    assert answer.status_code == 422 and "est aussi celle d’une autre partie" in answer.text


@databases("sqlite", "postgresql")
def test_another_legal_frame_is_amended_with_what_it_asks_and_the_whole_text_joined(app, client, clock, post, signed):
    page = client.page(f"{DOSSIER}/avenant")
    assert len(page.select("[name=frame]")) == 5, "the frames of the same three parties"
    short = client.fill(client.get(f"{DOSSIER}/avenant"), f"{DOSSIER}/avenant", reason="Noa travaille avec l’équipe.",
                        frame="pret_main_oeuvre")
    assert short.status_code == 422 and "travail confié" in short.text and "CSE" in short.text
    public = client.fill(client.get(f"{DOSSIER}/avenant"), f"{DOSSIER}/avenant", reason="Agent public.",
                         frame="immersion_agent_public")
    assert public.status_code == 422 and "Ce cadre demande un employeur public" in public.text.replace("\u00a0", " ")
    form = MultiDict(form_values(soup(short).select_one(f"form[action^='{DOSSIER}/avenant']")))
    for name, value in LOAN.items():
        form.setlist(f"pret_main_oeuvre__{name}", [value])
    assert client.post(f"{DOSSIER}/avenant", data=form).status_code == 303
    said = " ".join(post.last(NOA, "avenant_to_sign").text.split()).replace("\u00a0", " ")
    assert "Cadre juridique" in said and "Prêt de main-d’œuvre à but non lucratif" in said and "Tenir la permanence" in said
    page = client.page(signed.link(NOA)).text.replace("\u00a0", " ")
    assert "La convention, telle qu’elle se lit désormais" in page and "ne peut être ni sanctionnée ni licenciée" in page
    for address in (NOA, CLAUDE, ANDREA):
        assert signed.sign(address).status_code == 303
    tick(app, clock)
    assert post.last(ANDREA, "convention_sealed").files
    with app.app_context():
        assert signed.dossier.state == "signed"
        code = signed.dossier.conventions[-1].verification_code
    assert "Prêt de main-d’œuvre" in client.page(f"/verifier/{code}").text.replace("\u00a0", " ")
    # Back again: what only the loan asked is said no more.
    press(client, f"{DOSSIER}/avenant", reason="Finalement non.", frame="mission_observation")
    said = " ".join(post.last(NOA, "avenant_to_sign").text.split()).replace("\u00a0", " ")
    assert "Travail confié" in said and "maintenant : (rien)" in said


def test_a_frame_with_other_parties_is_refused_in_words(client, signed):
    answer = client.fill(client.get(f"{DOSSIER}/avenant"), f"{DOSSIER}/avenant", reason="Autre", frame="independant_benevole")
    assert answer.status_code == 422
    assert "terminez cette immersion et demandez-en une autre" in client.get(f"{DOSSIER}/avenant").text.replace("\u00a0", " ")


def test_one_amendment_at_a_time_and_it_can_be_given_up(app, client, clock, post, signed):
    press(client, f"{DOSSIER}/avenant", **AMENDED)
    assert client.get(f"{DOSSIER}/avenant").status_code == 409
    path = signed.link(NOA)
    press(client, f"{DOSSIER}/annuler-avenant", words="La salle rouvre")
    assert "La salle rouvre" in post.last(CLAUDE, "avenant_cancelled").text
    assert "n’est plus à signer" in client.page(path).text
    assert days(app) == ["02/02 09:00", "09/02 09:00"]
    press(client, f"{DOSSIER}/avenant", **AMENDED)
    assert "nº\u00a02" in post.last(NOA, "avenant_to_sign").text


def test_who_signed_the_convention_has_signed_nothing_of_the_amendment(app, client, clock, post, signed):
    press(client, f"{DOSSIER}/avenant", **AMENDED)
    with app.app_context():
        rows = [row for version in signed.dossier.conventions if version.number for row in version.signatures]
        assert len(rows) == 3 and not any(row.signed for row in rows) and all(isinstance(row, Signature) for row in rows)
    at(clock, clock.now.date())
    assert client.get(f"{DOSSIER}/convention").status_code == 200
