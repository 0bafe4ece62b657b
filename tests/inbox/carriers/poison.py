"""Reading that goes wrong for some messages, in the child process where messages are read: imported there by this name."""

from __future__ import annotations

import os

from inbox.reading import read as honest_read
from inbox.reading import read_replies as honest_read_replies

NAME = "tests.inbox.carriers.poison"


def read(raw: bytes, own_domain: str):
    """As :func:`inbox.reading.read`, but for what the message asks."""
    _suffer(raw)
    return honest_read(raw, own_domain)


def read_replies(mails: list[tuple[bytes, str]], own_domain: str):
    """As :func:`inbox.reading.read_replies`, but for what each message asks."""
    for raw, _sent in mails:
        _suffer(raw)
    return honest_read_replies(mails, own_domain)


def _suffer(raw: bytes) -> None:
    if b"POISON HANG" in raw:
        while True:
            pass
    if b"POISON DEATH" in raw:
        os._exit(7)
    if b"POISON FAULT" in raw:
        raise ValueError("des mots du message")


def work(kind: str) -> object:
    """What one call did: its environment, too much memory, or a long time."""
    if kind == "environment":
        return sorted(os.environ)
    if kind == "memory":
        return len(bytearray(3 * 1024**3))
    if kind == "hang":
        while True:
            pass
    if kind == "pid":
        return os.getpid()
    raise KeyError(kind)
