"""When and on what the tests play: the day of the scenarios, a clock that stands still, the databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

#: lundi 11 janvier 2027, 9 h à Paris: the day the acceptance scenarios begin.
TODAY = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)


class Clock:
    """The time of the application: stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now


def databases(*wanted: str):
    """Run a test on these databases: ``@databases("sqlite", "postgresql")``."""
    return pytest.mark.parametrize("database", wanted, indirect=True)
