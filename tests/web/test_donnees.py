"""One's own space: who may enter, what is changed there, a change of address, a departure."""

from __future__ import annotations

import json
from datetime import date

import pytest
from cast import CLAUDE, COORDINATOR, NOA, PROFESSIONAL, STRUCTURE, confirm, send
from pages import form_values
from roads.stories import planted
from werkzeug.datastructures import MultiDict

from models.base import db
from models.states import Kind
from models.structure import Membre

NEW = "noa@ailleurs.example"


def join(client, post, pages, address, prefix):
    send(client, prefix, pages)
    confirm(client, post, address)
    post.reply(post.last(COORDINATOR), "/accepter")


@pytest.fixture
def noa(client, post):
    join(client, post, PROFESSIONAL, NOA, "/rejoindre/professionnel")


@pytest.fixture
def claude(client, post):
    join(client, post, STRUCTURE, CLAUDE, "/rejoindre/structure")


def space(client, post, address) -> str:
    """The path of that member's space, asked for at its door."""
    client.fill(client.get("/mon-espace"), "/mon-espace", email=address)
    return post.last(address, "space_link").link("mon-espace")


def member(app, email) -> Membre | None:
    with app.app_context():
        found = db.session.query(Membre).filter_by(email=email).one_or_none()
        if found is not None:
            db.session.expunge(found)
        return found


def press(client, path, **answers):
    return client.fill(client.get(path), path, **answers)


def test_a_member_enters_by_a_link_and_sees_what_is_known(client, post, noa):
    page = client.get(space(client, post, NOA)).text
    assert "Noa Fictif" in page and "Nîmes" in page and "Posture professionnelle" in page and "ADH-2027-0001" in page


def test_what_a_request_gave_to_keep_is_among_ones_documents(app, client, post, noa, clock):
    own = space(client, post, NOA)
    assert client.page(own).select_one("#documents + ul").text.count("convention") == 0
    with app.app_context():
        reference = planted(Kind.IMMERSION, "signed", clock.now).reference
    line = next(line for line in client.page(own).select("#documents + ul > li") if reference in line.text)
    assert "La convention d’immersion" in line.text
    opened = client.post(line.form["action"], data=MultiDict(form_values(line.form)))
    assert reference in client.page(opened.location).select_one("h1, .reference-line").text


def test_the_screen_is_the_same_for_an_address_nobody_knows(client, post, noa):
    answers = [client.fill(client.get("/mon-espace"), "/mon-espace", email=email) for email in (NOA, "inconnue@courriel.example")]
    assert answers[0].text == answers[1].text
    assert "n'ouvre pas d'espace" in post.last("inconnue@courriel.example").subject.replace("’", "'")


def test_too_many_demands_change_nothing_on_the_screen_and_send_no_more(client, post, noa):
    for _ in range(5):
        space(client, post, NOA)
    assert len([letter for letter in post.to(NOA) if letter.letter.endswith("space_link")]) == 3


@pytest.mark.parametrize("path", ["", "/coordonnees", "/adresse", "/partir", "/engagements-2026-11.pdf", "/mes-donnees.json"])
def test_a_link_nobody_made_opens_nothing(client, path):
    assert client.get(f"/mon-espace/pas-un-jeton{path}").status_code == 404


def test_a_link_of_another_kind_opens_nothing(client, post, noa):
    token = post.last(NOA, "request_received").link("d").rpartition("/")[2]
    assert client.get(f"/mon-espace/{token}").status_code == 404


def test_what_is_changed_is_kept_and_dated(app, client, post, noa, clock):
    path = space(client, post, NOA)
    press(client, f"{path}/coordonnees", given_name="Noah", family_name="Fictif", phone="06 39 98 00 07", job="Médiateur",
          commune="Alès")
    press(client, f"{path}/savoir-faire", skills_offered=["diagnostic"], skills_sought=["posture"])
    press(client, f"{path}/niveaux", niveau_diagnostic="transmettre")
    press(client, f"{path}/annuaire", directory=["nom", "competences"])
    kept = member(app, NOA)
    assert (kept.given_name, kept.phone, kept.commune, kept.skills_offered) == ("Noah", "06 39 98 00 07", "30007", ["diagnostic"])
    assert kept.levels == {"diagnostic": "transmettre"} and kept.directory == ["nom", "competences"]
    assert kept.checked_at == clock.now
    assert "Je peux l’apprendre à d’autres" in client.get(path).text


def test_the_pace_and_a_pause_are_chosen_and_ended(app, client, post, noa):
    path = space(client, post, NOA)
    pause = {"pause_ends_on-jour": "12", "pause_ends_on-mois": "2", "pause_ends_on-annee": "2027"}
    press(client, f"{path}/sollicitations", pace="mois", **pause)
    assert (member(app, NOA).pace, member(app, NOA).pause_ends_on) == ("mois", date(2027, 2, 12))
    assert "Une fois par mois au plus" in client.get(path).text
    press(client, f"{path}/sollicitations", **dict.fromkeys(pause, ""))
    assert (member(app, NOA).pace, member(app, NOA).pause_ends_on) == ("mois", None)


def test_a_pause_that_is_over_is_refused_with_a_reason(client, post, noa):
    answer = press(client, f"{space(client, post, NOA)}/sollicitations",
                   **{"pause_ends_on-jour": "1", "pause_ends_on-mois": "1", "pause_ends_on-annee": "2027"})
    assert answer.status_code == 422


def test_a_level_goes_with_its_skill(app, client, post, noa):
    path = space(client, post, NOA)
    press(client, f"{path}/niveaux", niveau_posture="aise")
    press(client, f"{path}/savoir-faire", skills_offered=["diagnostic"], skills_sought=[])
    assert member(app, NOA).levels == {}


