"""A Maildir folder: what a backup, a mailbox tool or a mail server left on a disk, taken in without touching it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inbox.ahead import Claimed
from inbox.together import full, keep_all, understand_all
from models.instance import instance
from services import inbound

from .taking import HEADER_BYTES, take_header

NAME = "maildir"


class NotAMaildir(Exception):
    """The folder has neither ``new`` nor ``cur``."""


@dataclass
class Taken:
    """What an import did."""

    new: int = 0
    known: int = 0
    private: int = 0
    """Answers to neutral letters: nothing of them is stored. The file stays, in clear, for the operator to remove."""
    too_large: int = 0


def messages(folder: Path) -> Iterator[Path]:
    """The messages of a Maildir, oldest first (their names begin with the time); ``tmp`` is not delivered yet.

    :raises NotAMaildir:
    """
    parts = [folder / name for name in ("new", "cur") if (folder / name).is_dir()]
    if not parts:
        raise NotAMaildir(folder)
    yield from sorted((path for part in parts for path in part.iterdir() if path.is_file() and not path.name.startswith(".")),
                      key=lambda path: path.name)


def bring_in(folder: Path, clock: Callable[[], datetime]) -> Taken:
    """Take in every message of a Maildir; what was taken before, by whatever carrier, is known. The folder stays as it is.

    :raises NotAMaildir:
    :raises OSError: a file cannot be read; what came before it was taken, and the whole can be run again.
    """
    done, troubles = Taken(), []
    understand_all(_kept(messages(folder), clock, done, troubles), clock)
    if troubles:
        raise troubles[0]
    inbound.note_success(NAME, clock())
    return done


def _kept(paths: Iterable[Path], clock: Callable[[], datetime], done: Taken, troubles: list[OSError]) -> Iterator[Claimed]:
    """The messages of files, stored; what becomes of the files is counted in ``done``, and the first trouble ends it."""
    raws: list[bytes] = []
    try:
        for path in paths:
            if (raw := _whole(path, clock, done)) is not None:
                raws.append(raw)
            if full(raws):
                yield from _stored(raws, clock(), done)
                raws = []
    except OSError as trouble:
        troubles.append(trouble)
    yield from _stored(raws, clock(), done)


def _whole(path: Path, clock: Callable[[], datetime], done: Taken) -> bytes | None:
    """A message; None where its header alone was taken."""
    size = path.stat().st_size
    if size <= instance().settings.inbox_max_bytes:
        return path.read_bytes()
    with path.open("rb") as file:
        kept = take_header(file.read(HEADER_BYTES), size, NAME, clock())
    done.too_large += kept is not None
    done.private += kept is None
    return None


def _stored(raws: list[bytes], now: datetime, done: Taken) -> Iterator[Claimed]:
    for claimed in keep_all(raws, NAME, now):
        if claimed is None:
            done.private += 1
            continue
        done.new += claimed[1] is not None
        done.known += claimed[1] is None
        yield claimed  # even what is known: it may have been stored and not understood
