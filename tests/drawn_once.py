"""Documents of the tests, drawn once: the same arguments give the same bytes (tests/pdf/, where that is looked at by drawing
anew), and a hundred tests begin by sending the same convention. What PDF libraries say of a file, apart, is asked once too
(never in tests/pdf/, which is about that): the same file, the same answer."""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from pdf import confined, render

MOST = 300
DRAWING, EXAMINING = "drawing", "examining"
_kept: dict[str, bytes] = {}
_anew: list[str] = []
#: Where the processes of one session keep what each has made; None when there is one process.
together: Path | None = None


def _remembering(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    @wraps(draw)
    def drawn(html: str, **said: Any) -> bytes:
        key = html, *sorted((name, _plain(value)) for name, value in said.items())
        return _once(DRAWING, key, lambda: draw(html, **said))
    return drawn


def _remembering_answers(examine: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(examine)
    def examined(task: str, files: Sequence[bytes], *limit: float, **options: Any) -> Any:
        key = task, [hashlib.sha256(content).digest() for content in files], limit, sorted(options.items())
        return pickle.loads(_once(EXAMINING, key, lambda: pickle.dumps(examine(task, files, *limit, **options))))
    return examined


def _once(what: str, key: Any, make: Callable[[], bytes]) -> bytes:
    """What this process or another of the session made of that key; what raises is made again each time."""
    if what in _anew:
        return make()
    name = hashlib.sha256(pickle.dumps((what, key))).hexdigest()
    if name not in _kept:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[name] = _by_another(name) or _shared(name, make())
    return _kept[name]


def _by_another(name: str) -> bytes:
    """Empty when no other process made it."""
    place = together and together / name
    return place.read_bytes() if place and place.exists() else b""


def _shared(name: str, content: bytes) -> bytes:
    if together:
        draft = together / f"{name}.{os.getpid()}.{threading.get_ident()}"
        draft.write_bytes(content)
        draft.rename(together / name)  # whole, or not at all
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


@contextmanager
def anew(*what: str) -> Iterator[None]:
    """Do all of that kind, whatever is remembered, until the end of the block."""
    _anew.extend(what)
    try:
        yield
    finally:
        for each in what:
            _anew.remove(each)


render.render_pdf = _remembering(render.render_pdf)
confined.examine = _remembering_answers(confined.examine)
