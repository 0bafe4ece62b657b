"""A page of a form against an empty Flask view of the same application, served side by side (bench/README.md)."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from form_post import environ, prepare
from load import HERE, ROOT, Measured, loaded, machine, median_line, ratio_line, served

sys.path.insert(0, str(ROOT))

PAGES = {"GET /aide (start)": "/aide", "GET /aide/question (form)": "/aide/question",
         "GET /rejoindre/structure/structure": "/rejoindre/structure/structure"}
EMPTY = "empty Flask view"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    runs: dict[str, list[Measured]] = {name: [] for name in [EMPTY, *PAGES]}
    with tempfile.TemporaryDirectory() as made:
        migrated = prepare(Path(made) / "migrated")
        folder = Path(shutil.copytree(migrated, Path(made) / "instance"))
        with served("page_app:served()", environ(folder), folder=HERE):
            for _ in range(options.rounds):
                for name, path in {EMPTY: "/bench-vide", **PAGES}.items():
                    runs[name].append(loaded(path, options.seconds))
    print(machine())
    for name, found in runs.items():
        print(median_line(name, found))
    empty = [run.per_second for run in runs[EMPTY]]
    for name in PAGES:
        print(ratio_line(f"{name} / empty", [run.per_second for run in runs[name]], empty))


if __name__ == "__main__":
    main()
