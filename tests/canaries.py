"""Canary words, looked for in all that stays: database files with their journal, a backup, a dump, logs, temporary files."""

from __future__ import annotations

import base64
import logging
import quopri
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from models.base import db


def forms_of(word: str) -> Iterator[bytes]:
    """What a word looks like however it is written down."""
    raw = word.encode()
    yield from (raw, word.lower().encode(), word.encode("utf-16-le"), quote(word).encode(), quote_plus(word).encode(),
                quopri.encodestring(raw), raw.hex().encode(), raw.hex().upper().encode())
    yield word.encode("unicode_escape")
    for shift in range(3):  # base64 of a text that holds it anywhere
        yield base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4]


def found_in(content: bytes, words: list[str]) -> list[str]:
    return [word for word in words if any(form in content for form in forms_of(word))]


def files_of(*folders: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def dumped(app, tmp_path: Path) -> dict[str, bytes]:
    """What an operator keeps of the database, as the runbook says."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        copy = tmp_path / "backup.db"
        copy.unlink(missing_ok=True)
        with sqlite3.connect(url.database) as connection:
            connection.execute(f"VACUUM INTO '{copy}'")
        connection.close()
        return {"backup": copy.read_bytes()}
    tool = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1]
    where = ["-h", url.host, "-p", str(url.port), "-U", url.username, url.database]
    return {"dump": subprocess.run([tool, *where], capture_output=True, check=True).stdout}


class Watch:
    """All that stays, looked at after each step."""

    def __init__(self, app, folder: Path, temporary: Path, tmp_path: Path, caplog) -> None:
        self.app, self.folders, self.tmp_path, self.caplog = app, (folder, temporary), tmp_path, caplog
        self.words: list[str] = []
        self.looked = 0

    def look(self) -> None:
        with self.app.app_context():
            everything = files_of(*self.folders) | dumped(self.app, self.tmp_path) | {"log": self.caplog.text.encode()}
            db.session.rollback()
        for where, content in everything.items():
            assert found_in(content, self.words) == [], where
        self.looked += len(everything)


@pytest.fixture
def watched(environ, tmp_path, caplog, monkeypatch):
    """Makes the :class:`Watch` of an application, with a folder of its own for temporary files and all that is logged."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    caplog.set_level(logging.DEBUG)
    # The other side's: a mail server knows to whom it carries a letter (docs/runbook.md says so).
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)
    return lambda app: Watch(app, Path(environ["RING_INSTANCE"]), temporary, tmp_path, caplog)
