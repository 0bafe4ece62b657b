"""A site that listens, for a browser: the demonstration and a few more stages, or an empty network."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from browser.stages import play_on
from cast import COORDINATOR
from flask import Flask, has_request_context, request, template_rendered
from jinja2 import BytecodeCache
from pages import ReadingClient
from post import Post
from setting import TODAY, Clock
from sqlalchemy import select
from team import ADMINISTRATOR, DEPUTY, READER, come_in, telephones
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import make_server
from written_once import share_statements

from app import create_app
from commands.database import upgrade
from commands.demonstration import seed
from models.base import db
from models.outbox import OutboxMessage
from services import mailbox_reply
from services.errors import Refused, TooMany

#: In a seeded instance: the sessions of the team, and what their telephones hold.
_TEAM = "team.json"
SECRET = "a-secret-for-tests-only-0123456789abcdef"
#: Where a browser meets what no form of ours can cause.
FAULTS = {"/essai/panne": RuntimeError("asked by a test"), "/essai/refus": Refused("La page était ouverte depuis longtemps."),
          "/essai/trop": TooMany(), "/essai/pause": ServiceUnavailable()}


class Site:
    """A served application; ``rendered`` holds the names of the templates shown since it was last cleared, and the route that
    each was drawn by."""

    def __init__(self, app: Flask, clock: Clock, address: str) -> None:
        self.app, self.clock, self.address = app, clock, address
        self.rendered: dict[str, str] = {}
        self._cookies: dict[str, str] = dict(app.extensions.get("cookies", {}))
        template_rendered.connect(self._note, app)

    def _note(self, _app: Flask, template, **_context) -> None:
        if has_request_context():  # letters have templates too
            self.rendered[template.name] = request.url_rule.rule if request.url_rule else "(none)"

    def letter(self, address: str, name: str = "", back: int = 0) -> tuple[int, str]:
        """Number and text of the latest letter of that name to that address (``back``: how many later ones to skip)."""
        with self.app.app_context():
            wanted = select(OutboxMessage).where(OutboxMessage.recipient == address, OutboxMessage.letter.endswith(name))
            row = db.session.scalars(wanted.order_by(OutboxMessage.id.desc()).offset(back)).first()
            assert row is not None, f"aucun courriel {name} à {address}"
            return row.id, mailbox_reply.text_of(row)

    def link(self, address: str, letter: str, kind: str = "d", back: int = 0) -> str:
        """The path of a personal link, without the action it may lead to."""
        _number, text = self.letter(address, letter, back)
        return re.search(rf"https?://[^/\s]+(/{kind}/[\w-]+)", text)[1]

    def session(self, address: str = COORDINATOR) -> str:
        """The value of the session cookie of somebody of the team."""
        if address not in self._cookies:
            client = self.app.test_client()
            come_in(client, Post(self.app, self.clock), self.clock, address)
            self._cookies[address] = client.get_cookie("coordination").value
        return self._cookies[address]


def make_app(folder: Path, clock: Clock, **settings: str) -> Flask:
    app = create_app({"RING_INSTANCE": str(folder), "RING_SECRET_KEY": SECRET, "RING_MAIL_DOMAIN": "ring.example",
                      "RING_REQUESTS_PER_HOUR": "100000"} | settings, testing=True)
    app.extensions["clock"] = clock
    app.test_client_class = ReadingClient
    share_statements(app)
    return app


class Listener:
    """A free port of the loopback, where one site after another answers."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        self._server = make_server("127.0.0.1", 0, Flask("waiting"), threaded=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @contextmanager
    def serve(self, seeded: Path, folder: Path, pages: BytecodeCache, **settings: str) -> Iterator[Site]:
        """Serve a copy of the instance ``seeded``, made in ``folder``, until the end of the block."""
        shutil.copytree(seeded, folder, ignore=shutil.ignore_patterns("*.lock", "jobs.db*", _TEAM))
        clock = Clock()
        app = make_app(folder, clock, RING_PUBLIC_URL=self.address, **settings)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.jinja_env.bytecode_cache = pages
        _add_faults(app)
        _bring_team(app, seeded / _TEAM)
        self._server.app = app
        try:
            yield Site(app, clock, self.address)
        finally:
            self._server.app = Flask("waiting")
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _let_team_in(app: Flask, clock: Clock, kept: Path) -> None:
    """Each came in this morning: what serves once, or so many times a quarter of an hour, serves again at the tests' hour."""
    clock.now = TODAY - timedelta(hours=2)
    site = Site(app, clock, "")
    cookies = {address: site.session(address) for address in (COORDINATOR, DEPUTY, READER, ADMINISTRATOR)}
    kept.write_text(json.dumps({"cookies": cookies, "telephones": telephones(app)}), "utf-8")
    assert clock.now < TODAY
    clock.now = TODAY


def _bring_team(app: Flask, kept: Path) -> None:
    """Those of the team who came in before the instance was copied are in."""
    if kept.exists():
        team = json.loads(kept.read_text("utf-8"))
        telephones(app).update(team["telephones"])
        app.extensions["cookies"] = team["cookies"]


def _add_faults(app: Flask) -> None:
    def fail() -> NoReturn:
        raise FAULTS[request.path]

    for path in FAULTS:
        app.add_url_rule(path, path, fail)


def seeded_instance(root: Path) -> Path:
    """An instance with the demonstration and the stages, made once for all the processes of a test session."""
    folder = root / "browser-instance"
    with (root / "browser-instance.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = root / f"browser-draft-{os.getpid()}"
            clock = Clock()
            app = make_app(draft, clock, RING_PUBLIC_URL="http://localhost")
            with app.app_context():
                upgrade()
            seed(app, TODAY)
            app.extensions["clock"] = clock
            _let_team_in(app, clock, draft / _TEAM)
            play_on(app, Post(app, clock))
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            draft.rename(folder)
    return folder
