"""How many questions a page asks the database."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from models.base import db

#: A page of the coordinators or of a member asks no more.
MOST = 11


def questions(app: Flask, client: FlaskClient, address: str, answers: tuple[int, ...] = (200,)) -> int:
    """Those of the second time: what a process reads once is read."""
    said: list[str] = []
    with app.app_context():
        engine = db.engine
    assert (found := client.get(address)).status_code in answers, (address, found.status_code)
    event.listen(engine, "before_cursor_execute", hear := (lambda *args: said.append(args[2])))
    client.get(address)
    event.remove(engine, "before_cursor_execute", hear)
    asked = [one for one in said if one.split()[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK")]
    if len(asked) > MOST:  # shown with the failure
        print(address, len(asked), *(" ".join(one[one.find("FROM"):].split())[:140] for one in asked), sep="\n  ")
    return len(asked)
