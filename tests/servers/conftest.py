"""A town for each test."""

from __future__ import annotations

import shutil

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA

from servers.daemon import own_folder
from servers.town import Today, Town


@pytest.fixture
def clock():
    return Today()


@pytest.fixture
def environ(migrated, postfix):
    """An instance whose letters leave through Postfix, in a folder that its pipe may open."""
    folder = own_folder("instance")
    instance = folder / "instance"
    shutil.copytree(migrated, instance)
    instance.chmod(0o755)
    yield {"RING_INSTANCE": str(instance), "RING_SECRET_KEY": "a-secret-for-tests-only-0123456789abcdef",
           "RING_PUBLIC_URL": "http://localhost", "RING_MAIL_DOMAIN": "ring.example", "RING_MAIL_SERVER": "127.0.0.1",
           "RING_MAIL_PORT": str(postfix.port), "RING_MAIL_USE_TLS": "false"}
    shutil.rmtree(folder)


@pytest.fixture
def town(app, dovecot, postfix, environ, tmp_path):
    """Everybody of the cast has a mailbox, and the network's door is open."""
    dovecot.mailbox(COORDINATOR, NOA, CLAUDE, ANDREA)
    postfix.open_door(environ)
    return Town(app, dovecot, postfix, tmp_path)
