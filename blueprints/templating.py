"""What every template can use: the network, dates and typography, addresses of static files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import quote

from flask import Flask, current_app, request
from markupsafe import Markup

from models.instance import instance
from models.typography import FrenchTypography, french
from territory import communes
from territory.calendar import say_date, say_datetime, say_duration, say_time


def prepare_templates(app: Flask) -> None:
    """Give the templates of ``app`` their filters and globals, and French typography at compile time."""
    ring = app.extensions["ring"]
    app.jinja_env.add_extension(FrenchTypography)
    # Compiled once: a changed template is seen at the next start (bench/README.md).
    app.jinja_env.auto_reload = ring.settings.DEBUG
    app.jinja_env.cache_size = 1000
    app.jinja_env.filters.update(typo=typo, say_date=say_date, say_datetime=say_datetime, say_time=say_time,
                                 say_duration=say_duration, commune=commune_label, say_size=say_size,
                                 zip_with=zip_with)
    app.jinja_env.globals.update(network=ring.network, settings=ring.settings, asset=asset,
                                 departement_name=departement_name,
                                 captured_mail=ring.settings.captured_mail, open_mailbox=ring.settings.open_mailbox)


def departement_name() -> str:
    """« Aveyron »: of the network; "" where its code is unknown. Asked by pages alone: the list of places takes 0.2 s to read."""
    found = communes.departement(instance().network.departement)
    return found.name if found else ""


def typo(text: object) -> object:
    """French typography on words that come from Python or from a person; Markup stays Markup."""
    if isinstance(text, Markup):
        return Markup(french(str(text)))  # noqa: S704  it was markup already
    return french(text) if isinstance(text, str) else text


def commune_label(code: str) -> str:
    """« Millau (12100) » for an INSEE code, "" when it is unknown."""
    known = communes.commune(code)
    return known.label if known else ""


def say_size(size: int) -> str:
    """« 340 ko » or « 1,2 Mo »."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0ko"
    return f"{size / 1_000_000:.1f}\u00a0Mo".replace(".", ",")


def zip_with(labels: Iterable[object], values: Iterable[object]) -> list[tuple[object, object]]:
    """Pairs of two lists of the same length."""
    return list(zip(labels, values, strict=True))


def asset(name: str) -> str:
    """Address of a static file that changes with its content, so that a browser may keep it for ever."""
    return request.script_root + _asset(current_app.static_url_path or "", Path(current_app.static_folder or ""), name)


@cache
def _asset(address: str, folder: Path, name: str) -> str:
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
    return f"{address}/{quote(name)}?v={digest}"


def cache_static(app: Flask) -> None:
    """Let browsers keep static files: fonts and whatever carries its digest, for a year."""
    def header(response):
        if request.endpoint == "static" and response.status_code == 200:
            keep = "v" in request.args or request.path.endswith(".woff2")
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if keep else "public, max-age=3600"
        return response
    app.after_request(header)


def page_now():
    """The current time, from the application's clock."""
    return current_app.extensions["clock"]()


def whole_number(text: str) -> int | None:
    """A number a page of ours wrote in a field or an address, None for anything else (« ² » is a digit, and no number)."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def secret() -> str:
    return instance().settings.SECRET_KEY
