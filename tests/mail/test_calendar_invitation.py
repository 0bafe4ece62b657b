"""Calendar files: one name for ever, one event an invitation, Paris time, nobody's address but the network's and one's own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from mail import mime
from mail.calendar_invitation import PARIS, Appointment, Person, agenda, cancellation, invitation, invitations, uid

NOW = datetime(2027, 1, 20, 9, 30, tzinfo=UTC)
NETWORK, NOA = Person("Réseau Exemple", "reseau@ring.example"), Person("Noa Fictif", "noa@structure-b.example")
#: 2 February at 9 in Paris, 8 in UTC.
MORNING = Appointment(
    uid("seance", 12, "ring.example"), 0, datetime(2027, 2, 2, 8, tzinfo=UTC), datetime(2027, 2, 2, 16, tzinfo=UTC),
    "Immersion chez Structure Exemple C", "3 rue des Lilas, 30200 Bagnols-sur-Cèze", "9 h à 12 h 30\n13 h 30 à 17 h",
    "http://localhost/d/exemple")


def read(file) -> Calendar:
    return Calendar.from_ical(file.content)


def only(file):
    (event,) = read(file).walk("VEVENT")
    return event


def test_an_invitation_holds_one_event_with_all_that_programs_want():
    file = invitation(MORNING, NETWORK, NOA, NOW)
    calendar, event = read(file), only(file)
    assert (calendar["method"], calendar["version"], calendar["calscale"]) == ("REQUEST", "2.0", "GREGORIAN")
    assert file.media_type == "text/calendar; method=REQUEST; charset=utf-8"
    assert file.filename == "rendez-vous-2027-02-02-09h00.ics"
    assert event["uid"] == "seance-12@ring.example" and event["sequence"] == 0
    assert event["dtstamp"].dt == NOW and event["status"] == "CONFIRMED"
    assert event["organizer"] == "mailto:reseau@ring.example" and event["organizer"].params["CN"] == "Réseau Exemple"
    assert event["attendee"] == "mailto:noa@structure-b.example" and event["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert event["description"] == MORNING.details and event["url"] == MORNING.url
    assert b"\r\n" in file.content and max(map(len, file.content.split(b"\r\n"))) <= 75, "RFC 5545, 3.1"


def test_hours_are_those_of_paris_winter_and_summer():
    summer = replace(MORNING, starts=datetime(2027, 6, 2, 7, tzinfo=UTC), ends=datetime(2027, 6, 2, 15, tzinfo=UTC))
    for each in (MORNING, summer):
        event = only(invitation(each, NETWORK, NOA, NOW))
        assert event["dtstart"].params["TZID"] == "Europe/Paris"
        assert event["dtstart"].to_ical().endswith(b"T090000") and event["dtend"].to_ical().endswith(b"T170000")
        assert event["dtstart"].dt == each.starts


def test_the_zone_is_described_in_the_file_as_the_world_knows_it():
    """What a program computes from the rules of the file is what the system's own table says."""
    (zone,) = read(invitation(MORNING, NETWORK, NOA, NOW)).walk("VTIMEZONE")
    described, known = zone.to_tz(), ZoneInfo("Europe/Paris")
    for day in range(0, 365 * 12, 9):
        moment = datetime(2026, 1, 1, 12) + timedelta(days=day)
        assert moment.replace(tzinfo=described).utcoffset() == moment.replace(tzinfo=known).utcoffset(), moment


def test_a_change_and_a_cancellation_bear_the_same_name_and_a_higher_rank():
    moved = replace(MORNING, sequence=1, starts=MORNING.starts + timedelta(days=7), ends=MORNING.ends + timedelta(days=7))
    first, second = (only(invitation(each, NETWORK, NOA, NOW)) for each in (MORNING, moved))
    file = cancellation(replace(moved, sequence=2), NETWORK, NOA, NOW)
    last = only(file)
    assert {event["uid"] for event in (first, second, last)} == {MORNING.uid}
    assert [event["sequence"] for event in (first, second, last)] == [0, 1, 2]
    assert read(file)["method"] == "CANCEL" and last["status"] == "CANCELLED" and "method=CANCEL" in file.media_type
    assert last["attendee"] == first["attendee"], "RFC 5546, 3.2.5: whom it is taken from"


def test_a_few_sessions_are_a_few_files_and_many_are_one():
    days = [replace(MORNING, uid=uid("seance", number, "ring.example"), starts=MORNING.starts + timedelta(days=number),
                    ends=MORNING.ends + timedelta(days=number)) for number in range(40)]
    files = invitations(days[:2], NETWORK, NOA, NOW)
    assert [file.filename for file in files] == ["rendez-vous-2027-02-02-09h00.ics", "rendez-vous-2027-02-03-09h00.ics"]
    assert [read(file)["method"] for file in files] == ["REQUEST", "REQUEST"]
    (file,) = invitations(days, NETWORK, NOA, NOW)
    events = read(file).walk("VEVENT")
    assert read(file)["method"] == "PUBLISH" and [event["uid"] for event in events] == [day.uid for day in days]
    assert [name for event in events for name in ("ATTENDEE",) if name in event] == []


def test_a_file_names_nobody_but_the_network_and_whom_it_is_for():
    files = (invitation(MORNING, NETWORK, NOA, NOW), cancellation(MORNING, NETWORK, NOA, NOW))
    for file in files:
        unfolded = file.content.replace(b"\r\n ", b"")
        assert unfolded.lower().count(b"mailto:") == 2
        assert b"reseau@ring.example" in unfolded and b"noa@structure-b.example" in unfolded
    assert agenda([MORNING], NETWORK, NOW).content.lower().count(b"mailto:") == 1


