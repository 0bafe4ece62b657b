"""What is counted of the network, and for which months."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from activity import dossier_row, populate
from asked import statements
from setting import databases

from models.base import db, transaction
from models.convention import Convention, ImmersionSession
from models.dossier import Entraide, Immersion
from models.evaluation import Evaluation
from models.journal import JournalEntry
from models.mentorat import Mentorat
from models.structure import Membre
from services.errors import NotFound
from services.observatoire import publishing
from services.observatoire.counting import count, figures
from services.observatoire.outlines import FILE, UnusableOutlines, outlines, read
from services.observatoire.period import period_named, periods

SEPTEMBER = datetime(2026, 9, 3, 9, tzinfo=UTC)
TODAY = datetime(2027, 1, 11, 8, tzinfo=UTC)


def year_2026(now: datetime = TODAY):
    return period_named("2026", now, date(2026, 9, 3))


def told(table) -> dict[str, int | None]:
    return dict(zip((*table.rows, "Total"), (line[-1] for line in table.cells), strict=True))


def test_a_period_is_made_of_whole_months():
    rolling, *years = periods(TODAY, date(2025, 3, 1))
    assert (rolling.first, rolling.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [one.slug for one in years] == ["2026", "2025"]
    assert periods(datetime(2027, 3, 31, 21, 59, tzinfo=UTC), None)[0].last == date(2027, 2, 28)
    assert periods(datetime(2027, 3, 31, 22, tzinfo=UTC), None)[0].last == date(2027, 3, 31), "it is April in Paris"


def test_a_year_under_way_stops_at_its_last_whole_month():
    period = period_named("2027", datetime(2027, 5, 4, tzinfo=UTC), date(2026, 1, 1))
    assert period.last == date(2027, 4, 30) and period.label == "l’année 2027, jusqu’à fin avril"


@pytest.mark.parametrize("slug", ["2025", "2028", "demain", "20266"])
def test_nothing_is_told_of_another_period(slug):
    with pytest.raises(NotFound):
        period_named(slug, TODAY, date(2026, 9, 3))


@databases("sqlite", "postgresql")
def test_members_are_counted_by_epci_and_kind_at_the_end_of_the_period(context):
    populate(SEPTEMBER)
    members = count(year_2026()).members
    assert members.columns == ("Structures", "Professionnel·les", "En devenir")
    assert told(members)["Communauté d’agglomération de Nîmes Métropole"] == 49
    assert told(members)["Communauté de communes du Pays Viganais"] is None, "three members"
    assert told(members)["Total"] == 112


def test_who_left_before_the_end_or_came_after_it_is_not_counted(context):
    populate(SEPTEMBER)
    with transaction():
        first, second, third = db.session.query(Membre).filter_by(commune="30189").limit(3)
        first.left_at, second.left_at = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)
        third.joined_at = TODAY
    assert count(year_2026()).members.total == 110


@databases("sqlite", "postgresql")
def test_requests_are_counted_by_theme_by_month_and_by_what_became_of_them(context):
    populate(SEPTEMBER)
    found = count(year_2026())
    assert told(found.themes)["Démarches administratives en ligne"] == 35
    assert told(found.months)["octobre 2026"] == 15 and told(found.months)["janvier 2026"] == 0
    assert told(found.outcomes) == {"Résolues": 51, "Closes autrement": 0, "Sans suite": 0, "Retirées": 0, "En cours": 5,
                                    "Total": 56}
    assert dict(found.immersions)["Immersions demandées"] == 6


@databases("sqlite", "postgresql")
def test_a_year_of_one_month_is_counted_too(context):
    populate(datetime(2027, 1, 1, 9, tzinfo=UTC))
    period = period_named("2027", datetime(2027, 2, 4, tzinfo=UTC), date(2026, 9, 3))
    assert told(count(period).months) == {"janvier 2027": 20, "Total": 20}


def lived(number: int) -> None:
    """That many immersions of two days, signed and lived in December, each with its three reports."""
    at = datetime(2026, 12, 8, 9, tzinfo=UTC)
    with transaction():
        for rank in range(number):
            one = Immersion(**dossier_row("immersion", 100 + rank, at), answers={}, state="lived")
            one.journal.append(JournalEntry(kind="lived", at=at, facts={}))
            one.conventions.append(Convention(version=1, state="signed", template="t", data={}, saved_at=at, completed_at=at))
            one.sessions += [ImmersionSession(on=date(2026, 12, day), starts=time(9), ends=time(12)) for day in (1, 8)]
            one.evaluations += [Evaluation(voice=voice, asked_at=at, given_at=at) for voice in ("companion", "host", "employer")]
            db.session.add(one)


@databases("sqlite", "postgresql")
def test_immersions_are_counted_step_by_step(context):
    lived(5)
    assert dict(count(year_2026()).immersions) == {
        "Immersions demandées": 5, "Conventions signées par tous": 5, "Immersions vécues": 5, "Jours d’immersion": 10,
        "Retours donnés": 15}


@pytest.mark.parametrize("work_status", ["independant", "benevole"])
def test_who_comes_without_an_employer_is_counted_as_anybody(context, work_status):
    lived(5)
    with transaction():
        for one in db.session.query(Immersion):
            one.answers = {"work_status": work_status}
            if work_status == "independant":
                one.evaluations[:] = [row for row in one.evaluations if row.voice != "employer"]
    found = dict(count(year_2026()).immersions)
    assert found["Immersions vécues"] == 5 and found["Jours d’immersion"] == 10
    assert found["Retours donnés"] == (10 if work_status == "independant" else 15), "two parties, two reports"


@databases("sqlite", "postgresql")
def test_mentoring_is_counted_in_pairs_proposed_made_and_ended(context):
    at = datetime(2026, 12, 8, 9, tzinfo=UTC)
    with transaction():
        for rank in range(6):
            one = Mentorat(**dossier_row("mentorat", 100 + rank, at), answers={}, state="closed")
            kinds = ["mentor_asked", "mentor_declined", "mentor_asked", "newcomer_agreed"] + ["mentorat_ended"] * (rank < 4)
            one.journal += [JournalEntry(kind=kind, at=at, facts={}) for kind in kinds]
            db.session.add(one)
    assert dict(count(year_2026()).mentoring) == {
        "Paires proposées": 12, "Paires faites, d’un commun accord": 6, "Mentorats terminés": None}, "four are too few to be told"


def test_days_and_reports_say_nothing_of_few_immersions(context):
    lived(3)
    assert set(dict(count(year_2026()).immersions).values()) == {None}


def test_a_theme_that_is_no_longer_in_the_list_is_counted_as_another_subject(context):
    populate(SEPTEMBER)
    with transaction():
        for one in db.session.query(Entraide).filter(Entraide.answers["theme"].as_string() == "diagnostic"):
            one.answers = {"theme": "minitel"}
    assert told(count(year_2026()).themes)["Autre sujet"] == 6


@databases("sqlite", "postgresql")
def test_the_delay_is_that_of_the_first_answer(context):
    populate(SEPTEMBER)
    delays = count(year_2026()).delays
    assert (delays.answered, delays.median, delays.in_time) == (51, timedelta(days=1), 100)
    assert publishing.say_delay(delays) == "24\u00a0h"


def test_nothing_is_said_of_delays_when_too_few_were_answered(context):
    assert count(year_2026()).delays.median is None and publishing.say_delay(count(year_2026()).delays) == ""


def test_figures_are_counted_once_an_hour(context):
    populate(SEPTEMBER)
    first = figures(year_2026(), TODAY)
    assert figures(year_2026(), TODAY + timedelta(minutes=30)) is first
    assert figures(year_2026(), TODAY + timedelta(hours=1)) is not first


def test_the_number_of_questions_to_the_database_does_not_grow(context):
    with statements(db.engine) as empty:
        count(year_2026())
    populate(SEPTEMBER)
    with statements(db.engine) as full:
        count(year_2026())
    assert len(full) == len(empty) <= 12


def test_the_file_of_data_has_a_figure_a_line_and_tells_its_licence(context):
    populate(SEPTEMBER)
    lines = publishing.as_csv("2026", TODAY).splitlines()
    assert lines[0] == "tableau;ligne;colonne;valeur;masque;arrondi;debut;fin;source;licence"
    assert any(line.startswith("membres;Communauté de communes du Pays Viganais;Structures;;oui;") for line in lines)
    assert all(line.endswith(";Licence Ouverte 2.0") for line in lines[1:])


def test_contours_are_drawn_where_the_operator_loaded_some(context, environ):
    path = f"{environ['RING_INSTANCE']}/{FILE}"
    assert outlines() == ()
    with open(path, "w") as file:
        file.write('{"type":"Polygon","coordinates":[[[4.0,44.0],[4.5,44.0],[4.5,44.5],[4.0,44.0]]]}')
    assert read() == (((44.0, 4.0), (44.0, 4.5), (44.5, 4.5), (44.0, 4.0)),)
    assert publishing.observe("", TODAY).map.outlines


@pytest.mark.parametrize("content", ["", "{", "[]", '{"type":"Point","coordinates":[1,2]}',
                                     '{"type":"Polygon","coordinates":[[[500,44]]]}', '{"type":"Feature","geometry":null}',
                                     '{"type":"Polygon","coordinates":"abc"}'])
def test_contours_that_cannot_be_drawn_leave_the_map_as_it_was(context, environ, content):
    with open(f"{environ['RING_INSTANCE']}/{FILE}", "w") as file:
        file.write(content)
    assert outlines() == ()
    with pytest.raises(UnusableOutlines, match="GeoJSON"):
        read()


#: Requests confirmed each month of two years, of two themes: busy months, quiet ones, one that nobody may recognise.
HISTORY = ((6, 0), (7, 2), (1, 0), (9, 6), (0, 0), (5, 1), (3, 0), (8, 0), (6, 7), (2, 1), (12, 0), (5, 5))


def told_each_month() -> list[tuple[date, date, str, int]]:
    """All that a reader who comes each month for two years may keep of requests: ``(first, last, what, exact figure)``."""
    kept = []
    for months in range(1, 26):
        now = datetime(2025 + months // 12, months % 12 + 1, 3, tzinfo=UTC)
        for period in periods(now, date(2025, 1, 1)):
            found = count(period)
            by_name = {f"{name} {row}": value for name, table in (("sujet", found.themes), ("suite", found.outcomes)) if table
                       for row, value in told(table).items()}
            by_name["Total"] = found.months.total
            kept += [(period.first, period.last, what, value) for what, value in by_name.items() if value is not None]
            kept += [(date(year, month, 1), date(year, month, 28), "Total", value) for (year, month), value in
                     zip(period.months, found.months.row_totals, strict=True) if value is not None]
    return list(dict.fromkeys(kept))


def test_no_difference_between_two_figures_kept_from_month_to_month_tells_a_small_count(context):
    with transaction():
        number = 0
        for rank, counts in enumerate(HISTORY * 2):
            for theme, of in zip(("posture", "diagnostic"), counts, strict=True):
                for _ in range(of):
                    number += 1
                    at = datetime(2025 + rank // 12, rank % 12 + 1, 10, tzinfo=UTC)
                    db.session.add(Entraide(**dossier_row("entraide", number, at), answers={"theme": theme}, state="resolved"))
    kept = told_each_month()
    assert len(kept) > 20
    for first, last, what, value in kept:
        for begins, ends, other, less in kept:
            inside = other == what and (begins, ends) != (first, last) and begins >= first and ends <= last
            assert not inside or not 0 < value - less < 5, (what, first, last, value, begins, ends, less)


def test_a_year_of_one_month_is_counted(context):
    populate(datetime(2027, 1, 3, 9, tzinfo=UTC))
    assert told(count(period_named("2027", datetime(2027, 2, 3, tzinfo=UTC), date(2027, 1, 1))).months)["janvier 2027"] == 20
