"""A request taken in hand by statements made once is the one the session would have read."""

from __future__ import annotations

import pytest
from cast import AIDE, IMMERSION, NOA, confirm, send
from setting import databases
from sqlalchemy import inspect, select, update

from models.base import db, transaction
from models.dossier import Dossier, Participant
from services.acting import take_seat
from services.errors import NotFound


def _columns(row) -> dict:
    return {name: getattr(row, name) for name in inspect(type(row)).column_attrs.keys()}  # noqa: SIM118


@databases("sqlite", "postgresql")
def test_a_seat_holds_each_value_as_the_session_reads_it(client, post, context):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    send(client, "/immersion", IMMERSION)
    db.session.expunge_all()
    for number in db.session.scalars(select(Participant.id)).all():
        with transaction():
            taken = take_seat(number)
            found = [_columns(taken.dossier), *map(_columns, taken.dossier.participants)]
            kind = type(taken.dossier)
        db.session.expunge_all()
        read = db.session.get(Participant, number)
        assert found == [_columns(read.dossier), *map(_columns, read.dossier.participants)] and kind is type(read.dossier)
        db.session.expunge_all()


@databases("sqlite", "postgresql")
def test_what_the_session_knew_already_is_as_it_is_now(client, post, context):
    send(client, "/aide", AIDE)
    known = db.session.scalars(select(Participant)).first()
    dossier, title = known.dossier, known.dossier.title
    assert dossier.journal and title
    with db.engine.begin() as other:
        other.execute(update(Dossier.__table__).values(title="Un autre titre"))
    with transaction():
        taken = take_seat(known.id)
        assert taken is known and taken.dossier is dossier
        assert dossier.title == "Un autre titre" and "journal" not in dossier.__dict__, "what it relates to is read again too"
        dossier.title = title
    db.session.expunge_all()
    assert db.session.scalars(select(Dossier.title)).one() == title


def test_nobody_has_no_seat(context):
    with pytest.raises(NotFound), transaction():
        take_seat(404)
