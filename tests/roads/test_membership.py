"""Who joins, with whom, and who is told: scenarios S01 to S03, through the doors and the clock."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, LEARNER, NOA, PROFESSIONAL, STRUCTURE, confirm, press, send, sign_in, walk
from pages import NBSP, form_values, soup
from setting import databases
from werkzeug.datastructures import MultiDict

from jobs.engine import hourly
from models.base import db
from models.charter import current_charter
from models.structure import Membre

LOU = "lou@courriel.example"
DOMINIQUE, SACHA = "dominique@structure-c.example", "sacha@structure-c.example"
TEAM = f"Dominique Essai, {DOMINIQUE}\nSacha Modèle <{SACHA}>"


def with_team(team: str = TEAM):
    return [(slug, answers | ({"team": team} if slug == "vous" else {})) for slug, answers in STRUCTURE]


def accepted(client, post, pages=STRUCTURE, prefix="/rejoindre/structure", address=CLAUDE):
    send(client, prefix, pages)
    confirm(client, post, address)
    post.reply(post.last(COORDINATOR), "/accepter")


def member(app, email) -> bool:
    with app.app_context():
        return db.session.query(Membre).filter_by(email=email, left_at=None).count() == 1


@databases("sqlite", "postgresql")
def test_a_structure_joins_with_its_professionals_who_confirm_their_own_data(app, client, post):
    send(client, "/rejoindre/structure", with_team())
    assert [letter.to for letter in post.all()] == [CLAUDE], "nobody else is written to before the address is confirmed"
    confirm(client, post, CLAUDE)
    assert b"ADH-2027-0001" in post.last(COORDINATOR).raw and not post.to(DOMINIQUE)
    post.reply(post.last(COORDINATOR), "/accepter")
    for address in (DOMINIQUE, SACHA):
        assert "Structure Exemple C" in post.last(address, "invitation").subject
    assert not member(app, DOMINIQUE), "nobody is made a member in their name"

    page = client.page(post.last(DOMINIQUE, "invitation").link("invitation"))
    path = page.select_one("a.button")["href"]
    first = client.get(path)
    assert 'value="Dominique"' in first.text and DOMINIQUE in first.text
    response = client.fill(first, "/rejoindre/professionnel/vous", post="mediateur", commune="Bagnols-sur-Cèze")
    assert 'value="Structure Exemple C"' in response.text, "what the structure said of itself is there"
    response = client.fill(response, "/rejoindre/professionnel/employeur")
    for slug in ("activite", "annuaire"):
        response = client.fill(response, f"/rejoindre/professionnel/{slug}")
    response = client.fill(response, "/rejoindre/professionnel/engagements", agreement="oui")
    client.fill(response, "/rejoindre/professionnel/verification")
    confirm(client, post, DOMINIQUE)
    post.reply(post.last(COORDINATOR), "/accepter")
    assert member(app, DOMINIQUE)
    with app.app_context():
        joined = db.session.query(Membre).filter_by(email=DOMINIQUE).one()
        assert joined.structure.name == "Structure Exemple C" and joined.directory == []
    assert client.get(post.last(DOMINIQUE, "invitation").link("invitation")).status_code == 410


@pytest.mark.parametrize(("slug", "wrong", "field"), [
    ("structure", {"siret": "12345678901234"}, "siret"), ("engagements", {"agreement": []}, "agreement")])
def test_a_wrong_siret_or_a_missing_agreement_is_said_at_its_question(client, slug: str, wrong, field: str):
    response = walk(client, "/rejoindre/structure", STRUCTURE, upto=slug)
    answer = client.fill(response, f"/rejoindre/structure/{slug}", **dict(STRUCTURE)[slug] | wrong)
    page = soup(answer)
    assert answer.status_code == 422 and page.select_one(f"#{field}-erreur, [id^={field}][id$=erreur]").text.strip()
    assert page.select_one(f".error-summary a[href^='#{field}']")


def test_somebody_who_learns_gives_no_siret_promises_less_and_is_shown_another_way_to_observe(app, client, post):
    """S03: the law asks for a prescriber where a jobseeker works at a structure; the network makes no convention of it."""
    seen = []
    response = client.get("/rejoindre/en-devenir/vous")
    for slug, answers in LEARNER:
        seen.append(response.text)
        response = client.fill(response, f"/rejoindre/en-devenir/{slug}", **answers)
    assert not [text for text in seen if "siret" in text.lower()]
    with app.app_context():
        version = current_charter()
        assert 0 < len(version.of("learner")) < len(version.of("structure"))
    sent = client.get(client.fill(response, "/rejoindre/en-devenir/verification").location)
    assert sent.status_code == 200
    confirm(client, post, LOU)
    post.reply(post.last(COORDINATOR), "/accepter")
    asked = client.fill(client.get("/immersion/situation"), "/immersion/situation", work_status="recherche_emploi")
    assert "PMSMP" in asked.text and "/immersion/preparer" in asked.text
    prepare = client.get("/immersion/preparer").text
    assert "PMSMP" in prepare and "prescri" in prepare
    assert not [letter for letter in post.to(LOU) if any("convention" in name for name, *_ in letter.files)]


def test_an_invitation_is_answered_by_no_thank_you_and_nobody_is_told(app, client, post, clock):
    accepted(client, post, with_team())
    path = post.last(SACHA, "invitation").link("invitation")
    before = len(post.all())
    assert "C'est noté" in client.fill(client.get(path), path).text.replace("’", "'")
    assert len(post.all()) == before
    clock.advance(days=14)
    with app.app_context():
        hourly(clock.now)
    assert not [letter for letter in post.to(SACHA) if letter.letter.endswith("invitation_reminder")]
    assert len([letter for letter in post.to(DOMINIQUE) if letter.letter.endswith("invitation_reminder")]) == 1
    clock.advance(days=14)
    with app.app_context():
        hourly(clock.now)
    assert len([letter for letter in post.to(DOMINIQUE) if letter.letter.endswith("invitation_reminder")]) == 1


def test_opening_an_invitation_changes_nothing(app, client, post):
    accepted(client, post, with_team())
    path = post.last(SACHA, "invitation").link("invitation")
    for _ in range(3):
        assert client.get(path).status_code == 200 and client.head(path).status_code == 200
    assert "vous invite" in client.get(path).text


@pytest.mark.parametrize("line", ["Dominique dominique@structure-c.example", "Dominique Essai", "Dominique Essai, dominique@",
                                  "Dominique Essai, a@b.example, c@d.example"])
def test_a_line_that_names_nobody_is_shown_again_with_what_to_write(client, line):
    response = walk(client, "/rejoindre/structure", STRUCTURE, upto="vous")
    answer = client.fill(response, "/rejoindre/structure/vous", **dict(with_team())["vous"] | {"team": line})
    assert answer.status_code == 422 and "une personne par ligne" in answer.text and line.split(",")[0] in answer.text


def test_more_colleagues_are_invited_from_the_space_once_each(app, client, post):
    accepted(client, post)
    client.fill(client.get("/mon-espace"), "/mon-espace", email=CLAUDE)
    path = post.last(CLAUDE, "space_link").link("mon-espace")
    for _ in range(2):
        press(client, f"{path}/equipe", team=f"Dominique Essai {DOMINIQUE}")
    assert len(post.to(DOMINIQUE)) == 1
    assert "Dominique Essai" in client.get(path).text


@databases("sqlite", "postgresql")
def test_an_employer_is_not_written_to_before_the_member_agrees(app, client, post, clock):
    pages = [(slug, (answers | {"employer_told": "non", "employer_email": ""}) if slug == "employeur" else answers)
             for slug, answers in PROFESSIONAL]
    accepted(client, post, pages, "/rejoindre/professionnel", NOA)
    assert member(app, NOA) and not post.to(ANDREA)
    clock.advance(days=6, hours=23)
    with app.app_context():
        hourly(clock.now)
    assert not [letter for letter in post.to(NOA) if letter.letter.endswith("employer_reminder")]
    clock.advance(hours=2)
    for _ in range(2):
        with app.app_context():
            hourly(clock.now)
    (letter,) = [letter for letter in post.to(NOA) if letter.letter.endswith("employer_reminder")]
    assert "un texte à lui transmettre" in letter.text and not post.to(ANDREA)
    wrong = client.fill(client.get(letter.link("d")), letter.link("d"), email=NOA)
    assert wrong.status_code == 422 and "celle-ci est la vôtre" in wrong.text
    press(client, letter.link("d"), email=ANDREA)
    (told,) = post.to(ANDREA)
    assert "Noa Fictif" in told.text and "Rien" not in told.subject
    assert told.link("rejoindre/structure") and "diagnostic" not in told.text, "invited, and told nothing of what Noa asks"
    assert client.post(letter.link("d"), data={"email": ANDREA}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 409
    assert len(post.to(ANDREA)) == 1


def _my_space(client, post, email: str) -> str:
    client.fill(client.get("/mon-espace"), "/mon-espace", email=email)
    return post.last(email, "space_link").link("mon-espace")


def _ask_to_tell(client, own: str) -> str:
    """Where the button of the space that has one's employer told leads."""
    form = client.page(own).select_one("#employeur form")
    return urlsplit(client.post(form["action"], data=MultiDict(form_values(form))).location).path


