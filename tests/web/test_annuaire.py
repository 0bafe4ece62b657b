"""The directory of the coordination: members found by words, kind, place and skill, page after page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import sign_in
from pages import soup
from roads.stories import BAGNOLS, MONTPELLIER, NIMES, host_structure
from setting import databases

from models.base import transaction
from models.structure import Membre, Structure

both = databases("sqlite", "postgresql")


def _member(now, given: str, family: str, *, commune: str = NIMES, skills: tuple[str, ...] = (), structure: int | None = None,
            **more) -> None:
    with transaction() as session:
        session.add(Membre(kind="professional", given_name=given, family_name=family, commune=commune, job="Médiateur numérique",
                           email=f"{given}.{family}@exemple.example".lower(), skills_offered=list(skills), joined_at=now,
                           charter_version="2026-11", structure_id=structure, **more))


@pytest.fixture
def members(app, clock):
    with app.app_context():
        structure = host_structure(clock.now)
        _member(clock.now, "Noa", "Fictif", skills=("diagnostic", "posture"), structure=structure, pace="mois")
        _member(clock.now, "Lou", "Exemple", commune=BAGNOLS, skills=("posture",), pace="semaine",
                pause_ends_on=clock.now.date() + timedelta(days=5))
        _member(clock.now, "Dominique", "Aide", commune=MONTPELLIER, pace="jamais")
        _member(clock.now, "Ariel", "Parti", left_at=clock.now)


def _names(client, query: str = "") -> list[str]:
    return [one.text for one in soup(client.get(f"/coordination/annuaire{query}")).select(".results h2")]


@both
@pytest.mark.parametrize(("query", "names"), [
    ("", ["Claude Accueil", "Dominique Aide", "Lou Exemple", "Noa Fictif"]),
    ("?q=fictif", ["Noa Fictif"]),
    ("?q=NOA+fict", ["Noa Fictif"]),
    ("?q=structure+exemple+c", ["Claude Accueil", "Noa Fictif"]),
    ("?q=mediateurs+bagnols", ["Lou Exemple"]),
    ("?q=parti", []),
    ("?competence=posture", ["Lou Exemple", "Noa Fictif"]),
    ("?competence=posture&territoire=243000643", ["Noa Fictif"]),
    ("?sorte=structure", ["Claude Accueil"]),
    ("?competence=x&sorte=y&territoire=z&page=%C2%B2", ["Claude Accueil", "Dominique Aide", "Lou Exemple", "Noa Fictif"]),
])
def test_members_are_found_by_what_the_address_says(client, post, members, query, names):
    sign_in(client, post)
    assert _names(client, query) == names


def test_a_member_is_shown_with_what_they_offer_and_how_often_they_may_be_asked(client, post, members, clock):
    sign_in(client, post)
    page = soup(client.get("/coordination/annuaire"))
    noa, lou, dominique = (next(li.text for li in page.select(".results li") if name in li.text)
                           for name in ("Noa", "Lou", "Dominique"))
    assert "Diagnostic des besoins" in noa and "une fois par mois au plus" in noa and "Structure Exemple C" in noa
    assert "En pause jusqu’au" in lou and "sollicité" not in lou and "sollicité" not in dominique


def test_a_structure_that_changes_its_name_has_its_members_found_by_it(app, client, post, members):
    sign_in(client, post)
    with app.app_context(), transaction() as session:
        session.query(Structure).one().name = "La Girafe numérique"
    assert _names(client, "?q=girafe") == ["Claude Accueil", "Noa Fictif"]
    with app.app_context(), transaction() as session:
        session.query(Membre).filter_by(given_name="Noa").one().structure_id = None
    assert _names(client, "?q=girafe") == ["Claude Accueil"]


def test_the_directory_is_read_page_after_page_with_its_filters(app, client, post, clock):
    with app.app_context():
        for number in range(32):
            _member(clock.now, "Alix", f"Modèle{number:02}", skills=("posture",))
    sign_in(client, post)
    page = soup(client.get("/coordination/annuaire?competence=posture"))
    assert page.select_one("[role=status]").text == "32 membres."
    follow = page.select_one(".pager a[rel=next]")["href"]
    assert follow == "/coordination/annuaire?competence=posture&page=2"
    assert _names(client, "?competence=posture&page=2") == ["Alix Modèle30", "Alix Modèle31"]
    assert _names(client, "?page=999") == ["Alix Modèle30", "Alix Modèle31"]


def test_what_is_found_by_nothing_says_what_to_do(client, post, members):
    sign_in(client, post)
    page = soup(client.get("/coordination/annuaire?q=%C3%A9l%C3%A9phant"))
    assert "Personne ne correspond" in page.text and page.select_one("#filtre-q")["value"] == "éléphant"
