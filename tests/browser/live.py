"""A site that listens, for a browser: the demonstration and a few more stages, or an empty network."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from browser.stages import play_on
from cast import COORDINATOR
from flask import Flask, has_request_context, request, template_rendered
from pages import ReadingClient
from post import Post
from setting import TODAY, Clock
from sqlalchemy import select
from team import come_in
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import make_server

from app import create_app
from commands.database import upgrade
from commands.demonstration import seed
from models.base import db
from models.outbox import OutboxMessage
from services import mailbox_reply
from services.errors import Refused, TooMany

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
        self._cookies: dict[str, str] = {}
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

    def later(self) -> None:
        """Let the time pass after which sign-in links, three a quarter of an hour, may be asked for again."""
        self.clock.advance(minutes=16)

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
    return app


@contextmanager
def serve(folder: Path, **settings: str) -> Iterator[Site]:
    """Serve the instance of ``folder`` on a free port of the loopback until the end of the block."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, Flask("waiting"), threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    clock = Clock()
    app = make_app(folder, clock, RING_PUBLIC_URL=address, **settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    _add_faults(app)
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(app, clock, address)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


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
            play_on(app, Post(app, clock))
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            draft.rename(folder)
    return folder


def copy_of(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*.lock", "jobs.db*"))
    return to
