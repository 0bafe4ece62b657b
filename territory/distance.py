"""How far two communes are from each other, as the crow flies.

Roads are longer, by a third in the plain and much more across a mountain: enough to order proposals and to give an
idea, not to reckon a journey.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from territory.communes import Commune

_EARTH_RADIUS_KM = 6371.0
_NBSP = "\u00a0"
#: Farther than anything, in kilometres.
UNKNOWN = 1e6

# Collectivities of islands or forests where the middle of the known communes says nothing of the others: Guyane,
# Terres australes, Wallis-et-Futuna, Polynésie, Nouvelle-Calédonie.
_SCATTERED = frozenset({"973", "984", "986", "987", "988"})


def kilometres(a: Commune, b: Commune) -> float:
    """The great-circle distance between the centres of two communes.

    Good to about 2 km; where one of them is ``approximate``, to about 12 km nine times in ten (territory/README.md).
    """
    north_a, north_b = radians(a.latitude), radians(b.latitude)
    across = sin((north_b - north_a) / 2) ** 2
    along = cos(north_a) * cos(north_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(across + along)))


def how_far(a: Commune | None, b: Commune | None) -> float:
    """:func:`kilometres`, or :data:`UNKNOWN` where one of them is not known: who is nowhere comes last."""
    return kilometres(a, b) if a and b else UNKNOWN


def describe(a: Commune, b: Commune) -> str:
    """The distance in French, no more precise than what is known: "à environ 28 km", "à moins de 10 km"."""
    if a.code == b.code:
        return "dans la même commune"
    if any(one.approximate and one.departement in _SCATTERED for one in (a, b)):
        return "à une distance inconnue"
    far, guessed = kilometres(a, b), a.approximate or b.approximate
    least = 10 if guessed else 5
    if far < least:
        return f"à moins de {least}{_NBSP}km"
    step = 10 if far >= 100 else 5 if guessed else 1
    rounded = max(least, step * round(far / step))
    return f"à environ {rounded:,}".replace(",", _NBSP) + f"{_NBSP}km"
