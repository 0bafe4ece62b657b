"""A copy of the whole instance, made while it works: the database as it is at one moment, then the files that it names."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from models.base import db
from models.instance import instance
from territory.calendar import local

#: What is not copied of the instance's folder: tasks, locks and caches are made again, and the database is copied apart.
LEFT = ("jobs.db*", "ring.db*", "*.lock", ".*")
_NAME, _NAMED = "%Y-%m-%d-%Hh%Mm%S", re.compile(r"\d{4}-\d\d-\d\d-\d\dh\d\dm\d\d")
_BEGUN = ".en-cours"


class NotSaved(Exception):
    """Nothing was kept; the message says why, in French."""


@dataclass(frozen=True)
class Saved:
    """Where the copy is, the bytes of its database, and how many files of people it holds."""

    folder: Path
    database: int
    files: int


def back_up(where: Path, now: datetime, keep: int | None = None) -> Saved:
    """Make a folder of its own below ``where``, whole or not at all; of all copies there, the ``keep`` latest then stay.

    A file that the copy before holds already takes no more room: its content is its name, both are one file of the disk.

    :raises NotSaved: the folder cannot be written, or the database cannot be copied or read again.
    """
    if where.resolve().is_relative_to(instance().settings.INSTANCE):
        raise NotSaved(f"« {where} » est dans le dossier de l’instance : choisissez-en un en dehors.")
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(where):
            saved = _copy_all(where, local(now).strftime(_NAME))
            if keep:
                for old in sorted(_copies(where))[:-keep]:
                    shutil.rmtree(old)
    except BlockingIOError as error:
        raise NotSaved("Une autre sauvegarde est en cours dans le même dossier.") from error
    except OSError as error:
        raise NotSaved(f"« {error.filename or where} » : {error.strerror or error}.") from error
    except (sqlite3.Error, subprocess.CalledProcessError) as error:
        raise NotSaved(f"La base n’a pas pu être copiée : {getattr(error, 'stderr', None) or error}") from error
    return saved


@contextmanager
def _alone(where: Path) -> Iterator[None]:
    folder = os.open(where, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(folder)


def _copy_all(where: Path, name: str) -> Saved:
    """Under a name that says it is not whole, until it is."""
    for stopped in where.glob(f"*{_BEGUN}"):  # one that was killed
        shutil.rmtree(stopped)
    begun = where / f"{name}{_BEGUN}"
    try:
        begun.mkdir(mode=0o700)
        size = _copy_database(begun).stat().st_size
        files = _copy_folder(instance().settings.INSTANCE, begun, max(_copies(where), default=None))
        begun.rename(where / name)
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return Saved(where / name, size, files)


def _copies(where: Path) -> list[Path]:
    return [path for path in where.iterdir() if _NAMED.fullmatch(path.name)]


def _copy_database(into: Path) -> Path:
    url = db.engine.url
    if url.get_backend_name() != "sqlite":
        return _dump(url, into / "ring.dump")
    copy = into / "ring.db"
    with closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    with closing(sqlite3.connect(copy)) as made:
        [said] = made.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise sqlite3.DatabaseError(said)
    return copy


def _dump(url: URL, copy: Path) -> Path:
    """With PostgreSQL's own program; the password is in a file (libpq, 34.16), where other accounts do not read it."""
    password = copy.with_name(".pgpass")
    password.touch(0o600)
    password.write_text("*:*:*:*:" + re.sub(r"([:\\])", r"\\\1", str(url.password or "")) + "\n", "utf-8")
    plain = url.set(drivername="postgresql", password=None).update_query_dict({"passfile": str(password)}).render_as_string()
    subprocess.run(["pg_dump", "--format=custom", f"--file={copy}", f"--dbname={plain}"],  # noqa: S603, S607
                   check=True, capture_output=True, text=True)
    password.unlink()
    copy.chmod(0o600)
    return copy


def _copy_folder(source: Path, into: Path, before: Path | None) -> int:
    count = 0

    def copy(one: str, other: str) -> None:
        nonlocal count
        place = Path(other).relative_to(into)
        if place.parts[0] == "files":
            count += 1
            if before and (before / place).exists():
                return os.link(before / place, other)
        with suppress(FileNotFoundError):  # erased meanwhile
            shutil.copy2(one, other)
        return None
    shutil.copytree(source, into, copy_function=copy, ignore=shutil.ignore_patterns(*LEFT), dirs_exist_ok=True)
    into.chmod(0o700)  # copytree gave it the rights of its model
    return count
