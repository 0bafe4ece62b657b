"""1,000 letters of the outbox to a mail server on this machine, against smtplib alone with the same bytes.

The same letters, taken by the same server (bench/sink.py) over the loopback, in turn: smtplib opens one connection and sends
them one after the other, and writes nothing down; the outbox claims them, sends them, and notes what the server said of each.
"""

from __future__ import annotations

import argparse
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from load import HERE, ROOT, machine

sys.path.insert(0, str(ROOT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--database", default="", help="postgresql+psycopg://… of an empty database; SQLite without it")
    options = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as made:
        sink = subprocess.Popen([sys.executable, str(HERE / "sink.py"), str(port)], stdout=subprocess.PIPE, text=True)
        try:
            sink.stdout.readline()
            measure(Path(made), port, options)
        finally:
            sink.terminate()
            sink.wait(10)
            sink.stdout.close()


def measure(folder: Path, port: int, options: argparse.Namespace) -> None:
    app = _application(folder, port, options.database)
    bare, ours = [], []
    with app.app_context():
        for number in range(options.rounds + 1):
            letters = _write(number, options.letters)
            turns = [lambda: _bare(port, letters), lambda: _ours(len(letters))]  # noqa: B023  played in this very round
            found = {}
            for turn in turns if number % 2 else reversed(turns):
                began = perf_counter()
                turn()
                found[turn] = len(letters) / (perf_counter() - began)
                _check(port, len(letters))
            if number:  # the first round warms up
                bare.append(found[turns[0]])
                ours.append(found[turns[1]])
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    print(machine())
    print(f"letters of {statistics.median(len(raw) for *_, raw in letters):.0f} bytes, {len(letters)} a round")
    for name, rates in (("smtplib alone", bare), ("outbox", ours)):
        print(f"{name:<16} {statistics.median(rates):7.0f} letters/s ({min(rates):.0f}–{max(rates):.0f})")
    print(f"outbox / smtplib {statistics.median(ratios):7.2f} ({min(ratios):.2f}–{max(ratios):.2f})")


def _application(folder: Path, port: int, database: str):
    from app import create_app
    from commands.database import upgrade
    from commands.serve import settle
    environ = {"RING_INSTANCE": str(folder / "instance"), "RING_MAIL_SERVER": "127.0.0.1", "RING_MAIL_PORT": str(port),
               "RING_MAIL_USE_TLS": "false", "RING_MAIL_DOMAIN": "ring.example", "RING_PUBLIC_URL": "http://localhost",
               "RING_SECRET_KEY": "for measurements only 0123456789abcdef"}
    if database:
        environ["RING_DATABASE_URL"] = database
    app = create_app(os.environ | environ, testing=True)
    with app.app_context():
        upgrade()
    settle()
    return app


def _write(number: int, count: int) -> list[tuple[str, str, bytes]]:
    """Put ``count`` letters in the outbox, to people of forty domains; gives their envelopes and bytes."""
    from datetime import UTC, datetime

    from sqlalchemy import select

    from mail import outbox
    from mail.letters import coordination
    from models.base import db, transaction
    from models.instance import instance
    from models.outbox import OutboxBody, OutboxMessage
    network, now = instance().network, datetime.now(UTC)
    with transaction():
        for one in range(count):
            letter = coordination.sign_in_link(network, "Noa Fictif", f"http://localhost/coordination/ouvrir/{one:043d}")
            outbox.post_to_address(letter, f"p{one}@association-{one % 40}.example", "Noa Fictif", now)
    rows = db.session.execute(select(OutboxMessage.envelope_from, OutboxMessage.recipient, OutboxBody.raw)
                              .join(OutboxMessage.body).where(OutboxMessage.state == "due").order_by(OutboxMessage.id)).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def _bare(port: int, letters: list[tuple[str, str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for envelope, recipient, raw in letters:
            server.sendmail(envelope, [recipient], raw)


def _ours(count: int) -> None:
    from datetime import UTC, datetime, timedelta

    from services import delivery
    # Rounds follow each other faster than a minute, and each has its own.
    global _minutes
    _minutes += 2
    handled, now = 0, datetime.now(UTC) + timedelta(minutes=_minutes)
    while done := delivery.deliver_due(now):
        handled += done
    if handled != count:
        raise RuntimeError(f"{handled} letters of {count} were sent")


_minutes = 0


def _check(port: int, count: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as asking:
        asking.recv(100)
        asking.sendall(b"STAT\r\n")
        said = asking.recv(100).decode()
    if said.split() != ["250", str(count), str(count)]:
        raise RuntimeError(f"the server took {said!r}, not {count}")


if __name__ == "__main__":
    main()
