"""Reading that goes wrong for some messages, in the child process where messages are read: imported there by this name."""

from __future__ import annotations

import os

from inbox.reading import read as honest_read

NAME = "tests.inbox.carriers.poison"


def read(raw: bytes, own_domain: str):
    """As :func:`inbox.reading.read`, but for what the message asks."""
    if b"POISON HANG" in raw:
        while True:
            pass
    if b"POISON DEATH" in raw:
        os._exit(7)
    if b"POISON FAULT" in raw:
        raise ValueError("des mots du message")
    return honest_read(raw, own_domain)


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
