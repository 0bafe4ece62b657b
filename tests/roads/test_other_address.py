"""An answer from an address we do not know: the known one is asked, or a person decides; nobody is believed on their word."""

from __future__ import annotations

import pytest
from cast import AIDE, ANDREA, COORDINATOR, IMMERSION, NOA, confirm, press, send
from house.test_links_act_on_press_only import dump
from pages import soup
from setting import at_once, databases
from sqlalchemy import func, select

from jobs.engine import hourly
from models.address import SecondAddress
from models.base import db, transaction
from models.dossier import Dossier
from models.inbound import InboundMessage
from services.errors import AlreadyDone
from services.inbound import addresses

PRIVATE = "noa.perso@courriel.example"


@pytest.fixture
def letter(client, post):
    """What the author of a request for help received."""
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    return post.last(NOA)


def rows(app) -> list[InboundMessage]:
    with app.app_context():
        db.session.remove()
        return list(db.session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


def relayed(post) -> list:
    return [item for item in post.to(COORDINATOR) if item.letter.endswith("message_relayed")]


def say(client, post, answer: str, to: str = NOA):
    path = post.last(to, "is_it_you").link("adresse")
    return client.fill(client.get(path), path, reponse=answer)


@databases("sqlite", "postgresql")
def test_an_answer_from_another_mailbox_waits_until_the_known_one_says_yes(app, client, post, letter):
    post.reply(letter, "Une précision : il a un téléphone.", sender=f"Noa <{PRIVATE}>")
    assert [row.state for row in rows(app)] == ["waiting"]
    assert not relayed(post)
    asked, told = post.last(NOA, "is_it_you"), post.last(PRIVATE, "usual_address_asked")
    assert PRIVATE in asked.text and NOA not in told.text, "the new address does not learn the known one"
    assert b"Reply-To" not in asked.raw, "« oui » by mail must not be taken for an agreement to something else"
    page = say(client, post, "oui")
    assert "reconnue" in page.text
    assert [row.state for row in rows(app)] == ["done"]
    assert "il a un téléphone" in relayed(post)[0].text and len(relayed(post)) == 1
    post.reply(letter, "Et une autre", sender=PRIVATE)
    assert len(relayed(post)) == 2
    assert len([item for item in post.to(NOA) if item.letter.endswith("is_it_you")]) == 1
    post.reply(post.last(COORDINATOR), "Bonjour Noa")
    assert post.last(NOA).letter == "conversation/message_relayed", "letters go on to the main address"
    assert not [item for item in post.to(PRIVATE) if item.letter.endswith("message_relayed")]


def test_several_mails_wait_for_one_question(app, client, post, letter):
    for words in ("Un", "Deux", "Trois"):
        post.reply(letter, words, sender=PRIVATE)
    assert len([item for item in post.to(NOA) if item.letter.endswith("is_it_you")]) == 1
    assert len([item for item in post.to(PRIVATE) if item.letter.endswith("usual_address_asked")]) == 1
    say(client, post, "oui")
    assert [row.state for row in rows(app)] == ["done"] * 3
    assert len(relayed(post)) == 3


def test_no_means_that_the_mail_is_a_coordinators_to_read(app, client, post, letter):
    post.reply(letter, "Je suis Noa, croyez-moi", sender=PRIVATE)
    assert "noté" in say(client, post, "non").text
    [row] = rows(app)
    assert row.state == "quarantined" and "pas la sienne" in row.reason
    assert not relayed(post)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SecondAddress)) == 0
    post.reply(letter, "Encore moi", sender=PRIVATE)
    assert rows(app)[-1].state == "quarantined"
    assert len([item for item in post.to(NOA) if item.letter.endswith("is_it_you")]) == 1, "it is not asked again"


def test_opening_the_question_answers_nothing(app, client, post, letter):
    post.reply(letter, "Bonjour", sender=PRIVATE)
    path, before = post.last(NOA, "is_it_you").link("adresse"), dump(app)
    assert client.get(path).status_code == client.head(path).status_code == 200
    assert dump(app) == before
    buttons = [button.text.strip() for button in soup(client.get(path)).select("main button")]
    assert buttons == ["Oui, c’est aussi mon adresse", "Non, ce n’est pas moi"]
    assert client.post(path, data={}).status_code == 422
    assert dump(app) == before


