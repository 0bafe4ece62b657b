"""Reading what strangers wrote, apart: in a child process without secrets, that is ended when it takes too long.

Rules that read mail are pure functions, and one of them may meet the message that keeps it busy for ever. A thread cannot be
stopped and a signal reaches the main thread alone; a child can be ended by whoever waits for it. It is started at the first
mail, then kept: a small message costs 0.15 ms more (decision 0011). Started rather than forked, since a
fork would take along whatever lock another thread of ours holds, the write gate's included (flock(2)).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

#: Seconds one message may take. The slowest of honest ones, at the largest size, takes two.
LIMIT = 20.0
#: Beyond the child's own limit: for one that is stopped, or that the system keeps from ending.
GRACE = 10.0
#: Bytes of memory the child may use: many times what a message of the largest size takes.
MEMORY = 2 * 1024**3
ROOT = Path(__file__).resolve().parents[1]
#: The package without its front door, which would bring the database and the documents along.
_START = ("import sys, types; package = types.ModuleType('inbox'); package.__path__ = [sys.argv[1]]; "
          "sys.modules['inbox'] = package; from inbox.apart import serve; serve(int(sys.argv[2]))")


def _read_only(mapping: dict) -> MappingProxyType:
    return MappingProxyType(mapping)


ForkingPickler.register(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))


class NotRead(Exception):
    """A message could not be read: it took too long, too much memory, or met a fault of ours. Tells no content."""


class _Reader:
    """One child; busy with one message at a time."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-c", _START, str(ROOT / "inbox"), str(theirs.fileno())]
            self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), cwd="/", stdin=subprocess.DEVNULL,  # noqa: S603
                                            stdout=subprocess.DEVNULL, env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"})
        self.wire = Connection(ours.detach())

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def answer(self, limit: float) -> Any:
        if not self.wire.poll(limit + GRACE):
            raise TimeoutError
        return self.wire.recv()

    def end(self) -> int:
        """End it, at once; its exit status."""
        self.wire.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(0.2)
        self.process.kill()
        return self.process.wait()


#: By process: a child belongs to who started it, not to those who are forked afterwards.
_idle: dict[int, list[_Reader]] = {}


class Question(Generic[R]):
    """``function(*args)``, which a child works out while its asker does something else, until :meth:`answer` or :meth:`drop`."""

    def __init__(self, function: Callable[..., R], *args: object) -> None:
        self._reader, self._limit = _free_reader(), LIMIT
        try:
            self._reader.wire.send((self._limit, function, args))
        except BaseException:
            self._reader.end()
            raise

    def answer(self) -> R:
        """What the child says, waited for.

        :raises NotRead: it took more than :data:`LIMIT` seconds, or failed; the caller tries again later or sets aside.
        """
        try:
            done, answer = self._reader.answer(self._limit)
        except (EOFError, OSError) as error:
            status = self._reader.end()
            slow = isinstance(error, TimeoutError) or status == -signal.SIGALRM
            raise NotRead("took too long" if slow else f"reader ended with {status}") from None
        except BaseException:
            self._reader.end()
            raise
        _idle.setdefault(os.getpid(), []).append(self._reader)
        if not done:
            raise NotRead(answer)
        return answer

    def drop(self) -> None:
        """Nobody wants the answer any more: the child is ended, whatever it is at."""
        self._reader.process.kill()
        self._reader.end()


def apart(function: Callable[P, R], *args: P.args, **_: P.kwargs) -> R:
    """``function(*args)``, called in a child. It is a pure function of a module of ``inbox``.

    :raises NotRead: see :meth:`Question.answer`.
    """
    try:
        question = Question(function, *args)
    except OSError as error:
        raise NotRead(f"reader not asked: {type(error).__name__}") from None
    return question.answer()


def _free_reader() -> _Reader:
    idle = _idle.setdefault(os.getpid(), [])
    while True:
        try:
            found = idle.pop()
        except IndexError:
            return _Reader()
        if found.alive:
            return found
        found.end()


@atexit.register
def _end_all() -> None:
    for reader in _idle.pop(os.getpid(), ()):
        reader.end()


def serve(descriptor: int) -> None:
    """The child's life: answer one question after the other, until the other end is closed."""
    # Signals of the terminal and of a supervisor are for the parent; the child follows it.
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    wire = Connection(descriptor)
    while True:
        try:
            limit, function, args = wire.recv()
        except (EOFError, OSError):
            os._exit(0)
        # Not handled: the system ends the child, whatever it is busy with, even when its parent is gone.
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            answer = ForkingPickler.dumps((True, function(*args)))
        except Exception as error:  # noqa: BLE001  only its name leaves: its words may be a person's
            answer = ForkingPickler.dumps((False, type(error).__name__))
        # Who asked may be busy: how long the answer waits for them is not the message's fault.
        signal.setitimer(signal.ITIMER_REAL, 0)
        wire.send_bytes(answer)
