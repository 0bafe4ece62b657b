"""From the last signature to the sealed document in the outbox, against bare WeasyPrint and the bare seal; and a thousand of
them by two workers: the rate of each core, and memory (bench/README.md)."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

import bare
from load import ROOT, machine
from seal import memory, told

sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

NOW = datetime(2027, 1, 11, 8, tzinfo=UTC)


def application(folder: str):
    """A real one, on SQLite as in production, whose letters wait in the outbox."""
    from app import create_app
    from commands.database import upgrade

    app = create_app({"RING_INSTANCE": folder, "RING_SECRET_KEY": "a-secret-for-benches-only-0123456789abcd",
                      "RING_MAIL_DOMAIN": "ring.example", "RING_PUBLIC_URL": "http://localhost"}, testing=True)
    app.extensions["wake_sender"] = app.extensions["wake_sealer"] = lambda: None
    with app.app_context():
        upgrade()
    return app


def planted(count: int, *, complete: bool) -> list[int]:
    """Conventions issued and signed, each with its own reference and code; ``complete``: the last signature is there."""
    from roads.signed import quietly

    from models.base import db

    made = []
    for _ in range(count):
        made.append(quietly(NOW, complete=complete).id)
        db.session.remove()
    return made


def chain(rounds: int) -> None:
    """One signature after the other, each sealed before the next; in turn with the bare work on the same page."""
    from models.base import db, transaction
    from models.convention import Convention
    from models.dossier import Actor
    from models.outbox import OutboxMessage
    from models.states import Role
    from pdf import render
    from services import convention, sealing
    from services.convention import sealing_job

    app = application(tempfile.mkdtemp())
    with app.app_context():
        ids = planted(rounds + 1, complete=False)
        key = sealing.seal_key(NOW)
        bare_seal = bare.sealer(key)
        render.warm_up()

        def last_signature(number: int) -> None:
            with transaction():
                row = db.session.get_one(Convention, ids[number])
                convention.complete(row, Actor(Role.AUTHOR, row.immersion.author), NOW)

        def ours(number: int) -> None:
            last_signature(number)
            assert convention.seal_due(NOW + timedelta(seconds=number)) == 1
            db.session.remove()

        def page_of(number: int) -> bare.Page:
            """What that signed convention would be laid out from; made beforehand, not timed."""
            row = db.session.get_one(Convention, ids[number])
            row.completed_at = NOW
            source = sealing_job.source_of(row, key)
            try:
                return bare.page_of(lambda: source.draw(source.certificate))
            finally:
                db.session.rollback()

        def alone(number: int) -> None:
            bare_seal(bare.laid_out(pages[number]))

        pages = [page_of(number) for number in range(rounds + 1)]
        ours(rounds), alone(rounds)  # warm
        spent: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
        for number in range(rounds):
            for name, work in (("ours", ours), ("bare", alone)) if number % 2 else (("bare", alone), ("ours", ours)):
                gc.collect()
                cpu, wall = time.process_time(), time.perf_counter()
                work(number)
                spent[name].append((time.process_time() - cpu, time.perf_counter() - wall))
        letters = db.session.query(OutboxMessage).filter(OutboxMessage.letter.endswith("convention_sealed")).count()
        assert letters == 4 * (rounds + 1), letters
    print(machine())
    for place, label in ((0, "processor"), (1, "wall clock")):
        told(f"last signature to outbox / bare, {label}", *([one[place] for one in spent[name]] for name in ("ours", "bare")))
    print(f"{letters} letters with the sealed file and its calendar files are in the outbox")


def thousand(count: int) -> None:
    """Two processes seal what waits, as two ``flask jobs run`` would."""
    folder = tempfile.mkdtemp()
    app = application(folder)
    with app.app_context():
        began = time.perf_counter()
        planted(count, complete=True)
        from services import sealing

        sealing.seal_key(NOW)
    print(f"{machine()}\n{count} conventions signed, in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    command = [sys.executable, __file__, "--worker", folder]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    found = [json.loads(worker.communicate()[0]) for worker in workers]
    wall = time.perf_counter() - began
    made = sum(worker["sealed"] for worker in found)
    print(f"{made} sealed and posted in {wall:.0f} s: {made / wall:.2f} a second, both together")
    for worker in found:
        marks = worker["memory"]
        print(f"  worker: {worker['sealed']} documents, {worker['sealed'] / worker['cpu']:.2f} a second of its core; "
              f"memory {marks[0]} MB at the tenth, {statistics.median(marks):.0f} in the middle, {marks[-1]} at the end, "
              f"peak {worker['peak']}")
    with app.app_context():
        from collections import Counter

        from models.base import db
        from models.convention import Convention
        from models.outbox import OutboxMessage

        states = Counter(db.session.scalars(db.select(Convention.seal_state)))
        letters = db.session.query(OutboxMessage).filter(OutboxMessage.letter.endswith("convention_sealed")).count()
        assert states == {"sealed": count} and letters == 4 * count, (states, letters)


def worker(folder: str) -> None:
    from models.base import db
    from services.convention import sealing_job

    app = application(folder)
    sealed, marks, began = 0, [], time.process_time()
    with app.app_context():
        seen: list[int] = []
        while claim := sealing_job._claim(NOW, seen):
            sealed += sealing_job._attempt(claim, lambda: NOW)
            db.session.remove()
            if sealed % 10 == 0:
                marks.append(memory() // 1024)
    print(json.dumps({"sealed": sealed, "cpu": time.process_time() - began, "memory": marks or [memory() // 1024],
                      "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="documents of the chain, in turn with the bare work")
    parser.add_argument("--thousand", type=int, default=1000, help="documents for two workers; 0: not measured")
    parser.add_argument("--worker", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.worker:
        return worker(options.worker)
    os.environ.pop("RING_INSTANCE", None)
    if options.rounds:
        chain(options.rounds)
    if options.thousand:
        thousand(options.thousand)
    return None


if __name__ == "__main__":
    main()
