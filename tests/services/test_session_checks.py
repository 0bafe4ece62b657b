"""What is said of the dates of an immersion (scenarios S08 and N06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from pdf.convention_data import Session
from services.immersion.session_checks import (
    PUBLIC_AGENT,
    Around,
    Elsewhere,
    answer_expected,
    check_sessions,
    months_before,
    read_rhythm,
    working_days,
)

TODAY = date(2027, 1, 11)
AROUND = Around(TODAY, "30")
S08 = tuple(Session(date(2027, 4, day), time(9), time(17)) for day in (13, 15, 20, 22))
AGENT = replace(AROUND, frame=PUBLIC_AGENT, chosen=True, requested_on=TODAY)


def days(*given: date) -> tuple[Session, ...]:
    return tuple(Session(on, time(9), time(12)) for on in given)


def found(sessions, around) -> list[tuple[bool, str]]:
    return [(finding.error, finding.sentence.replace("\u00a0", " ")) for finding in check_sessions(sessions, around)]


def test_the_four_days_of_the_public_agent_are_right():
    assert check_sessions(S08, AGENT) == ()
    assert answer_expected(TODAY) == date(2027, 2, 11)


def test_a_request_on_the_last_day_of_notice_passes_and_the_next_day_is_a_warning():
    assert check_sessions(S08, replace(AGENT, requested_on=date(2027, 1, 13))) == ()
    late = replace(AGENT, requested_on=date(2027, 1, 14))
    [(error, sentence)] = found(S08, late)
    assert not error and "13 janvier 2027 au plus tard" in sentence
    assert check_sessions(S08, replace(late, shorter_notice_agreed=True)) == ()


@pytest.mark.parametrize(("count", "words"), [(1, "2 jours ouvrés au moins"), (11, "10 jours ouvrés au plus")])
def test_a_public_agent_has_two_to_ten_working_days(count, words):
    start = date(2027, 6, 1)
    sessions = days(*[on for on in (start + timedelta(days=n) for n in range(30)) if on.weekday() < 5][:count])
    [(error, sentence)] = found(sessions, AGENT)
    assert error and words in sentence
    [(error, _)] = found(sessions, replace(AGENT, chosen=False))
    assert not error, "while the frame is only likely, nobody is stopped"


def test_saturday_and_a_holiday_are_no_working_days():
    assert working_days(days(date(2027, 5, 1), date(2027, 3, 29), date(2027, 6, 5), date(2027, 6, 7))) == 1


@pytest.mark.parametrize(("before", "declared", "wrong"), [
    (16, 0, False), (10, 6, False), (17, 0, True), (0, 17, True), (9, 8, True)])
def test_twenty_days_in_three_years_count_what_is_known_and_what_is_declared(before, declared, wrong):
    told = found(S08, replace(AGENT, days_before=before, days_elsewhere=declared))
    assert bool(told) is wrong and all(error and "21 jours" in sentence for error, sentence in told)


def test_a_past_date_is_an_error_and_today_is_not():
    assert found(days(date(2027, 1, 8)), AROUND) == [(True, "Le vendredi 8 janvier 2027 est passé. Indiquez une date à venir.")]
    assert check_sessions(days(TODAY), AROUND) == ()


def test_public_holidays_are_warnings_with_their_name():
    told = found(days(date(2027, 5, 1), date(2027, 3, 29)), AROUND)
    assert told == [(False, "Le samedi 1er mai 2027 est un jour férié (Fête du Travail)."),
                    (False, "Le lundi 29 mars 2027 est un jour férié (Lundi de Pâques).")]


def test_nobody_is_in_two_places_at_once():
    other = Elsewhere(Session(date(2027, 2, 2), time(11), time(15)), "IMM-2027-0009")
    around = replace(AROUND, of_person=(other,))
    [finding] = check_sessions(days(date(2027, 2, 2)), around)
    assert finding.error and finding.reference == "IMM-2027-0009" and "IMM" not in finding.sentence
    [finding] = check_sessions((Session(date(2027, 2, 2), time(16), time(18)),), around)
    assert not finding.error, "another moment of the same day is possible"
    assert check_sessions(days(date(2027, 2, 3)), around) == ()


def test_the_same_day_twice_is_an_error():
    assert found(days(date(2027, 2, 2), date(2027, 2, 2)), AROUND)[0][0]


def test_a_host_without_a_place_left_that_day_is_warned():
    around = replace(AROUND, places=1, at_host=(Elsewhere(Session(date(2027, 2, 2), time(9), time(10)), "IMM-2027-0009"),))
    [(error, sentence)] = found(days(date(2027, 2, 2), date(2027, 2, 9)), around)
    assert not error and "une seule place" in sentence and "2 février" in sentence
    assert check_sessions(days(date(2027, 2, 2)), replace(around, places=2)) == ()
    assert check_sessions(days(date(2027, 2, 2)), replace(around, places=0)) == (), "nothing was said of places"


@pytest.mark.parametrize(("text", "read"), [
    ("2 journées sur 2 semaines", (2, False, 2)), ("Deux jours sur trois semaines, le mardi", (2, False, 3)),
    ("4 demi-journées sur 2 semaines", (4, True, 2)), ("quelques jours", None), ("une journée en une semaine", (1, False, 1)),
    ("", None), ("99 jours", None)])
def test_a_rhythm_is_read_where_it_is_plain(text, read):
    assert read_rhythm(text) == read


def test_two_days_over_two_weeks_are_compared_with_what_is_given():
    around = replace(AROUND, rhythm="2 journées sur 2 semaines")
    assert check_sessions(days(date(2027, 2, 2), date(2027, 2, 9)), around) == ()
    [(error, sentence)] = found(days(date(2027, 2, 2), date(2027, 2, 3), date(2027, 2, 4)), around)
    assert not error and "2 journées sur 2 semaines. Ces dates font 3 journées sur 1 semaine." in sentence
    halves = replace(AROUND, rhythm="2 demi-journées sur 1 semaine")
    assert check_sessions((Session(date(2027, 2, 2), time(9), time(12), time(14), time(16)),), halves) == ()


def test_a_day_of_eleven_hours_before_what_was_wished_and_in_two_years():
    around = replace(AROUND, earliest=date(2027, 3, 1))
    told = found((Session(date(2027, 2, 2), time(8), time(19)), Session(date(2029, 2, 6), time(8), time(9))), around)
    assert len(told) == 3 and not any(error for error, _ in told)


def test_months_end_where_the_shorter_month_ends():
    assert months_before(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert months_before(date(2027, 1, 31), -1) == date(2027, 2, 28)
