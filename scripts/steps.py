"""Steps shown to the person who waits: what is done, for how long, and the end of the output when it fails."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

KEPT_LINES = 15


class Stopped(Exception):
    """The work cannot go on; the message is for the person at the keyboard, in French."""


class StepFailed(Stopped):
    """A command failed; the message holds its last lines."""


@contextmanager
def step(label: str) -> Iterator[None]:
    """Show ``label`` while the block runs, and how long it took."""
    started = time.monotonic()
    _show(f"  • {label}…")
    try:
        yield
    except BaseException:
        _show("\n")
        raise
    _show(f" fait ({_seconds(started)})\n")


def run(label: str, command: Sequence[str], environ: dict[str, str] | None = None) -> None:
    """Run ``command`` as one step, its output kept aside; on a terminal the seconds are counted meanwhile.

    :raises StepFailed: the command's exit status is not 0.
    """
    started = time.monotonic()
    terminal = sys.stdout.isatty()
    _show(f"  • {label}…")
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environ) as process:
            while process.poll() is None:
                try:
                    process.wait(1)
                except subprocess.TimeoutExpired:
                    if terminal:
                        _show(f"\r  • {label}… {_seconds(started)}")
        if process.returncode:
            _show(" échec\n")
            output.seek(0)
            said = "".join(f"    {line}" for line in output.readlines()[-KEPT_LINES:])
            raise StepFailed(f"La commande « {' '.join(command)} » a échoué :\n{said}")
    _show(("\r  • " + label + "…" if terminal else "") + f" fait ({_seconds(started)})\n")


def _seconds(started: float) -> str:
    return f"{time.monotonic() - started:.0f} s"


def _show(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
