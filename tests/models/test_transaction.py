"""One way to write: all or nothing, one writer at a time, no number lost."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime

import pytest
from setting import at_once, databases
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from models.base import TransactionMisused, after_commit, db, in_transaction, transaction
from models.dossier import ReferenceCounter, next_number
from models.states import Kind
from models.structure import Structure

both = databases("sqlite", "postgresql")


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Structure))


def _structure(name: str = "Essai") -> Structure:
    return Structure(name=name, commune="34172")


@both
def test_what_is_written_in_the_block_is_kept(context):
    with transaction() as session:
        assert in_transaction()
        session.add(_structure())
    assert not in_transaction()
    db.session.remove()
    assert _count() == 1


@both
def test_an_error_in_the_block_keeps_nothing_and_is_not_swallowed(context):
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.add(_structure())
        session.flush()
        raise ZeroDivisionError
    assert not in_transaction()
    assert _count() == 0
    with transaction() as session:
        session.add(_structure())
    assert _count() == 1


def test_a_transaction_in_a_transaction_is_a_mistake(context):
    with transaction() as session:
        with pytest.raises(TransactionMisused), transaction():
            pass
        session.add(_structure())
    assert _count() == 1, "the outer one goes on"


@pytest.mark.parametrize("how", ["new", "dirty", "deleted"])
def test_a_transaction_refuses_what_was_changed_before_it(context, how):
    with transaction() as session:
        session.add(_structure())
    row = db.session.scalar(select(Structure))
    if how == "new":
        db.session.add(_structure("Autre"))
    elif how == "dirty":
        row.name = "Autre"
    else:
        db.session.delete(row)
    with pytest.raises(TransactionMisused), transaction():
        pass
    db.session.rollback()
    assert [s.name for s in db.session.scalars(select(Structure))] == ["Essai"]


@both
def test_what_was_put_off_to_the_commit_is_done_once_and_only_if_it_holds(context):
    done = []
    act = lambda: done.append(_count())  # noqa: E731  the same object twice
    with transaction() as session:
        session.add(_structure())
        after_commit(act)
        after_commit(act)
        assert done == []
    assert done == [1]
    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(act)
        raise ZeroDivisionError
    assert done == [1]
    with pytest.raises(TransactionMisused):
        after_commit(act)


@both
def test_a_row_read_before_is_read_again_under_the_lock(app):
    """A decision is never taken on yesterday's row."""
    with app.app_context():
        with transaction() as session:
            session.add(_structure("ancien"))
        assert db.session.scalar(select(Structure)).name == "ancien"

        def elsewhere() -> None:
            with app.app_context(), transaction():
                db.session.scalar(select(Structure)).name = "nouveau"
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
        with transaction():
            assert db.session.scalar(select(Structure)).name == "nouveau"


@both
def test_numbers_follow_each_other_per_kind_and_year_without_a_gap_after_an_error(context):
    with transaction():
        assert [next_number(Kind.IMMERSION, 2027) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ZeroDivisionError), transaction():
        assert next_number(Kind.IMMERSION, 2027) == 4
        raise ZeroDivisionError
    with transaction():
        assert next_number(Kind.IMMERSION, 2027) == 4
        assert next_number(Kind.ENTRAIDE, 2027) == 1
        assert next_number(Kind.IMMERSION, 2028) == 1


@both
def test_many_at_once_get_each_a_number_of_their_own_from_the_very_first(app):
    """The year's first two requests may come in the same second."""
    def take(_: int) -> list[int]:
        numbers = []
        for _ in range(5):
            with transaction():
                number = next_number(Kind.ENTRAIDE, 2027)
            numbers.append(number)
        return numbers
    taken, failed = at_once(app, 8, take)
    assert failed == []
    assert sorted(itertools.chain(*taken)) == list(range(1, 41))
    with app.app_context():
        assert db.session.scalar(select(ReferenceCounter.last)) == 40


@both
def test_a_time_is_stored_in_utc_and_never_without_a_zone(context):
    from zoneinfo import ZoneInfo

    from models.access_link import Purpose, new_link
    paris = datetime(2027, 3, 28, 3, 30, tzinfo=ZoneInfo("Europe/Paris"))
    with transaction() as session:
        session.add(new_link(Purpose.SIGN_IN, "a@b.example", paris)[1])
    db.session.remove()
    from models.access_link import AccessLink
    row = db.session.scalar(select(AccessLink))
    assert row.created_at == paris and row.created_at.tzinfo == UTC
    with pytest.raises(Exception, match="without time zone"), transaction() as session:
        session.add(new_link(Purpose.SIGN_IN, "a@b.example", datetime(2027, 1, 1))[1])


@both
def test_two_rows_that_must_differ_cannot_be_alike(context):
    from models.access_link import AccessLink
    now = datetime(2027, 1, 11, tzinfo=UTC)
    with pytest.raises(IntegrityError) as raised, transaction() as session:
        for _ in range(2):
            session.add(AccessLink(token_hash="0" * 64, purpose="confirm", email="a@b.example", created_at=now, expires_at=now))
    assert "a@b.example" not in str(raised.value), "what is written is not for a log"


def test_sqlite_keeps_what_it_accepted_through_a_power_cut(context):
    answers = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in (
        "journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
    assert answers == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}
