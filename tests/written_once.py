"""Statements once written in SQL: each test has engines of its own, which would write them anew, a tenth of all the work. What
one engine wrote serves another of the same database, once this is imported: their dialects are made alike."""

from __future__ import annotations

from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_written: LRUCache = LRUCache(3000)
for _dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    _dialect.__eq__ = lambda one, other: type(one) is type(other)
    _dialect.__hash__ = lambda one: hash(type(one))
event.listen(Engine, "engine_connect", lambda connection: setattr(connection.engine, "_compiled_cache", _written))
