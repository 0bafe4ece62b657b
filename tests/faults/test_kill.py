"""kill -9 at any moment: what was promised is kept, what was begun is whole or not there, and no mail is lost."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest
from faults.killing import delivering, killed
from relay import through
from roads.stories import form, letters
from setting import TODAY, databases
from sqlalchemy import create_engine, select, text

from inbox import process_stored
from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.inbound import InboundMessage
from services import delivery, submission
from services.inbound.braking import MOST_OF_AN_ADDRESS


@databases("sqlite", "postgresql")
def test_no_form_and_no_mail_is_lost_by_a_process_killed_at_any_moment(app, environ, database, warm):
    # All along a request, its confirmation and its answer: 220 moments in all.
    told = killed(warm, "story", environ, beside=range(2, 240, 18))
    said = {kind: [what for found, what in told["said"] if found == kind] for kind in ("request", "confirmed", "answered")}
    assert len(told["struck"]) == 14 and len(set(told["struck"])) >= 6, "killed often enough to mean something"
    assert len(said["request"]) >= 5 and said["confirmed"] and said["answered"]

    with app.app_context():
        # A message stored and not understood when its process died is taken up by the clock.
        process_stored(TODAY + timedelta(minutes=6))
        if database == "sqlite":
            assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        dossiers = {dossier.reference: dossier for dossier in db.session.scalars(select(Dossier))}
        written = Counter((row.dossier.reference, row.letter) for row in letters() if row.dossier)
        bodies = Counter(db.session.scalars(select(Message.body)))

        assert len(said["request"]) == len(set(said["request"])), "a reference given twice"
        assert set(said["request"]) <= set(dossiers)
        assert sorted(dossier.number for dossier in dossiers.values()) == list(range(1, len(dossiers) + 1)), "no gap"
        for reference in said["confirmed"]:
            assert dossiers[reference].confirmed_at, reference
        for reference, dossier in dossiers.items():
            assert written[reference, "accueil/address_to_confirm"] == 1, reference
            journal = [entry.kind for entry in dossier.journal]
            assert journal[0] == "submitted" and journal.count("confirmed") == bool(dossier.confirmed_at)
            for letter in ("accueil/request_received", "coordination/request_to_coordinator"):
                assert written[reference, letter] == bool(dossier.confirmed_at), (reference, letter)
            assert (dossier.state == "unconfirmed") == (dossier.confirmed_at is None)
        mails = {row.id: row for row in db.session.scalars(select(InboundMessage))}
        for message_id, body in said["answered"]:
            assert mails[message_id].state == "done"
            assert bodies[body] == 1, "an answer is kept once, and only once"
        assert all(count == 1 for count in bodies.values())
        assert sum(bodies.values()) == len(mails)
        relayed = sum(count for (_, letter), count in written.items() if letter == "conversation/message_relayed")
        # All come from one address: a quick machine sends more in a few seconds than are relayed.
        assert min(len(mails), MOST_OF_AN_ADDRESS) <= relayed <= len(mails)


@pytest.mark.parametrize("letters_waiting", [3])
def test_a_worker_killed_while_it_sends_is_replaced_after_its_lease(environ, smtp, clock, letters_waiting, warm):
    from app import create_app
    settings = environ | through(smtp.port)
    app = create_app(settings, testing=True)
    with app.app_context():
        for number in range(letters_waiting):
            submission.submit(form(key=f"k{number}", email=f"p{number}@courriel.example"), f"{number}", clock.now)
        identity = [row.message_id for row in letters()]
        smtp.pause = 60
        worker = delivering(warm, settings)
        try:
            until = time.monotonic() + 120
            while not smtp.tries and time.monotonic() < until:
                time.sleep(0.02)
            assert smtp.tries == 1, "the worker talks to the server"
        finally:
            worker.kill()
            worker.wait()
        smtp.pause = 0
        db.session.rollback()
        assert {row.state for row in letters()} == {"sending"}
        assert delivery.deliver_due(clock.advance(minutes=4)) == 0, "nobody else touches them during the lease"
        assert delivery.deliver_due(clock.advance(minutes=2)) == letters_waiting
        db.session.rollback()
        assert {(row.state, row.attempts) for row in letters()} == {("sent", 2)}
        assert smtp.ids() == identity, "each once, under the Message-ID it was born with"
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("reads_ahead", [False, True])
@databases("sqlite", "postgresql")
def test_a_letter_leaves_once_the_one_before_is_noted(environ, smtp, clock, database, reads_ahead):
    """At every moment, one letter at most was taken by the server and would be sent again by who comes after a crash."""
    from app import create_app
    from commands.database import upgrade
    smtp.reads_ahead = reads_ahead
    settings = environ | through(smtp.port)
    app = create_app(settings, testing=True)
    noted = []
    with app.app_context():
        upgrade()
        for number in range(12):
            submission.submit(form(key=f"k{number}", email=f"p{number}@courriel.example"), f"{number}", clock.now)
        db.session.rollback()
        other = create_engine(db.engine.url)

        def look() -> None:
            with other.connect() as connection:
                noted.append([connection.scalar(text(f"SELECT count(*) FROM {what}"))
                              for what in ("outbox_message WHERE state = 'sent'", "delivery_event")])
        smtp.before = look
        smtp.refused = {"p5@courriel.example": "550 5.1.1 nobody"}
        smtp.most = 4
        while delivery.deliver_due(clock.now):
            pass
        other.dispose()
        assert len(smtp.ids()) == 11
        assert [sent for sent, _ in noted[:11]] == list(range(11))
        assert [events for _, events in noted[:11]] == [*range(5), *range(6, 12)], "what the server said, in the same breath"
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("reads_ahead", [False, True])
@databases("sqlite", "postgresql")
def test_a_worker_killed_in_a_batch_repeats_at_most_the_letter_on_the_wire(environ, smtp, clock, database, reads_ahead, warm):
    """What the server took and nobody could note yet leaves twice, under the same Message-ID: one letter for each kill."""
    from app import create_app
    from commands.database import upgrade
    settings = environ | through(smtp.port)
    app = create_app(settings, testing=True)
    with app.app_context():
        upgrade()
        for number in range(24):
            submission.submit(form(key=f"k{number}", email=f"p{number}@courriel{number}.example"), f"{number}", clock.now)
        identity = [row.message_id for row in letters()]
        db.session.rollback()
        smtp.reads_ahead = reads_ahead
        times = 0
        while len(smtp.ids()) < 24 and times < 3:
            before = len(smtp.ids())
            # However late the blow comes, letters are left for the next worker.
            smtp.before = lambda enough=before + 7: setattr(smtp, "pause", 5 if len(smtp.ids()) >= enough else 0.03)
            worker = delivering(warm, settings | {"NOW": clock.now.isoformat()})
            try:
                until = time.monotonic() + 120
                while len(smtp.ids()) < before + 4 + times and time.monotonic() < until and worker.poll() is None:
                    time.sleep(0.005)
            finally:
                worker.kill()
                worker.wait()
            times += 1
            clock.advance(minutes=6)
        time.sleep(0.2)
        smtp.pause, smtp.before = 0, lambda: None
        while delivery.deliver_due(clock.now):
            pass
        db.session.rollback()
        assert times == 3
        assert {row.state for row in letters()} == {"sent"}
        got = Counter(smtp.ids())
        assert set(got) == set(identity), "nothing is lost, and nothing has another name"
        assert sum(got.values()) - len(got) <= times, got
        db.session.remove()
        db.engine.dispose()
