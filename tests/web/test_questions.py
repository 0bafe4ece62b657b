"""How many questions a page of the coordination asks the database: fewer than twelve, and as many for two rows as for forty."""

from __future__ import annotations

import pytest
from cast import sign_in
from roads.signed import issued, quietly
from roads.stories import planted, who
from setting import databases
from sqlalchemy import event

from models.base import db, transaction
from models.conversation import Message
from models.delivery import DeliveryEvent
from models.dossier import Dossier
from models.outbox import OutboxMessage
from models.states import Kind
from models.stored_file import StoredFile
from models.structure import Membre
from services import acting

MOST = 11
both = databases("sqlite", "postgresql")


def _questions(app, client, address: str) -> int:
    """Those of the second time: what a process reads once is read."""
    said: list[str] = []
    with app.app_context():
        engine = db.engine
    assert client.get(address).status_code == 200, address
    event.listen(engine, "before_cursor_execute", hear := (lambda *args: said.append(args[2])))
    client.get(address)
    event.remove(engine, "before_cursor_execute", hear)
    asked = [one for one in said if one.split()[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK")]
    told = "\n".join(" ".join(one[one.find("FROM"):].split())[:110] for one in asked)
    assert len(asked) <= MOST, f"{address}: {len(asked)} questions\n{told}"
    return len(asked)


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


@both
@pytest.mark.parametrize("address", [
    "/coordination/", "/coordination/?qui=moi&sorte=entraide", "/coordination/en-cours", "/coordination/terminees",
    "/coordination/annuaire", "/coordination/annuaire?q=camille&competence=posture", "/coordination/recherche?q=essai+modele",
    "/coordination/recherche?q=camille", "/coordination/courriels", "/coordination/chiffres", "/coordination/exports"])
def test_a_list_asks_no_more_for_forty_rows_than_for_two(app, client, post, clock, address):
    sign_in(client, post)
    _rows(app, clock, 2)
    before = _questions(app, client, address)
    _rows(app, clock, 38)
    assert _questions(app, client, address) == before


def _rows(app, clock, number: int) -> None:
    """So many requests on each list, and members."""
    with app.app_context():
        for place in range(number):
            for state in ("submitted", "in_progress", "closed"):
                dossier = planted(Kind.ENTRAIDE, state, clock.now)
                acting.perform("note", who(dossier, "coordinator").id, "Voir ce modèle.", clock.now)
            with transaction() as session:
                session.add(Membre(kind="professional", given_name="Camille", family_name=f"Modèle{number}-{place}",
                                   commune="30189", email=f"camille{number}.{place}@structure-a.example",
                                   skills_offered=["posture"], joined_at=clock.now, charter_version="2026-11"))


def test_the_figures_for_everybody_are_counted_by_a_few_questions(app, client, clock):
    with app.app_context():
        planted(Kind.ENTRAIDE, "submitted", clock.now)
    assert _questions(app, client, "/observatoire") <= MOST
