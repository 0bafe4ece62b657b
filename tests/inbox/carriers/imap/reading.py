"""The mailbox is read, once or as it is in real life; what is said of how it goes; a mail of nobody's."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from time import monotonic

from inbox.carriers import imap
from inbox.carriers.mailbox import Mailbox
from services.inbound import carriers

STRANGER = (b"From: Inconnu <inconnu@ailleurs.example>\r\nTo: aide@ring.example\r\nMessage-ID: <%d@ailleurs.example>\r\n"
            b"\r\nBonjour %d\r\n")


def fetch(app) -> int:
    return imap.fetch(app, app.extensions["ring"].settings.imap)


def overview(app, clock):
    with app.app_context():
        return carriers.overview(clock.now)


@contextmanager
def watching(app):
    """The mailbox is read as it is in real life, in a thread of its own."""
    end = threading.Event()
    thread = threading.Thread(target=imap.watch, args=(app, app.extensions["ring"].settings.imap, end.is_set))
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(120)
        assert not thread.is_alive(), "it ends when it is asked to"


def assert_the_wait_ends(box: Mailbox, arrival) -> None:
    """A message that arrives once the mailbox was listed is not waited for."""
    before = len(box.uids())
    arrival()
    began = monotonic()
    box.wait(60.0, lambda: False)
    assert monotonic() - began < 30 and len(box.uids()) == before + 1