def test_a_second_press_is_told_what_was_said(client, post, letter):
    post.reply(letter, "Bonjour", sender=PRIVATE)
    say(client, post, "oui")
    path = post.last(NOA, "is_it_you").link("adresse")
    for again in (client.get(path), client.post(path, data={"reponse": "non"})):
        assert again.status_code == 409 and "est aussi votre adresse" in again.text
    assert len(relayed(post)) == 1


@databases("sqlite", "postgresql")
def test_two_presses_at_once_process_the_mail_once(app, clock, post, letter):
    post.reply(letter, "Bonjour", sender=PRIVATE)
    token = post.last(NOA, "is_it_you").link("adresse").rpartition("/")[2]
    given, raised = at_once(app, 3, lambda number: addresses.answer_question(token, True, clock.now))
    assert len(given) == 1 and all(isinstance(error, AlreadyDone) for error in raised), raised
    assert len(relayed(post)) == 1


def test_without_an_answer_in_three_days_a_coordinator_reads_and_a_late_yes_still_counts(app, client, clock, post, letter):
    post.reply(letter, "Bonjour", sender=PRIVATE)
    clock.advance(days=3, minutes=1)
    with app.app_context():
        assert hourly(clock.now) >= 1
    [row] = rows(app)
    assert row.state == "quarantined" and "sans réponse" in row.reason
    say(client, post, "oui")
    assert [row.state for row in rows(app)] == ["done"]
    assert len(relayed(post)) == 1


def test_the_question_expires_and_is_forgotten(app, client, clock, post, letter):
    post.reply(letter, "Bonjour", sender=PRIVATE)
    path = post.last(NOA, "is_it_you").link("adresse")
    clock.advance(days=7)
    assert client.get(path).status_code == 410
    clock.advance(days=24)
    with app.app_context():
        hourly(clock.now)
        assert db.session.scalar(select(func.count()).select_from(SecondAddress)) == 0


def test_a_known_address_is_not_asked_again_and_again_by_made_up_ones(app, post, letter):
    for number in range(5):
        post.reply(letter, "Bonjour", sender=f"faux{number}@ailleurs.example")
    assert len([item for item in post.to(NOA) if item.letter.endswith("is_it_you")]) == 3
    assert [row.state for row in rows(app)] == ["waiting"] * 3 + ["quarantined"] * 2


def test_a_letter_passed_on_to_a_colleague_asks_a_person(app, post, letter):
    raw = _reply(app, post, letter, "Je réponds pour Noa", "collegue@structure-b.example", cc=NOA)
    assert _take(app, post, raw).state == "quarantined"
    [row] = rows(app)
    assert "en copie" in row.reason and "Noa" in row.reason
    assert not [item for item in post.to(NOA) if item.letter.endswith("is_it_you")]
    assert post.last("collegue@structure-b.example").letter == "courriels/kept_for_coordination"


def test_a_forward_to_a_reply_address_asks_a_person(app, post, letter):
    post.reply(letter, "Tr : voici\n\n-------- Message transféré --------\nDe : x", sender=PRIVATE)
    raw = _reply(app, post, letter, "voir dessous", "autre@structure-b.example", subject="TR: [AIDE-2027-0001] Une question")
    assert _take(app, post, raw).state == "quarantined"
    assert "transfère" in rows(app)[-1].reason


def test_another_person_of_the_request_asks_a_person(app, client, post):
    send(client, "/immersion", IMMERSION)
    confirm(client, post, NOA)
    press(client, post.last(COORDINATOR).link("d"))
    post.reply(post.last(NOA), "Oui", sender=f"Andréa Direction <{ANDREA}>")
    [row] = rows(app)
    assert row.state == "quarantined" and "Andréa Direction" in row.reason and "IMM-2027-0001" in row.reason
    with app.app_context():
        assert db.session.scalar(select(Dossier.state)) == "employer_asked", "a role is not taken with somebody else's letter"


