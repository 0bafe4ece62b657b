"""No provider is written to faster than it likes, and none waits for another."""

from __future__ import annotations

from collections import Counter

import pytest
from relay import sending_app
from roads.stories import form, letters
from setting import at_once, databases

from models.base import db
from services import delivery, submission
from services.delivery.pacing import provider

both = databases("sqlite", "postgresql")


@pytest.fixture
def paced(environ, smtp, clock):
    with sending_app(environ, smtp.port, clock, RING_MAIL_PER_MINUTE="10") as app:
        yield app


def _written(clock, *addresses: str) -> None:
    for address in addresses:
        submission.submit(form(key=address, email=address), address, clock.now)


def _minute(clock) -> Counter:
    """What left in this minute, per provider."""
    before = {row.id for row in letters() if row.state == "sent"}
    while delivery.deliver_due(clock.now):
        pass
    db.session.rollback()
    gone = Counter(provider(row.recipient) for row in letters() if row.state == "sent" and row.id not in before)
    clock.advance(minutes=1)
    return gone


def test_domains_of_one_provider_count_together():
    assert provider("a@wanadoo.fr") == provider("b@Orange.fr") == "orange.fr"
    assert provider("a@ville.example") == "ville.example"


@both
def test_many_letters_to_one_provider_are_spread_and_hold_nobody_back(paced, smtp, clock):
    _written(clock, *(f"p{n}@orange.fr" for n in range(12)), *(f"q{n}@wanadoo.fr" for n in range(6)),
             *(f"r{n}@ville{n}.example" for n in range(30)), *(f"s{n}@association.example" for n in range(14)))
    first = _minute(clock)
    assert first["orange.fr"] == 5, "half the pace, and both domains together"
    assert first["association.example"] == 10
    assert sum(count for name, count in first.items() if name.startswith("ville")) == 30
    assert _minute(clock) == {"orange.fr": 5, "association.example": 4}
    assert [_minute(clock)["orange.fr"] for _ in range(3)] == [5, 3, 0]
    assert len(set(smtp.ids())) == len(smtp.ids()) == 62
    assert {row.attempts for row in letters()} == {1}, "a letter put off was not tried"


@both
def test_several_workers_keep_the_pace_together(paced, clock):
    _written(clock, *(f"p{n}@association.example" for n in range(25)))
    handled, failed = at_once(paced, 3, lambda _: delivery.deliver_due(clock.now))
    assert failed == []
    assert sum(handled) == 10
    clock.advance(minutes=1)
    handled, failed = at_once(paced, 3, lambda _: delivery.deliver_due(clock.now))
    assert (sum(handled), failed) == (10, [])


def test_without_a_pace_everything_leaves(sending, clock):
    sending.extensions["ring"].settings.__dict__["MAIL_PER_MINUTE"] = 0
    _written(clock, *(f"p{n}@orange.fr" for n in range(120)))
    assert delivery.deliver_due(clock.now) == 100, "one batch, one connection"
    assert delivery.deliver_due(clock.now) == 20
