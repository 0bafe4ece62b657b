"""The project as files, and the golden files: read to compare, written again with one command.

    RING_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/house

writes every golden file of this folder (routes, letters, settings); read the difference before keeping it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
TEMPLATES = ROOT / "templates"
#: What runs: neither tests, nor measurements, nor the environment.
DRAWERS = ("app.py", "config.py", "blueprints", "forms", "services", "models", "mail", "pdf", "territory", "inbox", "jobs",
           "commands", "scripts")


def sources() -> Iterator[Path]:
    """Every Python file that runs."""
    for name in DRAWERS:
        path = ROOT / name
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def same_as_golden(path: Path, found: str) -> None:
    """Compare with the golden file; with ``RING_WRITE_GOLDEN`` set, write it instead."""
    if os.environ.get("RING_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, "utf-8")
    kept = path.read_text("utf-8") if path.exists() else "(no golden file yet)"
    assert found == kept, f"{short(path)} differs: read the difference, then RING_WRITE_GOLDEN=1 keeps it"
