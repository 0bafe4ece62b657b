"""A Maildir folder: what a backup, a mailbox tool or a mail server left on a disk, taken in without touching it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.instance import instance
from services import inbound

from .taking import HEADER_BYTES, take, take_header

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


def bring_in(folder: Path, now: datetime) -> Taken:
    """Take in every message of a Maildir; what was taken before, by whatever carrier, is known. The folder stays as it is.

    :raises NotAMaildir:
    :raises OSError: a file cannot be read; what came before it was taken, and the whole can be run again.
    """
    done = Taken()
    for path in messages(folder):
        size = path.stat().st_size
        if size > instance().settings.inbox_max_bytes:
            with path.open("rb") as file:
                kept = take_header(file.read(HEADER_BYTES), size, NAME, now)
            done.too_large += kept is not None
            done.private += kept is None
            continue
        raw = path.read_bytes()
        known = inbound.is_stored(raw)
        # Even what is known: it may have been stored and not understood.
        if take(raw, NAME, now) is None:
            done.private += 1
        elif known:
            done.known += 1
        else:
            done.new += 1
    inbound.note_success(NAME, now)
    return done
