"""Whether two names, written by two people, may be those of one structure: doubt keeps away."""

from __future__ import annotations

from territory.spelling import fold

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
        return bool(fold(one)) and fold(one) == fold(other)
    return a <= b or b <= a


def _telling(name: str) -> set[str]:
    return set(fold(name).split()) - _EMPTY
