"""A reminder leaves in working hours, once a day to one person; nothing else waits."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import COORDINATOR, NOA
from roads.stories import confirmed, form, letters, planted
from setting import databases

from app import create_app
from config import SettingError, load_settings
from mail import outbox
from mail.letter import Letter
from models.base import transaction
from models.states import Kind
from services import delivery, reminding, submission
from territory.calendar import PARIS

both = databases("sqlite", "postgresql")
EVENING, SUNDAY = datetime(2027, 1, 15, 21, tzinfo=PARIS), datetime(2027, 1, 17, 10, tzinfo=PARIS)
MONDAY = datetime(2027, 1, 18, 8, tzinfo=PARIS)


def _reminder(name: str = "essai/first_reminder") -> Letter:
    return Letter(name=name, subject="Rappel", text="Bonjour", html="<p>Bonjour</p>")


def test_a_reminder_can_only_be_written_by_asking_when_it_may_leave(context, clock):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    with pytest.raises(outbox.ReminderAtAnyHour), transaction():
        outbox.post(_reminder(), dossier.author, clock.now)


@both
@pytest.mark.parametrize("moment", [EVENING, SUNDAY])
def test_a_reminder_waits_for_working_hours_and_an_answer_does_not(context, clock, moment):
    dossier = planted(Kind.ENTRAIDE, "submitted", moment)
    with transaction():
        row = reminding.post(_reminder(), dossier.author, moment)
        answer = outbox.post(Letter("essai/answer", "Réponse", "Bonjour", "<p>Bonjour</p>"), dossier.author, moment)
    assert row.due_at == MONDAY and answer.due_at == moment
    assert delivery.deliver_due(moment) == 1
    assert delivery.deliver_due(MONDAY) == 1


@both
def test_nobody_is_reminded_twice_a_day_of_whatever(context, clock):
    dossier = planted(Kind.IMMERSION, "submitted", clock.now)
    with transaction():
        days = [reminding.post(_reminder(f"essai/number{n}_reminder"), dossier.author, SUNDAY).due_at for n in range(3)]
        other = reminding.post(_reminder(), dossier.coordinators[0], SUNDAY)
    assert days == [MONDAY, MONDAY.replace(day=19), MONDAY.replace(day=20)]
    assert other.due_at == MONDAY, "another person's day is another day"


@both
def test_the_day_a_reminder_truly_left_is_the_day_that_counts(context, clock):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    with transaction():
        reminding.post(_reminder(), dossier.author, SUNDAY)
    late = MONDAY.replace(day=20, hour=11)
    assert delivery.deliver_due(late) == 1
    assert reminding.may_leave(NOA.upper(), late) == MONDAY.replace(day=21)


def test_a_request_is_not_recalled_at_night_nor_on_sunday(context, clock):
    submission.submit(form(), "1.2.3.4", datetime(2027, 1, 13, 20, tzinfo=PARIS))
    assert [submission.remind_unconfirmed(moment) for moment in (EVENING, SUNDAY)] == [0, 0]
    assert submission.remind_unconfirmed(MONDAY) == 1
    assert letters(NOA, "confirmation_reminder")[0].due_at == MONDAY


def test_two_requests_of_one_person_are_recalled_on_two_days(context, clock):
    for key in "ab":
        submission.submit(form(key=key), "1.2.3.4", clock.now)
    clock.advance(days=2, hours=1)
    assert [submission.remind_unconfirmed(clock.now) for _ in range(2)] == [1, 0]
    clock.advance(days=1)
    assert [submission.remind_unconfirmed(clock.now) for _ in range(2)] == [1, 0]


def test_what_somebody_waits_for_leaves_at_night(context, clock):
    clock.now = EVENING
    confirmed(Kind.ENTRAIDE, clock.now)
    assert {row.due_at for row in letters()} == {EVENING}
    assert letters(COORDINATOR)


def test_an_instance_chooses_its_hours(environ):
    app = create_app({**environ, "RING_REMINDERS_FROM": "9", "RING_REMINDERS_UNTIL": "12"}, testing=True)
    with app.app_context():
        assert reminding.working(MONDAY) == MONDAY.replace(hour=9)
        assert reminding.working(MONDAY.replace(hour=12)) == MONDAY.replace(day=19, hour=9)


@pytest.mark.parametrize("hours", [("19", "8"), ("8", "8"), ("8", "25")])
def test_hours_that_cannot_be_are_told(environ, hours):
    with pytest.raises(SettingError, match="par exemple 8 et 19"):
        load_settings({**environ, "RING_REMINDERS_FROM": hours[0], "RING_REMINDERS_UNTIL": hours[1]})
