"""The gate that writers of SQLite queue at, before BEGIN IMMEDIATE (docs/decisions/0003-database.md); PostgreSQL has its own."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def write_gate(taken: Connection, lasting: bool) -> Iterator[None]:
    """One writer at a time, its transaction begun; ``lasting`` as in :func:`models.base.transaction`."""
    if taken.dialect.name != "sqlite":
        if not lasting:
            taken.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
        yield
        return
    gate = opened_gate(taken)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        begin(taken, lasting)
        yield
    finally:
        os.close(gate)


def opened_gate(taken: Connection) -> int:
    """A descriptor of the lock file."""
    # A descriptor of its own for each writer: flock() is held by the open file, so threads exclude each other too.
    return os.open(f"{taken.engine.url.database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def begin(taken: Connection, lasting: bool) -> None:
    """Begin to write, behind the gate."""
    driver = taken.connection.dbapi_connection
    # In WAL, NORMAL leaves out the wait for the disk at the commit, and nothing else (sqlite.org/wal.html).
    if taken.info.setdefault("lasting", True) != lasting:
        driver.execute(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
        taken.info["lasting"] = lasting
    driver.execute("BEGIN IMMEDIATE")
