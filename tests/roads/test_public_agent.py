"""S08: a public agent received by a town hall, four working days, two signatories for the host."""

from __future__ import annotations

import subprocess

import pytest
from cast import COORDINATOR, IMMERSION, confirm, press, send, sign_in
from pages import form_values, soup
from roads.stories import host_structure
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from models.base import db, transaction
from models.dossier import Immersion
from models.structure import Structure
from services import convention

DOMINIQUE, CAMILLE, MAIRE, DGS = ("dominique@structure-a.example", "camille@structure-a.example", "maire@commune-d.example",
                                  "dgs@commune-d.example")
SPACE = "/coordination/IMM-2027-0001"
AGENT = {
    "situation": {"work_status": "agent_public"},
    "souhaits": {"objectives": "Comprendre l’accueil d’une petite commune", "functions": "accueil et orientation en mairie"},
    "rythme": {"rhythm": "4 journées sur 2 semaines", "earliest-jour": "1", "earliest-mois": "4", "earliest-annee": "2027"},
    "vous": {"given_name": "Dominique", "family_name": "Essai", "email": DOMINIQUE, "job": "Conseiller numérique",
             "contract": "agent contractuel"},
    "employeur": {"structure_name": "Structure Exemple A", "structure_status": "public", "typology": "EPCI",
                  "structure_commune": "Saint-Hippolyte-du-Fort", "employer_name": "Camille Exemple",
                  "employer_quality": "Présidente", "employer_email": CAMILLE},
}
FORM = tuple((slug, {**answers, **AGENT[slug]}) for slug, answers in IMMERSION)


def days(*april: int) -> dict[str, str]:
    found = {"seances": str(max(3, len(april)))}
    for number, day in enumerate(april, 1):
        found |= {f"seance{number}-on-jour": str(day), f"seance{number}-on-mois": "4", f"seance{number}-on-annee": "2027",
                  f"seance{number}-starts": "9h", f"seance{number}-ends": "17h"}
    return found | {"tutor_name": "Alix Services", "tutor_quality": "DGS", "tutor_contact": "04 65 71 00 04",
                    "place": "Place de la Mairie", "signatory_name": "Morgan Maire", "signatory_quality": "Maire",
                    "insurance": "Assurance Modèle"}


def words(response) -> str:
    return " ".join(soup(response).get_text(" ").split()).replace("\u00a0", " ")


def put(client, path: str, name: str, value: str):
    """The page at that path as it stands, with one more answer."""
    form = next(f for f in soup(client.get(path)).find_all("form") if f["action"].startswith(path))
    return client.post(path, data=MultiDict([pair for pair in form_values(form) if pair[0] != name] + [(name, value)]))


