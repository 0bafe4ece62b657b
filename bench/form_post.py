"""A complete form POST against the bare insert of the same rows, and against a finished peer (bench/README.md)."""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from load import HERE, PORT, ROOT, Measured, loaded, machine, median_line, ratio_line, served

sys.path.insert(0, str(ROOT))

SECRET = "a-secret-for-measuring-only-0123456789abcdef"
ANSWERS = {
    "question": {"question": "Une personne que j’accompagne n’a plus accès à sa messagerie, et son espace en ligne envoie "
                             "le code à cette adresse.\nComment l’aider sans tout recommencer ?",
                 "help_kind": "question", "theme": "demarches_administratives"},
    "contexte": {"concerns": "usager", "urgency": "normale", "fichiers": [], "visibility": ["pairs"]},
    "vous": {"given_name": "Camille", "family_name": "Exemple", "email": "", "phone": "02 61 91 00 00",
             "post": "mediateur", "job": "Conseil numérique", "organisation": "Structure Exemple", "commune": "44109",
             "leurre": None},
}
#: More than any server here answers in a second: a body sent twice would measure the page « déjà envoyée ».
BODIES_PER_SECOND = 4000


def environ(folder: Path) -> dict[str, str]:
    """The settings of a measured instance: its own folder, the limit per access out of the way."""
    return {"RING_INSTANCE": str(folder), "RING_SECRET_KEY": SECRET, "RING_REQUESTS_PER_HOUR": "100000000",
            "RING_MAIL_DOMAIN": "ring.example", "RING_PUBLIC_URL": "http://127.0.0.1:5000"}


def sealed(index: int) -> str:
    """The body a browser sends from the check page; each has its own key and address."""
    from forms.entraide import JOURNEY
    from forms.journey import Progress, seal
    answers = {**ANSWERS, "vous": {**ANSWERS["vous"], "email": f"camille{index}@structure.example"}}
    return urlencode({"etat": seal(Progress(answers=answers), JOURNEY, SECRET)})


def write_bodies(path: Path, count: int) -> Path:
    """``count`` bodies, one a line."""
    path.write_text("".join(f"{sealed(index)}\n" for index in range(count)), "ascii")
    return path