@pytest.mark.parametrize("words", [
    "Ateliers\r\nBEGIN:VALARM\r\nEND:VALARM", "a\rATTENDEE:mailto:x@y", "a\u2028ATTENDEE:mailto:x@y", "a\x0bb\x00c",
    'Zoé "Z" ; : , \\ \\n', "山田 عائشة \U0001f600" * 30])
def test_what_somebody_typed_stays_the_words_of_one_line(words):
    made = replace(MORNING, title=words, place=words, details=words)
    event = only(invitation(made, replace(NETWORK, name=words), replace(NOA, name=words), NOW))
    assert not event.subcomponents and event["attendee"] == "mailto:noa@structure-b.example"
    assert str(event["attendee"].params["CN"]).startswith(words[:1])
    for line in invitation(made, NETWORK, NOA, NOW).content.split(b"\r\n"):
        assert len(line) <= 75 and not set(line) & {0, 11, 13} and line.decode("utf-8") is not None


#: RFC 5545, 3.1: a name, parameters that are quoted where they hold a colon, a comma or a semicolon, then the value.
_QUOTED, _SAFE = rb'"[^"\x00-\x08\x0a-\x1f\x7f]*"', rb'[^";:,\x00-\x08\x0a-\x1f\x7f]*'
_LINE = re.compile(rb"[A-Z0-9-]+(?:;[A-Z0-9-]+=(?:%b|%b)(?:,(?:%b|%b))*)*:[^\x00-\x08\x0a-\x1f\x7f]*"
                   % (_QUOTED, _SAFE, _QUOTED, _SAFE))
#: RFC 5546, 3.2.1, 3.2.2 and 3.2.5: what an event holds once, by method; and what it must not hold.
_WANTED = {"REQUEST": {"UID", "DTSTAMP", "DTSTART", "ORGANIZER", "ATTENDEE", "SEQUENCE", "SUMMARY"},
           "CANCEL": {"UID", "DTSTAMP", "ORGANIZER", "ATTENDEE", "SEQUENCE"},
           "PUBLISH": {"UID", "DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY"}}


@pytest.mark.parametrize("words", ['« L’Atelier ; virgule, point: "guillemet" \\ »', "é" * 300, "a\r\nEND:VEVENT\r\nb"])
def test_a_file_is_read_by_the_grammar_alone(words):
    """Without the library that writes it: every byte of it is what the RFC allows, and each method says what it must."""
    made, to = replace(MORNING, title=words, place=words, details=words), replace(NOA, name=words)
    for file in (invitation(made, NETWORK, to, NOW), cancellation(made, NETWORK, to, NOW), agenda([made], NETWORK, NOW)):
        assert file.content.endswith(b"\r\n") and b"\n" not in file.content.replace(b"\r\n", b"")
        for physical in file.content.split(b"\r\n"):
            assert len(physical) <= 75 and physical.decode("utf-8") is not None, "no letter is cut in two"
        lines = file.content.replace(b"\r\n ", b"").split(b"\r\n")[:-1]
        assert [line for line in lines if not _LINE.fullmatch(line)] == []
        method = next(line for line in lines if line.startswith(b"METHOD:")).removeprefix(b"METHOD:").decode()
        event = lines[lines.index(b"BEGIN:VEVENT") + 1:lines.index(b"END:VEVENT")]
        names = [re.match(rb"[A-Z-]+", line)[0].decode() for line in event]
        assert _WANTED[method] <= set(names) and len(names) == len(set(names))
        assert ("ATTENDEE" in names) is (method != "PUBLISH")
        assert lines.count(b"BEGIN:VTIMEZONE") == 1 and b"TZID:Europe/Paris" in lines


def test_who_only_has_to_know_stays_free():
    assert [only(invitation(replace(MORNING, busy=busy), NETWORK, NOA, NOW))["transp"] for busy in (True, False)] == [
        "OPAQUE", "TRANSPARENT"]


def test_the_same_question_gives_the_same_bytes():
    assert invitation(MORNING, NETWORK, NOA, NOW) == invitation(MORNING, NETWORK, NOA, NOW)


@pytest.mark.parametrize("wrong", [
    {"starts": datetime(2027, 2, 2, 9)}, {"ends": MORNING.starts}, {"sequence": -1}, {"uid": ""}, {"title": " "}])
def test_what_no_calendar_could_hold_is_refused(wrong):
    with pytest.raises(ValueError, match="appointment"):
        replace(MORNING, **wrong)


def test_a_name_is_made_of_plain_words():
    assert uid("rencontre", "R-2027-0004", "ring.example") == "rencontre-R-2027-0004@ring.example"
    for what, number in (("a b", 1), ("", 1), ("seance", "1\r\nX:Y"), ("seance", "")):
        with pytest.raises(ValueError, match="name"):
            uid(what, number, "ring.example")


def test_joined_to_a_letter_it_is_a_calendar_part_with_its_method():
    file = invitation(MORNING, NETWORK, NOA, NOW)
    joined = mime.file_part(file.filename, file.media_type, file.content)
    raw = mime.multipart("mixed", [mime.text_part("plain", "Bonjour"), joined],
                         [("MIME-Version", "1.0")])
    _, part = message_from_bytes(raw, policy=default).iter_parts()
    assert part.get_content_type() == "text/calendar" and part["Content-Type"].params["method"] == "REQUEST"
    assert part.get_filename() == file.filename and part.get_payload(decode=True) == file.content
    assert MORNING.starts.astimezone(PARIS).hour == 9
