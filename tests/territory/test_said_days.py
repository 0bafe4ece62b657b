"""Days as people write them in a mail."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.calendar import say_date
from territory.said_days import Days, UnreadableDays, read_days

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(("words", "last"), [
    ("12 décembre", (2026, 12, 12)), ("12/12", (2026, 12, 12)), ("12 décembre 2026", (2026, 12, 12)),
    ("12.12.26", (2026, 12, 12)),
    ("jusqu’au 1er déc.", (2026, 12, 1)), ("samedi 12 décembre", (2026, 12, 12)), ("le 12 DECEMBRE inclus", (2026, 12, 12)),
    ("2 février", (2027, 2, 2)), ("2026-12-12", (2026, 12, 12)), ("demain", (2026, 11, 23)), ("aujourd’hui", (2026, 11, 22)),
    ("22 novembre", (2026, 11, 22)), ("12 décembre au soir", (2026, 12, 12)), ("5 mai", (2027, 5, 5)),
])
def test_until_a_day_counts_from_today(words, last):
    assert read_days(words, TODAY) == Days(TODAY, date(*last))


@pytest.mark.parametrize(("words", "first", "last"), [
    ("du 7 au 12 décembre", (2026, 12, 7), (2026, 12, 12)), ("du 30 novembre au 4/12/26", (2026, 11, 30), (2026, 12, 4)),
    ("du lundi 7 au samedi 12 décembre 2026", (2026, 12, 7), (2026, 12, 12)),
    ("du 28 décembre au 3 janvier", (2026, 12, 28), (2027, 1, 3)),
    ("à partir du 7 décembre jusqu’au 12/12", (2026, 12, 7), (2026, 12, 12)),
    ("du 20 au 25 novembre", (2026, 11, 22), (2026, 11, 25)),
])
def test_from_a_day_to_another(words, first, last):
    """What began already counts from today."""
    assert read_days(words, TODAY) == Days(date(*first), date(*last))


@pytest.mark.parametrize("words", [
    "", "bientôt", "12", "lundi", "31/02", "12/13", "vendredi 12 décembre", "12 novembre", "12 novembre 2026",
    "12/12/2028", "du 12 au 7 décembre", "12 décembre, je vous réponds ensuite", "la semaine prochaine", "12 ma", "0 décembre",
    "un certain temps", "1 juillet",
])
def test_what_is_past_impossible_or_unclear_is_said_not_guessed(words):
    with pytest.raises(UnreadableDays) as unread:
        read_days(words, TODAY)
    assert str(unread.value)


@given(st.dates(TODAY, date(2027, 5, 20)))
def test_a_day_we_say_is_read_again(day):
    assert read_days(say_date(day), TODAY).last == day


@given(st.text(max_size=40))
def test_nothing_written_breaks_the_reading(words):
    try:
        days = read_days(words, TODAY)
    except UnreadableDays:
        return
    assert TODAY <= days.first <= days.last