def _of_an_employer_not_told(**structure: str):
    quiet = {"employer_told": "non", "employer_email": ""} | structure
    return [(slug, answers | (quiet if slug == "employeur" else {})) for slug, answers in PROFESSIONAL]


@databases("sqlite", "postgresql")
def test_the_coordination_sees_that_an_employer_is_not_reached_until_they_are(client, post):
    """S02: a member, whose employer has not been told."""
    accepted(client, post, _of_an_employer_not_told(), "/rejoindre/professionnel", NOA)
    sign_in(client, post)
    pages = ("/coordination/ADH-2027-0001", "/coordination/annuaire", "/coordination/exports/membres.csv")
    said = client.page(pages[0]).select_one("main").text.replace(NBSP, " ")
    assert "Employeur non joint : Noa Fictif ne le souhaite pas" in said
    assert "Employeur non joint" in client.page(pages[1]).select_one("main").text
    assert "non joint" in client.get(pages[2]).text
    assert "Employeur non joint" in post.last(COORDINATOR, "command_done").text.replace(NBSP, " ")

    own = _my_space(client, post, NOA)
    assert "Employeur non joint" in client.page(own).select_one("#employeur").text
    press(client, _ask_to_tell(client, own), email=ANDREA)
    assert len(post.to(ANDREA)) == 1
    told = client.page(pages[0]).select_one("main").text.replace(NBSP, " ")
    assert "Employeur informé le lundi 11 janvier 2027." in told and "Employeur non joint" not in told
    assert "Employeur non joint" not in client.page(pages[1]).select_one("main").text
    assert "non joint" not in client.get(pages[2]).text
    assert client.page(own).select_one("#employeur form") is None


def test_an_employer_who_is_a_member_does_not_learn_of_it_before_the_member_agrees(client, post):
    """Neither a list, nor an invitation to somebody who is a member already, says so to who speaks for the structure."""
    accepted(client, post)
    accepted(client, post, _of_an_employer_not_told(
        structure_name="Structure Exemple C", structure_commune="Bagnols-sur-Cèze"), "/rejoindre/professionnel", NOA)
    own = _my_space(client, post, CLAUDE)
    press(client, f"{own}/equipe", team=f"Dominique Essai {DOMINIQUE}")
    before = len(post.to(NOA))
    assert "Noa Fictif" not in client.page(own).select_one("main").text
    press(client, f"{own}/equipe", team=f"Noa Fictif {NOA}")
    lines = {line.text.split(" (")[0].strip(): line.text for line in client.page(own).select("#equipe li")}
    assert lines["Noa Fictif"].replace("Noa Fictif", "") == lines["Dominique Essai"].replace("Dominique Essai", "")
    assert len(post.to(NOA)) == before, "who is a member already is not invited"

    press(client, _ask_to_tell(client, _my_space(client, post, NOA)), email=CLAUDE)
    assert client.page(own).select_one("#equipe li").text.strip().startswith("Noa Fictif, M")
