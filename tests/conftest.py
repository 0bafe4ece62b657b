"""What every test may ask for: a real application on a real database, a client that reads each page it opens, a clock
that stands still, and the letters that left."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import drawn_once  # before anything that draws
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from letters_in import Door
from lots import draw_alike
from pages import ReadingClient
from post import Post
from setting import FIXED, Clock
from werkzeug.routing import Rule
from written_once import share_statements

from app import create_app
from commands.database import upgrade
from models.base import db
from services.alerte import sealed

#: Bytes: what a run keeps at once, several times over.
ROOM = 2_000_000_000
_built: dict[tuple, Callable] = {}
_build = Rule._compile_builder
_understood: dict[tuple, dict[str, object]] = {}
_understand = Rule.compile


def _built_once(rule: Rule, append_unknown: bool = True) -> Callable:
    """What builds a rule's address, which depends on the rule's words alone: compiled by each application that builds it."""
    key = tuple(rule._trace), repr(rule.defaults), tuple(rule.arguments), append_unknown
    if key not in _built:
        _built[key] = _build(rule, append_unknown)
    return _built[key]


def _understood_once(rule: Rule) -> None:
    """What a rule is made of, which depends on its words and on the kind of its map: understood by each application, half of the
    time that a test takes to begin. None of it changes afterwards, and no converter of ours asks its map anything."""
    of = rule.map
    key = (type(rule), rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults), of.host_matching,
           tuple(of.converters.items()))
    if key not in _understood:
        _understand(rule)
        _understood[key] = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
    vars(rule).update(_understood[key])
    rule._build, rule._build_unknown = (rule._compile_builder(unknown).__get__(rule, None) for unknown in (False, True))


Rule._compile_builder, Rule.compile = _built_once, _understood_once

#: Words once stretched: with the same salt they give the same key, and each time is a tenth of a second.
sealed.argon2id = SimpleNamespace(SALTBYTES=sealed.argon2id.SALTBYTES, kdf=lru_cache(maxsize=400)(sealed.argon2id.kdf))


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' instances in memory where there is room: accepted forms are synchronised with the disk one by one."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector of cycles, a fifth of all the work, need not look at it each time, nor
    look each time that seven hundred objects were made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Path:
    """An instance folder whose database has every migration, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate({"RING_INSTANCE": str(folder)})
    return folder


def _migrate(environ: dict[str, str]) -> None:
    app = create_app(environ, testing=True)
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture
def database(request) -> str:
    return getattr(request, "param", "sqlite")


@pytest.fixture
def environ(database, tmp_path, migrated, request) -> dict[str, str]:
    """The environment of the application under test: its own instance folder and database."""
    folder = tmp_path / "instance"
    shutil.copytree(migrated, folder)
    values = {"RING_INSTANCE": str(folder), **FIXED}
    if database == "postgresql":
        values["RING_DATABASE_URL"] = request.getfixturevalue("postgres_database")
    return values


@pytest.fixture(scope="session")
def together(tmp_path_factory) -> Path:
    """The folder that the processes of one test session share; without any, what is beside belongs to other sessions."""
    root = tmp_path_factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


@pytest.fixture(scope="session")
def compiled_pages(together) -> FileSystemBytecodeCache:
    """The templates of pages once compiled: each test has an application of its own, which would compile them anew."""
    folder = together / "compiled"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(folder)


@pytest.fixture(scope="session", autouse=True)
def _drawn_together(together) -> None:
    folder = together / "drawn"
    folder.mkdir(exist_ok=True)
    drawn_once.together = folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(environ, clock, compiled_pages, together, monkeypatch):
    application = create_app(environ, testing=True)
    share_statements(application)
    application.extensions["clock"] = clock
    application.test_client_class = ReadingClient
    application.jinja_env.bytecode_cache = compiled_pages
    draw_alike(monkeypatch, together)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def still(migrated) -> Flask:
    """One application for all the tests that write nothing."""
    return create_app({"RING_INSTANCE": str(migrated), **FIXED}, testing=True)


@pytest.fixture
def context(app):
    """An application context, for tests that call verbs."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app) -> ReadingClient:
    return app.test_client()


@pytest.fixture
def post(app, clock) -> Post:
    """The letters the network sent, and the answers to them."""
    return Post(app, clock)


@pytest.fixture(scope="session")
def postgres_server():
    from postgres import Server
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server, tmp_path_factory) -> str:
    """The address of a database that has every migration, to be copied."""
    address = postgres_server.new_database()
    _migrate({"RING_INSTANCE": str(tmp_path_factory.mktemp("postgres")), "RING_DATABASE_URL": address})
    return address


@pytest.fixture
def postgres_database(postgres_server, migrated_postgres):
    address = postgres_server.new_database(like=migrated_postgres)
    yield address
    postgres_server.drop(address)


@pytest.fixture(scope="session")
def warm():
    """Processes of the house that need not start: ``warm.start("-m", "flask", "--app", "app", "inbox", "listen")``."""
    from warm import Warm
    server = Warm()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mail_submission_port() -> int:
    """Where the mail server of the tests listens: the mailboxes must know it before it starts."""
    from ports import free_port
    return free_port()


@pytest.fixture(scope="session")
def dovecot_server(mail_submission_port):
    from servers.dovecot import Dovecot
    server = Dovecot(mail_submission_port)
    yield server
    server.remove()


@pytest.fixture
def dovecot(dovecot_server):
    """A mail server with IMAP and LMTP, its mailboxes empty."""
    dovecot_server.clean()
    return dovecot_server


@pytest.fixture(scope="session")
def postfix_server(dovecot_server, mail_submission_port):
    from servers.postfix import Postfix
    server = Postfix(dovecot_server.lmtp_port, mail_submission_port)
    yield server
    server.remove()


@pytest.fixture
def postfix(postfix_server, dovecot):
    """A mail server that takes in everybody's mail, its queue empty, the network's door closed."""
    postfix_server.clean()
    return postfix_server


@pytest.fixture
def arrive(app, clock) -> Door:
    """Brings a mail in: ``arrive("aide@ring.example", "Bonjour…")`` gives the number it is kept under."""
    return Door(app, clock)
