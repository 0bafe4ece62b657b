"""The page of figures, its file of data and its report, as anybody opens them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from activity import populate

SEPTEMBER = datetime(2026, 9, 3, 9, tzinfo=UTC)


@pytest.fixture
def lived(app):
    with app.app_context():
        populate(SEPTEMBER)


def test_a_network_that_begins_has_a_page_that_says_what_will_come(client):
    page = client.get("/observatoire").text
    assert "Pas encore de membre" in page and "Pas encore de demande" in page


def test_the_page_shows_figures_and_hides_the_small_ones(client, lived):
    page = client.get("/observatoire/2026").text
    assert "masqué" in page and ">112<" in page and "Par sujet" in page
    assert "Ama" not in page and "courriel.example" not in page


def test_a_period_that_slides_is_rounded_and_says_so_on_the_page_and_in_the_file(client, lived):
    page = client.get("/observatoire").text
    assert ">110<" in page and "Environ" in page and "multiple de 5" in page and "Par sujet" not in page and "Par mois" in page
    lines = client.get("/observatoire/douze-mois/chiffres.csv").text.splitlines()
    assert any(line.startswith("membres;Total;Total;110;non;oui;") for line in lines)
    assert any(line.startswith("mois-demandes-aide;octobre 2026;Total;15;non;non;") for line in lines)
    assert not any(line.startswith(("sujets", "suites")) for line in lines)
    assert client.get("/observatoire/douze-mois/rapport.pdf").data.startswith(b"%PDF-1.7")


def test_each_year_has_its_page_and_others_have_none(client, lived):
    assert client.get("/observatoire/2026").status_code == 200
    assert client.get("/observatoire/2024").status_code == 404


def test_the_file_of_data_opens_in_a_french_spreadsheet(client, lived):
    answer = client.get("/observatoire/2026/chiffres.csv")
    assert answer.data.startswith("\ufefftableau;".encode()) and answer.mimetype == "text/csv"
    assert 'rel="license"' in answer.headers["Link"]


def test_the_report_is_a_document_that_is_the_same_each_time(client, lived):
    first, second = (client.get("/observatoire/2026/rapport.pdf") for _ in range(2))
    assert first.data == second.data and first.data.startswith(b"%PDF-1.7") and first.mimetype == "application/pdf"


def test_no_cookie_is_set(client, lived):
    assert "Set-Cookie" not in client.get("/observatoire").headers
