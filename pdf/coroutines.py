"""Coroutines of the library that seals, called from code that waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def awaited(begin: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What the coroutine gives, wherever this is called from: in a thread of its own where a loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(begin())
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(lambda: asyncio.run(begin())).result()
