"""A process that works (working.py), whose children are killed at random moments, again and again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WORKING = Path(__file__).with_name("working.py")
PATHS = {"PYTHONPATH": os.pathsep.join(str(path) for path in (WORKING.parents[2], WORKING.parents[1]))}


def killed(what: str, seconds: float, environ: dict[str, str]) -> str:
    """Have ``what`` be done for so long in the instance of ``environ``; gives what the process said at the end."""
    done = subprocess.run([sys.executable, str(WORKING), what, str(seconds)], capture_output=True, text=True,
                          env=os.environ | environ | PATHS, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
