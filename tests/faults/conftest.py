"""A real SMTP server, for those who are killed while they talk to it."""

from __future__ import annotations

import pytest
from relay import Server, listening


@pytest.fixture
def smtp():
    with listening(Server()) as server:
        yield server
