"""The whole site on one machine: pages, background tasks and carriers of mail, children of one process, in one process group."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.orm import configure_mappers

from models.base import db
from territory.atlas import atlas

from . import inbox, jobs

#: How long a page or a task may take to end after Ctrl-C, in seconds, before it is cut.
PATIENCE = 6.0
#: So many ends of a child within so many seconds: it can't run, and starting it again and again would hide why.
TOO_MANY, WITHIN = 5, 60.0
#: Seconds before what makes documents is loaded: who opens the site asks for its pages first, and each process loads for half a
#: second. Nobody asks for a document as soon.
WARM_UP_AFTER = 10.0
STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PR_SET_PDEATHSIG = 1


class AlreadyServed(Exception):
    """Another process serves this instance; the message says which, in French."""


@contextlib.contextmanager
def only_server(instance: Path, url: str) -> Iterator[None]:
    """Be the only one who serves this instance folder: two would run each periodic task twice.

    :raises AlreadyServed: another does.
    """
    with open(instance / "serve.lock", "a+", encoding="utf-8") as gate:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            gate.seek(0)
            raise AlreadyServed(f"Ce dossier de données est déjà ouvert par un autre scripts/run ({gate.read().strip()}). "
                                "Servez-vous de celui-là, ou choisissez un autre dossier avec --instance.") from None
        gate.truncate(0)
        gate.write(f"{url}, processus {os.getpid()}\n")
        gate.flush()
        yield


class Pages(BaseApplication):
    """gunicorn, told by us rather than by its command line."""

    def __init__(self, app: Flask, listener: socket.socket, workers: int) -> None:
        self.app, self.listener, self.workers = app, listener, workers
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"fd://{self.listener.fileno()}", "workers": self.workers, "worker_class": "sync", "preload_app": True,
            # Addresses hold access links: they are never written to a log.
            "accesslog": None, "loglevel": "warning", "control_socket_disable": True, "proc_name": "ring",
            "timeout": 60, "graceful_timeout": int(PATIENCE) - 2, "max_requests": 2000, "max_requests_jitter": 400,
            "post_fork": lambda _arbiter, _worker: _end_with(os.getppid(), signal.SIGKILL),
            "post_worker_init": lambda _worker: warm_up(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def warm_up() -> None:
    """Load what makes documents, aside: the first page does not wait for it, and the first document hardly does."""

    def load() -> None:
        time.sleep(WARM_UP_AFTER)
        from pdf.render import warm_up

        warm_up()

    threading.Thread(target=load, name="warm-up", daemon=True).start()


def settle() -> None:
    """Read the places of France and work out how tables are related, once for all the workers and before the first page, and
    take what start-up made out of the collector's rounds: it lives as long as the process (bench/README.md)."""
    _ = atlas().index
    configure_mappers()
    gc.collect()
    gc.freeze()


def serve(app: Flask, listener: socket.socket, workers: int, ready: Callable[[], None] = lambda: None) -> int:
    """Serve pages on ``listener`` and run the tasks until a signal comes; the exit status.

    A child that ends is started again. ``ready`` is called once the first page was answered.
    """
    with app.app_context():
        # A connection to SQLite must not be carried over a fork.
        db.session.remove()
        db.engine.dispose()
    settle()
    huey = app.extensions["huey"]
    if hasattr(huey.storage, "close"):
        huey.storage.close()

    def run_jobs() -> None:
        warm_up()
        jobs.run(huey)

    return Family({"les pages": Pages(app, listener, workers).run, "les tâches de fond": run_jobs} | carriers(app)).live(ready)


def carriers(app: Flask) -> dict[str, Callable[[], Any]]:
    """What brings mail in here, by the settings: each a body of :class:`Family`."""
    settings = app.extensions["ring"].settings
    found: dict[str, Callable[[], Any]] = {}
    if account := settings.imap:
        found["les relèves de la boîte"] = lambda: inbox.watch(app, account)
    if where := settings.listener:
        found["les livraisons de courriels"] = lambda: _plainly(inbox.listen, app, where)
    return found


def _plainly(body: Callable[..., Any], *args: object) -> None:
    try:
        body(*args)
    except click.ClickException as told:
        told.show()
        raise SystemExit(told.exit_code) from None


class Family:
    """Children that live and end together. Signals wait for :meth:`live` to take them: nothing can happen in between."""

    def __init__(self, bodies: dict[str, Callable[[], Any]]) -> None:
        self.bodies = bodies
        self.names: dict[int, str] = {}
        self.ends: deque[float] = deque(maxlen=TOO_MANY)

    def live(self, ready: Callable[[], None]) -> int:
        """Start all, start again who ends, stop all at the first signal or when one cannot live; the exit status."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {*STOP, signal.SIGCHLD})
        try:
            for name in self.bodies:
                self._start(name)
            ready()
            while True:
                if signal.sigwait({*STOP, signal.SIGCHLD}) != signal.SIGCHLD:
                    return 0
                for name, status in self._ended():
                    self.ends.append(time.monotonic())
                    if len(self.ends) == TOO_MANY and self.ends[-1] - self.ends[0] < WITHIN:
                        _say(f"{_capital(name)} s’arrêtent sans cesse : j’arrête tout. La raison est écrite au-dessus.")
                        return 1
                    _say(f"{_capital(name)} se sont arrêtées ({status}) : je les relance.")
                    self._start(name)
        finally:
            self._stop()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _start(self, name: str) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.names[pid] = name
            return
        status = 1
        try:
            _end_with(parent, signal.SIGTERM)
            # The terminal's signals go to the whole group; only the parent answers them, then asks its children.
            signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGINT, signal.SIGHUP})
            self.bodies[name]()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: BLE001  the child's last words, whatever they are
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _ended(self) -> Iterator[tuple[str, str]]:
        for pid in list(self.names):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                code = os.waitstatus_to_exitcode(status)
                yield self.names.pop(pid), f"code {code}" if code >= 0 else f"signal {-code}"

    def _stop(self) -> None:
        """Ask all to end, wait a little, then end them; a second Ctrl-C doesn't wait."""
        limit = time.monotonic() + PATIENCE
        for pid in self.names:
            os.kill(pid, signal.SIGTERM)
        while self.names and (left := limit - time.monotonic()) > 0:
            caught = signal.sigtimedwait({*STOP, signal.SIGCHLD}, left)
            list(self._ended())
            if caught and caught.si_signo in STOP - {signal.SIGTERM}:
                break
        for pid in self.names:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.names.clear()


def _end_with(parent: int, signum: int) -> None:
    """Receive ``signum`` when ``parent`` dies, even by kill -9 (Linux, prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)
    if os.getppid() != parent:
        os._exit(1)


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
