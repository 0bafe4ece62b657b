"""The demonstration is the story played through the doors, once, and only where it belongs."""

from __future__ import annotations

from sqlalchemy import select

from app import create_app
from commands.demonstration import seed
from models.base import db
from models.dossier import Dossier


def states(app) -> dict[str, str]:
    with app.app_context():
        return {dossier.reference: dossier.state for dossier in db.session.scalars(select(Dossier))}


def test_a_first_run_shows_a_request_at_each_stage(app, clock):
    assert seed(app, clock.now)
    found = states(app)
    assert {"unconfirmed", "submitted", "accepted", "in_progress", "resolved", "employer_asked", "employer_agreed",
            "host_asked", "in_review", "to_sign", "to_agree"} <= set(found.values())
    assert app.extensions["clock"] is clock, "the application's clock is given back"


def test_it_is_played_under_a_public_name_too(environ, clock):
    shown = create_app({**environ, "RING_PUBLIC_URL": "https://essai.ring.example"}, testing=True)
    assert seed(shown, clock.now)
    assert states(shown)
    with shown.app_context():
        db.engine.dispose()


def test_it_is_played_once_and_never_into_an_instance_in_use(app, clock):
    assert seed(app, clock.now)
    before = states(app)
    assert not seed(app, clock.now)
    assert states(app) == before


def test_a_real_network_gets_no_invented_request(app, environ, clock):
    real = create_app({**environ, "RING_MAIL_SERVER": "127.0.0.1"}, testing=True)
    assert not seed(real, clock.now)
    assert states(real) == {}
    with real.app_context():
        db.engine.dispose()
