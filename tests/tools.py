"""A tool a test needs and this system may not have: skipped by name, counted, and an error in CI."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

#: Every reason begins so: scripts/test counts them.
ABSENT = "outil absent : "


def absent(name: str) -> NoReturn:
    """Skip for want of ``name``; fail where CI=true, since scripts/test was to install it."""
    if os.environ.get("CI") == "true":
        pytest.fail(ABSENT + name)
    pytest.skip(ABSENT + name)


def program(*names: str) -> str:
    """Path of the first of these programs that is there."""
    for name in names:
        if found := shutil.which(name):
            return found
    absent(names[0])
