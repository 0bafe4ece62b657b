"""Ten coordinators act at the same moment on one request: nothing is done twice, nothing anybody wrote is lost."""

from __future__ import annotations

import pytest
from roads.stories import letters, planted
from setting import at_once, databases
from sqlalchemy import func, select
from ten import TEN, coordinate, seat

from models.base import db
from models.conversation import Message
from models.dossier import Dossier
from models.journal import JournalEntry
from models.states import Kind
from services.acting import perform
from services.errors import AlreadyDone, Overtaken

both = databases("sqlite", "postgresql")


@pytest.fixture
def ten(context, clock):
    """A request for help that ten coordinators look at: ``(its id, their participants, the last line they saw)``."""
    coordinate(context)
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    seats = seat(dossier)
    seen = db.session.scalar(select(func.max(JournalEntry.id))) or 0
    number = dossier.id
    db.session.rollback()
    return number, seats, seen


def _count(what, *which) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(what).where(*which))


@both
def test_ten_decide_one_is_heard_and_nine_learn_who_decided(context, clock, ten):
    _number, seats, seen = ten
    done, refused = at_once(context, 10, lambda n: perform("refuser", seats[n], "Hors du réseau.", clock.now, seen_entry=seen))
    assert len(done) == 1 and len(refused) == 9
    assert {type(error) for error in refused} <= {AlreadyDone, Overtaken}
    assert all("Déjà décidé" in error.sentence for error in refused), [error.sentence for error in refused]
    assert _count(JournalEntry, JournalEntry.kind == "refused") == 1
    assert len(letters(name="ended")) == 1


@both
def test_ten_answer_one_answer_leaves_and_nine_read_it_first(context, clock, ten):
    _number, seats, seen = ten
    done, refused = at_once(context, 10, lambda n: perform("repondre", seats[n], f"Réponse de {n}.", clock.now, seen_entry=seen))
    assert len(done) == 1 and [type(error) for error in refused] == [Overtaken] * 9
    assert _count(Message, ~Message.is_note) == 1 and len(letters(name="message_relayed")) == 1
    latest = refused[0].latest
    again = next(n for n in range(10) if db.session.scalar(select(Message.body)) != f"Réponse de {n}.")
    assert perform("repondre", seats[again], "Et j’ajoute ceci.", clock.now, seen_entry=latest), "once it was read"


@both
def test_ten_write_notes_and_all_are_kept(context, clock, ten):
    _number, seats, seen = ten
    done, refused = at_once(context, 10, lambda n: perform("note", seats[n], f"Note de {n}.", clock.now, seen_entry=seen))
    assert (len(done), refused) == (10, [])
    assert _count(Message, Message.is_note) == 10


@both
def test_ten_take_it_one_has_it(context, clock, ten):
    number, seats, _seen = ten
    done, refused = at_once(context, 10, lambda n: perform("prendre", seats[n], "", clock.now))
    assert len(done) == 1 and len(refused) == 9
    db.session.rollback()
    holder = db.session.get(Dossier, number).assigned_to
    assert holder in TEN and done == [next(iter(done))]
    assert _count(JournalEntry, JournalEntry.kind == "taken") == 1


@both
def test_different_things_at_once_are_each_done_or_told(context, clock, ten):
    """Two notes, two takings, two answers, two decisions, two hand-overs: what is not done is said, and nothing is half done."""
    _number, seats, seen = ten
    acts = ["note", "note", "prendre", "prendre", "repondre", "repondre", "clore", "clore", "transmettre", "transmettre"]

    def act(n: int) -> str:
        extra = TEN[(n + 1) % 10] if acts[n] == "transmettre" else None
        return perform(acts[n], seats[n], f"Mots de {n}.", clock.now, seen_entry=seen, extra=extra)
    done, refused = at_once(context, 10, act)
    assert len(done) + len(refused) == 10
    assert all(isinstance(error, AlreadyDone) for error in refused), refused
    assert _count(Message, Message.is_note, Message.body.in_(["Mots de 0.", "Mots de 1."])) == 2
    assert _count(JournalEntry, JournalEntry.kind == "closed") <= 1


def test_what_the_author_wrote_meanwhile_is_read_first_too(context, clock):
    coordinate(context)
    dossier = planted(Kind.ENTRAIDE, "in_progress", clock.now)
    seats = seat(dossier)
    author = dossier.author.id
    perform("repondre", author, "Finalement, j’ai trouvé.", clock.now)
    with pytest.raises(Overtaken) as told:
        perform("clore", seats[0], "", clock.now, seen_entry=0)
    assert "Noa Fictif a écrit" in told.value.since[0]
    assert perform("clore", seats[0], "", clock.now, seen_entry=told.value.latest)
