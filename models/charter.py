"""The commitments of members: dated versions, each kept, the latest proposed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .instance import instance
from .structure import MemberKind

_SHIPPED = Path(__file__).resolve().parent / "commitments"


@dataclass(frozen=True)
class Commitment:
    code: str
    title: str
    text: str


@dataclass(frozen=True)
class Charter:
    """One version, named after its month (``2026-11``)."""

    version: str
    commitments: dict[str, tuple[Commitment, ...]]

    def of(self, kind: str) -> tuple[Commitment, ...]:
        """The commitments of a :class:`MemberKind`, in their order."""
        return self.commitments[MemberKind(kind).value]


def current_charter() -> Charter:
    """The latest version, the instance's own included."""
    versions = _versions(_own_folder())
    return versions[max(versions)]


def charter(version: str) -> Charter:
    """The version a member saw.

    :raises KeyError: when no file of that name exists any more.
    """
    return _versions(_own_folder())[version]


def _own_folder() -> Path:
    return instance().settings.INSTANCE / "commitments"


@cache
def _versions(own: Path) -> dict[str, Charter]:
    files = [*_SHIPPED.glob("*.toml"), *(own.glob("*.toml") if own.is_dir() else [])]
    return {path.stem: _read(path) for path in files}


def _read(path: Path) -> Charter:
    data = tomllib.loads(path.read_text("utf-8"))
    return Charter(path.stem, {
        kind.value: tuple(Commitment(item["code"], item["titre"], item["texte"]) for item in data[kind.value])
        for kind in MemberKind})
