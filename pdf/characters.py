"""What may be printed: no invisible order to the reader's eye, no character that turns into a box or vanishes.

A text typed by anyone ends in a document that others sign. A bidirectional override can make a sentence read otherwise
than it is stored (Unicode TR36, 3.2), a control character breaks XML, and a missing glyph breaks PDF/UA-1 (7.21.8) and
PDF/A-3 (6.2.11.8). Such characters are spelt out in the text, `[U+202E]`: seen, harmless, never dropped.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

# Format characters that shape a word and cannot reorder a sentence: soft hyphen, zero width space and joiners,
# directional marks, word joiner.
HARMLESS_FORMAT = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060")
# Pango draws a space in the font of the word before it, which may have none but the common ones.
SPACES = {"\u202f": "\u00a0", "\u2007": "\u00a0"}
LINE_ENDS = frozenset("\u0085\u2028\u2029")
SPELT_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})

# Printed by Atkinson Hyperlegible Next: texts made of these alone need no look-up.
_COMMON = "\t\n\r\x20-\x7e\xa0-\xac\xae-\xff\u0152\u0153\u0178\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u20ac"
_RARE = re.compile(f"[^{_COMMON}]")


def spell(char: str) -> str:
    """Return the visible name of a character: `[U+202E]`."""
    return f"[U+{ord(char):04X}]"


def visible(text: str) -> str:
    """Return `text` with its control, bidirectional, private and unassigned characters spelt out.

    Accents typed as separate marks are joined to their letter, since few fonts place them well; a compatibility ideograph
    becomes the one it stands for, since the shaping engine may do so and then miss its glyph (Unicode UAX 15, NFC).
    """
    if not _RARE.search(text):
        return text
    text = unicodedata.normalize("NFC", text)
    return _RARE.sub(lambda match: _seen(match[0]), text)


def drawable(text: str) -> str:
    """Return `text` with every character that no font of `pdf/fonts/` holds spelt out."""
    return _RARE.sub(lambda match: _drawn(match[0]), unicodedata.normalize("NFC", text))


def _seen(char: str) -> str:
    if char in LINE_ENDS:
        return "\n"
    if char in HARMLESS_FORMAT or unicodedata.category(char) not in SPELT_CATEGORIES:
        return char
    return spell(char)


def _drawn(char: str) -> str:
    if unicodedata.category(char) == "Zs":
        return SPACES.get(char, " ")
    seen = _seen(char)
    if seen != char or char in HARMLESS_FORMAT or ord(char) in covered():
        return seen
    # Variation selectors choose among shapes of the letter before; fonts that ignore them lose nothing.
    return "" if unicodedata.name(char, "").startswith("VARIATION SELECTOR") else spell(char)


@cache
def covered() -> frozenset[int]:
    """Return the code points that the document's fonts can draw. Read once, and only for a text that needs it."""
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)
