"""The application: settings, extensions, the three doors. No route here."""

from __future__ import annotations

import gc

# What is imported lives as long as the process: the collector would walk it over and over while it comes in, once more at the
# end of the process, and write in each page of memory that a fork shares. A third of the time of a command (bench/README.md).
_collecting = gc.isenabled()
gc.disable()

import os
from collections.abc import Mapping
from datetime import UTC, datetime

import click
from flask import Flask
from flask.cli import FlaskGroup
from werkzeug.middleware.proxy_fix import ProxyFix

import commands
import inbox
from config import load_instance_network, load_settings, write_first_files
from jobs.engine import make_huey, register_jobs
from mail.stationery import stationery
from mail.transport import Transport
from models.base import db, prepare_engine
from models.instance import Instance

gc.freeze()
if _collecting:
    gc.enable()


def create_app(environ: Mapping[str, str] = os.environ, *, testing: bool = False) -> Flask:
    """Make the application of the instance that ``environ`` names.

    :raises config.SettingError: a setting or a line of ``network.toml`` cannot be used.
    """
    settings = load_settings(environ)
    if write_first_files(settings.INSTANCE):
        settings = load_settings(environ)
    app = Flask(__name__, instance_path=str(settings.INSTANCE))
    app.config.update(
        SECRET_KEY=settings.SECRET_KEY, TESTING=testing, DEBUG=False,
        SQLALCHEMY_DATABASE_URI=settings.database_url, MAX_CONTENT_LENGTH=25 * 1024 * 1024, MAX_FORM_PARTS=400,
        MAX_FORM_MEMORY_SIZE=1024 * 1024, MAIL_DEFAULT_SENDER=settings.sender,
        MAIL_SERVER=settings.MAIL_SERVER, MAIL_SUPPRESS_SEND=False,
        PREFERRED_URL_SCHEME="https" if settings.secure else "http")
    app.json.ensure_ascii = False
    app.extensions["ring"] = Instance(settings, load_instance_network(settings))
    stationery(app.extensions["ring"].network)  # once, before the first letter needs it
    app.extensions["clock"] = lambda: datetime.now(UTC)
    if settings.TRUSTED_PROXIES:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.TRUSTED_PROXIES, x_proto=settings.TRUSTED_PROXIES)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.extensions["transport"] = Transport(app, settings)
    app.extensions["receive"] = inbox.receive
    app.extensions["read_mail"] = inbox.read_mail
    app.extensions["process_mail"] = inbox.take_up
    huey = make_huey(settings.database_url, str(settings.jobs_file), immediate=testing)
    app.extensions["huey"] = huey
    register_jobs(app, huey)
    commands.register(app)
    if not _for_a_command():
        open_web_door(app)
    return app


def _for_a_command() -> bool:
    """True where ``flask`` looks for a command of the house: none shows a page. Its own, ``flask run``, do."""
    asked_by = click.get_current_context(silent=True)
    return asked_by is not None and isinstance(asked_by.command, FlaskGroup)


def open_web_door(app: Flask) -> None:
    """Bring the pages and their forms."""
    from blueprints import register_blueprints

    register_blueprints(app)