def test_a_coordinators_private_mailbox_may_decide_once_it_is_theirs(app, client, post, letter):
    to_coordinator = post.last(COORDINATOR)
    post.reply(to_coordinator, "/clore", sender="alix.perso@courriel.example")
    with app.app_context():
        assert db.session.scalar(select(Dossier.state)) == "submitted"
    say(client, post, "oui", COORDINATOR)
    with app.app_context():
        assert db.session.scalar(select(Dossier.state)) == "closed"


def test_an_answer_to_a_request_nobody_confirmed_asks_nobody(app, client, post):
    send(client, "/aide", AIDE)
    post.reply(post.last(NOA), "Bonjour", sender=PRIVATE)
    [row] = rows(app)
    assert row.state == "quarantined" and not [i for i in post.to(NOA) if i.letter.endswith("is_it_you")]


def test_a_request_from_another_address_of_theirs_is_answered_at_the_main_one(app, client, post, letter, arrive):
    post.reply(letter, "Bonjour", sender=PRIVATE)
    say(client, post, "oui")
    arrive("aide@ring.example", "Une autre question", sender=PRIVATE)
    path = post.last(NOA, "form_to_complete").link("aide/reprendre")
    assert not [item for item in post.to(PRIVATE) if item.letter.endswith("form_to_complete")]
    page = client.fill(client.get(path), "/aide/question", help_kind="question", theme="autre")
    page = client.fill(page, "/aide/contexte", concerns="moi", urgency="normale")
    assert soup(page).find(id="email")["value"] == NOA


def test_words_of_another_address_of_theirs_reach_the_request_the_subject_names(client, post, letter, arrive):
    post.reply(letter, "Bonjour", sender=PRIVATE)
    say(client, post, "oui")
    arrive("aide@ring.example", "Une suite", sender=PRIVATE, subject="Re: [AIDE-2027-0001] Une question")
    assert "Une suite" in relayed(post)[-1].text


def test_a_coordinators_private_mailbox_decides_of_mail_set_aside_once_it_is_theirs(client, post, arrive):
    inbound = arrive("contact@ring.example", "Bonjour")
    post.reply(post.last(COORDINATOR, "digest"), "écarter", sender="alix.perso@courriel.example")
    assert arrive.row(inbound).state == "quarantined"
    say(client, post, "oui", COORDINATOR)
    assert arrive.row(inbound).state == "discarded"


@databases("sqlite", "postgresql")
def test_a_coordinator_cannot_make_a_colleagues_address_somebody_elses(app, client, clock, post, letter):
    with app.app_context(), transaction():
        assert addresses.learn(NOA, PRIVATE, clock.now)
        assert not addresses.learn(NOA, PRIVATE, clock.now), "known already"
        assert not addresses.learn(NOA, NOA, clock.now)
        assert not addresses.learn(NOA, "suppleance@ring.example", clock.now)
        assert not addresses.learn(NOA, "aide@ring.example", clock.now)
    assert PRIVATE in post.last(NOA, "address_added").text


def test_a_mailbox_two_people_share_says_nothing_of_who_writes(app, clock, client, post, letter):
    with app.app_context():
        with transaction():
            addresses.learn(NOA, PRIVATE, clock.now)
        assert addresses.main_address(PRIVATE.upper()) == NOA
        with transaction():
            addresses.learn("autre@structure-b.example", PRIVATE, clock.now)
        assert addresses.main_address(PRIVATE) == PRIVATE


def _reply(app, post, letter, words: str, sender: str, cc: str = "", subject: str = "") -> bytes:
    from roads.test_strange_mail import header, raw_reply
    raw = header(raw_reply(app, letter, words, post.clock), "From", sender)
    raw = header(raw, "Cc", cc) if cc else raw
    return header(raw, "Subject", subject) if subject else raw


def _take(app, post, raw: bytes) -> InboundMessage:
    from roads.test_strange_mail import take
    return take(app, raw, post.clock)
