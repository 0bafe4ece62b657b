"""Recognises the lines of the mail that was answered, when a program quotes it with no mark at all."""

from __future__ import annotations

import re

GRAM = 4
RUN_LETTERS = 60
SENT_LIMIT = 200_000

_WORDS = re.compile(r"\w+")


class SentText:
    """The words of a mail sent, ready to say whether a line comes from it (linear in the size of both)."""

    def __init__(self, text: str) -> None:
        text = text[:SENT_LIMIT].lower()
        words = _WORDS.findall(text)
        self._grams = {tuple(words[i:i + GRAM]) for i in range(len(words) - GRAM + 1)}
        self._lines = {tuple(_WORDS.findall(line)) for line in text.split("\n")}

    def weight(self, line: str) -> int:
        """Letters of a line found whole in the mail sent; 0 for a blank line, -1 for a line with other words."""
        words = tuple(_WORDS.findall(line.lower()))
        if not words:
            return 0
        if words in self._lines:
            return sum(map(len, words))
        grams = [words[i:i + GRAM] for i in range(len(words) - GRAM + 1)]
        return sum(map(len, words)) if grams and all(gram in self._grams for gram in grams) else -1


def drop_sent(plain: list[str], dropped: list[bool], sent: SentText) -> None:
    """Marks the runs of at least two lines, and of some length, that repeat the mail sent; a word cited stays."""
    run: list[int] = []
    weight = 0
    for index in range(len(plain) + 1):
        found = -1 if index == len(plain) or dropped[index] else sent.weight(plain[index].lstrip("> "))
        if found >= 0:
            run += [index] if found or run else []
            weight += found
            continue
        if weight >= RUN_LETTERS and sum(1 for i in run if plain[i]) >= 2:
            for i in run:
                dropped[i] = True
        run, weight = [], 0
