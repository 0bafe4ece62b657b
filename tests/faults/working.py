"""A process that works until it is killed: ``python working.py <what> <seconds>``, the instance named by the environment.

``story``: children send, confirm and answer as fast as they can, and are killed at a random moment, again and again; at
the end it prints, as JSON, all that a child had been told was done. ``seal``: children seal what is signed, and are killed the
same way; it prints how often. ``compare``: the same with copies signed by hand. ``deliver``: one child delivers once, for ever
slow. On a slow machine all of it goes on for longer, and children live longer, until it was often enough to mean something.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from roads.stories import form, letters, token_in

from app import create_app
from inbox import receive
from models.base import db
from pdf.render import render_pdf
from services import convention, delivery, mailbox_reply, sealing, submission
from services.convention import comparing

NOW = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)


def live(app, say, name: str, times: int = 10_000) -> None:
    """One request after the other, each with its confirmation and its answer; ``say`` once each is promised."""
    with app.app_context():
        for number in range(times):
            key, email = f"{name}-{number}", f"{name}-{number}@courriel.example"
            made = submission.submit(form(key=key, email=email), f"{name}.{number}", NOW)
            say("request", made.reference)
            submission.confirm(token_in(letters(email)[0]), NOW)
            say("confirmed", made.reference)
            asked = next(row for row in letters("coordination@ring.example") if row.dossier.reference == made.reference)
            message = receive(mailbox_reply.write_reply(asked, f"Réponse {key}", [], NOW), "test", NOW)
            say("answered", [message, f"Réponse {key}"])
            db.session.remove()


def story(app, seconds: float) -> None:
    reading, writing = os.pipe()
    # Once here, so that the children find templates and places already read.
    live(app, lambda kind, what: os.write(writing, json.dumps([kind, what]).encode() + b"\n"), "first", 1)
    with app.app_context():
        db.engine.dispose()
    os.set_blocking(reading, False)
    end, run, said = time.monotonic() + seconds, 0, b""
    while time.monotonic() < end or run < 3 or said.count(b'["request"') < 5:
        children = []
        for child in range(2):
            pid = os.fork()
            if not pid:
                try:
                    live(app, lambda kind, what: os.write(writing, json.dumps([kind, what]).encode() + b"\n"), f"r{run}c{child}")
                finally:
                    os._exit(3)
            children.append(pid)
        time.sleep(random.uniform(0.05, 0.6 + 0.05 * run))
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        for pid in children:
            _, status = os.waitpid(pid, 0)
            assert os.WIFSIGNALED(status), f"a child failed by itself: {status}"
        run += 1
        with contextlib.suppress(BlockingIOError):
            while heard := os.read(reading, 65536):
                said += heard
    os.close(writing)
    os.close(reading)
    print(json.dumps({"runs": run, "said": [json.loads(line) for line in said.splitlines()]}))


def killed(seconds: float, work: Callable[[datetime], object], longest: float, lease: timedelta) -> int:
    """Two children work and are killed at a random moment, again and again, each time after their lease; gives how often."""
    end, run = time.monotonic() + seconds, 0
    while time.monotonic() < end or run < 5:
        run += 1
        children = []
        for _ in range(2):
            pid = os.fork()
            if not pid:
                try:
                    work(NOW + (lease + timedelta(minutes=1)) * run)
                finally:
                    os._exit(0)
            children.append(pid)
        time.sleep(random.uniform(0.02, longest * (1 + run / 20)))
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return run


def seal(app, seconds: float) -> None:
    with app.app_context():
        # Once here, so that the children find what draws and seals already read.
        sealing.seal_document(render_pdf("<h1>Essai</h1>", title="Essai", author="Essai", created=NOW), NOW)
        db.session.remove()
        db.engine.dispose()

        print(killed(seconds, convention.seal_due, 0.9, timedelta(minutes=5)))


def compare(app, seconds: float) -> None:
    with app.app_context():
        comparing.TRIES = 10**6  # killed as often as a test kills, a copy is not poison
        db.session.remove()
        db.engine.dispose()
        print(killed(seconds, convention.examine_due, 3.0, comparing.LEASE))


if __name__ == "__main__":
    application = create_app(testing=True)
    if sys.argv[1] == "story":
        story(application, float(sys.argv[2]))
    elif sys.argv[1] in ("seal", "compare"):
        {"seal": seal, "compare": compare}[sys.argv[1]](application, float(sys.argv[2]))
    else:
        with application.app_context():
            print("ready", flush=True)
            delivery.deliver_due(datetime.fromisoformat(os.environ.get("NOW", NOW.isoformat())))
