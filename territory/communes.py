"""The communes of France, their EPCI and their départements: values, and how what a person typed finds them.

A postal code is not a key: 6 000 of them share 35 000 communes, and a town may have many. The INSEE code is the key.
Names are written with the curly apostrophe, ready to be shown. Data, licences and limits: territory/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from territory import lookup
from territory.atlas import atlas

_EPCI_KINDS = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
}
# A label with more postal codes than this shows the first and the last.
_MOST_CODES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Commune:
    """A present commune. ``epci`` is a SIREN, empty for the few communes (islands, overseas) that have none.

    ``approximate``: the coordinates (degrees, two decimals) are the middle of known communes nearby, not the village.
    """

    code: str
    name: str
    postal_codes: tuple[str, ...]
    departement: str
    epci: str
    latitude: float
    longitude: float
    approximate: bool

    @property
    def label(self) -> str:
        """"Uzès (30700)", "Nîmes (30000, 30900)", "Paris (75001 à 75116)": no two communes have the same."""
        codes = self.postal_codes
        if not codes:
            return f"{self.name} ({self.code})"
        if len(codes) > _MOST_CODES_SHOWN:
            return f"{self.name} ({codes[0]} à {codes[-1]})"
        return f"{self.name} ({', '.join(codes)})"


@dataclass(frozen=True, slots=True)
class Epci:
    """A group of communes with its own taxes; ``kind`` is CC, CA, CU, METRO or MET69 (the Lyon one)."""

    siren: str
    name: str
    kind: str

    @property
    def kind_label(self) -> str:
        """The kind spelt out: "communauté de communes"."""
        return _EPCI_KINDS[self.kind]

    @property
    def label(self) -> str:
        """The name with its kind spelt out: "Communauté de communes Pays d’Uzès"."""
        short, _, rest = self.name.partition(" ")
        if short == self.kind:
            return f"{self.kind_label[0].upper()}{self.kind_label[1:]} {rest}"
        return self.name


@dataclass(frozen=True, slots=True)
class Departement:
    """A département, or an overseas collectivity, which stands at the same place in the codes."""

    code: str
    name: str
    region: str

    @property
    def region_name(self) -> str:
        """The name of the région; a collectivity outside the régions gives its own."""
        return atlas().regions.get(self.region, self.name)


def commune(code: str) -> Commune | None:
    """The commune of an INSEE code.

    The code of a former, delegated, associated commune or of a municipal arrondissement leads to the present commune,
    so that the answer's ``code`` may differ from the one asked.
    """
    number = atlas().number_of(code.strip().upper())
    return None if number is None else _numbered(number)


def epci(siren: str) -> Epci | None:
    """The EPCI of a SIREN number; spaces inside don't matter."""
    siren = "".join(siren.split())
    found = atlas().epci.get(siren)
    return None if found is None else Epci(siren, *found)


def departement(code: str) -> Departement | None:
    """The département of a code such as "07", "2A" or "974"."""
    code = code.strip().upper()
    found = atlas().departements.get(code)
    return None if found is None else Departement(code, *found)


def search(text: str, limit: int = 10, near: str | None = None) -> list[Commune]:
    """The communes that a text may mean, the likeliest first, while a person is still typing.

    ``text`` is a name or its beginning or some of its words (accents, case, hyphens and "St" don't matter), a postal
    code or its beginning (two digits or more), an INSEE code, or a name with a postal code. ``near`` is the code of the
    département whose communes come first among equals; then the most inhabited come first.
    """
    return [_numbered(number) for number in lookup.matches(text, limit, near)]


def resolve(text: str, near: str | None = None) -> list[Commune]:
    """One commune when the text names it with certainty, several when it may be one of them, none when we can't tell.

    Certain: a label, a name that only one commune has or begins with, a name with its postal code or its département,
    a postal code that covers one commune, an INSEE code (which gives way to a postal code of the same digits: a program
    that holds an INSEE code calls :func:`commune`). A name that another commune bears, bore, or has for one of its
    parts, is not certain. For a text that merely resembles names, ask :func:`search`. ``near`` (département) orders the
    answers; it never decides.
    """
    return [_numbered(number) for number in lookup.certain(text, near)]


def departements() -> list[Departement]:
    """All of them, by code."""
    return [Departement(code, *found) for code, found in sorted(atlas().departements.items())]


def communes_of_departement(code: str) -> list[Commune]:
    """The communes of a département, by INSEE code; empty where the code is unknown."""
    return [_numbered(number) for number in atlas().numbers_of(code.strip().upper())]


def communes_of_epci(siren: str) -> list[Commune]:
    """The communes of an EPCI, by INSEE code, whatever their département; empty where the number is unknown."""
    siren = "".join(siren.split())
    if not siren:
        return []
    return [_numbered(number) for number, of in enumerate(atlas().epci_of) if of == siren]


def epci_of_departement(code: str) -> list[Epci]:
    """The EPCI with at least one commune in the département, by name."""
    known = atlas()
    sirens = {known.epci_of[number] for number in known.numbers_of(code.strip().upper())} - {""}
    return sorted((Epci(siren, *known.epci[siren]) for siren in sirens), key=lambda one: one.name)


def _numbered(number: int) -> Commune:
    """The commune at a number of the atlas."""
    known = atlas()
    return Commune(
        code=known.codes[number],
        name=known.names[number],
        postal_codes=known.postal_codes[number],
        departement=known.departement_of[number],
        epci=known.epci_of[number],
        latitude=known.latitudes[number],
        longitude=known.longitudes[number],
        approximate=bool(known.approximate[number]),
    )

