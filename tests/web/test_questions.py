"""How many questions a page of the coordination asks the database: fewer than twelve, and as many for two rows as for forty."""

from __future__ import annotations

import pytest
from asked import MOST, questions
from cast import sign_in
from roads.signed import issued, quietly
from roads.stories import planted
from setting import databases

from models.base import transaction
from models.conversation import Message
from models.delivery import DeliveryEvent
from models.dossier import Dossier
from models.outbox import OutboxMessage
from models.states import Kind
from models.stored_file import StoredFile
from services import acting

both = databases("sqlite", "postgresql")


def _questions(app, client, address: str) -> int:
    asked = questions(app, client, address)
    assert asked <= MOST, address
    return asked


def _exchange(app, clock, reference: str, messages: int) -> None:
    """Words, each with a file, a line of the journal, and a letter the server answered for."""
    with app.app_context(), transaction() as session:
        dossier = session.query(Dossier).filter_by(reference=reference).one()
        people = list(dossier.participants)
        for number in range(messages):
            person = people[number % len(people)]
            words = Message(dossier_id=dossier.id, participant_id=person.id, at=clock.now, body="Bonjour.")
            letter = OutboxMessage(message_id=f"<{reference}-{number}-{messages}>", letter="x/y", dossier_id=dossier.id,
                                   participant_id=person.id, recipient=person.email, envelope_from="x@ring.example",
                                   subject="Essai", state="sent", created_at=clock.now, due_at=clock.now)
            session.add_all([words, letter])
            session.flush()
            session.add(StoredFile(key_hash=f"{reference}-{number}-{messages}", name="a.txt", media_type="text/plain", size=1,
                                   sha256="0" * 64, at=clock.now, dossier_id=dossier.id, message_id=words.id))
            session.add(DeliveryEvent(outbox_message_id=letter.id, email=person.email, at=clock.now, outcome="accepted"))
        acting.as_coordinator(dossier, "suppleance@ring.example")


@both
@pytest.mark.parametrize(("kind", "state"), [
    (Kind.ADHESION, "submitted"), (Kind.ENTRAIDE, "submitted"), (Kind.ENTRAIDE, "resolved"), (Kind.IMMERSION, "submitted"),
    (Kind.IMMERSION, "host_agreed"), (Kind.IMMERSION, "in_review"), (Kind.IMMERSION, "lived")])
def test_the_page_of_a_request_asks_no_more_for_forty_messages_than_for_two(app, client, post, clock, kind, state):
    with app.app_context():
        reference = planted(kind, state, clock.now).reference
    _counted(app, client, post, clock, reference)


def _counted(app, client, post, clock, reference: str) -> None:
    sign_in(client, post)
    _exchange(app, clock, reference, 2)
    pages = [f"/coordination/{reference}", f"/coordination/{reference}/chronologie"]
    before = [_questions(app, client, page) for page in pages]
    _exchange(app, clock, reference, 38)
    assert [_questions(app, client, page) for page in pages] == before


@pytest.mark.parametrize("make", [issued, lambda now: quietly(now).immersion])
def test_so_does_that_of_an_immersion_with_its_convention(app, client, post, clock, make):
    with app.app_context():
        reference = make(clock.now).reference
    _counted(app, client, post, clock, reference)


def test_the_figures_for_everybody_are_counted_by_a_few_questions(app, client, clock):
    with app.app_context():
        planted(Kind.ENTRAIDE, "submitted", clock.now)
    assert _questions(app, client, "/observatoire") <= MOST