def test_a_wrong_answer_is_said_and_kept_on_the_page(app, client, post, noa):
    path = space(client, post, NOA)
    answer = press(client, f"{path}/coordonnees", given_name="", commune="Alès")
    assert answer.status_code == 422 and "Indiquez votre prénom." in answer.text
    assert member(app, NOA).given_name == "Noa"


def test_who_speaks_for_a_structure_changes_its_offer(app, client, post, claude):
    path = space(client, post, CLAUDE)
    press(client, f"{path}/accueil", hosts="oui", host_places="2", host_periods="Le mardi", host_access="Gare à 5 minutes")
    with app.app_context():
        structure = db.session.query(Membre).filter_by(email=CLAUDE).one().structure
        assert (structure.host_places, structure.host_periods, structure.host_access) == (2, "Le mardi", "Gare à 5 minutes")


def test_a_professional_has_no_offer_to_change(client, post, noa):
    assert client.get(f"{space(client, post, NOA)}/accueil").status_code == 404


def test_a_request_opens_from_the_space(client, post, noa):
    path = space(client, post, NOA)
    answer = client.fill(client.get(path), f"{path}/demande")
    assert answer.status_code == 303 and "ADH-2027-0001" in client.get(answer.location).text


def test_a_request_of_somebody_else_does_not_open(client, post, noa, claude):
    path = space(client, post, NOA)
    assert client.post(f"{path}/demande", data={"demande": "999"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 404


def test_the_commitments_and_the_data_are_given(client, post, noa):
    path = space(client, post, NOA)
    assert client.get(f"{path}/engagements-2026-11.pdf").data.startswith(b"%PDF-1.7")
    data = json.loads(client.get(f"{path}/mes-donnees.json").data)
    assert data["membre"]["courriel"] == NOA and data["demandes"][0]["reference"] == "ADH-2027-0001"


def test_an_address_changes_once_both_have_said_yes(app, client, post, noa):
    path = space(client, post, NOA)
    press(client, f"{path}/adresse", email=NEW)
    old, new = post.last(NOA, "move_from").link("changer-adresse"), post.last(NEW, "move_to").link("changer-adresse")
    assert "Noa" not in post.last(NEW, "move_to").text
    client.get(old), client.get(new)
    assert member(app, NOA) is not None, "opening changes nothing"
    assert "Il reste" in press(client, new).text and member(app, NOA) is not None
    assert "l’adresse est changée" in press(client, old).text
    assert member(app, NOA) is None and member(app, NEW).given_name == "Noa"
    gone = client.get(path)
    assert gone.status_code == 410 and 'href="/mon-espace">Recevoir' in gone.text, "the links of the old address are dead"
    assert post.last(NEW, "moved")
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "Bienvenue.")
    assert "Bienvenue." in post.last(NEW).text, "the conversations follow"


def test_pressing_twice_is_pressing_once(app, client, post, noa):
    press(client, f"{space(client, post, NOA)}/adresse", email=NEW)
    old, new = post.last(NOA, "move_from").link("changer-adresse"), post.last(NEW, "move_to").link("changer-adresse")
    for path in (old, old, new):
        client.post(path, headers={"Sec-Fetch-Site": "same-origin"})
    assert member(app, NEW) and len([one for one in post.to(NEW) if one.letter.endswith("moved")]) == 1


def test_the_latest_demand_takes_the_place_of_the_one_before(app, client, post, noa):
    path = space(client, post, NOA)
    press(client, f"{path}/adresse", email="premiere@ailleurs.example")
    first = post.last("premiere@ailleurs.example", "move_to").link("changer-adresse")
    press(client, f"{path}/adresse", email=NEW)
    assert client.get(first).status_code == 410


@pytest.mark.parametrize(("email", "said"), [(NOA, "déjà votre adresse"), ("moi@ring.example", "adresse du réseau"),
                                             ("pas une adresse", "une seule adresse")])
def test_an_address_that_cannot_be_is_refused_with_a_reason(client, post, noa, email, said):
    answer = press(client, f"{space(client, post, NOA)}/adresse", email=email)
    assert answer.status_code == 422 and said in answer.text


def test_the_address_of_another_member_is_never_told_and_never_taken(app, client, post, noa, claude):
    press(client, f"{space(client, post, NOA)}/adresse", email=CLAUDE)
    old, new = post.last(NOA, "move_from").link("changer-adresse"), post.last(CLAUDE, "move_to").link("changer-adresse")
    press(client, old)
    assert press(client, new).status_code == 409
    assert member(app, NOA) and member(app, CLAUDE).given_name == "Claude"


def test_leaving_ends_what_is_shown_and_asked_and_tells_the_coordination(app, client, post, claude):
    path = space(client, post, CLAUDE)
    assert "C'est fait" in press(client, f"{path}/partir", words="Je change de métier.").text.replace("’", "'")
    gone = member(app, CLAUDE)
    assert gone.left_at and gone.directory == []
    assert "Je change de métier." in post.last(COORDINATOR, "member_left").text and "Structure Exemple C" in post.last(
        COORDINATOR, "member_left").text
    assert post.last(CLAUDE, "left") and client.get(path).status_code == 410
    with app.app_context():
        assert not db.session.query(Membre).filter_by(email=CLAUDE).one().structure.hosts


def test_who_left_can_come_back(app, client, post, claude):
    press(client, f"{space(client, post, CLAUDE)}/partir")
    join(client, post, STRUCTURE, CLAUDE, "/rejoindre/structure")
    assert member(app, CLAUDE).left_at is None


def test_the_page_walks_through_without_a_cookie(client, post, noa):
    assert "Set-Cookie" not in client.get(space(client, post, NOA)).headers
