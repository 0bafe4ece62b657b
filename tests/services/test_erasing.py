"""Mail is kept as it came while somebody may have to look at it again, and no longer (GDPR, article 5.1.e)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from setting import databases
from sqlalchemy import select

from jobs.engine import hourly
from models.base import db, transaction
from models.inbound import InboundMessage
from services import inbound

OVER, LOOKED_AT = ("done", "ignored", "discarded"), ("received", "quarantined", "waiting")


@databases("sqlite", "postgresql")
@pytest.mark.parametrize(("state", "emptied"), [*((name, True) for name in OVER), *((name, False) for name in LOOKED_AT)])
def test_the_bytes_go_thirty_days_after_a_mail_was_dealt_with_and_never_before(context, clock, state, emptied):
    raw = b"From: noa@structure-b.example\r\n\r\nMots de Noa\r\n"
    number = inbound.store(raw, "imap", clock.now)
    with transaction():
        row = db.session.get(InboundMessage, number)
        row.state, row.sender, row.subject = state, "noa@structure-b.example", "Noa"
    hourly(clock.now + timedelta(days=29))
    assert _row(number).raw == raw
    hourly(clock.now + timedelta(days=31))
    row = _row(number)
    assert ((row.raw, row.sender, row.subject) == (b"", "", "")) == emptied
    assert inbound.store(raw, "maildir", clock.now) == number, "it is still known"


def test_a_mail_a_coordinator_dealt_with_is_kept_from_that_day_on(context, clock):
    number = inbound.store(b"From: x@y.example\r\n\r\nMots\r\n", "imap", clock.now)
    with transaction():
        row = db.session.get(InboundMessage, number)
        row.state, row.handled_at = "discarded", clock.now + timedelta(days=20)
    hourly(clock.now + timedelta(days=45))
    assert _row(number).raw
    hourly(clock.now + timedelta(days=51))
    assert not _row(number).raw


def _row(number: int) -> InboundMessage:
    db.session.rollback()
    return db.session.scalar(select(InboundMessage).where(InboundMessage.id == number).execution_options(populate_existing=True))
