"""Working days, Paris time, and French words for dates and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.calendar import (
    PARIS,
    add_working_days,
    holiday_name,
    is_working_day,
    local,
    say_date,
    say_datetime,
    say_day,
    say_duration,
    say_time,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(("day", "name"), [
    (date(2027, 1, 1), "Jour de l’an"), (date(2027, 3, 29), "Lundi de Pâques"), (date(2027, 5, 6), "Ascension"),
    (date(2027, 5, 17), "Lundi de Pentecôte"), (date(2027, 7, 14), "Fête nationale"), (date(2027, 12, 25), "Noël"),
    (date(2008, 5, 1), "Ascension et Fête du Travail"), (date(2027, 3, 28), None), (date(2027, 2, 2), None),
])
def test_public_holidays_have_their_french_name(day, name):
    assert holiday_name(day) == name


def test_there_are_eleven_public_holidays_in_a_year():
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(holiday_name(day) is not None for day in days) == 11


def test_weekends_and_holidays_are_not_worked():
    assert is_working_day(date(2027, 2, 2))
    assert not is_working_day(date(2027, 2, 6))
    assert not is_working_day(date(2027, 2, 7))
    assert not is_working_day(date(2027, 3, 29))
    assert not is_working_day(date(2027, 7, 14))


@pytest.mark.parametrize(("day", "departements"), [
    (date(2027, 3, 26), ("57", "67", "68")), (date(2028, 12, 26), ("57", "67", "68")), (date(2027, 12, 20), ("974",)),
    (date(2027, 5, 27), ("971",)), (date(2028, 5, 22), ("972",)),
])
def test_some_departements_have_days_of_their_own(day, departements):
    assert is_working_day(day)
    assert is_working_day(day, "30")
    for departement in departements:
        assert holiday_name(day, departement), departement
        assert not is_working_day(day, departement)


@pytest.mark.parametrize(("start", "n", "end"), [
    (date(2027, 2, 1), 3, date(2027, 2, 4)),
    (date(2027, 2, 5), 1, date(2027, 2, 8)),
    (date(2027, 2, 6), 1, date(2027, 2, 8)),
    (date(2027, 3, 26), 1, date(2027, 3, 30)),
    (date(2027, 7, 13), 1, date(2027, 7, 15)),
    (date(2027, 12, 31), 1, date(2028, 1, 3)),
    (date(2027, 2, 6), 0, date(2027, 2, 8)),
    (date(2027, 2, 8), 0, date(2027, 2, 8)),
    (date(2027, 3, 30), -1, date(2027, 3, 26)),
])
def test_adding_working_days_steps_over_weekends_and_holidays(start, n, end):
    assert add_working_days(start, n) == end


def test_a_moment_counts_for_its_day_in_paris():
    # 23:30 UTC on Sunday is already Monday in Paris.
    assert add_working_days(datetime(2027, 2, 7, 23, 30, tzinfo=UTC), 1) == date(2027, 2, 9)
    assert type(add_working_days(datetime(2027, 2, 7, 12, tzinfo=UTC), 0)) is date
    assert not is_working_day(datetime(2027, 7, 13, 22, 30, tzinfo=UTC))


@given(DAYS, st.integers(1, 30))
def test_the_days_between_are_counted_one_by_one(start, n):
    end = add_working_days(start, n)
    between = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == n


def test_summer_time_is_two_hours_from_utc_and_winter_time_one():
    assert local(datetime(2027, 3, 28, 0, 59, tzinfo=UTC)).time() == time(1, 59)
    assert local(datetime(2027, 3, 28, 1, 0, tzinfo=UTC)).time() == time(3, 0)
    assert local(datetime(2027, 10, 31, 0, 59, tzinfo=UTC)).time() == time(2, 59)
    assert local(datetime(2027, 10, 31, 1, 0, tzinfo=UTC)).time() == time(2, 0)
    assert local(datetime(2027, 7, 1, tzinfo=UTC)).tzinfo is PARIS


@pytest.mark.parametrize("use", [
    local, say_datetime, say_date, say_time, is_working_day, lambda at: add_working_days(at, 1),
])
def test_a_moment_without_a_time_zone_is_refused(use):
    with pytest.raises(ValueError, match="without a time zone"):
        use(datetime(2027, 2, 2, 9, 30))


@pytest.mark.parametrize(("day", "said"), [
    (date(2027, 2, 2), "mardi 2\u00a0février 2027"), (date(2027, 8, 1), "dimanche 1er\u00a0août 2027"),
    (date(2027, 12, 31), "vendredi 31\u00a0décembre 2027"),
])
def test_dates_are_said_in_french(day, said):
    assert say_date(day) == said
    assert say_day(day) == said.removesuffix(" 2027")


@pytest.mark.parametrize(("at", "said"), [
    (time(9, 30), "9\u00a0h\u00a030"), (time(9), "9\u00a0h"), (time(0, 5), "0\u00a0h\u00a005"), (time(14), "14\u00a0h"),
    (datetime(2027, 7, 14, 12, 30, tzinfo=UTC), "14\u00a0h\u00a030"),
])
def test_hours_are_said_in_french(at, said):
    assert say_time(at) == said


def test_a_moment_is_said_in_paris_time():
    assert say_datetime(datetime(2027, 2, 2, 8, 30, tzinfo=UTC)) == "mardi 2\u00a0février 2027 à 9\u00a0h\u00a030"
    assert say_datetime(datetime(2027, 6, 30, 22, 0, tzinfo=UTC)) == "jeudi 1er\u00a0juillet 2027 à 0\u00a0h"


@pytest.mark.parametrize(("minutes", "said"), [
    (840, "14\u00a0h"), (95, "1\u00a0h\u00a035"), (65, "1\u00a0h\u00a005"), (45, "45\u00a0min"), (0, "0\u00a0min"),
])
def test_durations_are_said_in_french(minutes, said):
    assert say_duration(minutes) == said


def test_a_negative_duration_is_refused():
    with pytest.raises(ValueError, match="negative"):
        say_duration(-1)
