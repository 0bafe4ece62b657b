"""The rules of the addresses of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that learns to write its address when one is asked for: Werkzeug compiles it for all of them, twice, which is most
    of what it takes to open the web door, and a process writes the addresses of a few."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        build = super()._compile_builder

        @cache
        def compiled() -> Callable[..., tuple[str, str]]:
            return build(append_unknown)

        def write(rule: Rule, /, **values: object) -> tuple[str, str]:
            return compiled()(rule, **values)

        return write
