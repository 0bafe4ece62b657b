"""The database: one ``db``, one way to write (``transaction()``), times kept in UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, Select, event, inspect
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.types import TypeDecorator

from .gate import write_gate
from .statements import Rows, Written, insertion, insertion_of_many, parts, statement

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


Known = TypeVar("Known", bound=Base)


# Nothing a person wrote goes to a log with the error of a statement.
db = SQLAlchemy(model_class=Base, session_options={"autoflush": True}, engine_options={"hide_parameters": True})

#: Rows of one INSERT at most: a statement is made for each number of them.
_AT_ONCE = 20

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_open: ContextVar[tuple[Session, Connection] | None] = ContextVar("open", default=None)


class TransactionMisused(RuntimeError):
    """A programming error: nested transactions, or something written outside of one."""


@dataclass(frozen=True)
class _Follower:
    kinds: tuple[type, ...]
    changed: Callable[[object], bool]
    follow: Callable[[list[object]], None]


_followers: list[_Follower] = []


def follow_writes(kinds: tuple[type, ...], changed: Callable[[object], bool], follow: Callable[[list[object]], None]) -> None:
    """Have ``follow`` called before the commit of each transaction that wrote objects of ``kinds``, with those objects.

    :param changed: whether a change to an object known before matters; a new one always does.
    """
    _followers.append(_Follower(kinds, changed, follow))


def _note_written(row: object, new: bool) -> None:
    written = db.session().info.get("written")
    if written is None:
        return
    for place, follower in enumerate(_followers):
        if isinstance(row, follower.kinds) and (new or follower.changed(row)):
            written.setdefault(place, {})[id(row)] = row


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: object) -> None:
    if session.info.get("written") is None:
        return
    for row in session.new:
        _note_written(row, new=True)
    for row in session.dirty:
        _note_written(row, new=False)


def _follow(session: Session) -> None:
    """Let what follows writes be done, in the transaction that wrote."""
    session.flush()
    for place, rows in session.info["written"].items():
        _followers[place].follow(list(rows.values()))


def insert_last(kind: type[Base], place: object, values: dict[str, object] | None) -> None:
    """Write a row before the commit, by one INSERT with others of its kind; inside a transaction that does not read it.

    :param place: what there is one row of: a later one takes it, and None leaves it without.
    """
    db.session().info["last"][kind, place] = values


def _insert_last(session: Session) -> None:
    alike: dict[tuple[type[Base], tuple[str, ...]], list[dict[str, object]]] = {}
    for (kind, _place), values in session.info["last"].items():
        if values is not None:
            alike.setdefault((kind, tuple(values)), []).append(values)
    for (kind, names), rows in alike.items():
        for some in parts(rows, _AT_ONCE):
            given = {f"{name}_{place}": value for place, values in enumerate(some) for name, value in values.items()}
            insertion_of_many(kind.__table__, names, len(some), connection()).run(connection(), given)


def end_part() -> None:
    """Between several things that one transaction does: what follows the writes of the one is done, and the session forgets its
    objects, so that the next begins as in a transaction of its own."""
    session = db.session()
    _follow(session)
    session.info["written"] = {}
    session.expunge_all()


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time in Python; SQLite keeps no time zone, so it is stored without and given back with."""

    impl = DateTime
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object]:
        # A verb writes the moment it is told in every row.
        return lru_cache(maxsize=16)(super().bind_processor(dialect))

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def in_transaction() -> bool:
    """True inside :func:`transaction`."""
    return _writing.get()


@contextmanager
def transaction(*, lasting: bool = True) -> Iterator[Session]:
    """The only way to write: everything in the block is committed at its end, or nothing is.

    One verb of ``services/`` opens one. With SQLite, writers queue at a lock file before BEGIN IMMEDIATE: the busy
    handler's back-off alone makes the slowest of 16 writers wait a second and more (docs/decisions/0003-database.md).

    :param lasting: False for what may be found undone after a power cut, and only then: it survives the death of any
        process, but the disk is not waited for (docs/decisions/0004-mail.md says its only uses).
    :raises TransactionMisused: when nested, or when the session already holds unsaved changes.
    """
    if _writing.get():
        raise TransactionMisused("a transaction is already open: one verb, one transaction")
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise TransactionMisused("something was changed outside of a transaction")
    # What was read before is read again under the lock: a decision is never taken on yesterday's row.
    session.rollback()
    token = _writing.set(True)
    session.info["after_commit"], session.info["written"], session.info["kept"], session.info["last"] = [], {}, [], {}
    try:
        # All that costs and can be done before others are kept waiting is done before the gate.
        taken = session.connection()
        _open.set((session, taken))
        with write_gate(taken, lasting):
            try:
                yield session
                _follow(session)
                _insert_last(session)
                session.commit()
            except BaseException:
                session.rollback()
                for row in session.info["kept"]:
                    # Undone without the session knowing: the next row may be given the same id.
                    if row in session:
                        session.expunge(row)
                raise
    finally:
        _open.set(None)
        _writing.reset(token)
        todo: list[Callable[[], None]] = session.info.pop("after_commit")
        session.info.pop("written")
        session.info.pop("kept")
        session.info.pop("last")
    for action in todo:
        action()


