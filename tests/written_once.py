"""Statements once written in SQL: each test has an engine of its own, which would write them anew, a tenth of all the work. What
one engine wrote serves another of the same database: their dialects are made alike."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from models.base import db

_written: LRUCache = LRUCache(3000)
for _dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    _dialect.__eq__ = lambda one, other: type(one) is type(other)
    _dialect.__hash__ = lambda one: hash(type(one))


def share_statements(app: Flask) -> None:
    """Have the engine of ``app`` write no statement that another engine of this process wrote."""
    with app.app_context():
        db.engine._compiled_cache = _written
