"""Who resembles whom: pure rules, on names as people write them. A resemblance proves nothing, a coordinator decides.

Two people of the same name may be two people, colleagues share a telephone: one sign alone is not enough where it is weak.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from territory.spelling import fold

#: Names shorter than this are only alike when they are the same.
_LONG_ENOUGH = 6
#: Words that say nothing of which structure it is.
_EMPTY = frozenset({"association", "asso", "de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux"})
#: In a bucket fuller than this, each is compared with the next ones only.
_NEXT = 8


@dataclass(frozen=True)
class Person:
    """A member, an invitation or who asks to join; ``others`` are the other addresses known as theirs. ``id`` 0: none yet."""

    id: int
    name: str
    email: str
    phone: str = ""
    commune: str = ""
    structure: str = ""
    others: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """A structure, known or named by who asks to join."""

    id: int
    name: str
    siret: str = ""
    commune: str = ""
    address: str = ""
    website: str = ""


def name_key(name: str) -> str:
    """The words of a person's name, in one order: « Exemple Camille » is « Camille Exemple ».

    >>> name_key("Éric d’Exemple")
    'd eric exemple'
    """
    return " ".join(sorted(fold(name).split()))


def structure_key(name: str) -> str:
    """The words that name a structure.

    >>> structure_key("Association Le Lien des Cévennes")
    'lien cevennes'
    """
    words = [word for word in fold(name).split() if word not in _EMPTY]
    return " ".join(words) or fold(name)


def digits(phone: str) -> str:
    """The last nine figures of a telephone: +33 6… and 06… are one number.

    >>> digits("+33 6 39 98 00 09"), digits("06.39.98.00.09")
    ('639980009', '639980009')
    """
    found = re.sub(r"\D", "", phone)
    return found[-9:] if len(found) >= 9 else ""


def near(one: str, other: str) -> bool:
    """True for two long names that are the same but for one letter, or two that changed places."""
    return one != other and min(len(one), len(other)) >= _LONG_ENOUGH and not _less_one(one).isdisjoint(_less_one(other))


def _less_one(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1:] for place in range(len(word)))}


def people_alike(one: Person, other: Person) -> tuple[str, ...]:
    """Why these two may be one person, in French words; nothing where they are not alike."""
    first, second = name_key(one.name), name_key(other.name)
    same, almost = first == second, near(first, second)
    phone = bool(digits(one.phone)) and digits(one.phone) == digits(other.phone)
    email = one.email.lower() == other.email.lower()
    known = email or one.email.lower() in other.others or other.email.lower() in one.others
    structure = bool(one.structure) and structure_key(one.structure) == structure_key(other.structure)
    commune = bool(one.commune) and one.commune == other.commune
    why = (("le même nom", same), ("presque le même nom", almost), ("la même adresse de courriel", email),
           ("une adresse de l’une est une autre adresse de l’autre", known and not email), ("le même téléphone", phone),
           ("la même structure", structure), ("la même commune", commune))
    shared = phone and not set(first.split()).isdisjoint(second.split())
    enough = same or known or shared or (almost and (structure or one.commune == other.commune))
    return tuple(words for words, holds in why if holds) if enough else ()


def places_alike(one: Place, other: Place) -> tuple[str, ...]:
    """Why these two may be one structure; nothing where they are not alike."""
    first, second = structure_key(one.name), structure_key(other.name)
    same, almost = first == second, near(first, second)
    siret = bool(one.siret) and one.siret == other.siret
    commune = bool(one.commune) and one.commune == other.commune
    address = commune and bool(one.address) and fold(one.address) == fold(other.address)
    website = bool(one.website) and _host(one.website) == _host(other.website)
    why = (("le même SIRET", siret), ("le même nom", same), ("presque le même nom", almost), ("la même adresse", address),
           ("le même site", website), ("la même commune", commune))
    return tuple(words for words, holds in why if holds) if siret or ((same or almost) and commune) else ()


def _host(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address.strip().lower()).split("/")[0]


T = TypeVar("T", Person, Place)


def _person_keys(one: Person) -> Iterator[tuple[str, ...]]:
    yield "name", name_key(one.name)
    for address in (one.email.lower(), *one.others):
        yield "address", address
    if digits(one.phone):
        yield "phone", digits(one.phone)


def _person_near(one: Person) -> tuple[str, set[str]]:
    """Their name, and where somebody of nearly that name may be the same: in their commune, in their structure."""
    name = name_key(one.name)
    return name, {one.commune, structure_key(one.structure)} - {""} if len(name) >= _LONG_ENOUGH else set()


def _place_keys(one: Place) -> Iterator[tuple[str, ...]]:
    if one.siret:
        yield "siret", one.siret


def _place_near(one: Place) -> tuple[str, set[str]]:
    return structure_key(one.name), {one.commune} - {""}


def people_pairs(people: Iterable[Person]) -> list[tuple[Person, Person, tuple[str, ...]]]:
    """Those who resemble each other, two by two; near enough linear in how many there are."""
    return _pairs(list(people), _person_keys, _person_near, people_alike)


def places_pairs(places: Iterable[Place]) -> list[tuple[Place, Place, tuple[str, ...]]]:
    """The same of structures."""
    return _pairs(list(places), _place_keys, _place_near, places_alike)


def _pairs(things: list[T], keys: Callable[[T], Iterator[tuple[str, ...]]], near_at: Callable[[T], tuple[str, set[str]]],
           alike: Callable[[T, T], tuple[str, ...]]) -> list[tuple[T, T, tuple[str, ...]]]:
    buckets, places, names = defaultdict(list), defaultdict(list), []
    for number, thing in enumerate(things):
        for key in set(keys(thing)):
            buckets[key].append(number)
        name, wheres = near_at(thing)
        names.append(name)
        for where in wheres:
            places[where].append(number)
    found = _together(buckets)
    # A name has as many keys as letters: those of one place at a time, or a large network fills the memory.
    for held in places.values():
        if len(held) > 1:
            close = defaultdict(list)
            for number in held:
                for key in _less_one(names[number]):
                    close[key].append(number)
            found |= _together(close)
    return [(things[one], things[other], why) for one, other in sorted(found) if (why := alike(things[one], things[other]))]


def _together(buckets: dict[Any, list[int]]) -> set[tuple[int, int]]:
    return {(one, other) for held in buckets.values() if len(held) > 1 for at, one in enumerate(held)
            for other in held[at + 1:at + 1 + _NEXT]}
