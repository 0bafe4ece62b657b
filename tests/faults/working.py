"""A process that works until it is killed: ``python working.py <what> <moments>``, the instance named by the environment.

``story``: children send, confirm and answer as fast as they can. ``seal``: they seal what is signed. ``compare``: they compare
copies signed by hand. One is killed at a chosen moment (blow.py), alone or with another at work, which is killed wherever it
is then; and so for each of the moments: ``[[moment, beside], …]`` in JSON. What each was about to do is printed at the end, as
JSON, and what the children of the story were told was done. ``deliver``: one delivers once, for ever slow.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import drawn_once  # before anything that draws
import psycopg
from faults import blow
from roads.stories import form, token_in
from sqlalchemy import ColumnElement, select

import pdf.convention
from app import create_app
from inbox import receive
from models.base import db
from models.outbox import OutboxMessage
from pdf import render
from services import convention, delivery, mailbox_reply, submission
from services.convention import comparing, sealing_job

NOW = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)


def live(app, say, name: str, times: int = 10_000) -> None:
    """One request after the other, each with its confirmation and its answer; ``say`` once each is promised."""
    with app.app_context():
        for number in range(times):
            key, email = f"{name}-{number}", f"{name}-{number}@courriel.example"
            made = submission.submit(form(key=key, email=email), f"{name}.{number}", NOW)
            say("request", made.reference)
            submission.confirm(token_in(_first_letter(OutboxMessage.recipient == email)), NOW)
            say("confirmed", made.reference)
            asked = _first_letter(OutboxMessage.recipient == "coordination@ring.example",
                                  OutboxMessage.dossier.has(reference=made.reference))
            message = receive(mailbox_reply.write_reply(asked, f"Réponse {key}", [], NOW), "test", NOW)
            say("answered", [message, f"Réponse {key}"])
            db.session.remove()


def _first_letter(*wanted: ColumnElement[bool]) -> OutboxMessage:
    return db.session.scalars(select(OutboxMessage).where(*wanted).order_by(OutboxMessage.id).limit(1)).one()


def killed(work: Callable[[int, str], object], moments: list[tuple[int, bool]]) -> list[str]:
    """Have ``work(round, name)`` be done for each moment; gives what each of those killed at theirs was about to do."""
    db.session.remove()
    db.engine.dispose()
    struck = []
    with _mourning() as gone:
        for number, (moment, beside) in enumerate(moments, 1):
            reading, telling = os.pipe()
            other = beside and _child(lambda: work(number, "b"))  # noqa: B023  it runs in this round
            one = _child(lambda: (blow.strike(moment, telling), work(number, "a")))  # noqa: B023
            os.close(telling)
            _, status = os.waitpid(one, 0)
            ends = {status}
            if beside:
                os.kill(other, signal.SIGKILL)
                ends.add(os.waitpid(other, 0)[1])
            assert ends <= {0, signal.SIGKILL}, f"a child failed by itself: {ends}"
            if status:
                struck.append(os.read(reading, 200).decode())
            os.close(reading)
            gone()
    return struck


@contextmanager
def _mourning() -> Iterator[Callable[[], None]]:
    """Gives what waits until PostgreSQL has seen that those killed are gone, and let go what they held; SQLite's files are free
    at once."""
    if db.engine.dialect.name != "postgresql":
        yield lambda: None
        return
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    # The children have it too, and never say a word on it: they are killed, or leave at once.
    with psycopg.connect(address, autocommit=True) as connection:
        def gone() -> None:
            while connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                                     "AND pid <> pg_backend_pid()").fetchone()[0]:
                time.sleep(0.002)
        yield gone


@contextmanager
def _drawn_by_one() -> Iterator[None]:
    """What one child has drawn serves the next: nobody else finds anything of a drawing that was cut short."""
    with tempfile.TemporaryDirectory() as folder:
        drawn_once.together = Path(folder)
        # Read before us, when this process was forked from one that had read everything.
        pdf.convention.render_pdf = render.render_pdf
        yield


def _child(work: Callable[[], object]) -> int:
    if pid := os.fork():
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(3)


def story(app, moments: list[tuple[int, bool]]) -> None:
    with tempfile.TemporaryFile() as told:
        def say(kind: str, what: object) -> None:
            os.write(told.fileno(), json.dumps([kind, what]).encode() + b"\n")
        # Once here, so that the children find templates and places already read.
        live(app, say, "first", 1)
        with app.app_context():
            struck = killed(lambda number, name: live(app, say, f"r{number}{name}"), moments)
        told.seek(0)
        print(json.dumps({"struck": struck, "said": [json.loads(line) for line in told]}))


def seal(app, moments: list[tuple[int, bool]]) -> None:
    with app.app_context(), _drawn_by_one():
        # One here, whole, so that the children find what draws and seals already read, and statements written.
        sealing_job._attempt(sealing_job._claim(NOW, []), lambda: NOW)
        print(json.dumps(killed(lambda number, _: convention.seal_due(NOW + timedelta(minutes=6) * number), moments)))


def compare(app, moments: list[tuple[int, bool]]) -> None:
    with app.app_context(), _drawn_by_one():
        comparing.TRIES = 10**6  # killed as often as a test kills, a copy is not poison
        comparing._examine(comparing._claim(NOW), NOW)
        late = comparing.LEASE + timedelta(minutes=1)
        print(json.dumps(killed(lambda number, _: convention.examine_due(NOW + late * number), moments)))


if __name__ == "__main__":
    blow.watch()
    application = create_app(testing=True)
    if sys.argv[1] == "deliver":
        with application.app_context():
            delivery.deliver_due(datetime.fromisoformat(os.environ.get("NOW", NOW.isoformat())))
    else:
        {"story": story, "seal": seal, "compare": compare}[sys.argv[1]](application, json.loads(sys.argv[2]))
