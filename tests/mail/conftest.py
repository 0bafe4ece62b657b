"""A real SMTP server on loopback, and an application whose letters leave through it."""

from __future__ import annotations

import pytest
from relay import Server, listening

from app import create_app
from commands.database import upgrade
from models.base import db


@pytest.fixture
def smtp():
    with listening(Server()) as server:
        yield server


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
