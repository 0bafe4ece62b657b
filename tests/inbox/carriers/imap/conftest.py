"""The application reads a mailbox of a real Dovecot."""

from __future__ import annotations

import pytest


@pytest.fixture
def environ(environ, dovecot, mailbox):
    return environ | {"RING_IMAP_URL": dovecot.url(mailbox)}
