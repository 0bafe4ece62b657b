"""kill -9 at a chosen moment: of all that a process does and that others find when it is dead, before the n-th.

Those moments are each statement of the database, BEGIN and COMMIT among them, each file that is opened to be written, kept on
disk, named, linked or removed, each lock that is taken and each process that is started. Between two of them a process only
thinks: whoever comes after it finds the same, whenever in between it died.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable

import psycopg
from sqlalchemy import Engine, event

#: Audit events (library/audit_events) that leave something behind; a file is opened to be written, too.
OUTLIVING = ("os.rename", "os.link", "os.remove", "os.mkdir", "fcntl.flock", "subprocess.Popen")
_left = 0
_telling = -1


def strike(moment: int, telling: int) -> None:
    """From now on, count; before what is the ``moment``-th, say what it is on the descriptor ``telling``, and die."""
    global _left, _telling
    _left, _telling = moment, telling


def watch() -> None:
    """Once in a process, before it connects to a database: see what happens in it, and in those that are forked from it."""
    event.listen(Engine, "connect", lambda connection, _record: _traced(connection))
    for owner, name, what in ((psycopg.Cursor, "execute", _asked), (psycopg.Cursor, "executemany", _asked),
                              (psycopg.Connection, "commit", lambda *_: "COMMIT"), (os, "fsync", lambda *_: "os.fsync")):
        setattr(owner, name, _told(getattr(owner, name), what))
    sys.addaudithook(_audited)


def _told(act: Callable, what: Callable[..., str]) -> Callable:
    def told(*given, **more):
        _moment(what(*given))
        return act(*given, **more)
    return told


def _asked(_cursor: object, query: str | bytes, *_given: object) -> str:
    return _words(query)


def _traced(connection: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        # What a trigger does is told as a comment: it is a part of the statement that pulled it. A PRAGMA is no work yet.
        connection.set_trace_callback(lambda said: said.startswith(("--", "PRAGMA")) or _moment(_words(said)))


def _audited(name: str, given: tuple) -> None:
    if _left and (name in OUTLIVING or (name == "open" and given[2] is not None and given[2] & (os.O_WRONLY | os.O_RDWR))):
        _moment(name)


def _words(statement: str | bytes) -> str:
    """What a statement does, and to which table: ``INSERT INTO dossier``."""
    words = (statement.decode() if isinstance(statement, bytes) else str(statement)).replace("(", " ").replace('"', "").split()
    if words[0] == "SELECT" and "FROM" in words:
        words = ["SELECT", words[words.index("FROM") + 1]]
    return " ".join(words[:{"INSERT": 3, "DELETE": 3, "UPDATE": 2, "SELECT": 2}.get(words[0], 1)])


def _moment(what: str) -> None:
    global _left
    if not _left:
        return
    _left -= 1
    if not _left:
        os.write(_telling, what.encode())
        os.kill(os.getpid(), signal.SIGKILL)
