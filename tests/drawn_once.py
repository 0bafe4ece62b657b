"""Documents of the tests, drawn once: the same arguments give the same bytes (tests/pdf/test_render.py, where each is drawn
anew), and a hundred tests begin by sending the same convention."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from pdf import render

MOST = 300
_drawn: dict[tuple, bytes] = {}
_remembers = True


def _remembering(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    @wraps(draw)
    def drawn(html: str, **said: Any) -> bytes:
        if not _remembers:
            return draw(html, **said)
        key = html, *sorted((name, _plain(value)) for name, value in said.items())
        if key not in _drawn:
            if len(_drawn) >= MOST:
                _drawn.clear()
            _drawn[key] = draw(html, **said)
        return _drawn[key]
    return drawn


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
