"""Mail taken in: messages per second through the whole door, against django-helpdesk and the bare parse (bench/README.md).

    .venv/bin/python bench/incoming.py --helpdesk /tmp/helpdesk/bin/python [--rounds 5] [--messages 200]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from form_post import SECRET, environ, mail_server
from incoming_mails import REQUESTS, heavy_mail, mails
from load import HERE, ROOT, machine

sys.path.insert(0, str(ROOT))

#: The clock of the door: it also counts what one sender writes, so that messages come one a minute.
BEGAN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def prepare(folder: Path) -> None:
    """An instance with requests, each with its confirmed author; ``threads.json`` says where each is answered."""
    from app import create_app
    from commands.database import upgrade
    from mail.addresses import ReplyAddress, write_address
    from models.base import db
    from models.outbox import OutboxMessage
    from models.states import Kind
    from services import mailbox_reply, submission

    app = create_app(environ(folder))
    threads = []
    with app.app_context():
        upgrade()
        for index in range(REQUESTS):
            email = f"camille{index}@structure.example"
            submission.submit(submission.Submission(
                Kind.ENTRAIDE, f"key-{index}", "Une messagerie perdue", "44109",
                submission.Author("Camille", "Exemple", email, "", "Médiation numérique", "Structure Exemple"),
                {"question": "Comment l’aider ?", "help_kind": "question", "theme": "autre"}, [], []), "127.0.0.1", BEGAN)
            letter = db.session.query(OutboxMessage).filter_by(recipient=email).one()
            token = re.search(r"/confirmer/([\w-]{43})", mailbox_reply.text_of(letter))[1]
            dossier = submission.confirm(token, BEGAN)
            last = db.session.query(OutboxMessage).filter_by(recipient=email).order_by(OutboxMessage.id.desc()).first()
            threads.append({"sender": email, "subject": last.subject, "message_id": last.message_id,
                            "to": write_address(ReplyAddress(dossier.author.id), SECRET, "ring.example")})
        db.session.remove()
        db.engine.dispose()
    (folder / "threads.json").write_text(json.dumps(threads))


def run_ours(folder: Path, count: int) -> dict:
    """Every mail of a folder, as ``flask inbox import`` takes them in: the peer reads a folder too."""
    from inbox.carriers.maildir import bring_in

    def folder_of(name: str, raws: list[bytes]) -> Path:
        place = folder / name
        (place / "new").mkdir(parents=True)
        for index, raw in enumerate(raws):
            (place / "new" / f"{index:06}").write_bytes(raw)
        return place

    return _taken_in(folder, count, lambda first: bring_in(folder_of("first", first), lambda: BEGAN),
                     lambda raws: partial(bring_in, folder_of("mails", raws), lambda: BEGAN))


def run_alone(folder: Path, count: int) -> dict:
    """Every mail through ``inbox.receive``, one after the other, as a mail server brings them."""
    from inbox import receive

    def one_by_one(raws: list[bytes]) -> None:
        for index, raw in enumerate(raws):
            receive(raw, "bench", BEGAN + timedelta(minutes=index))

    return _taken_in(folder, count, one_by_one, lambda raws: partial(one_by_one, raws))


def _taken_in(folder: Path, count: int, first: Callable[[list[bytes]], object],
              prepared: Callable[[list[bytes]], Callable[[], object]]) -> dict:
    """What ``prepared`` of the mails takes; refused when one of them is not in a conversation, relayed."""
    from sqlalchemy import func, select

    from app import create_app
    from commands.serve import settle
    from models.base import db
    from models.conversation import Message
    from models.inbound import InboundMessage
    from models.outbox import OutboxMessage

    app = create_app(environ(folder))
    threads = json.loads((folder / "threads.json").read_text())
    with app.app_context():
        before = db.session.scalar(select(func.count(OutboxMessage.id)))
        first(mails(threads, 1, first=900_000))  # what the first message of a process pays once
        take = prepared(mails(threads, count))
        settle()
        began, worked = time.perf_counter(), time.process_time()
        take()
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        done = db.session.scalar(select(func.count(InboundMessage.id)).where(InboundMessage.state == "done"))
        said = db.session.scalar(select(func.count(Message.id)))
        relayed = db.session.scalar(select(func.count(OutboxMessage.id))) - before
    if min(done, said, relayed) < count + 1:
        raise RuntimeError(f"{done} taken, {said} written and {relayed} relayed of {count + 1}")
    return {"per_second": count / seconds, "worked": worked / count * 1000}


def run_pure(folder: Path, count: int) -> dict:
    """What the bytes cost without the database: the standard library's parse, and all that we read from them."""
    from email import message_from_bytes
    from email.policy import default

    from inbox.kind import classify
    from inbox.parse import parse
    from inbox.reply_text import reply_text

    raws = mails(json.loads((folder / "threads.json").read_text()), count)

    def bare(raw: bytes) -> None:
        message = message_from_bytes(raw, policy=default)
        for name in ("from", "to", "subject", "message-id", "in-reply-to", "references", "date"):
            str(message[name])
        for part in message.walk():
            if not part.is_multipart():
                part.get_content()

    def ours(raw: bytes) -> None:
        mail = parse(raw)
        classify(mail, "ring.example")
        reply_text(mail.text, mail.html)
    found = {}
    for name, read in (("bare", bare), ("meaning", ours)):
        read(raws[0])
        began = time.process_time()
        for raw in raws:
            read(raw)
        found[name] = (time.process_time() - began) / count * 1000
    return found


