"""Reminding pairs in a large network: neither old letters nor what waits for the coordination makes one reminder dearer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from cast import COORDINATOR
from roads.stories import letters, planted
from setting import databases
from sqlalchemy import event, text

from models.base import db, transaction
from models.dossier import Dossier
from models.states import Kind
from services import digest
from services.mentorat import pairing

both = databases("sqlite", "postgresql")


@contextmanager
def _said() -> Iterator[list[tuple[str, object]]]:
    """The statements of the block with their values."""
    said: list[tuple[str, object]] = []
    event.listen(db.engine, "before_cursor_execute", hear := (lambda *args: said.append((args[2], args[3]))))
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)


def _plan(statement: str, values: object) -> str:
    """How the database answers it; PostgreSQL, that an index could, however small the table."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
        connection.execute(text("SET enable_seqscan = off"))
        return str(connection.exec_driver_sql(f"EXPLAIN {statement}", values).all())


@both
def test_whether_somebody_was_reminded_today_is_asked_of_reminders_and_not_of_all_letters(context, clock):
    planted(Kind.MENTORAT, "mentor_asked", clock.now - timedelta(days=8))
    with _said() as said:
        assert pairing.remind(clock.now) == 1
    asked = [one for one in said if one[0].startswith("SELECT outbox_message.id")]
    assert asked and all("ix_outbox_message_reminder" in _plan(*one) for one in asked)
    assert len(letters("sacha@structure-a.example", "mentor_asked_reminder")) == 1


@both
def test_a_line_for_the_coordination_asks_as_much_however_many_wait_before_it(context, clock):
    about = [planted(Kind.MENTORAT, "submitted", clock.now).id for _ in range(12)]
    asked = [_tell(f"Nouvelle de {dossier}.", dossier, clock.now) for dossier in about]
    assert asked[0] > asked[1], "the first leaves at once"
    assert len(set(asked[1:])) == 1


def _tell(sentence: str, dossier: int, now) -> int:
    """How many questions a notice asks."""
    with transaction():
        found = db.session.get(Dossier, dossier)
        with _said() as said:
            digest.tell(COORDINATOR, "Alix Coordination", sentence, now, dossier=found)
        return len(said)
