"""The same person twice: seen by the coordination alone, compared, made one by a press, told kindly, undone if it was wrong."""

from __future__ import annotations

import pytest
from cast import COORDINATOR, NOA, PROFESSIONAL, STRUCTURE, confirm, press, send, sign_in
from pages import soup
from setting import TODAY, databases

from jobs.engine import hourly
from models.address import SecondAddress
from models.base import db
from models.dossier import Dossier, Participant
from models.merge import Merge
from models.structure import Membre, Structure
from services.membre.looking import look

OTHER = "noa.fictif@courriel.example"
HERE = "/coordination/doublons"


def professional(email: str, **who: str):
    return [(slug, answers | ({"email": email} | who if slug == "vous" else {}) | (
        {"employer_told": "non", "employer_email": ""} if slug == "employeur" else {})) for slug, answers in PROFESSIONAL]


def joins(client, post, email: str, decided: bool = True, **who: str) -> None:
    send(client, "/rejoindre/professionnel", professional(email, **who))
    confirm(client, post, email)
    if decided:
        post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/accepter")


def members(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Membre.email).order_by(Membre.id)))


def looked(app) -> None:
    """The clock looked for who resembles whom."""
    with app.app_context():
        look(TODAY)


def twice(app, client, post) -> str:
    """Noa joined twice, from two addresses; gives the address of the page that compares."""
    joins(client, post, NOA)
    joins(client, post, OTHER, phone="06 39 98 00 12")
    sign_in(client, post)
    looked(app)
    [link] = [a["href"] for a in soup(client.get(f"{HERE}/")).select("a.button") if "/membres/" in a["href"]]
    return link


