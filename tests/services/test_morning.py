"""The morning letter: what waits, by promise, once a working day; each item is answered at its own address."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from urllib.parse import unquote

from cast import COORDINATOR, DEPUTY, NOA
from letters_in import mail
from roads.stories import letters, planted, said_in
from setting import databases
from sqlalchemy import select

from inbox import receive
from models.base import db, transaction
from models.conversation import Message
from models.dossier import Dossier
from models.states import Kind
from services import subscription
from services.acting import perform
from services.coordination import morning, presence
from territory.calendar import PARIS
from territory.said_days import Days

MONDAY = datetime(2027, 1, 11, 8, 7, tzinfo=PARIS)


def _mornings(to: str = COORDINATOR):
    return letters(to, "morning")


@databases("sqlite", "postgresql")
def test_it_leaves_once_a_working_day_when_something_waits(context):
    assert morning.send(MONDAY) == 0, "nothing to say, no letter"
    dossier = planted(Kind.ENTRAIDE, "submitted", MONDAY)
    assert morning.send(MONDAY) == 1 and [morning.send(MONDAY + timedelta(hours=hours)) for hours in range(1, 9)] == [0] * 8
    assert _mornings()[0].subject == "Une demande vous attend" and dossier.reference in said_in(_mornings()[0])
    assert morning.send(MONDAY.replace(hour=6) + timedelta(days=1)) == 0, "too early"
    assert morning.send(MONDAY + timedelta(days=1)) == 1
    assert morning.send(MONDAY + timedelta(days=5)) == 0, "a Saturday"
    perform("clore", dossier.coordinators[0].id, "", MONDAY)
    assert morning.send(MONDAY + timedelta(days=2)) == 0


def test_late_promises_come_first_and_what_a_colleague_took_is_left_out(context, clock):
    later, late, taken = (planted(Kind.ENTRAIDE, "submitted", clock.now) for _ in range(3))
    with transaction():
        db.session.get(Dossier, later.id).promised_on = MONDAY.date() + timedelta(days=3)
        db.session.get(Dossier, late.id).promised_on = MONDAY.date() - timedelta(days=3)
        db.session.get(Dossier, taken.id).assigned_to = DEPUTY
    morning.send(MONDAY)
    told = said_in(_mornings()[0])
    assert told.index(late.reference) < told.index(later.reference) and taken.reference not in told
    assert "En retard de 3 jours." in told
    assert _mornings(DEPUTY) == [], "not their exchange"


def test_each_item_is_answered_by_replying_to_its_own_address(context, clock):
    first, second = planted(Kind.ENTRAIDE, "submitted", clock.now), planted(Kind.ENTRAIDE, "submitted", clock.now)
    morning.send(MONDAY)
    first_id, second_id, reference = first.id, second.id, second.reference
    html = message_from_bytes(_mornings()[0].raw, policy=default).get_body(("html",)).get_content()
    addresses = list(dict.fromkeys(unquote(found) for found in re.findall(r"mailto:(reponse[^?\"]+)", html)))
    assert len(addresses) == 2
    receive(mail(addresses[1], "Un mandat écrit suffit.", COORDINATOR, f"Re: [{reference}]"), "essai", MONDAY)
    db.session.rollback()
    assert db.session.execute(select(Message.dossier_id, Message.body)).all() == [(second_id, "Un mandat écrit suffit.")]
    receive(mail(addresses[0], "/clore", COORDINATOR, "Re:"), "essai", MONDAY)
    db.session.rollback()
    assert db.session.get(Dossier, first_id).state == "closed"
    assert letters(NOA, "ended")


def test_who_is_away_or_said_no_gets_none(context, clock):
    planted(Kind.ENTRAIDE, "submitted", clock.now)
    presence.go_away(COORDINATOR, Days(MONDAY.date(), MONDAY.date()), clock.now)
    assert morning.send(MONDAY) == 0
    with transaction():
        subscription.stop_for(COORDINATOR, MONDAY)
    assert morning.send(MONDAY + timedelta(days=1)) == 0


def test_very_much_is_counted_rather_than_told(context, clock):
    for _ in range(morning.MOST + 3):
        planted(Kind.ENTRAIDE, "submitted", clock.now)
    morning.send(MONDAY)
    assert _mornings()[0].subject == f"{morning.MOST + 3} demandes vous attendent" and "Et 3 de plus" in said_in(_mornings()[0])
