"""A map drawn from the centres of communes alone: where each point falls in a drawing, and how large its circle is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

Degrees = tuple[float, float]
"""Latitude, longitude."""

WIDTH = 640
MARGIN = 44
LARGEST, SMALLEST = 40.0, 9.0


@dataclass(frozen=True)
class Circle:
    """``radius`` grows as the square root of the count, so that the surface says it; ``count`` is None where it is hidden."""

    x: float
    y: float
    radius: float
    name: str
    count: int | None


@dataclass(frozen=True)
class Sketch:
    """Units of the drawing: ``width`` is always the same, ``height`` follows from the territory.

    ``dots``: centres of communes. ``outlines``: contours, where the instance has some, as lists of points.
    """

    width: int
    height: int
    dots: tuple[tuple[float, float], ...]
    circles: tuple[Circle, ...]
    outlines: tuple[tuple[tuple[float, float], ...], ...] = ()


def sketch(centres: Sequence[Degrees], places: Iterable[tuple[str, Degrees, int | None]],
           outlines: Iterable[Sequence[Degrees]] = ()) -> Sketch:
    """Draw ``places`` (name, where, count) over ``centres``; degrees of longitude are narrowed at their latitude.

    Good for a département: the curve of the Earth is not drawn. Raises ValueError without any centre.
    """
    if not centres:
        raise ValueError("nothing to draw")
    contours = [tuple(line) for line in outlines]
    everything = [*centres, *(point for line in contours for point in line)]
    south, north = min(lat for lat, _ in everything), max(lat for lat, _ in everything)
    west, east = min(lon for _, lon in everything), max(lon for _, lon in everything)
    narrow = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, 0.01)
    height = round((north - south) * scale) + 2 * MARGIN

    def at(point: Degrees) -> tuple[float, float]:
        lat, lon = point
        return round(MARGIN + (lon - west) * narrow * scale, 1), round(MARGIN + (north - lat) * scale, 1)

    places = list(places)
    most = max((count or 0 for _, _, count in places), default=0)
    circles = [Circle(*at(where), _radius(count, most), name, count) for name, where, count in places]
    # The largest first: none hides a smaller one.
    return Sketch(WIDTH, height, tuple(at(point) for point in centres),
                  tuple(sorted(circles, key=lambda circle: (-circle.radius, circle.name))),
                  tuple(tuple(at(point) for point in line) for line in contours))


def _radius(count: int | None, most: int) -> float:
    if not count:
        return SMALLEST
    return round(max(SMALLEST + 3, LARGEST * sqrt(count / most)), 1)


def as_svg(drawn: Sketch) -> str:
    """The drawing as an SVG image in the colours of the documents: the page draws the same in those of the site."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}" '
             'font-family="Atkinson Hyperlegible Next" font-size="17" font-weight="700" text-anchor="middle">']
    parts += [f'<polygon points="{" ".join(f"{x},{y}" for x, y in line)}" fill="#F6F2EA" stroke="#C9C2B4"/>'
              for line in drawn.outlines]
    parts += [f'<circle cx="{x}" cy="{y}" r="2.5" fill="#C9C2B4"/>' for x, y in drawn.dots]
    for one in drawn.circles:
        fill = "#12595B" if one.count else "#FFFFFF"
        parts.append(f'<circle cx="{one.x}" cy="{one.y}" r="{one.radius}" fill="{fill}" stroke="#12595B" stroke-width="2"/>')
        if one.count:
            parts.append(f'<text x="{one.x}" y="{one.y + 6}" fill="#FFFFFF">{one.count}</text>')
    return "".join([*parts, "</svg>"])
