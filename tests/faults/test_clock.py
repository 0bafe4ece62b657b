"""What the clock does: a piece of work, or a request, that fails keeps no other waiting, and is told without its words."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from roads.stories import form
from setting import databases
from sqlalchemy import select, text

from commands.check import clock_fails
from jobs.engine import HOURLY, hourly
from models.base import db, transaction
from models.clock import ClockFailure
from models.dossier import Dossier
from services import submission, sweeping
from services.sweeping import WorkFailed, all_of

SECRET = "Marguerite et son secret"


@databases("sqlite", "postgresql")
def test_one_verb_that_fails_keeps_no_other_from_its_work_and_is_told(context, clock):
    done = []

    def well(now) -> int:
        done.append(db.session.scalar(text("SELECT count(*) FROM dossier")))
        return 1

    def badly(_now) -> int:
        db.session.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": SECRET})
        return 1

    with pytest.raises(WorkFailed) as told:
        all_of((well, badly, well), clock.now)
    assert done == [0, 0] and told.value.done == 2
    [row] = db.session.scalars(select(ClockFailure))
    assert row.work.endswith("badly") and row.about == "" and row.times == 1
    assert "Marguerite" not in f"{told.value}{row.error}{clock_fails()}" and "tests/faults/test_clock.py" in row.error
    assert all_of((well, well), clock.now) == 2


@databases("sqlite", "postgresql")
def test_one_poisoned_request_keeps_no_other_waiting_and_is_told_until_it_is_mended(context, clock, caplog):
    references = []
    for number in range(3):
        made = submission.submit(form(key=f"poison-{number}", email=f"p{number}@courriel.example"), f"p.{number}", clock.now)
        references.append(made.reference)
    _write_to(references[0], f"{SECRET}@courriel.example")  # no letter can be written to that, and the error quotes it
    clock.advance(days=2, hours=1)
    with caplog.at_level(logging.ERROR), pytest.raises(WorkFailed) as told:
        hourly(clock.now)
    reminded = {one.reference: one.reminded_at is not None for one in db.session.scalars(select(Dossier))}
    assert reminded == {references[0]: False, references[1]: True, references[2]: True}
    [sentence] = clock_fails()
    assert references[0] in sentence and "submission._remind" in sentence and "essais : 1" in sentence
    assert "Marguerite" not in f"{sentence}{told.value}{caplog.text}"
    assert told.value.__cause__ is told.value.__context__ is None, "Huey logs what it is raised from"
    with pytest.raises(WorkFailed):
        hourly(clock.advance(hours=1))
    assert "essais : 2" in clock_fails()[0]
    _write_to(references[0], "p0@courriel.example")
    hourly(clock.advance(hours=1))
    assert clock_fails() == []
    assert db.session.scalar(select(Dossier.reminded_at).where(Dossier.reference == references[0])) == clock.now


def _write_to(reference: str, email: str) -> None:
    with transaction():
        db.session.scalar(select(Dossier).where(Dossier.reference == reference)).author.email = email


def test_what_is_not_tried_any_more_is_forgotten(context, clock):
    with transaction():
        db.session.add(ClockFailure(work="gone.verb", about="dossier 1", error="KeyError", since_on=clock.now.date(),
                                    last_on=clock.now.date(), times=1))
    assert clock_fails() and sweeping.forget(clock.now + timedelta(days=6)) == 0
    assert sweeping.forget(clock.now + timedelta(days=9)) == 1 and clock_fails() == []


def test_each_verb_of_the_hour_is_named_once():
    names = [sweeping.name_of(verb) for verb in HOURLY]
    assert len(names) == len(set(names))