@databases("sqlite", "postgresql")
def test_two_records_of_one_person_become_one_and_all_that_is_tied_follows(app, client, post):
    link = twice(app, client, post)
    page = client.get(link)
    assert "Est-ce la même personne" in page.text and OTHER in page.text
    press(client, link, courriel="premiere", telephone="seconde")
    assert members(app) == [NOA]
    with app.app_context():
        noa = db.session.query(Membre).one()
        assert noa.phone == "06 39 98 00 12" and noa.joined_at == TODAY
        assert {row.dossier.reference for row in db.session.query(Participant).filter_by(email=NOA)} == {
            "ADH-2027-0001", "ADH-2027-0002"}
        assert [(row.email, row.other) for row in db.session.query(SecondAddress) if row.confirmed_at] == [(NOA, OTHER)]
        journal = [entry.sentence for dossier in db.session.query(Dossier) for entry in dossier.journal]
        assert journal.count("Alix Coordination a réuni deux fiches de cette personne.") == 2
    told, elsewhere = post.last(NOA, "records_merged"), post.last(OTHER, "records_merged")
    assert OTHER not in told.text and NOA not in elsewhere.text, "neither learns the other address whole"
    assert "mon-espace" in told.text and "mon-espace" not in elsewhere.text
    again = client.post(link, data={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert again.status_code == 404 and "déjà été réunies" in again.text
    post.reply(post.last(NOA, "welcome"), "Une question", sender=OTHER)
    assert not [letter for letter in post.to(NOA) if letter.letter.endswith("is_it_you")], "their other address is known"


@databases("sqlite", "postgresql")
def test_a_merge_is_undone_for_thirty_days_and_what_was_changed_since_stays(app, client, post, clock):
    press(client, twice(app, client, post), telephone="seconde", courriel="seconde")
    assert members(app) == [OTHER]
    with app.app_context():
        number = db.session.query(Merge).one().id
    client.fill(client.get("/mon-espace"), "/mon-espace", email=OTHER)
    press(client, post.last(OTHER, "space_link").link("mon-espace") + "/coordonnees", job="Médiatrice")
    page = client.get(f"{HERE}/")
    assert client.fill(page, f"{HERE}/defaire", reunion=str(number)).status_code == 303
    assert sorted(members(app)) == sorted([NOA, OTHER])
    with app.app_context():
        noa = db.session.query(Membre).filter_by(email=NOA).one()
        assert (noa.phone, noa.job) == ("", "Médiatrice")
        assert {row.dossier.reference for row in db.session.query(Participant).filter_by(email=OTHER)} == {"ADH-2027-0002"}
        assert not db.session.query(SecondAddress).filter(SecondAddress.confirmed_at.is_not(None)).count()
    assert post.last(NOA, "records_parted") and post.last(OTHER, "records_parted")
    twice_pressed = client.post(f"{HERE}/defaire", data={"reunion": str(number)}, headers={"Sec-Fetch-Site": "same-origin"})
    assert twice_pressed.status_code == 409
    clock.advance(days=31)
    with app.app_context():
        hourly(clock.now)
        assert db.session.query(Merge).count() == 0, "what would undo it is personal, and goes"


def test_the_request_says_who_is_alike_and_so_does_its_letter(app, client, post):
    joins(client, post, NOA)
    joins(client, post, OTHER, decided=False)
    letter = post.last(COORDINATOR, "request_to_coordinator")
    said = " ".join(letter.text.split())
    assert "ressemble à ce que le réseau connaît déjà" in said and "Noa Fictif (le même nom" in said
    sign_in(client, post)
    page = client.get("/coordination/ADH-2027-0002")
    [link] = [a["href"] for a in soup(page).select(".notice a")]
    shown = client.get(link)
    assert shown.status_code == 200 and NOA in shown.text and OTHER in shown.text
    assert not soup(shown).select("main form"), "nothing can be made one before somebody is accepted"


def test_the_public_learns_nothing_of_a_resemblance(app, client, post):
    joins(client, post, NOA)
    lou = "lou@courriel.example"

    def shown(email: str, reference: str, **who: str) -> str:
        text = send(client, "/rejoindre/professionnel", professional(email, **who)).text
        return text.replace(email, "x").replace(email.replace("@", "%40"), "x").replace(reference, "n")
    assert shown(OTHER, "0002") == shown(lou, "0003", given_name="Lou", family_name="Exemple")
    confirm(client, post, OTHER)
    assert "ressemble" not in post.last(OTHER, "request_received").text


def test_two_people_of_one_name_are_said_to_be_two_and_not_shown_again(app, client, post):
    link = twice(app, client, post)
    assert client.fill(client.get(f"{HERE}/"), f"{link}/distincts").status_code == 303
    assert "Aucun doublon en vue" in client.get(f"{HERE}/").text and len(members(app)) == 2


@databases("sqlite", "postgresql")
def test_two_records_of_one_structure_become_one_with_its_people(app, client, post):
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, post, "claude@structure-c.example")
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/accepter")
    pages = [(slug, answers | ({"structure_name": "Structure Exemple C.", "siret": "", "structure_commune": "Bagnols-sur-Cèze"}
                               if slug == "employeur" else {})) for slug, answers in professional(NOA)]
    send(client, "/rejoindre/professionnel", pages)
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/accepter")
    sign_in(client, post)
    looked(app)
    [link] = [a["href"] for a in soup(client.get(f"{HERE}/")).select("a.button") if "/structures/" in a["href"]]
    assert "Est-ce la même structure" in client.get(link).text
    press(client, link)
    with app.app_context():
        kept = db.session.query(Structure).one()
        assert kept.name == "Structure Exemple C" and {one.email for one in kept.members} == {"claude@structure-c.example", NOA}
        number = db.session.query(Merge).one().id
    assert "Structure Exemple C" in post.last("claude@structure-c.example", "structures_merged").subject
    client.fill(client.get(f"{HERE}/"), f"{HERE}/defaire", reunion=str(number))
    with app.app_context():
        assert [len(one.members) for one in db.session.query(Structure).order_by(Structure.id)] == [1, 1]


def test_who_is_invited_at_another_address_is_not_reminded_once_it_is_said(app, client, post, clock):
    joins(client, post, NOA)
    team = [(slug, answers | ({"team": f"Noa Fictif, {OTHER}"} if slug == "vous" else {})) for slug, answers in STRUCTURE]
    send(client, "/rejoindre/structure", team)
    confirm(client, post, "claude@structure-c.example")
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/accepter")
    sign_in(client, post)
    looked(app)
    page = client.get(f"{HERE}/")
    [action] = [path for form in soup(page).select("form") if (path := form["action"].split("#")[0]).endswith("/meme")]
    assert client.fill(page, action).status_code == 303
    clock.advance(days=20)
    with app.app_context():
        hourly(clock.now)
    assert not [letter for letter in post.to(OTHER) if letter.letter.endswith("invitation_reminder")]


@pytest.mark.parametrize("path", ["membres/1/1", "membres/999/1", "structures/998/999", "demande/ADH-2027-9999/membres/1"])
def test_an_address_of_nobody_is_not_found(client, post, path):
    sign_in(client, post)
    assert client.get(f"{HERE}/{path}").status_code == 404
