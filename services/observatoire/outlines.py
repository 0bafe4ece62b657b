"""Contours for the map, where the operator loaded some: ``contours.geojson`` in the folder of the instance (RFC 7946)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from models.instance import instance

FILE = "contours.geojson"
#: More points than any département's EPCI need once simplified; a larger file would weigh on each page.
MOST_POINTS = 20_000

Line = tuple[tuple[float, float], ...]


class UnusableOutlines(ValueError):
    """The file of contours cannot be drawn; the message says why, in French."""


def outlines() -> tuple[Line, ...]:
    """Rings of ``(latitude, longitude)``; none without a file, or with one that ``flask check`` complains of."""
    try:
        return read()
    except UnusableOutlines:
        return ()


def read() -> tuple[Line, ...]:
    """The rings of the instance's file, none where there is no file.

    :raises UnusableOutlines: it is not GeoJSON of polygons, or too large.
    """
    path = Path(instance().settings.INSTANCE) / FILE
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ()
    return _read(path, changed)


@cache
def _read(path: Path, _changed: int) -> tuple[Line, ...]:
    try:
        found = tuple(_rings(json.loads(path.read_text("utf-8"))))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise UnusableOutlines(f"{path} : ce fichier n’est pas un GeoJSON de polygones en degrés (WGS 84).") from error
    if sum(len(line) for line in found) > MOST_POINTS:
        raise UnusableOutlines(f"{path} : plus de {MOST_POINTS} points ; simplifiez les contours avant de les charger.")
    return found


def _rings(plain: Any):
    kind = plain["type"]
    if kind == "FeatureCollection":
        for feature in plain["features"]:
            yield from _rings(feature["geometry"])
    elif kind == "Feature":
        yield from _rings(plain["geometry"])
    elif kind in ("Polygon", "MultiPolygon"):
        for polygon in [plain["coordinates"]] if kind == "Polygon" else plain["coordinates"]:
            for ring in polygon:
                yield tuple((_degrees(point[1], 90), _degrees(point[0], 180)) for point in ring)
    else:
        raise ValueError(kind)


def _degrees(value: Any, most: int) -> float:
    if isinstance(value, bool) or not -most <= float(value) <= most:
        raise ValueError(value)
    return float(value)
