"""Mail set aside: a coordinator attaches it, opens a request from it, sends a form or discards it, by page and by reply."""

from __future__ import annotations

import pytest
from cast import AIDE, COORDINATOR, DEPUTY, NOA, confirm, send, sign_in
from letters_in import PDF, STRANGER
from pages import soup
from setting import at_once, databases
from sqlalchemy import select

from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.instance import instance
from models.journal import JournalEntry
from models.stored_file import StoredFile
from services.errors import AlreadyDone, NotFound
from services.inbound import queue

CONTACT = "contact@ring.example"
WORDS = "Bonjour,\n\nComment imprimer sans imprimante ?\n\nLe 10 janvier, Alix a écrit :\n> Bonjour Noa\n> et la suite"


@pytest.fixture
def aside(client, post, arrive) -> int:
    """A mail that nobody expected, and a coordinator who is signed in."""
    sign_in(client, post)
    return arrive(CONTACT, WORDS, subject="Une question", files=[PDF])


@pytest.fixture
def helped(client, post):
    """A request for help, by Noa."""
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)


def page_of(inbound_id: int, then: str = "") -> str:
    return f"/coordination/courriels/{inbound_id}{then}"


def dossiers(app) -> list[Dossier]:
    with app.app_context():
        db.session.remove()
        return list(db.session.scalars(select(Dossier).order_by(Dossier.id)))


def test_an_empty_queue_says_what_will_come(client, post):
    sign_in(client, post)
    assert "Aucun courriel à décider" in client.page("/coordination/courriels").text
    assert "Aucun courriel traité" in client.page("/coordination/courriels/traites").text


def test_a_mail_set_aside_is_told_to_who_wrote_and_shown_whole(app, client, post, arrive, aside):
    assert post.last(STRANGER).letter == "courriels/kept_for_coordination"
    arrive(CONTACT, "Encore", subject="Encore")
    assert len(post.to(STRANGER)) == 1, "once a day"
    listed = client.page("/coordination/courriels")
    row = listed.select_one(".mail-queue tbody tr")
    assert "Une question" in row.text and STRANGER in row.text and row.select("td")[-1].text == "1"
    page = client.page(page_of(aside))
    assert "Comment imprimer" in page.select_one(".letter-text").text
    assert "et la suite" not in page.select_one(".letter-text").text and "et la suite" in page.select_one(".letter details").text
    assert "message-id" in page.text and "Source du courriel" in page.text
    with client.get(page_of(aside, "/piece/0")) as file:
        assert file.headers["Content-Disposition"].startswith("attachment") and file.data.startswith(b"%PDF")
        assert "sandbox" in file.headers["Content-Security-Policy"]
    with client.get(page_of(aside, "/courriel.eml")) as whole:
        assert b"Message-ID: " in whole.data and b"plan.pdf" in whole.data
        assert "attachment" in whole.headers["Content-Disposition"]
    assert client.get(page_of(aside, "/piece/7")).status_code == 404
    assert client.get(page_of(99999)).status_code == 404


def test_what_is_hardly_a_mail_is_shown_as_it_came_and_escaped(client, post, arrive):
    sign_in(client, post)
    inbound = arrive.bring(b"From: x\r\nSubject: <b>gras</b>\r\n\r\n<script>alert(1)</script>\x00\xff")
    page = client.get(page_of(inbound))
    assert "&lt;script&gt;" in page.text and "<script>alert" not in page.text
    assert client.get(page_of(inbound, "/courriel.eml")).data.endswith(b"\x00\xff")


def test_a_conversation_is_not_read_through_the_queue(client, post, helped):
    sign_in(client, post)
    taken = post.reply(post.last(NOA), "Une précision")
    assert client.get(page_of(taken)).status_code == 404


