"""Processes of the house without their start: one of them has read its modules once, and the others are forked from it.

What is forked goes on exactly as ``python -m flask …`` does: a process of its own with its own words, environment and files,
that ends as one ends, and that real signals end. Only the interpreter's start and the reading of modules are spared, a second
each time. Where the start itself is what a test looks at, it starts an interpreter.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
#: Bytes of what is asked: an environment, above all.
MOST = 150_000
PR_SET_PDEATHSIG = 1


class Forked:
    """One process, of which is known what ``subprocess.Popen`` would know."""

    def __init__(self, pid: int, words: Sequence[str], end: int, stdout: IO[str] | None) -> None:
        self.pid, self.args, self.stdout, self.returncode = pid, list(words), stdout, None
        self._end: int | None = end

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status; that of a signal is negative.

        :raises subprocess.TimeoutExpired: it goes on.
        """
        if self._end is not None:
            if not select.select([self._end], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout)
            status = os.read(self._end, 20)
            os.close(self._end)
            self._end = None
            assert status, "who was to tell its end has ended"
            self.returncode = os.waitstatus_to_exitcode(int(status))
        return self.returncode

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Warm:
    """The process that has read everything; it ends with this one, and all that it forked with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
        with theirs:
            self._process = subprocess.Popen([sys.executable, "-P", __file__, str(theirs.fileno())], pass_fds=(theirs.fileno(),),
                                             stdin=subprocess.DEVNULL, start_new_session=True, cwd="/",
                                             env=os.environ | {"PYTHONPATH": path})

    def start(self, *words: str, environ: Mapping[str, str] = os.environ, cwd: Path = ROOT, session: bool = False,
              stdin: int | None = None, stdout: int | None = None, stderr: int | None = None) -> Forked:
        """Fork ``python <words>``: ``-m``, a module and its words, or a file and its words.

        The files are descriptors, ``subprocess.PIPE`` (for the output alone), ``subprocess.STDOUT`` (for the errors alone), or
        nothing; ``session``: it leads a process group of its own.
        """
        with contextlib.ExitStack() as ours:
            nothing = ours.enter_context(open(os.devnull, "r+b")).fileno()
            reading = None
            if stdout == subprocess.PIPE:
                reading, stdout = os.pipe()
                ours.callback(os.close, stdout)
            out = nothing if stdout is None else stdout
            error = out if stderr == subprocess.STDOUT else nothing if stderr is None else stderr
            end, telling = os.pipe()
            ours.callback(os.close, telling)
            asked = json.dumps([words, dict(environ), str(cwd), session]).encode()
            with self._lock:
                socket.send_fds(self._wire, [asked], [nothing if stdin is None else stdin, out, error, telling])
                pid = int(self._wire.recv(20))
        return Forked(pid, words, end, None if reading is None else os.fdopen(reading, encoding="utf-8"))

    def run(self, *words: str, typed: bytes = b"", timeout: float = 300.0, **given) -> subprocess.CompletedProcess[str]:
        """The same until its end, with ``typed`` as its standard input; what it said is kept apart."""
        with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
            read.write(typed)
            read.seek(0)
            process = self.start(*words, stdin=read.fileno(), stdout=out.fileno(), stderr=error.fileno(), **given)
            try:
                status = process.wait(timeout)
            finally:
                process.kill()
            for file in (out, error):
                file.seek(0)
            return subprocess.CompletedProcess(process.args, status, out.read().decode(), error.read().decode())

    def stop(self) -> None:
        self._wire.close()
        self._process.wait(60)


def _read_the_house() -> None:
    """All that a command may need, with an application made once: connections are left to who is forked."""
    from app import create_app
    from models.base import db

    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"RING_INSTANCE": folder}, testing=True)
        with app.app_context():
            db.engine.dispose()
        app.extensions["huey"].storage.close()
    import flask.cli  # noqa: F401  what a command begins with
    import psycopg  # noqa: F401

    from commands.serve import settle

    settle()
    assert threading.active_count() == 1, "a thread would be lost in who is forked, with the locks it holds"


def _forked(wire: socket.socket) -> list[str]:
    """Fork whoever is asked for. Comes back in each of them, with its words: this process itself ends here."""
    waking, wake = os.pipe()
    for end in (waking, wake):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    living: dict[int, int] = {}
    ourselves = os.getpid()
    while True:
        ready = select.select([wire, waking], [], [])[0]
        if waking in ready:
            os.read(waking, 4096)
            for pid in list(living):
                gone, status = os.waitpid(pid, os.WNOHANG)
                if gone:
                    with contextlib.suppress(BrokenPipeError):
                        os.write(living[pid], str(status).encode())
                    os.close(living.pop(pid))
        if wire not in ready:
            continue
        asked, files, _, _ = socket.recv_fds(wire, MOST, 4)
        if not asked:
            for pid in living:
                os.kill(pid, signal.SIGKILL)
            os._exit(0)
        *files, telling = files
        if pid := os.fork():
            living[pid] = telling
            for each in files:
                os.close(each)
            wire.send(str(pid).encode())
            continue
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for each in (waking, wake, telling, *living.values()):
            os.close(each)
        wire.close()
        return _become(ourselves, files, json.loads(asked))


def _become(parent: int, files: Sequence[int], asked: list) -> list[str]:
    words, environ, cwd, session = asked
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    if session:
        os.setsid()
    for number, each in enumerate(files):
        os.dup2(each, number)
    for each in set(files) - {0, 1, 2}:
        os.close(each)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(cwd)
    return words


if __name__ == "__main__":
    _read_the_house()
    how, *sys.argv = _forked(socket.socket(fileno=int(sys.argv[1])))
    if how == "-m":
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv.insert(0, how)
        runpy.run_path(how, run_name="__main__")