def after_commit(action: Callable[[], None]) -> None:
    """Have ``action`` called once the open transaction is committed, and not at all if it fails."""
    if not _writing.get():
        raise TransactionMisused("nothing can be put off to a commit outside of a transaction")
    todo = db.session().info["after_commit"]
    if action not in todo:
        todo.append(action)


def connection() -> Connection:
    """The connection of the open transaction, for statements that need no session."""
    if (found := _open.get()) is None:
        raise TransactionMisused("no transaction is open")
    return found[1]


def insert_row(row: Base) -> None:
    """Write a new object by one INSERT at once, and give it its id; inside a transaction.

    The session keeps no track of it: for what is written and not changed in the same transaction, at a tenth of the price
    of a flush (bench/README.md). Foreign keys are given as ids; what the row relates to stays out of the session too.
    """
    values = row.__dict__
    names = tuple([name for name in _columns(type(row)) if name in values])
    writing = connection()
    table = type(row).__table__
    done = insertion(table, names, writing).run(writing, {name: values[name] for name in names})
    if done:
        row.id = done.scalar()
    _note_written(row, new=True)


def insert_kept(row: Base) -> None:
    """:func:`insert_row`, and the session knows the object as if it had read it: what it relates to can be asked of it."""
    insert_row(row)
    make_transient_to_detached(row)
    session = db.session()
    _attach(session, row)
    session.info["kept"].append(row)


def _attach(session: Session, row: Base) -> None:
    """What ``Session.add`` does, as for what the session reads itself: without a look at all that ``row`` may relate to."""
    state = instance_state(row)
    state.session_id = session.hash_key
    session.identity_map.add(state)


@cache
def _columns(kind: type[Base]) -> tuple[str, ...]:
    return tuple(column.key for column in inspect(kind).column_attrs if column.key != "id")


def run(written: Written, **values: object) -> Rows:
    """Run, in the open transaction, a statement made once (``models/statements.py``)."""
    writing = connection()
    return statement(written, writing).run(writing, values)


def ask(written: Written, **values: object) -> Rows:
    """Read by a statement made once, in a transaction or outside of one; what the session has not saved is saved first.

    For ids, numbers and words: other values come as the driver gives them (SQLite: a time is text, a yes is 1).
    """
    _, reading = _reading()
    return statement(written, reading).run(reading, values)


def _reading() -> tuple[Session, Connection]:
    if (found := _open.get()) is not None:
        found[0].flush()
        return found
    session = db.session()
    return session, session.connection()


def read_kept(kind: type[Known], written: Select, **values: object) -> list[Known]:
    """Objects of ``kind`` by a SELECT of its table made once, as they are now: the session knows them as if it had read them."""
    session, reading = _reading()
    names = written.selected_columns.keys()
    return [_known(session, kind, dict(zip(names, row, strict=True)))
            for row in statement(written, reading).run_typed(reading, values)]


def _known(session: Session, kind: type[Known], values: dict[str, object]) -> Known:
    mapper = inspect(kind)
    if mapper.polymorphic_on is not None:
        mapper = mapper.polymorphic_map[values[mapper.polymorphic_on.key]]
    key = mapper.identity_key_from_primary_key((values["id"],))
    found = session.identity_map.get(key)
    values = {name: values[name] for name in ("id", *_columns(mapper.class_))}
    if found is not None:
        session.expire(found)
        for name, value in values.items():
            set_committed_value(found, name, value)
        return found
    found = mapper.class_manager.new_instance()
    found.__dict__.update(values)
    instance_state(found).key = key
    _attach(session, found)
    return found


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine the durability and the isolation the house relies on; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:
        connection.isolation_level = None  # BEGIN is ours: sqlite3 would start it late, as DEFERRED
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a form that was accepted survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=10000")
        # Pages that every form writes again are copied back once for four times as many forms (bench/README.md).
        cursor.execute("PRAGMA wal_autocheckpoint=4000")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection) -> None:
        if not _writing.get():  # a writer begins behind the gate
            connection.exec_driver_sql("BEGIN")
