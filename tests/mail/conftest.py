"""A real SMTP server on loopback, that does as it is told."""

from __future__ import annotations

import pytest
from aiosmtpd.controller import Controller
from smtp_server import Server

from app import create_app
from commands.database import upgrade
from models.base import db


@pytest.fixture
def smtp():
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def sending(environ, smtp, clock):
    """An application context whose letters leave through that server."""
    app = create_app({**environ, "RING_MAIL_SERVER": "127.0.0.1", "RING_MAIL_PORT": str(smtp.port), "RING_MAIL_USE_TLS": "false",
                      "RING_MAIL_TIMEOUT": "5"}, testing=True)
    app.extensions["clock"] = clock
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
