"""How many questions a page asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from models.base import db

#: A page of the coordinators or of a member asks no more.
MOST = 11


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements of the block, each with its values."""
    said: list[tuple[str, Any]] = []

    def hear(_connection, _cursor, statement: str, values: Any, *_more) -> None:
        said.append((statement, values))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def questions(app: Flask, client: FlaskClient, address: str, answers: tuple[int, ...] = (200,)) -> int:
    """Those of the second time: what a process reads once is read."""
    assert (found := client.get(address)).status_code in answers, (address, found.status_code)
    with statements(engine_of(app)) as said:
        client.get(address)
    asked = [one for one, _values in said if one.split()[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK")]
    if len(asked) > MOST:  # shown with the failure
        print(address, len(asked), *(" ".join(one[one.find("FROM"):].split())[:140] for one in asked), sep="\n  ")
    return len(asked)
