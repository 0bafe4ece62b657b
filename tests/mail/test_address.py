"""A coordinator corrects an address; a stranger who has it by mistake learns nothing."""

from __future__ import annotations

import re

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send, sign_in
from delivered import deliver, journal, states, stopped, write
from mail_reports import report
from roads.stories import confirmed, letters, planted, said_in, who
from setting import databases
from sqlalchemy import select

from inbox import receive
from models.access_link import AccessLink
from models.base import db, transaction
from models.delivery import Outcome, StoppedAddress
from models.dossier import Dossier, Participant
from models.outbox import OutboxMessage
from models.states import Kind
from services import acting, delivery
from services.errors import LinkExpired, NotFound, Refused, TooMany

both = databases("sqlite", "postgresql")
NEW = "noa.fictif@ailleurs.example"


def _corrected(dossier: Dossier, clock, email: str = NEW) -> str:
    """A coordinator gives another address; the token of the letter to it."""
    acting.perform("adresse", who(dossier, "coordinator").id, "", clock.now, extra=delivery.Correction(dossier.author.id, email))
    return re.search(r"/nouvelle-adresse/([\w-]{43})", said_in(letters(email, "new_address")[-1]))[1]


@both
def test_a_corrected_address_receives_nothing_of_the_request_before_it_is_confirmed(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    smtp.refused = {NOA: "550 5.1.1 User unknown"}
    deliver(clock)
    write(dossier, "Voici la réponse", clock)
    deliver(clock)
    waiting = [row.id for row in letters(NOA)]
    token = _corrected(dossier, clock)
    deliver(clock)
    [asked] = letters(NEW)
    for secret in ("Noa", "Fictif", "Essai", "réponse"):
        assert secret not in said_in(asked), "it may be a stranger's"
    assert b"reponse+" not in asked.raw, "it cannot be answered into the conversation"
    assert dossier.author.email == NOA
    delivery.read_new_address(token, clock.now)
    person = delivery.confirm_address(token, clock.advance(hours=1))
    assert person.email == NEW
    deliver(clock)
    rows = [db.session.get(OutboxMessage, id_) for id_ in waiting]
    assert {(row.recipient, row.state) for row in rows} == {(NEW, "sent")}
    got = [envelope for envelope in smtp.received if envelope.rcpt_tos == [NEW]][1:]
    assert len(got) == len(waiting)
    for envelope in got:
        assert NOA.encode() not in envelope.original_content.split(b"\r\n\r\n")[0]
    assert "address_confirmed" in journal()
    with pytest.raises(LinkExpired):
        delivery.confirm_address(token, clock.now)
    # And the link inside of a letter that waited opens the request.
    with_link = next(row for row in rows if re.search(r"/d/[\w-]{43}", said_in(row)))
    key = re.search(r"/d/([\w-]{43})", said_in(with_link))[1]
    from models.access_link import hash_token
    link = db.session.scalar(select(AccessLink).where(AccessLink.token_hash == hash_token(key)))
    assert link.alive(clock.now) and link.email == NEW


def test_links_that_left_for_the_wrong_address_open_nothing_once_it_is_corrected(sending, smtp, clock):
    """It may have been somebody's: a mistake of one letter in an address."""
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    clock.advance(days=1)
    token = _corrected(dossier, clock)
    delivery.confirm_address(token, clock.advance(hours=1))
    links = db.session.scalars(select(AccessLink).where(AccessLink.purpose == "dossier",
                                                        AccessLink.participant_id == dossier.author.id)).all()
    assert links and not [link for link in links if link.alive(clock.now)]
    assert letters(NOA, "address_replaced"), "who reads the old address is told, and can protest"
    assert NEW not in said_in(letters(NOA, "address_replaced")[0])


@pytest.mark.parametrize(("email", "why"), [
    (NOA, "déjà l’adresse"), ("NOA@structure-b.example", "déjà l’adresse"), ("reponse+x@ring.example", "adresse du réseau"),
    ("mort@structure-b.example", "ne parviennent pas non plus"),
])
def test_an_address_a_person_cannot_have_is_refused(context, clock, email, why):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    with transaction() as session:
        session.add(StoppedAddress(email="mort@structure-b.example", stopped_at=clock.now, because=Outcome.BOUNCED_HARD.value))
    with pytest.raises(Refused, match=why):
        acting.perform("adresse", who(dossier, "coordinator").id, "", clock.now,
                       extra=delivery.Correction(dossier.author.id, email))
    assert letters() == []


def test_an_address_of_another_request_cannot_be_reached_from_this_one(context, clock):
    dossier, other = planted(Kind.ENTRAIDE, "submitted", clock.now), planted(Kind.ADHESION, "submitted", clock.now)
    with pytest.raises(NotFound):
        acting.perform("adresse", who(dossier, "coordinator").id, "", clock.now, extra=delivery.Correction(other.author.id, NEW))


def test_strangers_are_not_written_to_again_and_again(context, clock):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    for number in range(5):
        _corrected(dossier, clock, f"essai{number}@ailleurs.example")
    with pytest.raises(TooMany):
        _corrected(dossier, clock, "essai6@ailleurs.example")
    tokens = [re.search(r"/nouvelle-adresse/([\w-]{43})", said_in(row))[1] for row in letters(name="new_address")]
    for token in tokens[:-1]:
        with pytest.raises(LinkExpired):
            delivery.confirm_address(token, clock.now)
    assert delivery.confirm_address(tokens[-1], clock.now).email == "essai4@ailleurs.example", "only the last one counts"


def test_a_new_address_that_does_not_work_either_is_told(sending, smtp, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    deliver(clock)
    smtp.refused = {NEW: "550 5.1.1 User unknown"}
    _corrected(dossier, clock)
    deliver(clock)
    assert "la nouvelle adresse de Noa Fictif" in said_in(letters(COORDINATOR, "address_stopped")[-1])
    assert states(NEW) == ["failed"], "its question is not kept for later"


def test_the_coordinator_sees_it_and_corrects_it_on_the_page(environ, clock, post, app, client):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    with app.app_context():
        letter = letters(NOA)[-1]
        receive(report(letter.envelope_from, NOA, letter=letter.message_id), "test", clock.now)
    link = post.last(COORDINATOR, "address_stopped").link("d")
    dossier = client.get(link.split("/adresse")[0]).text
    assert "ne reçoit plus nos courriels" in dossier and "1 courriel attend" in dossier
    assert "revenu, l’adresse ne marche pas" in dossier and "User unknown" in dossier
    assert not re.search(r"\b(?:a été lu|bien reçu)\b", dossier)
    page = client.get(link)
    assert "L’adresse de Noa Fictif" in page.text
    wrong = client.fill(page, link.split("?")[0], email="pas une adresse")
    assert wrong.status_code == 422
    answer = client.fill(wrong, link.split("?")[0], email=NEW)
    assert answer.status_code == 303
    path = post.last(NEW).link("nouvelle-adresse")
    shown = client.get(path)
    assert "Noa" not in shown.text
    done = client.fill(shown, path)
    assert done.status_code == 200 and NEW in done.text
    assert client.get(path).status_code == 410
    assert {item.letter for item in post.to(NEW)} == {"accueil/request_received", "accueil/new_address"}, "what waited has left"
    sign_in(client, post)
    seen = client.get("/coordination/AIDE-2027-0001").text
    assert NEW in seen and "notice error" not in seen


def test_the_page_says_to_try_again_and_does(clock, post, app, client):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    with app.app_context():
        letter = letters(NOA)[-1]
        receive(report(letter.envelope_from, NOA, letter=letter.message_id), "test", clock.now)
    sign_in(client, post)
    chosen = client.get("/coordination/AIDE-2027-0001/adresse")
    assert "De qui" in chosen.text
    with app.app_context():
        number = db.session.scalar(select(Participant.id).where(Participant.email == NOA))
    page = client.get(f"/coordination/AIDE-2027-0001/adresse?personne={number}")
    wanted = {"personne": str(number), "reessayer": "1"}
    answer = client.post("/coordination/AIDE-2027-0001/adresse", data=wanted)
    assert "L’adresse marche, réessayer" in page.text and answer.status_code == 303
    with app.app_context():
        assert stopped() == {NOA: False}


def test_participants_cannot_open_the_page_that_corrects(clock, post, client):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    link = post.last(NOA, "request_received").link("d")
    assert client.get(f"{link}/adresse").status_code == 404
    assert "Courriels envoyés" not in client.get(link).text
