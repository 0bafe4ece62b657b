"""The commitments of members: dated versions, each kept, the latest proposed."""

from __future__ import annotations

import re
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
    versions = _versions(_files())
    return versions[max(versions)]


def charter(version: str) -> Charter:
    """The version a member saw.

    :raises KeyError: when no file of that name exists any more.
    """
    return _versions(_files())[version]


def charter_problems() -> list[str]:
    """What is wrong with the instance's own versions, in French: such a file is not proposed to anybody."""
    found = []
    for path in _files():
        try:
            _read(path)
        except (ValueError, KeyError, TypeError, OSError) as error:
            found.append(f"Engagements : {path.name} n’est pas lu ({type(error).__name__} : {error}).")
    return found


def _files() -> tuple[Path, ...]:
    """A version put while the site runs is proposed at once; one that was read is not read again."""
    own = instance().settings.INSTANCE / "commitments"
    return (*sorted(_SHIPPED.glob("*.toml")), *(sorted(own.glob("*.toml")) if own.is_dir() else ()))


@cache
def _versions(files: tuple[Path, ...]) -> dict[str, Charter]:
    read = {}
    for path in files:
        try:
            read[path.stem] = _read(path)
        except (ValueError, KeyError, TypeError, OSError):
            continue  # charter_problems says which
    return read


def _read(path: Path) -> Charter:
    data = tomllib.loads(path.read_text("utf-8"))
    if not re.fullmatch(r"\d{4}-\d{2}", path.stem):
        raise ValueError("le nom est celui d’un mois, par exemple 2027-02.toml")
    return Charter(path.stem, {
        kind.value: tuple(Commitment(item["code"], item["titre"], item["texte"]) for item in data[kind.value])
        for kind in MemberKind})
