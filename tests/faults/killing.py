"""A process that works (working.py), whose children are killed at chosen moments, again and again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from warm import Forked, Warm

WORKING = str(Path(__file__).with_name("working.py"))


def killed(warm: Warm, what: str, environ: dict[str, str], *, alone: Iterable[int] = (), beside: Iterable[int] = ()) -> Any:
    """Have ``what`` be done in the instance of ``environ`` by one who is killed at each moment of ``alone``, then of ``beside``
    with somebody else at work, killed as well; gives what was said."""
    moments = [*((moment, False) for moment in alone), *((moment, True) for moment in beside)]
    done = warm.run(WORKING, what, json.dumps(moments), environ=os.environ | environ, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def delivering(warm: Warm, environ: dict[str, str]) -> Forked:
    """A process that delivers what is due, once."""
    return warm.start(WORKING, "deliver", environ=os.environ | environ)
