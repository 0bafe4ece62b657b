"""Whether two names, written by two people, may be those of one structure: doubt keeps away."""

from __future__ import annotations

import re
import unicodedata

#: Words of a structure's name that tell none from another. Those of one municipality are taken for one another on purpose:
#: keeping somebody away for nothing costs little.
_EMPTY = frozenset((
    "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "association", "assoc", "asso", "mairie", "commune",
    "ville", "ccas", "centre", "communal", "action", "sociale", "social", "communaute", "communes", "agglomeration",
    "departement", "departemental", "conseil", "maison", "services"))


def same_employer(one: str, other: str) -> bool:
    """True where two names may be those of one structure: all the telling words of one are in the other."""
    a, b = _telling(one), _telling(other)
    if not a or not b:
        # Nothing but words like « mairie »: the same words, or nothing can be said.
        return bool(plain(one)) and plain(one) == plain(other)
    return a <= b or b <= a


def _telling(name: str) -> set[str]:
    return set(plain(name).split()) - _EMPTY


def plain(text: str) -> str:
    """Words in small letters without accents, and nothing else."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9]+", bare))