@databases("sqlite", "postgresql")
def test_a_mail_is_attached_as_somebodys_words_and_their_address_learnt(app, client, post, helped, aside, arrive):
    page = client.get(page_of(aside, "/rattacher"))
    page = client.get(f"{page_of(aside, '/rattacher')}?reference=aide+2027+1")
    assert page.status_code == 200
    author = next(tag["value"] for tag in soup(page).select("[name=qui]") if tag["value"] != "note")
    answer = client.fill(page, page_of(aside, "/rattacher"), qui=author, aussi="oui")
    assert answer.status_code == 303
    assert "Rattaché" in client.get(answer.location).text
    relay = post.last(COORDINATOR, "message_relayed")
    assert "Comment imprimer" in relay.text and relay.files[0][0] == "plan.pdf"
    assert STRANGER not in relay.text
    assert STRANGER in post.last(NOA, "address_added").text
    row = arrive.row(aside)
    assert (row.state, row.handled_by, row.dossier_id) == ("done", COORDINATOR, dossiers(app)[0].id)
    post.reply(post.last(NOA, "request_received"), "De mon autre boîte", sender=STRANGER)
    assert "De mon autre boîte" in post.last(COORDINATOR, "message_relayed").text
    assert client.page(page_of(aside)).find("a", string=lambda text: text and "Ouvrir AIDE" in text)


def test_a_mail_is_attached_as_an_internal_note(app, client, post, helped, aside):
    page = client.get(f"{page_of(aside, '/rattacher')}?reference=AIDE-2027-0001")
    before = len(post.to(NOA))
    client.fill(page, page_of(aside, "/rattacher"), qui="note")
    assert len(post.to(NOA)) == before
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        assert message.is_note and STRANGER in message.body and message.files[0].name == "plan.pdf"


def test_recent_requests_of_the_sender_are_offered(client, post, helped, arrive):
    sign_in(client, post)
    inbound = arrive(CONTACT, "Bonjour", sender=NOA)
    page = client.get(page_of(inbound, "/rattacher"))
    assert soup(page).select_one("[name=parmi][value='AIDE-2027-0001']")
    page = client.get(f"{page_of(inbound, '/rattacher')}?parmi=AIDE-2027-0001")
    checked = soup(page).select_one("[name=qui][checked]")
    assert checked and checked["value"] != "note", "it is their own address: their words"


@pytest.mark.parametrize(("given", "says"), [
    ("?reference=", "Indiquez la référence"), ("?reference=AIDE-2027-0099", "Aucune demande"),
    ("?reference=n%27importe", "Aucune demande")])
def test_a_reference_that_names_nothing_is_told(client, aside, given, says):
    answer = client.get(page_of(aside, "/rattacher") + given)
    assert answer.status_code == 422 and says in answer.text


@databases("sqlite", "postgresql")
def test_a_request_is_opened_from_a_mail(app, client, post, aside, arrive):
    page = client.get(page_of(aside, "/ouvrir"))
    assert "Comment imprimer" in soup(page).find(id="question").text
    answer = client.fill(page, page_of(aside, "/ouvrir"), theme="bureautique", commune="Nîmes")
    assert answer.status_code == 303, soup(answer).select(".error-text")
    [dossier] = dossiers(app)
    assert (dossier.state, dossier.commune) == ("submitted", "30189") and dossier.confirmed_at
    receipt = post.last(STRANGER)
    assert receipt.letter == "accueil/request_received" and "Comment imprimer" in receipt.text
    assert "Comment imprimer" in post.last(COORDINATOR, "request_to_coordinator").text
    with app.app_context():
        assert db.session.scalars(select(StoredFile.name).where(StoredFile.dossier_id == dossier.id)).all() == ["plan.pdf"]
        kinds = db.session.scalars(select(JournalEntry.kind).order_by(JournalEntry.id)).all()
    assert kinds[:2] == ["arrived_by_mail", "opened_from_mail"]
    assert arrive.row(aside).state == "done"
    post.reply(receipt, "Merci")
    assert "Merci" in post.last(COORDINATOR, "message_relayed").text


def test_a_request_without_a_commune_stays_with_who_opened_it(app, client, post, arrive):
    sign_in(client, post, DEPUTY)
    inbound = arrive(CONTACT, WORDS)
    client.fill(client.get(page_of(inbound, "/ouvrir")), page_of(inbound, "/ouvrir"))
    assert post.last(DEPUTY).letter == "coordination/request_to_coordinator"


