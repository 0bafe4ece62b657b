"""What a check of the DNS found: a mark and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    ADVICE = "advice"
    """It works; something would be better."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Checked:
    """``sentence`` is said to an operator, in French."""

    mark: Mark
    sentence: str
