"""Statements a request always runs, turned into the driver's own text once: Core's price for one is four times SQLite's.

Only for what every form or every mail runs (bench/README.md): all else is plain SQLAlchemy.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Select, bindparam, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.schema import Table


class Rows(list):
    """What a statement gave, one named tuple a row; empty where it gives none."""

    def first(self) -> Any | None:
        return self[0] if self else None

    def scalar(self) -> Any | None:
        """The first value of the first row, or None."""
        return self[0][0] if self else None

    def scalars(self) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self]


class Statement:
    """``clause`` in the words of one database, with what turns each value into what its driver takes."""

    def __init__(self, clause: ClauseElement, dialect: Dialect, *, numbered: bool = False) -> None:
        """:param numbered: an INSERT whose row's id is asked of the driver, and given as if it had been returned."""
        made = clause.compile(dialect=dialect)
        self._text = str(made)
        self._dialect, self._row, self._numbered = dialect, None, numbered
        self._given = dict(made.params)
        turned = {name: bound.type.dialect_impl(dialect).bind_processor(dialect) for bound, name in made.bind_names.items()}
        self._order = [(name, turned.get(name)) for name in made.positiontup or made.params]
        self._by_name = made.positiontup is None
        columns = clause.selected_columns if isinstance(clause, Select) else ()
        self._read = [(place, turn) for place, column in enumerate(columns)
                      if (turn := column.type.dialect_impl(dialect).result_processor(dialect, None))]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        """Run it with the named ``values``, in the transaction that is open on ``connection``.

        :raises DBAPIError: what SQLAlchemy would have raised.
        """
        try:
            done = connection.connection.dbapi_connection.execute(self._text, self._given_to_the_driver(values))
            if done.description is None:
                return Rows([(done.lastrowid,)]) if self._numbered else Rows()
            if self._row is None:
                self._row = namedtuple("Row", [column[0] for column in done.description], rename=True)
            return Rows(map(self._row._make, done.fetchall()))
        except self._dialect.dbapi.Error as error:
            if lost := self._dialect.is_disconnect(error, connection.connection.dbapi_connection, None):
                connection.invalidate(error)
            raise DBAPIError.instance(self._text, None, error, self._dialect.dbapi.Error, hide_parameters=True,
                                      connection_invalidated=lost, dialect=self._dialect) from error

    def run_typed(self, connection: Connection, values: Mapping[str, Any]) -> list[list[Any]]:
        """The same of a SELECT; each value as the model has it, instead of as the driver gives it."""
        found = [list(row) for row in self.run(connection, values)]
        for row in found:
            for place, turn in self._read:
                row[place] = turn(row[place])
        return found

    def run_on(self, driver: Any, values: Mapping[str, Any]) -> None:
        """Run it on the driver's own connection."""
        driver.execute(self._text, self._given_to_the_driver(values))

    def _given_to_the_driver(self, values: Mapping[str, Any]) -> dict[str, Any] | tuple[Any, ...]:
        values = {**self._given, **values}
        found = [turn(values[name]) if turn else values[name] for name, turn in self._order]
        return {name: value for (name, _), value in zip(self._order, found, strict=True)} if self._by_name else tuple(found)


def parts(items: list[Any], size: int = 500) -> Iterator[list[Any]]:
    """So many at a time: SQLite takes a limited number of values in one statement."""
    return (items[start:start + size] for start in range(0, len(items), size))


_made: dict[tuple[Any, str], Statement] = {}


#: A statement, or what makes it from the INSERT of the database in use; what changes in it is a bindparam.
Written = ClauseElement | Callable[[Callable[..., Insert]], ClauseElement]


def statement(written: Written, connection: Connection) -> Statement:
    """``written`` for the database in use, made once: a constant or a function of a module, never built for one call."""
    key = written, connection.dialect.name
    if (found := _made.get(key)) is None:
        speaks = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
        clause = written if isinstance(written, ClauseElement) else written(speaks)
        found = _made[key] = Statement(clause, connection.dialect)
    return found


def joined(written: tuple[Callable[[Callable[..., Insert]], ClauseElement], ...], connection: Connection) -> Statement:
    """One statement of PostgreSQL that does what each of ``written`` does (WITH, 7.8.4 of its manual); the last is an INSERT."""
    key = written, connection.dialect.name
    if (found := _made.get(key)) is None:
        *others, last = [one(postgresql_insert) for one in written]
        clause = last.add_cte(*[other.cte(f"also_{place}") for place, other in enumerate(others)])
        found = _made[key] = Statement(clause, connection.dialect)
    return found


def insertion(table: Table, names: tuple[str, ...], connection: Connection) -> Statement:
    """The INSERT of one row of ``table``, its columns ``names`` given, which gives its id back where it has one."""
    key = (table, names), connection.dialect.name
    if (found := _made.get(key)) is None:
        clause, named = insert(table).values({**_defaults(table), **dict.fromkeys(names)}), "id" in table.c
        # With RETURNING, SQLite first copies each page it changes, and beyond 64 kB into a file (sqlite.org/tempfiles.html, 2.3).
        numbered = named and connection.dialect.name == "sqlite"
        found = _made[key] = Statement(clause.returning(table.c.id) if named and not numbered else clause, connection.dialect,
                                       numbered=numbered)
    return found


def insertion_of_many(table: Table, names: tuple[str, ...], count: int, connection: Connection) -> Statement:
    """The INSERT of ``count`` rows of ``table``: what is given as ``name`` for one is ``name_0``, ``name_1``..."""
    key = (table, names, count), connection.dialect.name
    if (found := _made.get(key)) is None:
        rows = [{**_defaults(table), **{name: bindparam(f"{name}_{place}", type_=table.c[name].type) for name in names}}
                for place in range(count)]
        found = _made[key] = Statement(insert(table).values(rows), connection.dialect)
    return found


@cache
def _defaults(table: Table) -> dict[str, Any]:
    """What the columns left out of an INSERT hold: the same in every row.

    :raises TypeError: a default is a function of something, which a statement made once cannot call.
    """
    found = {}
    for column in table.c:
        if column.default is not None:
            value = column.default.arg
            found[column.name] = value(None) if column.default.is_callable else value
            if column.default.is_callable and found[column.name]:
                raise TypeError(f"the default of {column} is not the same in every row")
    return found