@pytest.mark.parametrize(("changed", "says"), [
    ({"question": ""}, "Écrivez la question"), ({"email": "x"}, "adresse de courriel"),
    ({"email": "no-reply@x.example"}, "adresse de courriel"), ({"commune": "Zzz"}, "commune")])
def test_a_request_that_cannot_be_opened_says_why(app, client, aside, changed, says):
    answer = client.fill(client.get(page_of(aside, "/ouvrir")), page_of(aside, "/ouvrir"), **changed)
    assert answer.status_code == 422 and says in answer.text
    assert not dossiers(app)


def test_a_form_is_sent_to_who_wrote_and_can_be_taken_back(client, post, aside, arrive):
    answer = client.post(page_of(aside, "/formulaire"), data={})
    assert answer.status_code == 422
    answer = client.fill(client.get(page_of(aside, "/formulaire")), page_of(aside, "/formulaire"), formulaire="entraide")
    assert "Le lien du formulaire est parti" in client.get(answer.location).text
    assert post.last(STRANGER, "form_to_complete").link("aide/reprendre")
    assert arrive.row(aside).state == "form"
    assert "En attente de quelqu" in client.page("/coordination/courriels").text
    client.fill(client.get(page_of(aside)), page_of(aside, "/remettre"))
    assert arrive.row(aside).state == "quarantined"


def test_a_mail_is_discarded_and_put_back(client, post, aside, arrive):
    before = len(post.all())
    answer = client.fill(client.get(page_of(aside)), page_of(aside, "/ecarter"))
    assert "carté" in client.get(answer.location).text and len(post.all()) == before
    assert (arrive.row(aside).state, arrive.row(aside).handled_by) == ("discarded", COORDINATOR)
    assert "Une question" in client.page("/coordination/courriels/traites").text
    client.fill(client.get(page_of(aside)), page_of(aside, "/remettre"))
    assert arrive.row(aside).state == "quarantined"
    assert client.post(page_of(aside, "/remettre")).status_code == 409


@pytest.mark.parametrize("path", ["/rattacher", "/ouvrir", "/formulaire", "/ecarter"])
def test_who_comes_second_is_told_who_decided(app, client, post, aside, clock, path):
    with app.app_context():
        queue.discard(aside, instance().network.coordinator(DEPUTY), clock.now)
    answer = client.post(page_of(aside, path), data={"reference": "x"})
    assert answer.status_code == 409
    assert "Charlie Suppléance" in answer.text and "écarté" in answer.text


@databases("sqlite", "postgresql")
def test_two_coordinators_at_once_decide_once(app, client, post, helped, clock, arrive):
    inbound = arrive(CONTACT, WORDS)
    people = [app.extensions["ring"].network.coordinator(email) for email in (COORDINATOR, DEPUTY)]
    guess = queue.opening.OpenRequest("Noa", "", STRANGER, "", "", "", "question", "autre", "Comment ?")

    def decide(number: int) -> str:
        if number % 3 == 0:
            return queue.attach(inbound, "AIDE-2027-0001", None, False, people[0], clock.now)
        if number % 3 == 1:
            return queue.open_request(inbound, guess, people[1], clock.now)
        return queue.discard(inbound, people[1], clock.now)
    given, raised = at_once(app, 6, decide)
    assert len(given) == 1, raised
    assert all(isinstance(error, AlreadyDone) for error in raised), raised


@databases("sqlite", "postgresql")
def test_the_person_and_the_coordinator_at_once_make_one_request(app, client, post, clock, arrive):
    from roads.test_request_by_mail import finish, start
    inbound = arrive("aide@ring.example", WORDS)
    state = soup(finish(client, start(client, post))).find("input", {"name": "etat"})["value"]
    guess = queue.opening.OpenRequest("Noa", "", STRANGER, "", "", "", "question", "autre", "Comment ?")
    person = app.extensions["ring"].network.coordinator(COORDINATOR)

    def act(number: int) -> object:
        if number:
            return queue.open_request(inbound, guess, person, clock.now)
        return app.test_client().post("/aide/verification", data={"etat": state}).status_code
    given, raised = at_once(app, 2, act)
    assert 303 in given and all(isinstance(error, (AlreadyDone, NotFound)) for error in raised), raised
    assert len(dossiers(app)) == 1


