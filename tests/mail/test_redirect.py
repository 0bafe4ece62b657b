"""A test instance writes to one address, and to nobody else."""

from __future__ import annotations

import re

import pytest
from cast import COORDINATOR, NOA
from delivered import come_back, deliver, stopped
from pages import ReadingClient
from relay import sending_app
from roads.stories import confirmed, form, letters, said_in
from sqlalchemy import select

from models.base import db
from models.delivery import DeliveryEvent
from models.states import Kind
from services import mailbox_reply, submission


@pytest.fixture
def redirecting(environ, smtp, clock):
    with sending_app(environ, smtp.port, clock, RING_MAIL_REDIRECT_TO="essais@ring.example") as app:
        app.test_client_class = ReadingClient
        yield app


def test_on_a_test_instance_every_letter_goes_to_one_address_and_says_for_whom(redirecting, smtp, clock):
    from email import message_from_bytes
    from email.policy import default
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    assert [envelope.rcpt_tos for envelope in smtp.received] == [["essais@ring.example"]] * 3
    for envelope, row in zip(smtp.received, letters(), strict=True):
        mail = message_from_bytes(envelope.original_content, policy=default)
        assert str(mail["Subject"]).startswith(f"[pour {row.recipient}] [AIDE-2027-0001] ")
        assert str(mail["Subject"]).endswith(row.subject)
        assert [a.addr_spec for a in mail["To"].addresses] == ["essais@ring.example"], "no answer to all can escape"
        assert (mail["X-Ring-For"], mail["Message-ID"]) == (row.recipient, row.message_id)
        assert envelope.mail_from == row.envelope_from, "what comes back names the conversation"
        assert not mail.defects
        assert mail.get_body(("plain",)).get_content().splitlines() == mailbox_reply.text_of(row).splitlines()
    assert {row.recipient for row in letters()} == {NOA, COORDINATOR}, "the outbox knows who it was for"


def test_what_a_test_instances_address_refuses_stops_nobodys(redirecting, smtp, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    come_back(letters(NOA)[-1], clock)
    smtp.refused = {"essais@ring.example": "550 5.1.1 User unknown"}
    submission.submit(form(key="b", email="b@structure-b.example"), "1.2.3.5", clock.now)
    deliver(clock)
    assert stopped() == {}
    assert {e.email for e in db.session.scalars(select(DeliveryEvent))} == {"essais@ring.example"}


def test_the_pages_of_a_test_instance_say_so(redirecting, smtp, clock):
    client = redirecting.test_client()
    page = client.get("/")
    assert "Site d’essai" in page.text and "essais@ring.example" not in page.text
    client.fill(client.get("/coordination/entrer"), "/coordination/entrer", email=COORDINATOR)
    path = re.search(r"/coordination/ouvrir/[\w-]+", said_in(letters(COORDINATOR, "sign_in_link")[0]))[0]
    client.fill(client.get(path), path)
    assert "tous les courriels partent à essais@ring.example" in client.get("/coordination/").text
