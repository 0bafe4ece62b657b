from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from .conftest import PAGES, ROOT, fetch


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, client: FlaskClient) -> BeautifulSoup:
    answer = client.get(request.param)
    wanted = int(request.param.rpartition("/")[2]) if request.param.startswith("/erreur/") else 200
    assert answer.status_code == wanted
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("path", PAGES)
def test_html_is_valid(client: FlaskClient, path: str) -> None:
    html5lib.HTMLParser(strict=True).parse(client.get(path).text)


def test_page_has_language_title_and_one_h1(page: BeautifulSoup) -> None:
    assert page.html["lang"] == "fr"
    assert len(page.find_all("h1")) == 1
    assert page.title.string.endswith(" – Réseau Exemple")
    assert not page.title.string.startswith((" ", "–"))


def test_headings_do_not_skip_a_level(page: BeautifulSoup) -> None:
    levels = [int(heading.name[1]) for heading in page.find("main").find_all(re.compile("^h[1-6]$"))]
    # The error summary stands above the h1 (GOV.UK, ux-security E4): a level may go down by any number.
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_references_exist(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for tag in page.find_all(attrs={attribute: True}):
            value = tag[attribute]
            assert set(value if isinstance(value, list) else value.split()) <= set(ids), tag


def test_links_inside_the_page_lead_somewhere(page: BeautifulSoup) -> None:
    ids = {tag["id"] for tag in page.find_all(id=True)}
    assert {a["href"][1:] for a in page.find_all("a", href=re.compile("^#."))} <= ids


def test_nothing_inline_and_nothing_from_elsewhere(page: BeautifulSoup) -> None:
    assert not page.find_all("style") and not page.find_all(style=True)
    assert all(script.get("src", "").startswith("/static/") and not script.string for script in page.find_all("script"))
    assert not [tag for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]
    loaded = [tag.get("src") or tag.get("href") for tag in page.find_all(["link", "img", "script", "iframe"])]
    assert all(address.startswith("/") for address in loaded)


def test_typography_is_french(page: BeautifulSoup) -> None:
    for typed in page.find_all("textarea"):
        typed.clear()  # what a person typed is given back untouched
    written = list(page.stripped_strings)
    for name in ("content", "title", "alt", "aria-label", "data-label"):
        written += [tag[name] for tag in page.find_all(attrs={name: True})]
    for text in written:
        assert not re.search(r" [;:!?»]|« |\w'\w", text), text


def test_no_word_the_house_avoids(page: BeautifulSoup) -> None:
    assert not re.search(r"veuillez|oups|désolé|e-mail|invalide", page.get_text(), re.IGNORECASE)


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/erreur/500"])
def test_help_stands_at_the_same_place(client: FlaskClient, path: str) -> None:
    footer = BeautifulSoup(client.get(path).text, "html.parser").find("footer", class_="site-footer")
    assert [a["href"] for a in footer.find_all("a")] == [
        "mailto:contact@ring.example", "tel:0465710000", "/accessibilite", "/mentions-legales",
        "/donnees-personnelles", "/observatoire", "/verifier", "/mon-espace", "/retrouver-mon-lien", "/plan-du-site",
        "/coordination/"]
    assert "Accessibilité\u00a0: non conforme" in footer.get_text()


def test_home_has_five_doors_and_no_agenda(client: FlaskClient) -> None:
    home = BeautifulSoup(client.get("/").text, "html.parser")
    assert [a["href"] for a in home.select(".doors h2 a")] == [
        "/aide", "/immersion", "/rejoindre/en-devenir", "/proposer", "/alerte"]
    assert "rencontres" not in home.get_text()


def test_home_promises_what_the_network_promises(make_site, network) -> None:
    site = make_site(delays=dict(network.delays, entraide=1))
    assert "sous 1 jour ouvré." in site.test_client().get("/").text


def test_components_page_is_closed_outside_development(make_site) -> None:
    assert make_site(debug=False).test_client().get("/composants").status_code == 404


def test_privacy_notice_shows_the_rows_it_is_given(make_site) -> None:
    from blueprints.accueil import Retention
    site = make_site()
    site.config["RETENTIONS"] = (Retention("Dates <de> naissance", "Essai", "Essai", "Personne", "Un jour"),)
    text = site.test_client().get("/donnees-personnelles").text
    assert "Dates &lt;de&gt; naissance" in text and "Traces techniques" not in text


def test_internal_error_page_needs_nothing(client: FlaskClient) -> None:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
    bare = Environment(loader=FileSystemLoader(Path(ROOT, "templates")), autoescape=True)
    assert "Une panne de notre côté" in bare.get_template("errors/500.html").render()
    strict = bare.overlay(undefined=StrictUndefined)
    with pytest.raises(TemplateError):
        strict.get_template("errors/404.html").render()
    assert "Une panne" in strict.get_template("errors/500.html").render()


def test_whole_page_weighs_less_than_100_kilobytes(client: FlaskClient) -> None:
    for path in ("/", "/composants", "/donnees-personnelles"):
        page = client.get(path).data
        parts = {tag.get("href") or tag.get("src") for tag in BeautifulSoup(page, "html.parser").find_all(
            ["link", "script"]) if tag.get("rel", [""])[0] in ("preload", "stylesheet", "") or tag.get("src")}
        weight = len(page) + sum(len(fetch(client, part)) for part in parts)
        assert weight < 100_000 + (30_000 if path == "/composants" else 0), (path, weight)
