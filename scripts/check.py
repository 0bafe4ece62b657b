"""``scripts/test``: with nothing but Python, install what the tests need, then run the linter and the tests."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts import machine
from scripts.steps import StepFailed, Stopped, run

#: Two more than there are processors: a third of a run is waiting for others (a browser, a mail server, a process to be killed).
WORKERS = (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) + 2
WITHOUT = "Les tests qui en ont besoin seront laissés de côté, nommés et comptés à la fin."


def main(argv: Sequence[str]) -> int:
    """Prepare, check, test. The exit status is pytest's, or the linter's when only the linter complains."""
    os.environ["PATH"] = f"{machine.PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    try:
        _prepare_system()
        python = machine.environment("requirements.txt", "requirements-dev.txt")
    except Stopped as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    environ = _environment()
    try:
        _other_browser(python, environ)
        linted = subprocess.run([python, "-m", "ruff", "check", "--output-format", "concise", "."],
                                cwd=machine.ROOT, env=environ, check=False).returncode
        tested = subprocess.run(
            [python, "-m", "pytest", "-p", "scripts.absent_tools", "-n", str(WORKERS), "--dist", "worksteal", *argv],
            cwd=machine.ROOT, env=environ, check=False).returncode
    except KeyboardInterrupt:
        return 130
    if linted:
        print("ruff a trouvé des défauts : ils sont au début.", file=sys.stderr)
    return tested or linted


def _prepare_system() -> None:
    """The site's needs are required; without those of some tests, these are skipped by name."""
    try:
        machine.install([*machine.SITE, *machine.CHECKS])
    except machine.NotAllowed as error:
        if machine.missing(machine.SITE):
            raise
        print(f"{error}\n{WITHOUT}\n", file=sys.stderr)
    except Stopped:
        # One of the packages cannot be had here: the others still can.
        machine.install(machine.SITE)
        for need in machine.CHECKS:
            try:
                machine.install([need])
            except Stopped as error:
                if need is not machine.BROWSER:  # there is another way to have one
                    print(f"{error}\n{WITHOUT}\n", file=sys.stderr)


def _other_browser(python: Path, environ: dict[str, str]) -> None:
    """Where the system has no Chromium to install (Ubuntu's is a snap), take Playwright's own, found as the other is."""
    if machine.BROWSER.present():
        return
    # Its libraries are the system's: only root can add them.
    wanted = ["--with-deps", "chromium"] if os.geteuid() == 0 else ["chromium"]
    try:
        run("Navigateur Chromium de Playwright", [str(python), "-m", "playwright", "install", *wanted], environ)
    except StepFailed as error:
        print(f"{error}\n{WITHOUT}\n", file=sys.stderr)
        return
    where = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    path = subprocess.run([python, "-c", where], env=environ, check=True, capture_output=True, text=True).stdout.strip()
    program = python.parent / "chromium"
    program.write_text(f"#!/bin/sh\nexec {shlex.quote(path)} \"$@\"\n", "utf-8")
    program.chmod(0o755)


def _environment() -> dict[str, str]:
    """The caller's environment, free of the settings of an instance: tests make their own."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith("RING_") and name != "PYTHONDONTWRITEBYTECODE"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
