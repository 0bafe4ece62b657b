"""A PostgreSQL of our own on loopback, from the system's binaries; PostgreSQL refuses to run as root, so as its user."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from ports import free_port
from tools import absent


class Server:
    """Starts in about a second; durability is off: these databases live for one test."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        if not found:
            absent("postgresql")
        # Beside the instances, in memory where there is room: a database is hundreds of small files, written for one test.
        self.home = Path(tempfile.mkdtemp(prefix="ring-postgres-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        self.bin, self.folder, self.count = found[-1].parent, self.home / "data", 0
        self.user = "postgres" if os.geteuid() == 0 else None
        self.port = free_port()
        if self.user:
            shutil.chown(self.home, self.user)
        self._run("initdb", "-D", str(self.folder), "-U", "ring", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off"
        self._run("pg_ctl", "-D", str(self.folder), "-o", options, "-l", str(self.home / "log"), "-w", "start")

    def _run(self, name: str, *args: str) -> None:
        done = subprocess.run([self.bin / name, *args], capture_output=True, text=True, user=self.user, cwd="/",
                              env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        if done.returncode:
            raise RuntimeError(f"{name} {args[-1]}: {done.stdout}{done.stderr}")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://ring@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """The address of a new database: empty, or with all that the one at the address ``like`` holds."""
        self.count += 1
        name = f"test_{os.getpid()}_{self.count}"
        # Files are copied as they are: written again through the log, they would be a hundred times the work.
        self._say(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2]} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, address: str) -> None:
        """Remove a database, whoever is still connected: hundreds of them fill a disk, and take a minute to delete."""
        self._say(f"DROP DATABASE {address.rpartition('/')[2]} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=ring dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.home, ignore_errors=True)
