"""What time does to alerts, and what they leave behind: a number, and themes."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from alerte_people import COLLEAGUE, OUTSIDE, REFERENT, S05, back, code_of, enrol, enter, errors, read, write
from setting import databases
from sqlalchemy import select

from commands import check
from jobs.engine import HOURLY, hourly
from models.alerte import Alerte, AlerteCount, AlerteSession
from models.base import db, transaction
from services.alerte import coarse, counting, referents, watch
from services.sweeping import WorkFailed, all_of

AROUND_ALERTS = [verb for verb in HOURLY if verb.__module__.startswith("services.alerte")]


def _count(app, year: int, received: int) -> None:
    with app.app_context(), transaction():
        row = db.session.get(AlerteCount, year)
        if row is None:
            db.session.add(AlerteCount(year=year, received=received))
        else:
            row.received = received


def _a_day_by_hours(app, clock) -> None:
    """What the clock does for alerts, each hour of a day; and all that it does, at the end of it."""
    for _ in range(24):
        clock.advance(hours=1)
        with app.app_context():
            all_of(AROUND_ALERTS, clock.now)
    with app.app_context():
        hourly(clock.now)


def test_a_working_day_is_whole_whatever_the_hour_and_skips_week_ends_and_holidays(context):
    monday = coarse.half_day(datetime(2027, 1, 11, 8, 30, tzinfo=UTC))
    assert coarse.a_working_day_after(monday) == datetime(2027, 1, 12, 11, 0, tzinfo=UTC)
    evening = coarse.half_day(datetime(2027, 1, 11, 17, 0, tzinfo=UTC))
    assert coarse.a_working_day_after(evening) == datetime(2027, 1, 12, 23, 0, tzinfo=UTC)
    before_easter = coarse.half_day(datetime(2027, 3, 26, 9, 0, tzinfo=UTC))
    assert coarse.a_working_day_after(before_easter).date().isoformat() == "2027-03-30"
    assert coarse.half_day(datetime(2027, 1, 11, 8, 30, 17, tzinfo=UTC)) == datetime(2027, 1, 10, 23, 0, tzinfo=UTC)


def _days(app, clock, post, days: int) -> list:
    """As many days go by, the clock heard once in working hours on each; the letters around alerts that left, in order."""
    seen, new = {letter.raw for letter in post.all()}, []
    for _ in range(days):
        clock.advance(days=1)
        with app.app_context():
            hourly(clock.now)
        found = [letter for letter in post.all() if letter.letter.startswith("alerte/") and letter.raw not in seen]
        seen |= {letter.raw for letter in found}
        new += found
    return new


def _until_spent(app, clock, post) -> list:
    """Until all first reminders left; the letters."""
    new = []
    while len([letter for letter in new if letter.to == REFERENT]) < watch.MOST_RECALLS:
        new += _days(app, clock, post, 1)
    return new


def test_reminders_come_each_working_day_then_each_week_until_words_are_read_and_the_operator_is_told_a_number(app, client, post,
                                                                                                             clock):
    enrol(client, post)
    code = write(client)
    assert {letter.letter for letter in _until_spent(app, clock, post)} == {"alerte/something_waits_reminder"}
    with app.app_context():
        assert watch.unread_for_long(clock.now) == 1
    assert "malgré les rappels" in app.test_cli_runner().invoke(check.command).output
    assert "plusieurs rappels" not in back(client, code).text
    _days(app, clock, post, 4)
    text = back(client, code).text
    assert "malgré plusieurs rappels" in text and "Personne d’autre ne peut être prévenu" in text
    _days(app, clock, post, 10)
    assert len(_days(app, clock, post, 28)) == 4, "one a week"
    enter(client, post)
    read(client)
    assert _days(app, clock, post, 10) == []


def test_what_nobody_reads_is_opened_to_who_stood_by_whom_the_author_saw_and_to_nobody_else(app, client, post, clock):
    for email in (REFERENT, COLLEAGUE, OUTSIDE):
        enrol(client, post, email)
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05)
    assert "Si personne n’ouvre votre message" in check.text
    code = code_of(client.fill(check, "/alerte/envoyer"))
    outsider = app.test_client()
    assert "/referents/messages/1" not in enter(outsider, post, OUTSIDE).text
    assert outsider.get("/referents/messages/1").status_code == 404
    assert {letter.to for letter in _until_spent(app, clock, post)} == {REFERENT}
    new = _days(app, clock, post, 4)
    assert {letter.to for letter in new} == {REFERENT, OUTSIDE}, "nobody who is kept away"
    assert next(letter.letter for letter in new if letter.to == OUTSIDE) == "alerte/something_waits"
    assert not any("alert" in (letter.subject + letter.text).lower() for letter in new)
    assert "une autre personne a été prévenue" in " ".join(next(
        letter.text for letter in reversed(new) if letter.to == REFERENT).split())
    assert "hors du réseau" in back(client, code).text and "peut vous lire aussi" in back(client, code).text
    enter(outsider, post, OUTSIDE)
    assert "zibeline" in read(outsider).text
    assert _days(app, clock, post, 8) == []


def test_who_the_author_keeps_away_never_stands_by(app, client, post, clock):
    for email in (REFERENT, OUTSIDE):
        enrol(client, post, email)
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **(S05 | {"avoided": [OUTSIDE]}))
    assert "Si personne n’ouvre" not in check.text
    client.fill(check, "/alerte/envoyer")
    assert {letter.to for letter in _days(app, clock, post, 30)} == {REFERENT}


def test_who_stands_by_reads_nothing_yet_and_is_let_in_at_once_where_no_reader_is_left(app, client, post, clock):
    for email in (REFERENT, OUTSIDE):
        enrol(client, post, email)
    write(client)
    with app.app_context():
        assert {one.email: one.alone_on for one in referents.standings()}[REFERENT] == 1
        referents.retire(REFERENT, even_alone=True)
    assert [letter.letter for letter in _days(app, clock, post, 3) if letter.to == OUTSIDE][:1] == ["alerte/something_waits"]


def test_an_exchange_that_stands_still_is_asked_about_every_two_weeks_and_closed_after_half_a_year(app, client, post, clock):
    enrol(client, post)
    code = write(client)
    enter(client, post)
    read(client)
    sent, days = set(), []
    for day in range(1, 62):
        _a_day_by_hours(app, clock)
        found = {letter.raw for letter in post.to(REFERENT) if letter.letter.endswith("still_reminder")}
        if found - sent:
            days.append(day)
        sent |= found
    assert len(days) == 4 and days[0] in (15, 16) and all(15 <= b - a <= 18 for a, b in pairwise(days))
    clock.advance(days=130)
    with app.app_context():
        hourly(clock.now)
        assert db.session.scalar(select(Alerte.state)) == "closed"
    page = client.fill(back(client, code), "/suite/repondre", words="Je reviens vers vous.")
    assert "est transmis" in page.text and "clos depuis" not in page.text
    with app.app_context():
        assert db.session.scalar(select(Alerte.state)) == "open"


def test_what_nobody_read_is_never_closed_by_itself(app, client, post, clock):
    enrol(client, post)
    write(client)
    clock.advance(days=400)
    with app.app_context():
        hourly(clock.now)
        assert db.session.scalar(select(Alerte.state)) == "waiting"


def test_sessions_that_are_over_are_removed(app, client, post, clock):
    enrol(client, post)
    enter(client, post)
    clock.advance(hours=2)
    with app.app_context():
        hourly(clock.now)
        assert db.session.scalar(select(AlerteSession.id)) is None


def test_numbers_under_five_are_not_shown_and_the_year_under_way_does_not_move_one_by_one(app, client, post, clock):
    for year, received in ((2025, 4), (2026, 7), (2027, 8)):
        _count(app, year, received)
    with app.app_context():
        assert [(year, words.replace("\u00a0", " ")) for year, words in counting.shown(clock.now)] == [
            (2027, "au moins 5 messages"), (2026, "7 messages")]
    enrol(client, post)
    text = client.get("/alerte").text
    assert "2026" in text and "7 messages" in text and "2025" not in text


def test_a_synthesis_waits_for_five_alerts_and_is_for_everybody(app, client, post, clock):
    enrol(client, post)
    enter(client, post)
    page = client.get("/referents/synthese")
    assert "Publier" not in page.text and "au moins 5 messages" in page.text.replace("\u00a0", " ")
    answer = client.post("/referents/synthese", data={"title": "Trop tôt", "body": "Un cas.", "sure": "oui"})
    assert answer.status_code == 422 and "reconnaître quelqu’un" in answer.text
    _count(app, 2026, 5)
    page = client.get("/referents/synthese")
    wrong = client.fill(page, "/referents/synthese", title="Ce qui pèse", body="Les journées sans pause.")
    assert wrong.status_code == 422 and errors(wrong) and "Les journées sans pause." in wrong.text
    body = "Les journées sans pause.\n\nLes appels du soir."
    client.fill(page, "/referents/synthese", title="Ce qui pèse", body=body, sure="oui")
    other = app.test_client()
    shown = other.get("/alerte/themes").text
    assert "Ce qui pèse" in shown and "Les appels du soir." in shown and "Dany Référence" in shown
    client.fill(client.get("/referents/synthese"), "/referents/synthese/retirer")
    assert "Ce qui pèse" not in other.get("/alerte/themes").text


def test_words_added_before_anybody_read_do_not_write_to_the_referent_again(app, client, post):
    enrol(client, post)
    code = write(client)
    client.fill(back(client, code), "/suite/repondre", words="Une chose encore.")
    assert len([letter for letter in post.to(REFERENT) if letter.letter == "alerte/something_waits"]) == 1


def test_days_are_all_that_is_kept_of_when(app, client, post, clock):
    clock.advance(hours=7, minutes=13, seconds=21)
    enrol(client, post)
    write(client)
    with app.app_context():
        row = db.session.scalar(select(Alerte))
        assert (row.waits_since_at.minute, row.waits_since_at.second) == (0, 0)
        assert row.waits_since_at == coarse.half_day(clock.now)


@databases("sqlite", "postgresql")
def test_an_alert_that_cannot_be_recalled_keeps_no_other_waiting_and_is_not_named(app, client, post, clock, monkeypatch):
    enrol(client, post)
    for _ in range(2):
        write(client)
    with app.app_context():
        with transaction():
            db.session.get(Alerte, 1).recalls = watch.MOST_RECALLS
        monkeypatch.setattr(watch.relief, "let_in", lambda row, _now: {}["zibeline"])
        clock.advance(days=2)
        with pytest.raises(WorkFailed) as told:
            hourly(clock.now)
        db.session.expire_all()
        assert [db.session.get(Alerte, number).recalled_on is not None for number in (1, 2)] == [False, True]
        [sentence] = check.clock_fails()
        monkeypatch.undo()
        hourly(clock.advance(hours=1))
        assert check.clock_fails() == []
    assert post.last(REFERENT).letter == "alerte/something_waits_reminder"
    assert "alerte.watch.remind" in sentence and "zibeline" not in f"{sentence}{told.value}" and " 1" not in str(told.value)
