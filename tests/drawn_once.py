"""Documents of the tests, drawn once: the same arguments give the same bytes (tests/pdf/test_render.py, where each is drawn
anew), and a hundred tests begin by sending the same convention."""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from pdf import render

MOST = 300
_drawn: dict[tuple, bytes] = {}
_remembers = True
#: Where the processes of one session keep what each has drawn; None when there is one process.
together: Path | None = None


def _remembering(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    @wraps(draw)
    def drawn(html: str, **said: Any) -> bytes:
        if not _remembers:
            return draw(html, **said)
        key = html, *sorted((name, _plain(value)) for name, value in said.items())
        if key not in _drawn:
            if len(_drawn) >= MOST:
                _drawn.clear()
            _drawn[key] = _by_another(key) or _kept(key, draw(html, **said))
        return _drawn[key]
    return drawn


def _place(key: tuple) -> Path | None:
    return together and together / hashlib.sha256(pickle.dumps(key)).hexdigest()


def _by_another(key: tuple) -> bytes:
    """The document of that key that another process drew, empty when none did."""
    place = _place(key)
    return place.read_bytes() if place and place.exists() else b""


def _kept(key: tuple, document: bytes) -> bytes:
    if place := _place(key):
        draft = place.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        draft.write_bytes(document)
        draft.rename(place)  # whole, or not at all
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


@contextmanager
def anew() -> Iterator[None]:
    """Draw everything, whatever is remembered, until the end of the block."""
    global _remembers
    _remembers = False
    try:
        yield
    finally:
        _remembers = True


render.render_pdf = _remembering(render.render_pdf)
