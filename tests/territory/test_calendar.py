"""Working days, Paris time, and French words for dates and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from territory.calendar import (
    _OWN_HOLIDAYS,
    PARIS,
    add_working_days,
    holiday_name,
    is_working_day,
    local,
    next_working_moment,
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


def test_the_days_are_those_of_the_package_for_the_whole_country():
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(7671)]
    for departement, name in [("30", None), *_OWN_HOLIDAYS.items()]:
        known = country_holidays("FR", subdiv=name, years=range(2020, 2041), language="fr")
        found = {day: said for day in days if (said := holiday_name(day, departement))}
        assert found == {day: said.replace("'", "’").replace("; ", " et ") for day, said in known.items()}, departement


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


def _paris(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(("moment", "wanted"), [
    (_paris(2027, 1, 11, 8), _paris(2027, 1, 11, 8)),  # the first minute counts, the last hour does not
    (_paris(2027, 1, 11, 18, 59), _paris(2027, 1, 11, 18, 59)),
    (_paris(2027, 1, 11, 19), _paris(2027, 1, 12, 8)),
    (_paris(2027, 1, 11, 7, 59), _paris(2027, 1, 11, 8)),
    (_paris(2027, 1, 12, 0, 30), _paris(2027, 1, 12, 8)),
    (_paris(2027, 1, 15, 19, 1), _paris(2027, 1, 18, 8)),  # Friday evening
    (_paris(2027, 1, 16, 12), _paris(2027, 1, 18, 8)),  # Saturday
    (_paris(2027, 3, 26, 20), _paris(2027, 3, 30, 8)),  # Easter, and the hour that goes forward on Sunday
    (_paris(2027, 10, 29, 20), _paris(2027, 11, 2, 8)),  # the hour that comes back on Sunday, All Saints on Monday
    (_paris(2027, 12, 31, 22), _paris(2028, 1, 3, 8)),  # the end of the year
    (_paris(2026, 12, 24, 20), _paris(2026, 12, 28, 8)),  # Christmas is a Friday
    (_paris(2027, 5, 5, 20), _paris(2027, 5, 7, 8)),  # Ascension: the Friday is a working day
])
def test_what_nobody_waits_for_leaves_in_working_hours(moment, wanted):
    found = next_working_moment(moment, 8, 19)
    assert found == wanted
    assert local(found).hour == local(wanted).hour, "eight o'clock in Paris, before and after the clocks change"


def test_a_holiday_of_a_departement_alone_is_kept_there_alone():
    good_friday = _paris(2027, 3, 26, 10)
    assert next_working_moment(good_friday, 8, 19) == good_friday
    assert next_working_moment(good_friday, 8, 19, "67") == _paris(2027, 3, 30, 8)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC)), st.integers(0, 23), st.integers(1, 24))
def test_a_working_moment_is_never_before_nor_outside_the_hours(moment, opens, length):
    closes = min(opens + length, 24)
    found = next_working_moment(moment, opens, closes)
    assert found >= moment
    assert is_working_day(found) and opens <= local(found).hour
    assert local(found).hour < closes
    assert next_working_moment(found, opens, closes) == found
    assert found - moment < timedelta(days=6)


@pytest.mark.parametrize("hours", [(19, 8), (8, 8), (-1, 8), (8, 25)])
def test_hours_that_are_no_range_of_a_day_are_refused(hours):
    with pytest.raises(ValueError):
        next_working_moment(_paris(2027, 1, 11, 8), *hours)


def test_working_hours_are_not_guessed_without_a_time_zone():
    with pytest.raises(ValueError):
        next_working_moment(datetime(2027, 1, 11, 8), 8, 19)
