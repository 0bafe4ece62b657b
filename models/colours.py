"""Colours of an instance, moved until they can be read: a network cannot choose its members out of reading."""

from __future__ import annotations

import colorsys


def readable(colour: str, ground: str, ratio: float) -> str:
    """The colour of the same hue nearest to ``colour`` that has at least ``ratio`` of contrast on ``ground``.

    Both are ``#RRVVBB``.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    step = -0.01 if _luminance(ground) > 0.5 else 0.01
    while contrast(colour, ground) < ratio and 0 <= lightness <= 1:
        lightness += step
        colour = _written(colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), saturation))
    return colour.upper()


def contrast(one: str, other: str) -> float:
    """Ratio of contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """``share`` (0 to 1) of one colour over another."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return _written(tuple(c * share + g * (1 - share) for c, g in pairs))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def _written(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(c * 255):02X}" for c in channels)
