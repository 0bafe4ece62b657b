"""Ports of loopback for the servers of the tests: none is given twice, and a server that was killed finds its own again."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

#: Below those the system lends to who calls (32768 and up, ip(7)).
PORTS = range(20_000, 32_000)
#: Ours until this process ends (flock(2)): several processes run tests at once, and each looks for ports before it listens.
_TAKEN: list[int] = []


def free_port() -> int:
    """A TCP port on which nobody listens."""
    folder = Path(tempfile.gettempdir(), f"ring-ports-{os.geteuid()}")
    folder.mkdir(exist_ok=True)
    for port in random.SystemRandom().sample(PORTS, 200):
        taken = os.open(folder / str(port), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)
        with socket.socket() as probe, contextlib.suppress(OSError):
            fcntl.flock(taken, fcntl.LOCK_EX | fcntl.LOCK_NB)
            probe.bind(("127.0.0.1", port))
            _TAKEN.append(taken)
            return port
        os.close(taken)
    raise RuntimeError("no free port")
