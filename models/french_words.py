"""French words as a search compares them: without accents, without endings, without the small words everybody writes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_WORD = re.compile(r"[^\W_]+")
#: A telephone as people write it: its digits are one word, however they are spaced.
_PHONE = re.compile(r"(?<!\d)(?:\+33 ?|0)[1-9](?:[ .\u00a0\u202f-]?\d{2}){4}(?!\d)")
_SMALL = frozenset({
    "a", "ai", "au", "aux", "avec", "c", "ce", "ces", "cet", "cette", "d", "dans", "de", "des", "du", "elle", "elles", "en",
    "est", "et", "eu", "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "lui", "m", "ma", "mais", "me", "mes", "mon",
    "n", "ne", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "pour", "qu", "que", "qui", "s", "sa", "se", "ses",
    "si", "son", "sont", "sur", "t", "ta", "te", "tes", "toi", "ton", "tu", "un", "une", "vos", "votre", "vous", "y"})


@cache
def _stemmer():
    from snowballstemmer import stemmer  # of thirty languages

    return stemmer("french")


def stems(text: str) -> list[str]:
    """The words of ``text``, in order, each as ASCII letters and digits; twice where its accents change its stem.

    >>> stems("L’accompagnement d’usagers éloignés")
    ['accompagn', 'usager', 'eloign']
    """
    return [stem for group in groups(text) for stem in group]


def groups(text: str) -> list[tuple[str, ...]]:
    """The words of ``text``, each with the stems it may be found under."""
    phones = _PHONE.findall(text)
    words = [*(_digits(phone) for phone in phones), *_WORD.findall(_PHONE.sub(" ", text).lower())]
    return [found for word in words if (found := _stems_of(word))]


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"0{digits[2:]}" if digits.startswith("33") else digits


@lru_cache(maxsize=20_000)
def _stems_of(word: str) -> tuple[str, ...]:
    plain = fold(word)
    if not plain or plain in _SMALL:
        return ()
    if plain.isdigit():
        return (plain,)
    # Some type accents and some do not: each spelling has its stem, and both are kept.
    known = _stemmer()
    found = (fold(known.stemWord(word)), known.stemWord(plain))
    return tuple(dict.fromkeys(stem for stem in found if stem))


def fold(word: str) -> str:
    """Lower case ASCII: what has no such letter is dropped."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(_LIGATURES))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
