"""The rules of the addresses of pages."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that learns to write its address when one is asked for: Werkzeug compiles it for all of them, twice, which is most
    of what it takes to open the web door, and a process writes the addresses of a few."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _with_unknown if append_unknown else _without_unknown

    def learnt(self, *, unknown: bool) -> Callable[..., tuple[str, str]]:
        """What writes the address; with what is ``unknown`` to the rule behind a question mark."""
        made = super()._compile_builder(unknown).__get__(self, None)
        if unknown:
            self._build_unknown = made
        else:
            self._build = made
        return made


def _with_unknown(rule: LateRule, /, **values: object) -> tuple[str, str]:
    return rule.learnt(unknown=True)(**values)


def _without_unknown(rule: LateRule, /, **values: object) -> tuple[str, str]:
    return rule.learnt(unknown=False)(**values)
