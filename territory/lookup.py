"""What a person typed, and the numbers (in the atlas) of the communes it may mean: see :mod:`territory.communes`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest

from territory.atlas import Atlas, atlas
from territory.spelling import fold, fold_typed, without_article

# How an entry answers, from the best; then come the near département, and the most inhabited.
_EXACT, _FORMER, _BEGINNING, _WORD, _WORDS = range(5)

# Beyond so many, a list is no help: the person should write more.
_MOST_ANSWERS = 40

_CODE = re.compile(r"(?<![0-9])[0-9]{2}[ \u00a0]?[0-9]{3}(?![0-9])")
_BEGINNING_OF_CODE = re.compile(r"[0-9]{1,5}")
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_BRACKET_WITH_CODES = re.compile(r"\([^()]*[0-9][^()]*\)\s*$")
_CEDEX = re.compile(r"\bcedex\b(?: ?[0-9]{1,2}\b)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Typed:
    """A text, cut into a folded name and codes of five digits (postal, or INSEE)."""

    name: str
    codes: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Typed:
        text = _CEDEX.sub(" ", text)
        codes = tuple("".join(filter(str.isdigit, code)) for code in _CODE.findall(text))
        name = _CODE.sub(" ", _BRACKET_WITH_CODES.sub(" ", text)) if codes else text
        return cls(fold_typed(name), codes)


def matches(text: str, limit: int, near: str | None) -> list[int]:
    """For :func:`territory.communes.search`."""
    known, typed = atlas(), _Typed.of(text)
    bare = "".join(text.split()).upper()
    if _BEGINNING_OF_CODE.fullmatch(bare) or _INSEE.fullmatch(bare):
        ranks = dict.fromkeys(known.index.numbers_with_postal_code(bare), _EXACT)
        number = known.number_of(bare)
        if number is not None:
            ranks.setdefault(number, _FORMER)
    elif typed.codes:
        ranks = _with_codes(known, typed)
    else:
        ranks = _ranks_of_name(known, typed.name, limit) or _in_area(known, typed.name)
    return _ordered(known, ranks, limit, near)


def certain(text: str, near: str | None) -> list[int]:
    """For :func:`territory.communes.resolve`."""
    known, typed = atlas(), _Typed.of(text)
    bare = "".join(text.split()).upper()
    if _INSEE.fullmatch(bare):
        numbers: Iterable[int | None] = known.index.by_postal_code.get(bare) or [known.number_of(bare)]
        found = {number: _EXACT for number in numbers if number is not None}
    elif typed.codes:
        found = _with_codes(known, typed)
    else:
        found = _by_name(known, typed.name)
    return _ordered(known, found, len(found), near)


def _ordered(known: Atlas, ranks: dict[int, int], limit: int, near: str | None) -> list[int]:
    close, count = known.numbers_of(near), len(known.codes)
    keys = ((rank * 2 + (number not in close)) * count + known.index.size_rank[number] for number, rank in ranks.items())
    return [known.index.by_size[key % count] for key in nsmallest(limit, keys)]


def _note(known: Atlas, ranks: dict[int, int], entries: Iterable[int], rank: int) -> None:
    for entry in entries:
        ranks.setdefault(known.index.owners[entry], rank)


def _note_exact(known: Atlas, ranks: dict[int, int], name: str) -> None:
    entries = known.index.entries_named(name)
    _note(known, ranks, (entry for entry in entries if not known.index.is_alternate[entry]), _EXACT)
    _note(known, ranks, entries, _FORMER)


def _ranks_of_name(known: Atlas, name: str, enough: int | None) -> dict[int, int]:
    """The best rank of each commune that a folded name may mean; stops widening once there are ``enough``."""
    ranks: dict[int, int] = {}
    if not name:
        return ranks
    _note_exact(known, ranks, name)
    wider: list[Callable[[], tuple[Iterable[int], int]]] = [
        lambda: (known.index.entries_beginning(name), _BEGINNING),
        lambda: (known.index.entries_with_word(name), _WORD),
        lambda: (_entries_with_all_words(known, name.split()), _WORDS),
    ]
    for widen in wider:
        if enough is not None and len(ranks) >= enough:
            break
        _note(known, ranks, *widen())
    return ranks


def _entries_with_all_words(known: Atlas, words: list[str]) -> Iterator[int]:
    """Entries where each word begins a word, in any order."""
    rarest = max(words, key=len)
    if len(rarest) < 3:
        return
    for entries in (known.index.entries_beginning(rarest), known.index.entries_with_word(rarest)):
        for entry in entries:
            key = " " + known.index.keys[entry]
            if all(f" {word}" in key for word in words):
                yield entry


def _named(known: Atlas, name: str) -> dict[int, int]:
    """The communes of exactly this name; failing that, of this name but for an article."""
    ranks: dict[int, int] = {}
    _note_exact(known, ranks, name)
    if ranks or not name:
        return ranks
    bare = without_article(name)
    for spelling in (bare, *(f"{article} {bare}" for article in ("le", "la", "les", "l"))):
        _note_exact(known, ranks, spelling)
    if ranks:
        # "Saint" is Le Saint, or the beginning of a name not yet written to its end.
        _note(known, ranks, known.index.entries_beginning(name), _BEGINNING)
    return ranks


def _by_name(known: Atlas, name: str) -> dict[int, int]:
    """For a text without a postal code."""
    if not name:
        return {}
    found = _named(known, name) or _in_area(known, name)
    # Two letters may well begin one name only; they are no certainty.
    if not found and len(name) > 2:
        _note(known, found, known.index.entries_beginning(name), _BEGINNING)
    return found if len(found) <= _MOST_ANSWERS else {}


def _in_area(known: Atlas, name: str) -> dict[int, int]:
    """For "Saint-Gilles (Gard)", "Saint-Gilles, Gard", "Saint-Gilles 30"."""
    areas = {fold(area): code for code, (area, _) in known.departements.items()}
    areas.update((code.lower(), code) for code in known.departements)
    words = name.split()
    for cut in range(1, len(words)):
        code = areas.get(" ".join(words[cut:]))
        if code:
            inside = known.numbers_of(code)
            return {n: rank for n, rank in _named(known, " ".join(words[:cut])).items() if n in inside}
    return {}


def _with_codes(known: Atlas, typed: _Typed) -> dict[int, int]:
    """For a text that holds postal codes (or an INSEE code) and perhaps a name."""
    coded = {number: _WORDS for code in typed.codes for number in known.index.by_postal_code.get(code, ())}
    named = _named(known, typed.name)
    insee = {number for code in typed.codes if (number := known.number_of(code)) is not None}
    both = {n: rank for n, rank in named.items() if n in coded} or {n: _EXACT for n in named if n in insee}
    if both:
        return both
    if not coded:
        # A CEDEX code belongs to a firm or an office and is in no list; its first digits still tell the département.
        return {n: rank for n, rank in named.items() if _same_departement(known, n, typed.codes)}
    if named:
        return coded | named
    return {n: rank for n, rank in _ranks_of_name(known, typed.name, None).items() if n in coded} or coded


def _same_departement(known: Atlas, number: int, codes: Iterable[str]) -> bool:
    starts = {code[:3] if code[:2] in ("97", "98") else code[:2] for code in codes}
    return any(postal.startswith(tuple(starts)) for postal in known.postal_codes[number])
