"""S09: a jobseeker is sent to the public service with a preparatory sheet, no convention; then asked whether it took place."""

from __future__ import annotations

import pytest
from cast import COORDINATOR, IMMERSION, NOA, SHEET, confirm, press, send, sign_in, walk
from pages import soup
from sqlalchemy import select

from models.base import db
from models.dossier import Immersion
from services.immersion import placement

LOU = "lou@courriel.example"
SPACE = "/coordination/IMM-2027-0001"


@pytest.fixture
def asked(app, client, post):
    send(client, "/immersion/preparer", SHEET)
    confirm(client, post, LOU)
    sign_in(client, post)


def state(app) -> str:
    with app.app_context():
        return db.session.scalar(select(Immersion.state))


def words(response) -> str:
    return " ".join(soup(response).get_text(" ").split()).replace("\u00a0", " ")


def test_the_form_of_immersions_leads_a_jobseeker_there(client):
    page = client.fill(client.get("/immersion/situation"), "/immersion/situation", work_status="recherche_emploi")
    assert "/immersion/preparer" in [a["href"] for a in soup(page).select("main a")]
    assert "PMSMP" in words(client.get("/immersion/preparer"))


def test_a_sheet_goes_to_the_person_and_no_convention_is_made(app, client, post, clock, asked):
    assert "fiche préparatoire" in post.last(LOU, "request_received").text
    page = words(client.get(SPACE))
    assert "Envoyer la fiche préparatoire" in page and "demander l’accord de principe" not in page
    press(client, f"{SPACE}/fiche", tutor="Ariel Modèle", tutor_quality="conseiller numérique",
          timetable="9 h à 12 h, 13 h à 17 h")
    letter = post.last(LOU, "sheet_ready")
    name, kind, pdf = letter.files[0]
    assert (name, kind) == ("fiche-IMM-2027-0001.pdf", "application/pdf") and pdf.startswith(b"%PDF-1.7")
    assert "immersion-facile.beta.gouv.fr" in letter.text and "prescrit" in letter.text
    assert state(app) == "outside"
    with app.app_context():
        assert db.session.scalar(select(Immersion)).conventions == []
    assert "hors convention du réseau" in words(client.get(SPACE))


def test_it_is_asked_once_over_and_once_more_then_nobody_is_pressed(app, client, post, clock, asked):
    press(client, f"{SPACE}/fiche")
    with app.app_context():
        def ask(days: int) -> int:
            clock.advance(days=days)
            return placement.follow_up(clock.now)
        assert ask(0) == 0
        clock.now = clock.now.replace(month=2, day=5, hour=9)
        assert ask(0) == 0, "the last day is not over"
        assert ask(3) == 1 and ask(0) == 0
        assert ask(10) == 1 and ask(1) == 0 and ask(30) == 0
    path = post.last(LOU, "placement_held_reminder").link("d").removesuffix("/suivi")
    assert client.fill(client.get(f"{path}/suivi"), f"{path}/suivi").status_code == 422
    press(client, f"{path}/suivi", outcome="en_partie", words="Deux jours très utiles.")
    assert state(app) == "closed"
    told = post.last(COORDINATOR, "placement_told")
    assert "Oui, en partie" in told.text and "Deux jours très utiles." in told.text


def test_not_yet_is_asked_again_a_month_later(app, client, post, clock, asked):
    press(client, f"{SPACE}/fiche")
    path = post.last(LOU, "sheet_ready").link("d").removesuffix("/suivi")
    press(client, f"{path}/suivi", outcome="pas_encore")
    assert state(app) == "outside"
    with app.app_context():
        clock.advance(days=29)
        assert placement.follow_up(clock.now) == 0
        clock.advance(days=3)
        assert placement.follow_up(clock.now) == 1


@pytest.mark.parametrize(("answers", "said"), [
    ({"last_on-jour": "31", "last_on-mois": "1"}, "Le dernier jour vient avant le premier"),
    ({"last_on-mois": "4"}, "un mois au plus"), ({"hours": "beaucoup"}, "un nombre entre 1 et 217")])
def test_days_that_cannot_be_are_told_on_the_page(client, answers, said):
    page = walk(client, "/immersion/preparer", SHEET, upto="accueil")
    answer = client.fill(page, "/immersion/preparer/accueil", **{**SHEET[1][1], **answers})
    assert answer.status_code == 422 and said in words(answer)


def test_a_common_request_that_turns_out_to_be_one_goes_there_and_its_employer_is_told(app, client, post):
    send(client, "/immersion", IMMERSION)
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "accepter")
    sign_in(client, post)
    press(client, f"{SPACE}/fiche", purpose="Confirmer un projet professionnel")
    assert state(app) == "outside"
    assert "rien à signer" in post.last("direction@structure-b.example", "goes_outside").text
    press(client, f"{SPACE}/rouvrir")
    assert state(app) == "employer_asked", "sent there by mistake, it is taken up where it stood"


@pytest.mark.parametrize(("query", "suits", "not_"), [
    ("statut=salarie&accueil=interet_general&activite=observe", "Mission d’observation", "Prêt de main-d’œuvre"),
    ("statut=agent_public&accueil=public", "Période d’immersion professionnelle d’un agent public", "Prêt de main-d’œuvre"),
    ("statut=agent_public&accueil=prive", "Mission d’observation", "Période d’immersion professionnelle d’un agent public"),
    ("statut=salarie&activite=travaille", "Prêt de main-d’œuvre à but non lucratif", "Mission d’observation"),
    ("statut=benevole", "Accueil d’une personne indépendante ou bénévole", "Mission d’observation")])
def test_the_page_of_frames_gives_reasons_and_decides_nothing(client, query, suits, not_):
    page = soup(client.get(f"/immersion/cadre?{query}"))
    found = {h.get_text(" ").split(" peut convenir")[0].split(" ne convient pas")[0].strip(): "peut convenir" in h.get_text(" ")
             for h in page.select("h3")}
    assert len(found) == 6 and found[suits]
    assert not next(ok for name, ok in found.items() if name.startswith(not_))


def test_the_page_of_frames_leads_a_jobseeker_elsewhere_and_stands_odd_questions(client):
    assert "PMSMP" in words(client.get("/immersion/cadre?statut=recherche_emploi"))
    assert "établissement d’enseignement" in words(client.get("/immersion/cadre?statut=stagiaire"))
    assert client.get("/immersion/cadre?statut=<script>&autre=1").status_code == 200
