"""These pages need neither database nor session: they are tested on their own, with the example network."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from markupsafe import Markup

from blueprints import accueil
from config import Settings
from models.network import Network, load_network
from models.typography import FrenchTypography, french
from territory import calendar

ROOT = Path(__file__).resolve().parents[2]
ERRORS = (403, 404, 409, 410, 413, 422, 429, 500, 503)
PAGES = ("/", "/proposer", "/mentions-legales", "/donnees-personnelles", "/accessibilite", "/plan-du-site",
         "/composants", *(f"/erreur/{code}" for code in ERRORS))


def _typo(text: str) -> str:
    return Markup(french(text)) if isinstance(text, Markup) else french(str(text))


@pytest.fixture(scope="session")
def network() -> Network:
    return load_network(ROOT / "demonstration" / "network.toml")


@pytest.fixture(scope="session")
def make_site(network: Network) -> Callable[..., Flask]:
    def make(*, debug: bool = True, **changes: object) -> Flask:
        site = Flask("accueil", root_path=str(ROOT), template_folder="templates", static_folder="static")
        site.jinja_env.add_extension(FrenchTypography)
        site.jinja_env.filters.update(typo=_typo, say_date=calendar.say_date, say_datetime=calendar.say_datetime)
        site.jinja_env.globals.update(
            network=dataclasses.replace(network, **changes), departement_name=lambda: "Exemple",
            settings=Settings(INSTANCE=ROOT / "instance", DEBUG=debug, PUBLIC_URL="https://reseau.exemple.fr"),
            asset=lambda name: url_for("static", filename=name), page_now=datetime(2027, 1, 11, 8, tzinfo=UTC))
        site.register_blueprint(accueil.blueprint)
        for code in ERRORS:
            site.add_url_rule(f"/erreur/{code}", f"erreur_{code}",
                              lambda code=code: (site.jinja_env.get_template(f"errors/{code}.html").render(), code)
                              if code == 500 else _error(code))
        return site
    return make


def fetch(client: FlaskClient, path: str) -> bytes:
    """Body of an answer, closed at once: a static file would stay open."""
    with client.get(path) as answer:
        assert answer.status_code == 200, path
        return answer.data


def _error(code: int) -> tuple[str, int]:
    from flask import render_template
    return render_template(f"errors/{code}.html"), code


@pytest.fixture(scope="session")
def site(make_site: Callable[..., Flask]) -> Flask:
    return make_site()


@pytest.fixture
def client(site: Flask) -> Iterator[FlaskClient]:
    with site.test_client() as client:
        yield client


@pytest.fixture
def in_page(site: Flask) -> Iterator[Flask]:
    """The site inside a request, to render a macro alone."""
    with site.test_request_context("/"):
        yield site


@pytest.fixture(scope="session")
def today() -> date:
    return date(2027, 1, 11)
