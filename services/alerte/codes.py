"""Codes of words: drawn at random, read back however they were written down."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from ..errors import Refused

#: Words of an author's code, and of the passphrase proposed to a referent.
CODE, PASSPHRASE = 8, 6
#: So many first letters name a word.
_PREFIX = 4


class CodeMisread(Refused):
    """What was typed cannot be a code; the sentence says why."""


@cache
def _words() -> tuple[str, ...]:
    lines = (Path(__file__).parent / "words.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _by_prefix() -> dict[str, str]:
    return {bare[:_PREFIX]: bare for bare in map(_bare, _words())}


def _bare(typed: str) -> str:
    """Without accents, capitals nor joined letters."""
    apart = unicodedata.normalize("NFKD", typed.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def draw() -> str:
    """A code: words at random, separated by a space, with their accents: they are read out and written down so."""
    return " ".join(secrets.choice(_words()) for _ in range(CODE))


def draw_passphrase() -> str:
    """The same for a referent's key, of words that bear no accent: each sign of it counts, on any keyboard, and whoever noted
    « épicerie » for « epicerie » would never open their key."""
    return " ".join(secrets.choice(_plain_words()) for _ in range(PASSPHRASE))


@cache
def _plain_words() -> tuple[str, ...]:
    return tuple(word for word in _words() if word.isascii())


def name_of(public: bytes) -> str:
    """Two words that name an alert among those who may read it, and say nothing of it."""
    words = _words()
    return f"{words[int.from_bytes(public[:4], 'big') % len(words)]} {words[int.from_bytes(public[4:8], 'big') % len(words)]}"


def letter_number(public: bytes) -> int:
    """What the letters to an alert's author name it by (``mail/private_addresses.py``): not its id, which a database may give to
    another alert once it is gone. Never 0.
    """
    return int.from_bytes(public[8:11], "big") or 1


def read(typed: str) -> str:
    """The code in its canonical form, without accents: accents, capitals, dashes, commas, line ends and the ends of words do
    not count.

    :raises CodeMisread: not eight words, or a word that is not of the list.
    """
    found = re.findall(r"[a-z]+", _bare(typed))
    if len(found) != CODE:
        raise CodeMisread(f"Le code compte {CODE} mots, vous en avez écrit {len(found)}." if found
                          else f"Écrivez les {CODE} mots de votre code.")
    for word in found:
        if word[:_PREFIX] not in _by_prefix() or len(word) < _PREFIX:
            raise CodeMisread(f"Le mot « {word} » n’est dans aucun code. Vérifiez ce que vous avez noté.")
    return " ".join(_by_prefix()[word[:_PREFIX]] for word in found)
