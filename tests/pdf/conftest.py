"""What these tests share stands beside them: pdf_samples.py and verapdf.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import drawn_once
import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _examined_anew() -> Iterator[None]:
    """These tests are about the examining itself."""
    with drawn_once.anew(drawn_once.EXAMINING):
        yield


@pytest.fixture
def drawn_anew() -> Iterator[None]:
    """For tests that are about the drawing itself."""
    with drawn_once.anew(drawn_once.DRAWING):
        yield
