"""Who may be answered now: once a day for each reason and address, and never a machine."""

from __future__ import annotations

import pytest

from models.base import db, transaction
from models.delivery import StoppedAddress
from services.inbound.answering import NOTICES_A_DAY, NOTICES_AN_HOUR, is_person, may_answer

SENDER = "jo@structure.example"


def asked(sender: str, reason: str, clock) -> bool:
    with transaction():
        return may_answer(sender, reason, clock.now)


def test_a_refusal_is_written_once_a_day_for_each_reason_and_address(context, clock):
    assert asked(SENDER, "too-large", clock) and not asked(SENDER.upper(), "too-large", clock)
    assert asked(SENDER, "closed", clock), "another reason"
    assert asked("autre@structure.example", "too-large", clock), "another address"
    clock.advance(hours=23)
    assert not asked(SENDER, "too-large", clock)
    clock.advance(hours=1, seconds=1)
    assert asked(SENDER, "too-large", clock)


def test_one_address_gets_few_notices_a_day_and_the_network_writes_few_an_hour(context, clock):
    assert [asked(SENDER, f"reason-{number}", clock) for number in range(NOTICES_A_DAY + 1)] == [True] * NOTICES_A_DAY + [False]
    left = [asked(f"p{number}@structure.example", "unknown", clock) for number in range(NOTICES_AN_HOUR)]
    assert left.count(True) == NOTICES_AN_HOUR - NOTICES_A_DAY and not left[-1]
    clock.advance(hours=1, seconds=1)
    assert asked("apres@structure.example", "unknown", clock)


@pytest.mark.parametrize("address", [
    "", "<>", "sans-arobase", "a@b", "deux@mots .fr", "x" * 250 + "@e.example",
    "MAILER-DAEMON@server.example", "postmaster@x.example",
    "no-reply@x.example", "ne-pas-repondre@x.example", "caf.noreply@x.example", "noreply+123@x.example", "do-not-reply@x.example",
    "liste-request@x.example", "owner-liste@x.example", "liste-bounces+jo=x.example@x.example", "bounce-12@x.example",
    "lou.énoréply@x.example", "lou@" + "é" * 60 + ".fr",  # neither can be carried
    "reponse+aaaaaaaaaaaaaaaaaaaaaaaaaa@ring.example", "retour+x@ring.example", "reseau@ring.example", "contact@ring.example",
    "aide@ring.example"])
def test_a_null_sender_a_machine_a_list_and_ourselves_are_never_answered(context, clock, address):
    assert not is_person(address) and not asked(address, "unknown", clock)


@pytest.mark.parametrize("address", ["coordination@ring.example", "noa@structure-b.example", "bounty@x.example",
                                     "jean.request@x.example", "aide@mairie.example", "Lou.Enoreply@x.example",
                                     "contact@x.example"])
def test_a_person_is_answered_even_with_such_a_name(context, address):
    assert is_person(address)


def test_an_address_that_no_longer_works_is_not_answered(context, clock):
    with transaction():
        db.session.add(StoppedAddress(email=SENDER, stopped_at=clock.now, because="hard"))
    assert not asked(SENDER, "closed", clock)
