"""Pairs in a large network: neither old letters nor what waits for the coordination makes a reminder dearer, and a mentor is
found by their name among many."""

from __future__ import annotations

from datetime import timedelta

from asked import statements
from cast import COORDINATOR, NOA
from roads.mentoring import mentor
from roads.peers import YAEL
from roads.stories import letters, planted
from setting import databases
from sqlalchemy import text

from models.base import db, transaction
from models.dossier import Dossier
from models.mentorat import Mentorat
from models.states import Kind
from models.structure import Membre
from services import digest
from services.errors import Refused
from services.mentorat import candidates, pairing

both = databases("sqlite", "postgresql")


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
    with statements(db.engine) as said:
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
        with statements(db.engine) as said:
            digest.tell(COORDINATOR, "Alix Coordination", sentence, now, dossier=found)
        return len(said)


def _named(words: str, now) -> str:
    """The address of who is found by these words, else what is said."""
    dossier = db.session.scalar(db.select(Mentorat))
    try:
        return db.session.get(Membre, candidates.mentor_named(dossier, words, now)).email
    except Refused as refusal:
        return refusal.sentence.replace("\u00a0", " ")


@both
def test_a_mentor_is_found_by_their_name_and_among_namesakes_by_their_commune(context, clock):
    planted(Kind.MENTORAT, "submitted", clock.now)
    assert "aucun membre disponible" in _named("Dominique", clock.now)
    for number in range(candidates.SHOWN):
        mentor(f"morgan.exemple{number}@structure-z.example")
    near, far = "charlie.essai@structure-y.example", "charlie.essai@structure-z.example"
    mentor(YAEL, commune="30350")
    mentor(near, commune="30263")
    mentor(far, commune="30350")
    assert _named("YAËL essai", clock.now) == YAEL, "however far, and however written"
    assert _named("Charlie, le Vigan", clock.now) == far
    several = _named("Charlie", clock.now)
    assert several.startswith("Plusieurs personnes portent ce nom. Vous pouvez écrire : « proposer Charlie Essai, ")
    assert "Charlie Essai, Le Vigan" in several and "Morgan" not in several, "those of that name alone"
    for unknown in ("Sacha", "", "…"):
        assert "Nous ne trouvons pas cette personne" in _named(unknown, clock.now) and "proposer" in _named(unknown, clock.now)


@both
def test_a_colleague_is_found_by_name_only_where_there_is_nobody_else(context, clock):
    planted(Kind.MENTORAT, "submitted", clock.now)
    colleague = f"charlie.essai@{NOA.partition('@')[2]}"
    mentor(colleague)
    assert _named("Charlie", clock.now) == colleague
    mentor(YAEL)
    assert "Nous ne trouvons pas" in _named("Charlie", clock.now) and "proposer Yael" in _named("Charlie", clock.now)
