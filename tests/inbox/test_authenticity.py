"""What our own mail server says of a sender, and what others write in its name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.authenticity import Verdict, sender_verdict
from inbox.parse import parse


def verdict(*values: str, server: str = "mx.reseau.example", sender: str = "paul@mairie.example") -> Verdict:
    head = "".join(f"Authentication-Results: {value}\r\n" for value in values)
    return sender_verdict(parse(f"{head}From: {sender}\r\n\r\nx".encode()), server)


@pytest.mark.parametrize(("value", "expected"), [
    ("mx.reseau.example; dmarc=pass header.from=mairie.example", Verdict.PASS),
    ("MX.Reseau.example 1; spf=pass smtp.mailfrom=x; dmarc = pass (p=none)", Verdict.PASS),
    ("mx.reseau.example;\r\n\tdkim=fail;\r\n\tdmarc=fail (p=reject dis=none) header.from=mairie.example", Verdict.FAIL),
    ("mx.reseau.example; dmarc=pass header.from=autre.example", Verdict.FAIL),
    ("mx.reseau.example; dmarc=none", Verdict.UNKNOWN), ("mx.reseau.example; none", Verdict.UNKNOWN),
    ("mx.reseau.example; dkim=pass (dmarc=fail); spf=pass", Verdict.UNKNOWN),
    ('mx.reseau.example; dkim=pass reason="; dmarc=fail"', Verdict.UNKNOWN),
    ("mx.reseau.example.pirate.example; dmarc=pass", Verdict.UNKNOWN), ("dmarc=pass", Verdict.UNKNOWN), ("", Verdict.UNKNOWN),
    ("(comment (inside)) mx.reseau.example; dmarc=pass", Verdict.PASS),
    ("spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=x; dmarc=fail action=none header.from=x;compauth=fail", Verdict.UNKNOWN),
])
def test_one_word_of_our_server_is_read_in_any_form(value, expected):
    assert verdict(value) == expected


@pytest.mark.parametrize("sender", [
    '"Noa <noa@mairie.example>" <pirate@x.example>', "=?utf-8?q?=3Cnoa=40mairie.example=3E?= <pirate@x.example>",
    '"a\\"<noa@mairie.example>" <pirate@x.example>', "(<noa@mairie.example>) pirate@x.example",
    "<noa@mairie.example> <pirate@x.example>", "=?utf-8?q?=22a=3Cnoa=40mairie.example=3E?= <pirate@x.example>"])
def test_a_name_that_looks_like_an_address_is_no_sender(sender):
    """The domain of the address behind passes DMARC, and the mail was taken for Noa's."""
    assert parse(f"From: {sender}\r\n\r\nx".encode()).sender_address == "pirate@x.example"
    assert verdict("mx.reseau.example; dmarc=pass header.from=x.example", sender=sender) == Verdict.PASS


def test_of_two_senders_none_is_vouched_for_unless_the_server_names_them():
    two = "noa@mairie.example, pirate@x.example"
    assert verdict("mx.reseau.example; dmarc=pass", sender=two) == Verdict.UNKNOWN
    assert verdict("mx.reseau.example; dmarc=pass header.from=x.example", sender=two) == Verdict.FAIL
    assert verdict("mx.reseau.example; dmarc=pass header.from=example", sender="noa@mairie.example") == Verdict.PASS


def test_only_the_topmost_counts():
    assert verdict("autre.example; dmarc=none", "mx.reseau.example; dmarc=pass") == Verdict.UNKNOWN
    assert verdict("mx.reseau.example; dmarc=fail", "mx.reseau.example; dmarc=pass") == Verdict.FAIL


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="mx.;=() dmarcpassfail\"\\\r\n\té,", max_size=200))
def test_no_header_raises(value):
    assert sender_verdict(parse(f"Authentication-Results: mx;{value}\n\nx".encode()), "mx") in Verdict


def test_thousands_of_comments_take_no_time():
    assert verdict("mx.reseau.example; " + "(" * 50_000 + "dmarc=pass") == Verdict.UNKNOWN
