"""A real SMTP server on loopback, and an application whose letters leave through it."""

from __future__ import annotations

import pytest
from relay import Server, listening, sending_app


@pytest.fixture
def smtp():
    with listening(Server()) as server:
        yield server


@pytest.fixture
def sending(environ, smtp, clock):
    """An application context whose letters leave through that server."""
    with sending_app(environ, smtp.port, clock, RING_MAIL_TIMEOUT="5") as app:
        yield app
