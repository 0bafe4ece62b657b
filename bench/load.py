"""Serve a WSGI application with gunicorn, load it with wrk, read what wrk measured."""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORKERS, CONNECTIONS = 2, 16
#: Loopback only; one server at a time.
PORT = 5090

WRK = """
local texts, position = {}, 0
if "%(bodies)s" ~= "" then
  for line in io.lines("%(bodies)s") do texts[#texts + 1] = line end
end
local headers = { ["Content-Type"] = "application/x-www-form-urlencoded", ["Sec-Fetch-Site"] = "same-origin" }
function request()
  if #texts == 0 then return wrk.format("GET", "%(path)s") end
  position = position + 1
  if position > #texts then os.exit(9) end
  return wrk.format("POST", "%(path)s", headers, texts[position])
end
function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format(
    '{"requests": %%d, "microseconds": %%d, "p50": %%d, "p99": %%d, "longest": %%d, "wrong": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
"""


@dataclass(frozen=True)
class Measured:
    """One run: requests answered, per second; latencies in milliseconds."""

    requests: int
    per_second: float
    p50: float
    p99: float
    longest: float


@contextmanager
def served(target: str, environ: Mapping[str, str], *, folder: Path = ROOT, python: str = sys.executable,
           port: int = PORT) -> Iterator[None]:
    """Serve ``target`` (``module:callable``) of ``folder`` until the block ends, ready at its start.

    :raises RuntimeError: the port is taken, or the server ended or did not answer within 20 s, with what it said.
    """
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise RuntimeError(f"port {port} is taken: another measurement runs")
    command = [python, "-m", "gunicorn", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "--no-control-socket",
               "--log-level", "warning", "--chdir", str(folder), target]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": f"{folder}:{HERE}", **environ}, cwd=folder,
                                  stdout=said, stderr=said, start_new_session=True)
        try:
            if not _answers(server, port):
                said.seek(0)
                raise RuntimeError(said.read().decode("utf-8", "replace")[-2000:])
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _answers(server: subprocess.Popen, port: int) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall(b"GET /bench-ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if connection.recv(5):
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def loaded(path: str, seconds: int, *, bodies: Path | None = None, port: int = PORT) -> Measured:
    """Load ``path`` for ``seconds``: POST one line of ``bodies`` each, never twice the same; without bodies, GET.

    :raises RuntimeError: an answer was an error, or the bodies ran out.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(WRK % {"path": path, "bodies": bodies or ""})
        script.flush()
        run = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s", script.name,
                              f"http://127.0.0.1:{port}"], capture_output=True, text=True)
    if run.returncode == 9:
        raise RuntimeError("the bodies ran out: prepare more")
    found = json.loads(run.stdout.strip().splitlines()[-1])
    if found["wrong"]:
        raise RuntimeError(f"{found['wrong']} answers were errors\n{run.stdout}")
    return Measured(found["requests"], found["requests"] / found["microseconds"] * 1e6, found["p50"] / 1e3,
                    found["p99"] / 1e3, found["longest"] / 1e3)


def machine() -> str:
    """One line about where the figures come from."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.processor())
    return (f"{model}, {os.cpu_count()} processors (load {os.getloadavg()[0]:.1f}), {platform.system()}, "
            f"CPython {platform.python_version()}")


def median_line(name: str, runs: Sequence[Measured]) -> str:
    """``name``, then the medians of its runs and the spread of the first."""
    rates = [run.per_second for run in runs]
    p50, p99 = statistics.median(run.p50 for run in runs), statistics.median(run.p99 for run in runs)
    return (f"{name:34} {statistics.median(rates):8.0f} req/s ({min(rates):.0f}–{max(rates):.0f})   p50 {p50:6.1f} ms   "
            f"p99 {p99:6.1f} ms   p99/p50 {p99 / p50:4.1f}   longest {max(run.longest for run in runs):6.1f} ms")


def ratio_line(name: str, ours: Sequence[float], theirs: Sequence[float]) -> str:
    """The ratio pair by pair (runs made in turn): its median and its spread."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return f"{name:34} {statistics.median(ratios):8.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