def prepare(folder: Path) -> Path:
    """An instance with every migration and one request in it, to be copied; the first rows are kept for the floor."""
    from app import create_app
    from commands.database import upgrade
    from forms.entraide import JOURNEY
    from forms.journey import Progress, filled_pages, first_wrong
    from models.base import db

    app = create_app(environ(folder))
    with app.test_request_context():
        upgrade()
        answers = {**ANSWERS, "vous": {**ANSWERS["vous"], "email": "camille@structure.example"}}
        if wrong := first_wrong(filled_pages(JOURNEY, Progress(answers=answers), date.today(), "")):
            raise RuntimeError(f"the form does not accept this bench's answers any more: {wrong[1].errors}")
    reply = app.test_client().post("/aide/verification", data=sealed(0), headers={"Sec-Fetch-Site": "same-origin"},
                                   content_type="application/x-www-form-urlencoded")
    if reply.status_code != 303:
        raise RuntimeError(f"the form answered {reply.status_code}")
    with app.app_context():
        db.engine.dispose()
    rows = {}
    with sqlite3.connect(folder / "ring.db") as connection:
        connection.row_factory = sqlite3.Row
        for table in ("dossier", "participant", "journal_entry", "access_link", "outbox_message", "outbox_body", "throttle"):
            rows[table] = dict(connection.execute(f"SELECT * FROM {table}").fetchone())
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("DELETE FROM dossier")
        for table in ("outbox_message", "throttle", "reference_counter"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()
    (folder / "rows.pickle").write_bytes(pickle.dumps(rows))
    return folder


def counted(database: Path, *tables: str) -> list[int]:
    """How many rows each table holds."""
    connection = sqlite3.connect(database)
    try:
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
    finally:
        connection.close()


def checked(run: Measured, counts: list[int]) -> Measured:
    """``run``, once the rows say that every answer counted was a request stored.

    :raises RuntimeError: some were not.
    """
    if len(set(counts)) != 1 or not run.requests <= counts[0] <= run.requests + 64:
        raise RuntimeError(f"{run.requests} answers for {counts} rows")
    return run


@contextmanager
def _consumer(folder: Path):
    """The clock door at work beside the server: it takes up each letter that was written."""
    said = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "jobs", "run"], cwd=ROOT,
                            env={**os.environ, **environ(folder)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        said.terminate()
        said.wait(30)


def run_app(migrated: Path, bodies: Path, seconds: int, *, jobs: bool = False) -> Measured:
    """One run of the application on a fresh copy of the instance."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(shutil.copytree(migrated, Path(made) / "instance"))
        with served("ring:application", environ(folder)), _consumer(folder) if jobs else nullcontext():
            run = loaded("/aide/verification", seconds, bodies=bodies)
        return checked(run, counted(folder / "ring.db", "dossier", "participant", "journal_entry", "outbox_message",
                                                         "outbox_body"))


def run_bare(migrated: Path, bodies: Path, seconds: int) -> Measured:
    """One run of the floor (bench/bare_insert.py)."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(shutil.copytree(migrated, Path(made) / "instance"))
        names = {"BENCH_DATABASE": str(folder / "ring.db"), "BENCH_ROWS": str(folder / "rows.pickle")}
        with served("bare_insert:application", names, folder=HERE):
            run = loaded("/aide/verification", seconds, bodies=bodies)
        return checked(run, counted(folder / "ring.db", "dossier", "participant", "journal_entry", "outbox_message",
                                                         "outbox_body"))


@contextmanager
def mail_server():
    """A mail server of this machine that takes every letter and keeps none; gives its port."""
    port = PORT + 1
    said = subprocess.Popen([sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield str(port)
    finally:
        said.terminate()
        said.wait(10)


def run_helpdesk(python: Path, seconds: int, bodies: Path, *, mail: bool) -> Measured:
    """One run of django-helpdesk's public submission (bench/helpdesk_peer.py), its letters handed over or thrown away."""
    with tempfile.TemporaryDirectory() as made, (mail_server() if mail else nullcontext("")) as smtp_port:
        names = {"BENCH_FOLDER": made, "BENCH_SMTP_PORT": smtp_port}
        subprocess.run([python, HERE / "helpdesk_peer.py"], env={**os.environ, **names}, check=True, capture_output=True)
        with served("helpdesk_peer:application", names, folder=HERE, python=str(python)):
            run = loaded("/tickets/submit/", seconds, bodies=bodies)
        return checked(run, counted(Path(made) / "helpdesk.db", "helpdesk_ticket"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--jobs", action="store_true", help="also measure with the jobs' consumer at work")
    parser.add_argument("--helpdesk", type=Path, metavar="PYTHON", help="interpreter that has django-helpdesk and gunicorn")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        migrated = prepare(Path(made) / "migrated")
        bodies = write_bodies(Path(made) / "bodies", int(options.seconds * BODIES_PER_SECOND))
        contenders = {"form POST": lambda: run_app(migrated, bodies, options.seconds),
                      "bare WSGI + sqlite3": lambda: run_bare(migrated, bodies, options.seconds)}
        if options.jobs:
            contenders["form POST, jobs at work"] = lambda: run_app(migrated, bodies, options.seconds, jobs=True)
        if options.helpdesk:
            from helpdesk_form import write_helpdesk_bodies
            tickets = write_helpdesk_bodies(Path(made) / "tickets", ANSWERS, int(options.seconds * BODIES_PER_SECOND))
            contenders["helpdesk, letters handed over"] = lambda: run_helpdesk(options.helpdesk, options.seconds, tickets,
                                                                               mail=True)
            contenders["helpdesk, letters thrown away"] = lambda: run_helpdesk(options.helpdesk, options.seconds, tickets,
                                                                               mail=False)
        runs: dict[str, list[Measured]] = {name: [] for name in contenders}
        for _ in range(options.rounds):
            for name, run in contenders.items():
                runs[name].append(run())
    print(machine())
    for name, found in runs.items():
        print(median_line(name, found))
    rates = {name: [run.per_second for run in found] for name, found in runs.items()}
    for name in list(contenders)[1:]:
        print(ratio_line(f"form POST / {name}", rates["form POST"], rates[name]))


if __name__ == "__main__":
    main()
