"""French typography, applied once where words are written rather than each time they are shown.

No-break spaces before ``; : ! ? »`` and after ``«`` (U+00A0: the narrow one is missing from the font, reference
feasibility.md 2.1), curly apostrophes between letters.
"""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2.ext import Extension

_BEFORE = re.compile(r"(?<=[^\s\u00a0]) (?=[;:!?»%€](?![\w/]))")
_AFTER = re.compile(r"(?<=«) ")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_«])")
# What is not prose in a template source: statements, comments, expressions, tags with their attributes.
_NOT_PROSE = re.compile(r"(\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}|<script.*?</script>|<style.*?</style>|<[^>]*>)", re.DOTALL)


@lru_cache(maxsize=4096)
def french(text: str) -> str:
    """``text`` with the spaces and apostrophes French wants; nothing else changes."""
    return _APOSTROPHE.sub("’", _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text)))


class FrenchTypography(Extension):
    """Jinja extension: the prose of a template is set right when the template is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        pieces = _NOT_PROSE.split(source)
        return "".join(piece if index % 2 else _prose(piece, pieces, index) for index, piece in enumerate(pieces))


def _prose(piece: str, pieces: list[str], index: int) -> str:
    # « {{ name }} : » and « {{ name }} ! »: the sign that follows an expression starts a piece with its space.
    if index and pieces[index - 1].startswith(("{{", "</")) and re.match(r" [;:!?»]", piece):
        piece = "\u00a0" + piece[1:]
    return french(piece)
