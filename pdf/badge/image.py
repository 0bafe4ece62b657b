"""The image of a badge, drawn for the network, and the credential put inside (« baked », Open Badges 3.0, 5.3)."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pdf.badge.credential import Achievement

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
KEYWORD = "openbadgecredential"
SIDE = 600
PAPER, INK, GREEN = "#FBF8F2", "#1E2A32", "#4C6B2F"
FONTS = Path(__file__).resolve().parent.parent / "fonts"
#: The three open strokes of the ring, as arcs of a circle: from, to (degrees, clockwise from the east), token of colour.
STROKES = ((-90, 19, "primary"), (48, 140, "accent"), (170, 240, "third"))
CENTRE, RADIUS, WIDE = (300, 214), 118, 34


@lru_cache(maxsize=16)
def badge_svg(what: Achievement, network: str, primary: str, accent: str) -> str:
    """Return the image as SVG text; `primary` and `accent` are colours (#12595B). No credential is inside."""
    title = _lines(what.name, 24)
    by = _lines(network, 42)
    words = "".join(_text(line, 408 + 40 * row, 34, 700, primary) for row, line in enumerate(title))
    words += "".join(_text(line, 424 + 40 * len(title) + 28 * row, 22, 400, INK) for row, line in enumerate(by))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" role="img" '
            f'aria-label={quoteattr(f"{what.name}, {network}")}>'
            f'<rect x="6" y="6" width="588" height="588" rx="56" fill="{PAPER}" stroke="{primary}" stroke-width="12"/>'
            f'<g fill="none" stroke-width="{WIDE}" stroke-linecap="round">{_arcs(primary, accent)}</g>{words}</svg>')


@lru_cache(maxsize=16)
def badge_png(what: Achievement, network: str, primary: str, accent: str) -> bytes:
    """Return the same image as PNG."""
    from PIL import Image, ImageDraw

    big = 3
    image = Image.new("RGBA", (SIDE * big, SIDE * big), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle([0, 0, SIDE * big - 1, SIDE * big - 1], 62 * big, fill=primary)
    draw.rounded_rectangle([12 * big, 12 * big, 588 * big, 588 * big], 50 * big, fill=PAPER)
    colours = {"primary": primary, "accent": accent, "third": GREEN}
    for begins, ends, token in STROKES:
        _draw_arc(draw, begins, ends, colours[token], big)
    title, by = _lines(what.name, 24), _lines(network, 42)
    for row, line in enumerate(title):
        draw.text((300 * big, (408 + 40 * row) * big), line, fill=primary, font=_font(700, 34 * big), anchor="ms")
    for row, line in enumerate(by):
        draw.text((300 * big, (424 + 40 * len(title) + 28 * row) * big), line, fill=INK, font=_font(400, 22 * big), anchor="ms")
    out = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def baked_svg(svg: str, token: str) -> str:
    """Return `svg` with the signed credential inside."""
    head, mark, rest = svg.partition(">")
    if not mark or not head.startswith("<svg"):
        raise ValueError("not an SVG image of ours")
    return (f'{head} xmlns:openbadges="{NAMESPACE}">'
            f'<openbadges:credential verify={quoteattr(token)}></openbadges:credential>{rest}')


def baked_png(png: bytes, token: str) -> bytes:
    """Return `png` with the signed credential inside, as an uncompressed iTXt chunk."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    inside = PngInfo()
    inside.add_itxt(KEYWORD, token)
    out = BytesIO()
    with Image.open(BytesIO(png), formats=("PNG",)) as image:
        image.save(out, "PNG", pnginfo=inside, optimize=True)
    return out.getvalue()


def _lines(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, width, max_lines=3, placeholder=" …")


def _text(words: str, y: int, size: int, weight: int, colour: str) -> str:
    return (f'<text x="300" y="{y}" text-anchor="middle" font-family="Atkinson Hyperlegible Next, Verdana, sans-serif" '
            f'font-size="{size}" font-weight="{weight}" fill="{colour}">{escape(words)}</text>')


def _point(degrees: float) -> tuple[float, float]:
    from math import cos, radians, sin

    return CENTRE[0] + RADIUS * cos(radians(degrees)), CENTRE[1] + RADIUS * sin(radians(degrees))


def _arcs(primary: str, accent: str) -> str:
    colours = {"primary": primary, "accent": accent, "third": GREEN}
    made = ""
    for begins, ends, token in STROKES:
        (x1, y1), (x2, y2) = _point(begins), _point(ends)
        made += f'<path stroke="{colours[token]}" d="M{x1:.1f} {y1:.1f}A{RADIUS} {RADIUS} 0 0 1 {x2:.1f} {y2:.1f}"/>'
    return made


def _draw_arc(draw: Any, begins: int, ends: int, colour: str, big: int) -> None:
    # A round brush along the stroke: Pillow's own arcs have square ends.
    half = WIDE * big / 2
    for step in range((ends - begins) * 4 + 1):
        x, y = _point(begins + step / 4)
        draw.ellipse([x * big - half, y * big - half, x * big + half, y * big + half], fill=colour)


@lru_cache(maxsize=8)
def _font(weight: int, size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(FONTS / f"AtkinsonHyperlegibleNext-latin-{weight}.ttf", size)
