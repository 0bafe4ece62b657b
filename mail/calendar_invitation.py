"""Files for calendars: an invitation for each appointment, its changes and its cancellation under the same name.

RFC 5545 and 5546. An invitation holds one event: a REQUEST or a CANCEL speaks of one UID (RFC 5546, 3.2.2), and Gmail and
Outlook read the first event of a file alone. What holds several events is PUBLISHed, for who adds them all at once. A file
names the network and the person it is for, nobody else, and is joined to a letter, never put in its place: Outlook would
show the invitation instead of the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from .letter import Attachment

ZONE = "Europe/Paris"
PARIS = ZoneInfo(ZONE)
PRODUCER = "-//Ring//Ring//FR"
#: Rules rather than a list of years: Outlook reads no other. In force in the European Union (directive 2000/84/CE).
_VTIMEZONE = f"""BEGIN:VTIMEZONE
TZID:{ZONE}
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE"""
#: Controls, and the other ways to end a line: a value is one line, or lines that ``\n`` parts.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True)
class Appointment:
    """One event. ``uid`` names it for ever (see :func:`uid`); ``sequence`` grows by one with each change of its time or its
    place, and with its cancellation. ``starts`` and ``ends`` are aware. Raises ValueError on what no calendar could hold."""

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    title: str
    place: str = ""
    details: str = ""
    url: str = ""
    busy: bool = True
    """False for who only has to know: their time stays free."""

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("an appointment needs a time zone")
        if self.ends <= self.starts:
            raise ValueError("an appointment ends after it starts")
        if self.sequence < 0 or not self.uid or not self.title.strip():
            raise ValueError("an appointment has a name, a rank and a title")


@dataclass(frozen=True)
class Person:
    """Somebody a calendar file names, with the address of theirs it may show."""

    name: str
    email: str


def uid(what: str, number: int | str, domain: str) -> str:
    """The name of an appointment for ever: ``uid("seance", 12, "ring.example")``; ``number`` is the row's, which stays.

    :raises ValueError: ``what`` is not a plain word.
    """
    if not _WORD.fullmatch(what) or not _WORD.fullmatch(str(number)):
        raise ValueError(f"not a name: {what} {number}")
    return f"{what}-{number}@{domain}"


def invitation(appointment: Appointment, network: Person, to: Person, now: datetime) -> Attachment:
    """The file that puts an appointment in the calendar of ``to``, or changes it there.

    It says that they take part: they agreed before, and no answer is asked.
    """
    return _file(_written("REQUEST", [appointment], now, network, to), "REQUEST", f"{_day(appointment)}.ics")


def cancellation(appointment: Appointment, network: Person, to: Person, now: datetime) -> Attachment:
    """The file that takes an appointment out of the calendar of ``to``; its ``sequence`` is above the last one sent."""
    return _file(_written("CANCEL", [appointment], now, network, to), "CANCEL", f"annulation-{_day(appointment)}.ics")


def agenda(appointments: Sequence[Appointment], network: Person, now: datetime, name: str = "agenda.ics") -> Attachment:
    """One file with several appointments, to be added by hand: it names nobody but the network."""
    return _file(_written("PUBLISH", appointments, now, network, None), "PUBLISH", name)


def invitations(appointments: Sequence[Appointment], network: Person, to: Person, now: datetime,
                most: int = 6) -> tuple[Attachment, ...]:
    """The files to join to a letter: an invitation each, named after their day; one agenda for all above ``most``."""
    if len(appointments) > most:
        return (agenda(appointments, network, now),)
    return tuple(invitation(each, network, to, now) for each in appointments)


def _file(content: bytes, method: str, name: str) -> Attachment:
    # The method is wanted here too, the same (RFC 6047, 2.4).
    return Attachment(name, f"text/calendar; method={method}; charset=utf-8", content)


def _day(appointment: Appointment) -> str:
    return f"rendez-vous-{appointment.starts.astimezone(PARIS):%Y-%m-%d-%Hh%M}"


def _written(method: str, appointments: Sequence[Appointment], now: datetime, network: Person, to: Person | None) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    for name, value in (("prodid", PRODUCER), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    calendar.add_component(_timezone())
    for each in appointments:
        calendar.add_component(_event(each, now, network, to, cancelled=method == "CANCEL"))
    return calendar.to_ical()


@cache
def _timezone() -> Any:
    from icalendar import Timezone

    return Timezone.from_ical(_VTIMEZONE)


def _event(each: Appointment, now: datetime, network: Person, to: Person | None, *, cancelled: bool) -> Any:
    from icalendar import Event

    event = Event()
    values = {"uid": each.uid, "sequence": each.sequence, "dtstamp": now.astimezone(UTC),
              "dtstart": each.starts.astimezone(PARIS), "dtend": each.ends.astimezone(PARIS),
              "summary": _line(each.title), "location": _line(each.place), "description": _lines(each.details),
              "url": each.url, "status": "CANCELLED" if cancelled else "CONFIRMED",
              "transp": "OPAQUE" if each.busy else "TRANSPARENT", "class": "PRIVATE"}
    for name, value in values.items():
        if value != "":
            event.add(name, value)
    event.add("organizer", _named(network))
    if to is not None:
        # They agreed already; without RSVP, programs ask for no answer.
        event.add("attendee", _named(to, PARTSTAT="ACCEPTED", ROLE="REQ-PARTICIPANT", CUTYPE="INDIVIDUAL", RSVP="FALSE"))
    return event


def _named(person: Person, **parameters: str) -> Any:
    from icalendar import vCalAddress

    address = vCalAddress(f"mailto:{_line(person.email)}")
    # A quote is what a parameter may not hold (RFC 5545, 3.2); RFC 6868 has a way to write it that Outlook does not read.
    shown = _line(person.name).replace('"', "’")
    if shown:
        address.params["CN"] = shown
    address.params.update(parameters)
    return address


def _line(words: str) -> str:
    return " ".join(_CONTROLS.sub(" ", words).split())


def _lines(words: str) -> str:
    return _CONTROLS.sub(" ", words.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