class TestByReply:
    def test_the_letter_about_a_mail_can_be_answered_to_discard_it(self, client, post, aside, arrive):
        told = post.last(COORDINATOR, "digest")
        assert b"Reply-To: " in told.raw and b"courrier+" in told.raw
        post.reply(told, "Écarter")
        assert arrive.row(aside).state == "discarded"
        done = post.last(COORDINATOR, "decision_done")
        assert "remettre" in done.text
        post.reply(done, "remettre")
        assert arrive.row(aside).state == "quarantined"

    def test_a_request_is_opened_by_reply(self, app, post, aside, arrive):
        post.reply(post.last(COORDINATOR, "digest"), "ouvrir une demande")
        [dossier] = dossiers(app)
        assert dossier.state == "submitted"
        assert dossier.reference in post.last(COORDINATOR, "decision_done").text
        assert post.last(STRANGER).letter == "accueil/request_received"

    def test_a_mail_is_attached_by_reply_as_the_words_of_who_wrote_it(self, client, post, helped, arrive):
        inbound = arrive(CONTACT, "Une suite à ma demande", sender=NOA)
        post.reply(post.last(COORDINATOR, "digest"), "/Rattacher aide-2027-1")
        assert arrive.row(inbound).state == "done"
        assert "Une suite à ma demande" in post.last(COORDINATOR, "message_relayed").text

    def test_the_mail_of_a_stranger_is_attached_by_reply_as_a_note(self, app, post, helped, arrive):
        arrive(CONTACT, WORDS)
        post.reply(post.last(COORDINATOR, "digest"), "rattacher AIDE-2027-0001")
        with app.app_context():
            assert db.session.scalars(select(Message)).one().is_note
        assert "note interne" in post.last(COORDINATOR, "decision_done").text

    @pytest.mark.parametrize("words", ["Qui est-ce ?", "Écarter serait dommage", "rattacher", "rattacher AIDE-2027-0099", "",
                                       "ouvrir une demande d’immersion"])
    def test_doubt_is_told_and_nothing_is_done(self, app, post, aside, arrive, words):
        post.reply(post.last(COORDINATOR, "digest"), words)
        assert arrive.row(aside).state == "quarantined"
        assert "n’a rien changé" in post.last(COORDINATOR, "decision_refused").text
        assert not dossiers(app)

    def test_who_comes_second_is_told_by_mail_too(self, app, clock, post, aside):
        with app.app_context():
            queue.discard(aside, instance().network.coordinator(DEPUTY), clock.now)
        post.reply(post.last(COORDINATOR, "digest"), "ouvrir une demande")
        assert "Charlie Suppléance" in " ".join(post.last(COORDINATOR, "decision_refused").text.split())

    def test_only_a_coordinator_decides(self, app, post, aside, arrive):
        post.reply(post.last(COORDINATOR, "digest"), "écarter", sender=STRANGER)
        assert arrive.row(aside).state == "quarantined"
        assert post.last(COORDINATOR, "is_it_you")

    def test_the_same_reply_twice_decides_once(self, app, post, aside, arrive, clock):
        from roads.test_strange_mail import raw_reply
        raw = raw_reply(app, post.last(COORDINATOR, "digest"), "écarter", clock)
        arrive.bring(raw)
        before = len(post.all())
        arrive.bring(b"Received: from b.example\r\n" + raw)
        assert len(post.all()) == before

    def test_a_colleague_decides_too(self, post, aside, arrive):
        post.reply(post.last(COORDINATOR, "digest"), "écarter", sender=DEPUTY)
        assert (arrive.row(aside).state, arrive.row(aside).handled_by) == ("discarded", DEPUTY)


def test_an_answer_to_a_letter_outside_of_any_request_names_it(post, arrive, client):
    arrive("aide@ring.example", "Comment ?")
    inbound = post.reply(post.last(STRANGER), "Je n’arrive pas à ouvrir le lien")
    assert "Terminez votre demande d’aide" in arrive.row(inbound).reason