class Agent:
    def __init__(self, app, client, post, clock, public: bool = True) -> None:
        self.app, self.client, self.post, self.clock = app, client, post, clock
        with app.app_context():
            number = host_structure(clock.now, name="Commune Exemple D", email=MAIRE, commune="30321")
            with transaction():
                db.session.get(Structure, number).public = public
        send(client, "/immersion", FORM)
        confirm(client, post, DOMINIQUE)
        post.reply(post.last(COORDINATOR), "accepter")
        post.reply(post.last(CAMILLE), "Oui")
        sign_in(client, post)
        press(client, f"{SPACE}/proposer", structure=str(number))

    def host_gives(self, *april: int):
        page = f"{self.post.last(MAIRE, 'host_to_agree').link('d')}/accueillir"
        opened = self.client.get(page)
        for _ in range((len(april) - 2) // 2):
            opened = self.client.fill(opened, page, ajouter="1")
        return self.client.fill(opened, page, **days(*april))

    @property
    def data(self):
        with self.app.app_context():
            return convention.draft_data(db.session.scalar(select(Immersion)), self.clock.now)


@pytest.fixture
def agent(app, client, post, clock) -> Agent:
    return Agent(app, client, post, clock)


def test_four_days_of_a_public_agent_end_in_a_convention_signed_twice_by_the_host(agent, client, post):
    assert "jeudi 11 février 2027" in post.last(CAMILLE, "employer_to_agree").text.replace("\u00a0", " ")
    assert agent.host_gives(13, 15, 20, 22).status_code == 303, "two working days to ten, asked three months before"
    part = post.last(MAIRE, "host_to_agree").link("d") + "/completer"
    answer = client.fill(client.get(part), part, host2_name="Alix Services", host2_quality="DGS", host2_email=DGS,
                         host2_capacity="par délégation", place_label="Mairie")
    assert answer.status_code == 303
    data = agent.data
    assert data.frame == "immersion_agent_public" and data.details.days_in_three_years == 4
    press(client, f"{SPACE}/relecture")
    press(client, f"{SPACE}/signature")
    letter = next(letter for letter in reversed(post.to(MAIRE)) if letter.letter == "convention/convention_to_sign")
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=letter.files[0][2], capture_output=True, check=True).stdout
    said = " ".join(text.decode().split()).replace("\u00a0", " ")
    for wanted in ("accueil et orientation en mairie", "Mairie, Place de la Mairie", "mardi 13 avril 2027", "jeudi 22 avril 2027",
                   "4 jours", "Morgan Maire", "Alix Services", "décret n° 2022-1043"):
        assert wanted in said, wanted
    assert DGS not in said, "where the link of a signatory is sent is not printed"
    assert post.last(DGS).letter == "convention/convention_to_sign"


def test_a_request_three_days_late_is_a_warning_and_stops_nobody(app, client, post, clock):
    clock.advance(days=3)
    late = Agent(app, client, post, clock)
    answer = late.host_gives(13, 15, 20, 22)
    assert answer.status_code == 422 and "13 janvier 2027 au plus tard" in words(answer)
    page = soup(answer).select_one("form.question-form")["action"]
    assert client.fill(answer, page).status_code == 303
    assert "13 janvier 2027 au plus tard" in words(client.get(SPACE))
    assert put(client, f"{SPACE}/rediger", "immersion_agent_public__shorter_notice_agreed", "oui").status_code == 303
    assert "13 janvier 2027 au plus tard" not in words(client.get(SPACE)), "the employer accepts a shorter delay: it is written"
    press(client, f"{SPACE}/relecture")


@pytest.mark.parametrize(("given", "said"), [((13,), "2 jours"), ((1, 2, 6, 7, 8, 9, 12, 13, 14, 15, 16), "10 jours")])
def test_one_day_or_eleven_are_refused_with_the_reason(agent, client, given, said):
    answer = agent.host_gives(*given)
    assert answer.status_code == 422 and said in words(answer)
    page = soup(answer).select_one("form.question-form")["action"]
    assert client.fill(answer, page).status_code == 303, "the host is told; the coordination chooses the frame"
    refused = client.fill(client.get(f"{SPACE}/relecture"), f"{SPACE}/relecture")
    assert refused.status_code == 422 and said in words(refused)


def test_a_host_that_is_not_public_cannot_have_that_frame(app, client, post, clock):
    private = Agent(app, client, post, clock, public=False)
    assert private.host_gives(13, 15, 20, 22).status_code == 303
    assert private.data.frame == "mission_observation"
    press(client, f"{SPACE}/rediger", frame="immersion_agent_public")
    refused = client.fill(client.get(f"{SPACE}/relecture"), f"{SPACE}/relecture")
    assert refused.status_code == 422 and "structure d’accueil publique" in words(refused)


def test_twenty_one_days_in_three_years_are_refused_counting_what_is_declared(agent, client, post):
    agent.host_gives(13, 15, 20, 22)
    part = post.last(DOMINIQUE, "host_agreed").link("d").removesuffix("/completer") + "/completer"
    assert put(client, part, "immersion_agent_public__days_elsewhere", "17").status_code == 303
    assert agent.data.details.days_in_three_years == 21
    refused = client.fill(client.get(f"{SPACE}/relecture"), f"{SPACE}/relecture")
    assert refused.status_code == 422 and "20 jours au plus sur trois ans" in words(refused)
