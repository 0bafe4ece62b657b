"""The coordinators' pages with 20,000 members, 200,000 requests and 1,000,000 messages, against the same pages with next to
nothing: time, and number of questions to the database (bench/README.md).

    .venv/bin/python bench/volume.py [--share 0.1] [--rounds 15] [--folder /tmp/volume] [--jobs] [--exports]
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from load import ROOT, machine

sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from volume_rows import COORDINATORS, NOW, SAMPLES, Size, copy_to_postgresql, fill_sqlite  # noqa: E402

HELP, LONG, IMMERSION, HOSTING, JOINING, MENTORING = (reference for *_, reference, _state in SAMPLES)
PAGES = {
    "À traiter": "/coordination/",
    "À traiter, à moi": "/coordination/?qui=moi",
    "À traiter, un territoire": "/coordination/?territoire=243000643",
    "À traiter, dernière page": "/coordination/?page=999",
    "En cours": "/coordination/en-cours",
    "Terminées": "/coordination/terminees",
    "Terminées, aides d’un territoire": "/coordination/terminees?sorte=entraide&territoire=243000643",
    "Terminées, dernière page": "/coordination/terminees?page=99999",
    "dossier, 5 messages": f"/coordination/{HELP}",
    "dossier, 40 messages": f"/coordination/{LONG}",
    "dossier d’immersion": f"/coordination/{IMMERSION}",
    "dossier d’adhésion": f"/coordination/{JOINING}",
    "dossier de mentorat": f"/coordination/{MENTORING}",
    "chronologie, 40 messages": f"/coordination/{LONG}/chronologie",
    "recherche, un mot courant": "/coordination/recherche?q=mandat",
    "recherche, deux mots courants": "/coordination/recherche?q=mot+de+passe+tablette",
    "recherche, un mot rare": "/coordination/recherche?q=C12345",
    "recherche, un nom": "/coordination/recherche?q=Camille+Bramontel",
    "recherche, un début de mot": "/coordination/recherche?q=con",
    "annuaire": "/coordination/annuaire",
    "annuaire, un nom": "/coordination/annuaire?q=bramon",
    "annuaire, compétence et territoire": "/coordination/annuaire?competence=diagnostic&territoire=243000643",
    "annuaire, dernière page": "/coordination/annuaire?page=99999",
    "courriels mis de côté": "/coordination/courriels",
    "solliciter une personne": f"/coordination/{HELP}/solliciter",
    "proposer un accueil": f"/coordination/{HOSTING}/proposer",
    "proposer un mentor": f"/coordination/{MENTORING}/proposer",
    "doublons": "/coordination/doublons/",
    "membres": "/coordination/membres/",
    "observatoire (compté)": "/observatoire",
    "chiffres": "/coordination/chiffres",
    "exports": "/coordination/exports",
}


def application(folder: Path, url: str = ""):
    from app import create_app
    from commands.database import upgrade

    environ = {"RING_INSTANCE": str(folder), "RING_SECRET_KEY": "a-secret-for-benches-only-0123456789abcd",
               "RING_MAIL_DOMAIN": "ring.example", "RING_PUBLIC_URL": "http://localhost"}
    app = create_app(environ | ({"RING_DATABASE_URL": url} if url else {}), testing=True)
    app.extensions["clock"] = lambda: NOW
    app.extensions["wake_sender"] = app.extensions["wake_sealer"] = lambda: None
    with app.app_context():
        upgrade()
    return app


def prepare(folder: Path, size: Size, urls: dict[str, str]) -> dict[str, dict[str, object]]:
    """``{database: {"empty": app, "full": app}}``; what the folder holds already is used again."""
    found: dict[str, dict[str, object]] = {}
    for name, of in (("empty", Size(10, 0, 0)), ("full", size)):
        place = folder / f"{name}-{of.dossiers}"
        began, known = time.perf_counter(), place.exists()
        place.mkdir(parents=True, exist_ok=True)
        app = found.setdefault("SQLite", {})[name] = application(place)
        with app.app_context():
            from models.base import db
            with db.engine.connect() as connection:
                if not known:
                    fill_sqlite(connection, of)
                    print(f"{name}: written to SQLite in {time.perf_counter() - began:.0f} s", flush=True)
            if url := urls.get(name):
                began = time.perf_counter()
                found.setdefault("PostgreSQL", {})[name] = application(folder / f"{place.name}-postgresql", url)
                with db.engine.connect() as connection:
                    copied = copy_to_postgresql(connection, url)
                if copied:
                    print(f"{name}: copied to PostgreSQL in {time.perf_counter() - began:.0f} s", flush=True)
    return found


class Browser:
    """Somebody of the coordination, signed in."""

    def __init__(self, app) -> None:
        from models.access_link import Purpose, new_link
        from models.base import db, transaction

        with app.app_context(), transaction():
            token, row = new_link(Purpose.SESSION, COORDINATORS[0][1], NOW)
            db.session.add(row)
        self.app, self.client = app, app.test_client()
        self.client.set_cookie("coordination", token)

    def get(self, address: str) -> tuple[float, float]:
        """Seconds by the clock and of this process."""
        self.app.extensions.pop("figures", None)
        began, worked = time.perf_counter(), time.process_time()
        answer = self.client.get(address)
        spent = time.perf_counter() - began, time.process_time() - worked
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return spent


@contextmanager
def questions(app):
    """The statements asked in the block, transactions' own aside."""
    from sqlalchemy import event

    from models.base import db
    with app.app_context():
        engine = db.engine
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_others) -> None:
        if statement.split()[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK"):
            said.append(statement)
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def pages(name: str, apps: dict[str, object], rounds: int, only: str = "") -> None:
    """Each page in turn, empty and full."""
    print(f"\n{name:36} {'empty':>8} {'full':>8} {'ratio':>6}  {'(rounds)':12} {'processor':>9}  questions")
    browsers = {which: Browser(app) for which, app in apps.items()}
    for label, address in PAGES.items():
        if only not in label:
            continue
        asked = {}
        for which, browser in browsers.items():
            browser.get(address)
            with questions(apps[which]) as said:
                browser.get(address)
            asked[which] = len(said)
        spent: dict[str, list[tuple[float, float]]] = {"empty": [], "full": []}
        gc.collect()
        for _ in range(rounds):
            for which, browser in browsers.items():
                spent[which].append(browser.get(address))
        clock, work = ({which: statistics.median(one[place] for one in found) for which, found in spent.items()}
                       for place in (0, 1))
        ratios = [full[0] / empty[0] for full, empty in zip(spent["full"], spent["empty"], strict=True)]
        over = " !" if clock["full"] / clock["empty"] > 5 or max(asked.values()) >= 12 else ""
        print(f"{label:36} {clock['empty'] * 1000:5.1f} ms {clock['full'] * 1000:5.1f} ms {clock['full'] / clock['empty']:6.1f}  "
              f"({min(ratios):.1f}–{max(ratios):.1f})".ljust(75)
              + f"{work['full'] / work['empty']:9.1f}  {asked['empty']}, {asked['full']}{over}", flush=True)


def jobs(name: str, apps: dict[str, object]) -> None:
    """What the clock runs, one after the other, in the full network: the first time, then again."""
    from jobs.engine import HOURLY, SWEEP
    from models.base import db

    print(f"\n{name}: each minute and each hour, first time; again (by the clock, processor, longest transaction; memory gained)")
    for verb in (*SWEEP, *HOURLY):
        told, before = [], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(2):
            with apps["full"].app_context(), locks() as held:
                began, worked = time.perf_counter(), time.process_time()
                verb(NOW)
                told.append(f"{(time.perf_counter() - began) * 1000:7.0f} {(time.process_time() - worked) * 1000:7.0f} "
                            f"{max(held, default=0) * 1000:6.0f} ms in {len(held):4}")
                db.session.remove()
        gained = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(f"{verb.__module__}.{verb.__name__:28} {'; '.join(told)}; {gained} MB", flush=True)


@contextmanager
def locks():
    """How long each transaction of the block keeps others from writing."""
    from models import base

    gate, held = base.write_gate, []

    @contextmanager
    def timed(*given):
        with gate(*given):
            began = time.perf_counter()
            try:
                yield
            finally:
                held.append(time.perf_counter() - began)
    base.write_gate = timed
    try:
        yield held
    finally:
        base.write_gate = gate


def exports(name: str, folder: Path, url: str) -> None:
    """Each table as CSV and XLSX, in a process of its own: time, size, memory over what the process holds before."""
    for table in ("demandes", "membres", "activite"):
        for extension in ("csv", "xlsx", "ods"):
            run = subprocess.run([sys.executable, __file__, "--export", f"{table}.{extension}", "--folder", str(folder),
                                  "--url", url], capture_output=True, text=True, cwd=ROOT)
            print(f"{name}: export {table}.{extension:5} " + (run.stdout.strip() if not run.returncode else run.stderr[-300:]),
                  flush=True)


def export(folder: Path, url: str, wanted: str) -> None:
    app = application(folder, url)
    browser = Browser(app)
    browser.get("/coordination/exports")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, size, first = time.perf_counter(), 0, 0.0
    answer = browser.client.get(f"/coordination/exports/{wanted}", buffered=False)
    for piece in answer.response:
        first = first or time.perf_counter() - began
        size += len(piece)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{time.perf_counter() - began:6.1f} s, first bytes after {first:.2f} s, {size / 1e6:6.1f} MB, "
          f"memory {before // 1024} then {peak // 1024} MB")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--share", type=float, default=1.0, help="part of the whole size")
    words.add_argument("--rounds", type=int, default=15)
    words.add_argument("--folder", type=Path, help="where SQLite instances are kept, and found again")
    words.add_argument("--postgresql", default="", help="address of a server, as postgresql+psycopg://user@host:port; one is "
                       "started when it is not given")
    words.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    words.add_argument("--page", default="", help="only the pages whose name holds this")
    words.add_argument("--jobs", action="store_true")
    words.add_argument("--exports", action="store_true")
    words.add_argument("--export", help=argparse.SUPPRESS)
    words.add_argument("--url", default="", help=argparse.SUPPRESS)
    options = words.parse_args()
    logging.disable(logging.CRITICAL)
    os.environ.pop("RING_INSTANCE", None)
    if options.export:
        return export(options.folder, options.url, options.export)
    with tempfile.TemporaryDirectory() as made, servers(options) as urls:
        folder, size = options.folder or Path(made), Size().part(options.share)
        print(f"{machine()}\n{size.members} members, {size.dossiers} requests, {size.messages} messages")
        found = prepare(folder, size, urls)
        for name, apps in found.items():
            if options.only in (None, name):
                pages(name, apps, options.rounds, options.page)
                if options.jobs:
                    jobs(name, apps)
                if options.exports:
                    exports(name, folder / f"full-{size.dossiers}{'' if name == 'SQLite' else '-postgresql'}",
                            urls["full"] if name == "PostgreSQL" else "")
    return None


@contextmanager
def servers(options):
    """Where PostgreSQL keeps the two databases: a server given, or one of our own for this run."""
    import psycopg

    if options.only == "SQLite":
        yield {}
        return
    from postgres import Server
    own = None if options.postgresql else Server()
    try:
        base = options.postgresql or own.url("").rstrip("/")
        names = {"empty": "volume_empty", "full": f"volume_{int(options.share * 1000)}"}
        with psycopg.connect(base.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
            known = {name for name, in connection.execute("SELECT datname FROM pg_database")}
            for name in {*names.values()} - known:
                connection.execute(f"CREATE DATABASE {name}")
        yield {which: f"{base}/{name}" for which, name in names.items()}
    finally:
        if own:
            own.stop()


if __name__ == "__main__":
    main()