def peak() -> float:
    """Most memory this process ever held, in MB (``ru_maxrss`` would count the process it was made from)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024


def run_memory(folder: Path, _count: int) -> dict:
    """Peak memory of a process that takes one mail of 25 MB in, and before it."""
    from app import create_app
    from inbox import receive

    app = create_app(environ(folder))
    threads = json.loads((folder / "threads.json").read_text())
    with app.app_context():
        receive(mails(threads, 1)[0], "bench", BEGAN)
        before = peak()
        raw = (folder / "heavy.eml").read_bytes()
        began = time.perf_counter()
        receive(raw, "bench", BEGAN)
        seconds = time.perf_counter() - began
    return {"megabytes": len(raw) / 1e6, "before": before, "peak": peak(), "seconds": seconds}


PEERS = {"django-helpdesk, letters handed over": True, "django-helpdesk, letters thrown away": False}
RUNS: dict[str, Callable[[Path, int], dict]] = {"ours": run_ours, "alone": run_alone, "pure": run_pure, "memory": run_memory}


def in_a_process(name: str, prepared: Path, count: int) -> dict:
    """One run in a process of its own, on a fresh copy of the prepared instance."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "instance"
        shutil.copytree(prepared, folder)
        run = subprocess.run([sys.executable, __file__, "--run", name, "--folder", str(folder), "--messages", str(count)],
                             capture_output=True, text=True, env={**os.environ, "PYTHONPATH": f"{ROOT}:{HERE}"}, cwd=ROOT)
    if run.returncode:
        raise RuntimeError(run.stderr[-3000:])
    return json.loads(run.stdout.strip().splitlines()[-1])


def peer(python: str, count: int, port: str) -> dict:
    """What django-helpdesk's ``get_email`` does with as many mails of the same kinds."""
    with tempfile.TemporaryDirectory() as place:
        run = subprocess.run([python, str(HERE / "helpdesk_mail.py"), str(count)], capture_output=True, text=True, cwd=HERE,
                             env={**os.environ, "BENCH_FOLDER": place, "BENCH_SMTP_PORT": port,
                                  "PYTHONPATH": str(HERE)})
    if run.returncode:
        raise RuntimeError(run.stderr[-3000:])
    return json.loads(run.stdout.strip().splitlines()[-1])


def _line(name: str, values: list[float], unit: str) -> str:
    return f"{name:52} {statistics.median(values):8.2f} {unit} ({min(values):.2f}–{max(values):.2f})"


def main() -> None:
    """Alternate the runs, print medians and ratios."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--helpdesk", help="the Python of an environment with django-helpdesk")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--messages", type=int, default=200)
    words.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    words.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = words.parse_args()
    if options.run:
        print(json.dumps(RUNS[options.run](options.folder, options.messages)))
        return
    print(machine())
    with tempfile.TemporaryDirectory() as place, (mail_server() if options.helpdesk else nullcontext("")) as port:
        prepared = Path(place) / "prepared"
        prepared.mkdir()
        prepare(prepared)
        runs: dict[str, list[dict]] = {"whole door": []}
        alone = []
        bare, meaning = [], []
        for _ in range(options.rounds):
            runs["whole door"].append(in_a_process("ours", prepared, options.messages))
            for name, to in PEERS.items() if options.helpdesk else ():
                runs.setdefault(name, []).append(peer(options.helpdesk, options.messages, port if to else ""))
            alone.append(in_a_process("alone", prepared, options.messages))
            pure = in_a_process("pure", prepared, options.messages)
            bare.append(pure["bare"])
            meaning.append(pure["meaning"])
        for name, found in runs.items():
            print(_line(name, [run["per_second"] for run in found], "mails/s"))
            print(_line(f"{name}, of one processor", [run["worked"] for run in found], "ms a mail"))
        print(_line("one by one", [run["per_second"] for run in alone], "mails/s"))
        print(_line("one by one, of one processor", [run["worked"] for run in alone], "ms a mail"))
        ours = runs.pop("whole door")
        for name, theirs in runs.items():
            pairs = list(zip(ours, theirs, strict=True))
            print(_line(f"whole door / {name}", [one["per_second"] / other["per_second"] for one, other in pairs], "times"))
            print(_line("  the same by processor time", [other["worked"] / one["worked"] for one, other in pairs], "times"))
        print(_line("bare parse of the standard library", bare, "ms a mail"))
        print(_line("parse, kind and reply text", meaning, "ms a mail"))
        print(_line("share of the door that is the bare parse",
                    [100 * one / run["worked"] for one, run in zip(bare, ours, strict=True)], "%"))
        (prepared / "heavy.eml").write_bytes(heavy_mail(json.loads((prepared / "threads.json").read_text())[0]))
        heavy = in_a_process("memory", prepared, 1)
        print(f"a mail of {heavy['megabytes']:.1f} MB: {heavy['seconds']:.2f} s, peak {heavy['peak']:.0f} MB, "
              f"{heavy['before']:.0f} MB before it")


if __name__ == "__main__":
    main()
