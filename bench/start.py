"""A mail of six lines that a mail server pipes into ``flask inbox receive``, against a Flask command that does nothing.

A mail server starts one process for each mail: what it brings, and how it ends, is most of what the mail costs. Processor time of
the process and of those it starts; each mail is stored, understood and set aside for a coordinator, who is told by a letter.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from form_post import environ, prepare
from load import HERE, ROOT, machine, ratio_line

sys.path.insert(0, str(ROOT))

RECEIVE, NOTHING, IMPORT = "flask inbox receive", "a command that does nothing", "import app"
MAIL = """From: Noa <noa@exemple.fr>
To: reseau@ring.example
Subject: Bonjour
Message-ID: <{number}@exemple.fr>

Bonjour, je cherche à joindre le réseau.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    taken: dict[str, list[float]] = {RECEIVE: [], NOTHING: [], IMPORT: []}
    with tempfile.TemporaryDirectory() as made:
        settings = os.environ | environ(prepare_in(Path(made)))
        settings.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(-1, options.rounds):  # the first writes the bytecode of all, and is not counted
            for name, spent in {
                RECEIVE: spent_by(settings, "-m", "flask", "--app", "app", "inbox", "receive", typed=MAIL.format(number=number)),
                IMPORT: spent_by(settings, "-c", "import app"),
                NOTHING: spent_by(settings, "-m", "flask", "--app", str(HERE / "nothing.py"), "nothing")}.items():
                taken[name] += [spent] if number >= 0 else []
    print(machine())
    for name, found in taken.items():
        print(f"{name:34} {statistics.median(found):8.2f} s of processor ({min(found):.2f}–{max(found):.2f})")
    for name in (RECEIVE, IMPORT):
        print(ratio_line(f"{name} / nothing", taken[name], taken[NOTHING]))


def prepare_in(folder: Path) -> Path:
    prepare(folder / "instance")
    return folder / "instance"


def spent_by(settings: dict[str, str], *words: str, typed: str = "") -> float:
    """Seconds of processor of a process of Python and of those it waited for; it has to end well."""
    def so_far() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    before = so_far()
    subprocess.run([sys.executable, *words], cwd=ROOT, env=settings, input=typed, text=True, check=True, capture_output=True)
    return so_far() - before


if __name__ == "__main__":
    main()
