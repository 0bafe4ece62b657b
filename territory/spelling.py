"""One spelling for the many ways in which people write the name of a place."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": " ", "'": " ", "-": " "})
_NOT_A_WORD = re.compile(r"[^a-z0-9\n]+")
_SHORT_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_SLASHED = re.compile(r"\bs/", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:l|le|la|les) ")


def fold(text: str) -> str:
    """Lower case, no accent, one space between words; line breaks are kept, so that a whole list folds at once.

    >>> fold("L’Haÿ-les-Roses")
    'l hay les roses'
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    plain = plain.encode("ascii", "ignore").decode("ascii") if not plain.isascii() else plain
    return "\n".join(line.strip() for line in _NOT_A_WORD.sub(" ", plain).split("\n"))


def fold_typed(text: str) -> str:
    """Like :func:`fold`, for what a person typed on one line: "St", "Ste" and "s/" are written in full too.

    >>> fold_typed("ST-HILAIRE s/ mer")
    'saint hilaire sur mer'
    """
    words = fold(_SLASHED.sub(" sur ", text).replace("\n", " ")).split()
    return " ".join(_SHORT_WORDS.get(word, word) for word in words)


def without_article(folded: str) -> str:
    """"Vigan" and "Le Vigan" are one name for who looks for it.

    >>> without_article("le vigan")
    'vigan'
    """
    return _ARTICLE.sub("", folded)
