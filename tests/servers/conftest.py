"""A town for each test."""

from __future__ import annotations

import shutil

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA
from setting import FIXED

from servers.daemon import own_folder
from servers.postfix import IMAP_DOMAIN, LMTP_DOMAIN, PIPE_DOMAIN, SHARED_MAILBOX
from servers.town import Commands, Today, Town

DOMAINS = {"pipe": PIPE_DOMAIN, "lmtp": LMTP_DOMAIN, "imap": IMAP_DOMAIN}


@pytest.fixture
def clock():
    return Today()


@pytest.fixture
def door(request) -> str:
    """How the network's mail comes in; the default is the quickest, since a program listens already."""
    return getattr(request, "param", "lmtp")


@pytest.fixture
def environ(migrated, postfix, dovecot, door):
    """An instance whose letters leave through Postfix, in a folder that its pipe may open."""
    folder = own_folder("instance")
    instance = folder / "instance"
    shutil.copytree(migrated, instance)
    instance.chmod(0o755)
    values = {**FIXED, "RING_INSTANCE": str(instance), "RING_MAIL_DOMAIN": DOMAINS[door], "RING_MAIL_SERVER": "127.0.0.1",
              "RING_MAIL_PORT": str(postfix.port), "RING_MAIL_USE_TLS": "false"}
    if door == "lmtp":
        values["RING_INBOX_LISTEN"] = f"lmtp://127.0.0.1:{postfix.lmtp_port}"
    if door == "imap":
        dovecot.mailbox(SHARED_MAILBOX)
        values["RING_IMAP_URL"] = dovecot.url(SHARED_MAILBOX)
    yield values
    shutil.rmtree(folder)


@pytest.fixture
def town(app, dovecot, postfix, environ, door, tmp_path, warm):
    """Everybody of the cast has a mailbox, and the network's door is open."""
    dovecot.mailbox(COORDINATOR, NOA, CLAUDE, ANDREA)
    commands = Commands(environ, tmp_path, warm)
    if door == "pipe":
        postfix.open_door(environ)
    if door == "lmtp":
        commands.start("inbox", "listen", ports=[postfix.lmtp_port])
    if door == "imap":
        commands.start("inbox", "watch")
    lived = Town(app, dovecot, postfix, tmp_path, lambda: door == "imap" and dovecot.folder_of(SHARED_MAILBOX))
    yield lived
    print(lived.journal())  # shown with a failure
    commands.end()
