"""Digests: the first notice at once, what follows in one letter an hour, in working hours, and never to who said no."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from cast import COORDINATOR, DEPUTY
from roads.stories import letters, planted, said_in
from setting import at_once, databases
from sqlalchemy import func, select

from inbox import receive
from jobs.engine import sweep
from mail.addresses import read_queue_address, write_queue_address
from models.base import db, transaction
from models.delivery import DigestItem, MailOptOut
from models.inbound import InboundMessage, InboundState
from models.states import Kind
from services import digest, subscription
from territory.calendar import PARIS

both = databases("sqlite", "postgresql")
NIGHT, MORNING = datetime(2027, 1, 11, 22, tzinfo=PARIS), datetime(2027, 1, 12, 8, tzinfo=PARIS)


def _tell(sentence: str, now, **about) -> None:
    with transaction():
        digest.tell(COORDINATOR, "Alix Coordination", sentence, now, **about)


def _digests(to: str = COORDINATOR):
    return letters(to, "digest")


def _waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(DigestItem).where(DigestItem.sent_at.is_(None)))


@both
def test_the_first_notice_is_told_at_once_and_what_follows_once_an_hour(context, clock):
    _tell("Première nouvelle.", clock.now)
    assert len(_digests()) == 1 and "Première nouvelle." in said_in(_digests()[0])
    for minute in (5, 20, 50):
        _tell(f"Nouvelle de la minute {minute}.", clock.now + timedelta(minutes=minute))
        assert digest.send_waiting(clock.now + timedelta(minutes=minute)) == 0
    later = clock.now + timedelta(minutes=61)
    assert digest.send_waiting(later) == 1
    told = said_in(_digests()[1])
    assert [f"Nouvelle de la minute {minute}." in told for minute in (5, 20, 50)] == [True] * 3
    assert "Première" not in told
    assert told.index("minute 5.") < told.index("minute 20.") < told.index("minute 50.")
    assert _digests()[1].subject == "3 nouvelles pour la coordination"


def test_nothing_to_say_no_letter(context, clock):
    assert digest.send_waiting(clock.now) == 0
    _tell("Une nouvelle.", clock.now)
    assert [digest.send_waiting(clock.now + timedelta(hours=hours)) for hours in range(1, 8)] == [0] * 7
    assert len(_digests()) == 1


@both
def test_what_happens_at_night_is_told_in_the_morning_in_one_letter(context):
    for number in range(4):
        _tell(f"Nouvelle numéro {number}.", NIGHT + timedelta(minutes=40 * number))
    assert _digests() == [] and _waiting() == 4
    assert sweep(NIGHT + timedelta(hours=6)) == 0
    assert sweep(MORNING) >= 1
    assert len(_digests()) == 1 and _waiting() == 0
    assert _digests()[0].subject == "4 nouvelles pour la coordination"
    assert sweep(MORNING + timedelta(hours=2)) == 0


def test_each_address_has_its_own_hour(context, clock):
    _tell("Une nouvelle.", clock.now)
    with transaction():
        digest.tell(DEPUTY, "Dominique", "Une autre.", clock.now)
    assert len(_digests()) == len(_digests(DEPUTY)) == 1


def test_a_notice_leaves_with_its_cause_or_not_at_all(context, clock):
    with pytest.raises(ZeroDivisionError), transaction():
        digest.tell(COORDINATOR, "Alix", "Une nouvelle.", clock.now)
        raise ZeroDivisionError
    assert _digests() == [] and db.session.scalar(select(func.count()).select_from(DigestItem)) == 0


@both
def test_two_who_tell_at_the_same_moment_make_one_letter(context, clock):
    def tell(number: int) -> None:
        with transaction():
            digest.tell(COORDINATOR, "Alix", f"Nouvelle {number}.", clock.now)
    _given, failed = at_once(context, 4, tell)
    assert failed == []
    assert len(_digests()) == 1
    assert digest.send_waiting(clock.now + timedelta(hours=1, minutes=1)) == 1
    told = " ".join(said_in(row) for row in _digests())
    assert all(f"Nouvelle {number}." in told for number in range(4))


def test_the_same_thing_is_not_told_twice_in_one_letter(context):
    for _ in range(3):
        _tell("Une nouvelle.", NIGHT)
    assert _waiting() == 1


def test_a_sentence_leads_to_the_page_of_what_it_is_about(context, clock):
    mine = planted(Kind.ENTRAIDE, "submitted", clock.now)
    _tell("Une adresse ne marche pas.", clock.now, dossier=mine)
    assert re.search(r"/d/[\w-]{43}", said_in(_digests()[0])), "their own link, where they take part"
    assert mine.reference in said_in(_digests()[0])
    with transaction():
        digest.tell("suppleance@ring.example", "Dominique", "Une adresse ne marche pas.", clock.now, dossier=mine)
    other = said_in(_digests("suppleance@ring.example")[0])
    assert f"/coordination/{mine.reference}" in other and "/d/" not in other


def _mail(number: int) -> bytes:
    return (f"From: inconnu{number}@ailleurs.example\r\nTo: reseau@ring.example\r\nSubject: Bonjour {number}\r\n"
            f"Message-ID: <{number}@ailleurs.example>\r\n\r\nBonjour, je vous écris.\r\n").encode()


@both
def test_mail_set_aside_is_told_with_an_address_of_its_own(context, clock):
    ids = [receive(_mail(number), "test", clock.now) for number in range(3)]
    first, = _digests()
    assert first.subject == "Un courriel à rattacher" and "inconnu0@ailleurs.example" in said_in(first)
    secret = context.extensions["ring"].settings.SECRET_KEY
    answer = message_from_bytes(first.raw, policy=default)["Reply-To"].addresses[0].addr_spec
    assert read_queue_address(answer, secret) == ids[0], "answering the letter is answering about that mail"
    assert digest.send_waiting(clock.now + timedelta(minutes=61)) == 1
    both_told = _digests()[1]
    assert both_told.subject == "2 courriels à rattacher"
    for number in (1, 2):
        address = write_queue_address(ids[number], secret, "ring.example")
        assert address in said_in(both_told)
        page = message_from_bytes(both_told.raw, policy=default).get_body(("html",)).get_content()
        links = re.findall(rf'href="mailto:{re.escape(address.replace("+", "%2B"))}\?[^"]*body=([^"]*)"', page)
        assert links == ["rattacher%20", "ouvrir%20une%20demande", "%C3%A9carter"]
    assert message_from_bytes(both_told.raw, policy=default)["Reply-To"] is None, "about which one would it be?"


def test_mail_somebody_dealt_with_meanwhile_is_not_told_any_more(context):
    receive(_mail(1), "test", NIGHT)
    row = db.session.scalar(select(InboundMessage))
    with transaction():
        db.session.get(InboundMessage, row.id).state = InboundState.DISCARDED.value
    assert digest.send_waiting(MORNING) == 0
    assert _digests() == [] and _waiting() == 0


def test_very_much_at_once_is_counted_rather_than_told(context):
    for number in range(digest.MOST + 5):
        _tell(f"Nouvelle numéro {number}.", NIGHT)
    assert digest.send_waiting(MORNING) == 1
    letter = _digests()[0]
    assert letter.subject == f"{digest.MOST + 5} nouvelles pour la coordination"
    assert "Et 5 de plus" in said_in(letter)
    assert _waiting() == 0


@both
def test_items_are_removed_after_fourteen_days_told_or_not(context):
    _tell("Une nouvelle.", NIGHT)
    assert digest.purge(NIGHT + timedelta(days=13)) == 0
    assert digest.purge(NIGHT + timedelta(days=14, minutes=1)) == 1


@both
def test_who_stopped_digests_gets_none_and_somebody_else_is_told(context, clock):
    with transaction():
        assert subscription.stop_for(COORDINATOR.upper(), clock.now)
        assert not subscription.stop_for(COORDINATOR, clock.now), "twice is once"
    receive(_mail(1), "test", clock.now)
    assert _digests() == []
    assert "inconnu1@ailleurs.example" in said_in(_digests(DEPUTY)[0])
    with transaction():
        subscription.resume_for(COORDINATOR)
    assert db.session.scalar(select(func.count()).select_from(MailOptOut)) == 0
    receive(_mail(2), "test", clock.now)
    assert len(_digests()) == 1


def test_when_nobody_wants_digests_the_mail_is_still_kept(context, clock):
    with transaction():
        for person in context.extensions["ring"].network.coordinators:
            subscription.stop_for(person.email, clock.now)
    receive(_mail(1), "test", clock.now)
    assert _digests() == []
    assert db.session.scalar(select(InboundMessage.state)) == "quarantined"


def test_what_waited_is_forgotten_by_who_stops(context):
    _tell("Une nouvelle.", NIGHT)
    with transaction():
        subscription.stop_for(COORDINATOR, NIGHT)
    assert _waiting() == 0
    assert digest.send_waiting(MORNING) == 0
