"""What servers answer by themselves is kept, never taken for a person's words, and never answered."""

from __future__ import annotations

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send

from servers.town import headers, reply_address

pytestmark = pytest.mark.slow

ACCEPTED = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Exemple//Agenda//FR
METHOD:REPLY
BEGIN:VEVENT
UID:1@ring.example
DTSTAMP:20270111T080000Z
DTSTART:20270202T080000Z
ORGANIZER:mailto:reseau@ring.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:noa@structure-b.example
END:VEVENT
END:VCALENDAR
"""
GONE = "partie@structure-b.example"


def ask(client, address: str = NOA) -> None:
    """A request for help by somebody at that address."""
    send(client, "/aide", [(slug, answers | ({"email": address} if "email" in answers else {})) for slug, answers in AIDE])


@pytest.fixture
def asked(client, town):
    ask(client)
    confirm(client, town, NOA)


def answer(town) -> int:
    """The coordinator writes to Noa; gives how many letters the coordinator has then."""
    before = town.mailbox(COORDINATOR)
    town.clients.swaks(COORDINATOR, reply_address(before[-1]), "Re: votre demande", "Bonjour Noa, voici.")
    return len(before)


def test_a_vacation_answer_is_kept_and_goes_no_further(town, dovecot, asked):
    dovecot.vacation(NOA, "Je suis en congés jusqu’au 30.")
    had = answer(town)
    reply, absence = town.taken()
    assert (reply.state, absence.state) == ("done", "ignored")
    assert "automatic" in absence.reason and "Je suis en congés" in absence.raw.decode()
    assert headers(absence)["To"].addresses[0].addr_spec.startswith("retour+"), "it answers the envelope, RFC 5230, 5.1"
    assert town.said() == ["Bonjour Noa, voici."]
    assert len(town.mailbox(COORDINATOR)) == had
    assert set(town.outcomes(NOA)) == {"sent"}, "an absence is no failure"


def test_a_vacation_responder_stays_silent_before_our_automatic_letters(client, town, dovecot):
    dovecot.vacation(NOA, "Je suis en congés.")
    ask(client)
    confirm(client, town, NOA)
    assert len(town.mailbox(NOA)) == 2
    assert town.taken() == []


def test_a_report_of_an_unknown_mailbox_marks_the_letter_and_is_not_answered(client, town):
    ask(client, GONE)
    (report,) = town.taken()
    assert report.state == "ignored"
    assert "5.1.1" in report.reason and "User doesn't exist" in report.reason
    assert town.outcomes(GONE) == ["held"], "it waits for an address that works"
    assert headers(report)["Auto-Submitted"] == "auto-replied"


def test_a_report_of_a_full_mailbox_is_told_and_is_not_answered(town, dovecot, asked):
    town.round()
    dovecot.mailbox(NOA, quota_bytes=10)
    answer(town)
    report = town.taken()[-1]
    assert report.state == "ignored" and "5.2.2" in report.reason
    assert town.said() == ["Bonjour Noa, voici."]
    assert len(town.outcomes(NOA)) == 3, "nothing is written about it to a mailbox that is full"


def test_a_report_that_gives_up_on_a_closed_server_does_not_condemn_the_address(town, dovecot, postfix, asked):
    answer(town)
    dovecot.stop()
    # Postfix then says at once what it says after five days: a temporary status, a final action (RFC 3464, 2.3.3).
    with postfix.settings(maximal_queue_lifetime="0s"):
        report = town.taken()[-1]
    dovecot.start()
    assert report.state == "ignored" and "4.4.1" in report.reason
    assert town.outcomes(NOA)[-1] == "failed", "that letter did not arrive"
    answer(town)
    assert town.outcomes(NOA)[-1] == "sent", "the address may be good: one such report stops no other letter"


def test_a_mailbox_that_rejects_says_so_by_a_receipt_and_the_coordination_is_told(town, dovecot, asked):
    town.round()
    dovecot.sieve(NOA, 'require "reject";\nreject "Je ne lis plus cette boîte.";\n')
    had = answer(town)
    receipt = town.taken()[-1]
    assert headers(receipt).get_param("report-type") == "disposition-notification"
    assert receipt.state == "ignored"
    assert town.said() == ["Bonjour Noa, voici."]
    assert len(town.mailbox(COORDINATOR)) == had + 1, "the coordination is told that the letter did not arrive"


def test_an_invitation_that_is_accepted_is_not_taken_for_words(town, asked):
    # What a client sends when "accept" is pressed (RFC 5546, 3.2.3).
    town.clients.swaks(NOA, reply_address(town.last(NOA)), "Accepted: visite", ACCEPTED,
                       headers={"Content-Type": "text/calendar; charset=utf-8; method=REPLY"})
    assert town.taken()[-1].state == "ignored"
    assert town.said() == []


@pytest.mark.parametrize("door", ["pipe"], indirect=True)
def test_what_cannot_be_kept_yet_stays_with_postfix_and_comes_in_once(town, postfix, environ, asked):
    address = reply_address(town.last(COORDINATOR))
    postfix.close_door()
    town.clients.swaks(COORDINATOR, address, "Re: votre demande", "Bonjour Noa.")
    postfix.deferred(1)
    postfix.open_door(environ)
    postfix.flush()
    assert [taken.state for taken in town.taken()] == ["done"]
    assert town.said() == ["Bonjour Noa."]
