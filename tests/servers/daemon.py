"""What every server of the tests shares: a process that ends with the tests, a folder of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import program

#: Seconds a server has to start, to answer or to end. Only what is stuck comes near.
PATIENCE = 120.0


def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> object:
    """Wait for ``true()`` and give what it gave.

    :raises TimeoutError: it did not come in time; ``what`` says what was waited for.
    """
    limit = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > limit:
            raise TimeoutError(what)
        time.sleep(0.02)
    return found


def listening(port: int) -> bool:
    """True when somebody listens on that port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def unprivileged() -> str:
    """Who servers and pipes run as: never root."""
    return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def own_folder(name: str, owner: str = "") -> Path:
    """A folder under the system's temporary one: short enough for sockets (108 bytes, unix(7)), open to their users."""
    folder = Path(tempfile.mkdtemp(prefix=f"ring-{name}-"))
    folder.chmod(0o755)
    if owner and os.geteuid() == 0:
        shutil.chown(folder, owner)
    return folder


def descendants(pid: int) -> list[int]:
    """Processes that ``pid`` started, theirs included (/proc, proc(5))."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents.setdefault(int(parent), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found


class Daemon:
    """One server in the foreground, with all it starts."""

    def __init__(self, folder: Path, command: Sequence[str], ports: Sequence[int], *, user: str = "") -> None:
        #: A test run that is killed takes its servers with it (prctl(2), PR_SET_PDEATHSIG).
        prefix = [program("setpriv"), "--pdeathsig", "TERM"]
        if user and os.geteuid() == 0:
            entry = pwd.getpwnam(user)
            prefix += ["--reuid", str(entry.pw_uid), "--regid", str(entry.pw_gid), "--clear-groups"]
        self.folder, self.command, self.ports = folder, [*prefix, *command], tuple(ports)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start, and come back when every port answers; nothing happens to one that runs already.

        :raises RuntimeError: it ended at once; the message holds what it said.
        """
        if self.running:
            return
        said = self.folder / "start.log"
        with said.open("wb") as output:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                                            start_new_session=True)
        try:
            until(lambda: not self.running or all(map(listening, self.ports)), f"{self.command[-1]}: {self.ports}")
        except TimeoutError:
            self.kill()
            raise
        if not self.running:
            raise RuntimeError(f"{' '.join(self.command)}\n{said.read_text('utf-8', 'replace')}\n{self.log()}")

    def log(self) -> str:
        """What the server wrote in its log."""
        path = self.folder / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def stop(self) -> None:
        """End it as an operator does, and wait until its ports are free."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does: SIGKILL to it and to all it started, at once."""
        self._end(signal.SIGKILL)

    def _end(self, signum: signal.Signals) -> None:
        if self.process is None:
            return
        family = descendants(self.process.pid)
        if self.running:
            self.process.send_signal(signum)
        if signum == signal.SIGKILL:
            _send(family, signum)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(PATIENCE)
        # Whoever outlives its master is ended: no test run leaves a process behind.
        with contextlib.suppress(TimeoutError):
            until(lambda: not any(map(_alive, family)), "children", 3)
        _send(family, signal.SIGKILL)
        self.process = None
        until(lambda: not any(map(listening, self.ports)), f"ports {self.ports} to be free")

    def restart(self) -> None:
        """Stop, and start on the same ports and files."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop, and leave nothing."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _send(pids: Sequence[int], signum: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signum)
