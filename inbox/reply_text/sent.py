"""Recognises the lines of the mail that was answered, when a program quotes it with no mark at all."""

from __future__ import annotations

import re
from collections import Counter

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
        self._lines = Counter(tuple(_WORDS.findall(line)) for line in text.split("\n"))

    def weight(self, line: str) -> int:
        """Letters of a line found whole in the mail sent; 0 for a blank line, -1 for a line with other words."""
        words = tuple(_WORDS.findall(line.lower()))
        if not words:
            return 0
        if words in self._lines:
            return sum(map(len, words))
        grams = [words[i:i + GRAM] for i in range(len(words) - GRAM + 1)]
        return sum(map(len, words)) if grams and all(gram in self._grams for gram in grams) else -1

    def once_more(self, lines: list[str]) -> int:
        """How many of these lines, from the first, stand there more often than in the mail sent: the person wrote them."""
        words = [tuple(_WORDS.findall(line.lower())) for line in lines]
        counts, found = Counter(words), 0
        for position, line in enumerate(words):
            if not line:
                continue
            if not 0 < self._lines[line] < counts[line]:
                break
            counts[line] -= 1
            found = position + 1
        return found


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
            for i in _without_answer(plain, run, sent):
                dropped[i] = True
        run, weight = [], 0


def _without_answer(plain: list[str], run: list[int], sent: SentText) -> list[int]:
    """A run without the lines at its ends that say once more what it quotes: « C’est résolu », as the letter suggests."""
    run = run[:len(run) - sent.once_more([plain[index] for index in reversed(run)])]
    return run[sent.once_more([plain[index] for index in run]):]
