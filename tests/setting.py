"""When and on what the tests play: the day of the scenarios, a clock that stands still, the databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from models.base import db

#: lundi 11 janvier 2027, 9 h à Paris: the day the acceptance scenarios begin.
TODAY = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
#: What the applications of the tests are told.
FIXED = {"RING_SECRET_KEY": "a-secret-for-tests-only-0123456789abcdef", "RING_PUBLIC_URL": "http://localhost",
         "RING_MAIL_DOMAIN": "ring.example"}


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


def at_once(app: Flask, times: int, act: Callable[[int], object]) -> tuple[list, list[Exception]]:
    """Call ``act(0)`` … ``act(times - 1)`` in as many threads, all let go together: ``(what they gave, what they raised)``."""
    given, raised, go = [], [], threading.Barrier(times)

    def play(number: int) -> None:
        with app.app_context():
            go.wait()
            try:
                given.append(act(number))
            except Exception as error:
                raised.append(error)
            finally:
                db.session.remove()
    threads = [threading.Thread(target=play, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given, raised
