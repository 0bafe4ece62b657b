"""The file france.tsv.xz in memory, as columns, and the index by which names and postal codes are found.

Columns rather than 35 000 objects: a process that never looks for a commune pays nothing, one that does pays about
ten megabytes, and a :class:`~territory.communes.Commune` is made when one is asked for. One that has its code, and looks for none
by its name, does not wait for the index.
"""

from __future__ import annotations

import lzma
import sys
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

from territory.spelling import fold

FILE = Path(__file__).with_name("france.tsv.xz")
# Of a commune's line, its kind included.
_COLUMNS = 10
# After the last character of any folded name.
_END = "\x7f"


class Atlas:
    """Communes are numbered by the order of their INSEE codes: a département is a range of numbers."""

    def __init__(self, text: str) -> None:
        kinds: dict[str, list[list[str]]] = defaultdict(list)
        communes = []
        for line in text.splitlines():
            if line.startswith("C"):
                communes.append(line)
            else:
                kind, *fields = line.split("\t")
                kinds[kind].append(fields)
        self.regions = dict(kinds["R"])
        self.departements = {code: (name, region) for code, name, region in kinds["D"]}
        self.epci = {siren: (name, kind) for siren, name, kind in kinds["E"]}
        self._read_communes(communes, sirens=[siren for siren, *_ in kinds["E"]])
        number = {code: rank for rank, code in enumerate(self.codes)}
        self.former_codes = {old: number[code] for old, code, _ in kinds["A"] if old not in number}
        self._alternates = [(name, number[code]) for _, code, name in kinds["A"] if name]

    def _read_communes(self, lines: list[str], sirens: list[str]) -> None:
        fields = "\t".join(lines).split("\t")  # all at once: a list for each line takes twice as long
        columns = [fields[place::_COLUMNS] for place in range(_COLUMNS)]
        _, self.codes, self.names, departements, postal, epci, latitudes, longitudes, marks, people = columns
        self._people = array("i", map(int, people))
        self.departement_of = list(map(sys.intern, departements))
        known = {written: tuple(written.split()) for written in set(postal)}
        self.postal_codes: list[tuple[str, ...]] = [known[written] for written in postal]
        of = {"": "", **{str(rank): siren for rank, siren in enumerate(sirens)}}
        self.epci_of = [of[rank] for rank in epci]
        self.latitudes, self.longitudes = array("d", map(float, latitudes)), array("d", map(float, longitudes))
        self.approximate = bytearray(mark == "~" for mark in marks)

    @cached_property
    def index(self) -> Index:
        """How communes are found by what is typed; made when somebody looks for one."""
        return Index(self, self._alternates, self._people)

    def numbers_of(self, departement: str | None) -> range:
        """The numbers of the communes of a département; an empty range for none."""
        if departement not in self.departements:
            return range(0)
        return range(bisect_left(self.codes, departement), bisect_left(self.codes, departement + _END))

    def number_of(self, code: str) -> int | None:
        """The number of a commune from its INSEE code, present or former."""
        place = bisect_left(self.codes, code)
        if place < len(self.codes) and self.codes[place] == code:
            return place
        return self.former_codes.get(code)


class Index:
    """The communes of an atlas by their names and former names (``alternates``), by their postal codes and by their size."""

    def __init__(self, atlas: Atlas, alternates: list[tuple[str, int]], people: array[int]) -> None:
        self.by_size = array("i", sorted(range(len(people)), key=people.__getitem__, reverse=True))
        self.size_rank = array("i", bytes(people.itemsize * len(people)))
        for rank, number in enumerate(self.by_size):
            self.size_rank[number] = rank
        self._index_names(atlas.names, alternates)
        self._index_postal_codes(atlas.postal_codes)

    def _index_names(self, names: list[str], alternates: list[tuple[str, int]]) -> None:
        """Folded names in order, each with its commune; the same as one text, where words inside names are found."""
        folded = fold("\n".join([*names, *(name for name, _ in alternates)])).split("\n")
        owners = [*range(len(names)), *(number for _, number in alternates)]
        order = sorted(range(len(folded)), key=folded.__getitem__)
        self.keys = [folded[rank] for rank in order]
        self.owners = array("i", (owners[rank] for rank in order))
        self.is_alternate = bytearray(rank >= len(names) for rank in order)
        self.text = "\n".join(self.keys)
        self.starts, position = array("i"), 0
        for key in self.keys:
            self.starts.append(position)
            position += len(key) + 1

    def _index_postal_codes(self, postal_codes: list[tuple[str, ...]]) -> None:
        self.by_postal_code: dict[str, list[int]] = defaultdict(list)
        for number, codes in enumerate(postal_codes):
            for code in codes:
                self.by_postal_code[code].append(number)
        self.by_postal_code.default_factory = None
        self.sorted_postal_codes = sorted(self.by_postal_code)

    def entries_beginning(self, start: str) -> range:
        """The entries (ranks in ``keys``) that begin so."""
        return range(bisect_left(self.keys, start), bisect_left(self.keys, start + _END))

    def entries_named(self, name: str) -> range:
        """The entries that are exactly so."""
        return range(bisect_left(self.keys, name), bisect_left(self.keys, name + "\0"))

    def entries_with_word(self, start: str) -> Iterator[int]:
        """The entries in which a word, not the first, begins so; an entry may come twice."""
        sought = " " + start
        place = self.text.find(sought)
        while place >= 0:
            yield bisect_left(self.starts, place) - 1
            place = self.text.find(sought, place + 1)

    def numbers_with_postal_code(self, start: str) -> Iterator[int]:
        """The communes of the postal codes that begin so; a commune may come twice."""
        place = bisect_left(self.sorted_postal_codes, start)
        for code in self.sorted_postal_codes[place:]:
            if not code.startswith(start):
                return
            yield from self.by_postal_code[code]


@cache
def atlas() -> Atlas:
    """The one atlas of the process, read when first asked for."""
    return Atlas(lzma.decompress(FILE.read_bytes()).decode("utf-8"))
