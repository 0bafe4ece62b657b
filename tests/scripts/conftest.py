"""The site as ``scripts/run`` starts it, with this interpreter's packages, in a process group of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from ports import free_port
from warm import Warm

ROOT = Path(__file__).resolve().parents[2]
#: Seconds for what takes one or two: only what is stuck comes near, however busy the machine.
ENOUGH = 120.0


def environment(**added: str) -> dict[str, str]:
    """This process's environment, without the settings of an instance."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RING_")}
    return kept | {"PYTHONPATH": str(ROOT)} | added


def python(*words: str, **options) -> subprocess.CompletedProcess[str]:
    """Run this interpreter to its end, with the house's modules."""
    return subprocess.run([sys.executable, "-P", *words], env=environment(**options.pop("environ", {})), text=True,
                          capture_output=True, check=False, timeout=ENOUGH, **options)


def until(true: Callable[[], object], seconds: float = ENOUGH) -> bool:
    """Wait for ``true()``; False when it did not come in time."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.05)
    return False


def children(pid: int) -> dict[int, str]:
    """The processes ``pid`` started that still live, and their state (/proc, proc(5))."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and state != "Z":
            found[int(stat.parent.name)] = state
    return found


class Site:
    """One running ``scripts.serve``; its process group holds nothing else."""

    def __init__(self, warm: Warm, instance: Path, *words: str, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.said: list[str] = []
        command = ["-m", "scripts.serve", "--empty", "--port", str(self.port), "--instance", str(instance)]
        self.process = warm.start(*command, *words, environ=environment(**environ), session=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.append(line)

    def opened(self) -> Site:
        assert until(lambda: "Ctrl-C pour arrêter.\n" in self.said or self.process.poll() is not None), self.said
        assert self.process.poll() is None, "".join(self.said)
        return self

    def get(self, path: str = "/") -> int:
        with urllib.request.urlopen(self.url + path, timeout=ENOUGH) as page:
            return page.status

    def post(self, path: str, **fields: str) -> int:
        asked = urllib.request.Request(self.url + path, urllib.parse.urlencode(fields).encode(), {"Origin": self.url})
        with urllib.request.urlopen(asked, timeout=ENOUGH) as page:
            return page.status

    @property
    def group(self) -> list[int]:
        """The living processes of the group."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(group) == self.process.pid and state != "Z":
                found.append(int(stat.parent.name))
        return found

    def end(self) -> None:
        # Some end by themselves between the look and the blow.
        for pid in self.group:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(ENOUGH)
        self.reader.join(ENOUGH)
        self.process.stdout.close()


@pytest.fixture
def serve(warm):
    """Runs ``scripts.serve`` to its end."""
    return lambda *words, **environ: warm.run("-m", "scripts.serve", *words, environ=environment(**environ), timeout=ENOUGH)


@pytest.fixture
def site(tmp_path, warm):
    """Starts sites, and ends them all whatever happens."""
    started: list[Site] = []

    def start(instance: Path | None = None, *words: str, **environ: str) -> Site:
        started.append(Site(warm, instance or tmp_path / "instance", *words, **environ))
        return started[-1]

    yield start
    for each in started:
        each.end()
