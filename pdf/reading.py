"""The words of a returned PDF against those of the version sent: read inside pdf/confined.py alone."""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, NamedTuple

MOST_WORDS, MOST_PAGES, MOST_CHANGES = 30_000, 100, 60
#: A page whose images cover so much of it is a picture of a page, whatever text a scanner guessed behind it.
PICTURE = 0.55
#: Under this share of words in the same order, two documents have nothing to do with each other.
RELATED = 0.5
#: Height of a signature box under its label, and what a word may stick out, in points.
BOX, MARGIN = 85.0, 12.0
WRITTEN = {"text", "freetext", "line", "square", "circle", "highlight", "strikeout", "stamp", "ink", "redact"}


class Word(NamedTuple):
    text: str
    page: int
    x: float
    y: float


def read(files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Return what the words of `files[1]` say of it, `files[0]` being the version sent.

    Keys: pages, pictures (pages that are images), likeness (0 to 1), changes (before, after, page), annotated (pages),
    in_boxes (True when the only changes are words added in the signature boxes).
    """
    import pypdfium2

    issued, returned = (pypdfium2.PdfDocument(content) for content in files)
    before, _, _ = _pages(issued)
    after, pictures, annotated = _pages(returned)
    said: dict[str, Any] = {"pages": min(len(returned), MOST_PAGES), "issued_pages": len(before), "pictures": pictures,
                            "annotated": annotated}
    if pictures:
        # A text guessed from an image proves nothing; the other pages are compared one by one.
        plain = [page for number, page in enumerate(after, 1) if number not in pictures]
        pairs = [_closest(page, before) for page in plain]
        compared = [_compared(one, other) for one, other in pairs]
        return {**said, "likeness": min((each["likeness"] for each in compared), default=1.0),
                "changes": [change for each in compared for change in each["changes"]][:MOST_CHANGES], "in_boxes": False}, []
    whole = _compared([word for page in before for word in page], [word for page in after for word in page])
    return {**said, **whole, "in_boxes": _in_boxes(whole["changes"], before)}, []


def _pages(document: Any) -> tuple[list[list[Word]], list[int], list[int]]:
    """The words of each page, the pages that are images, the pages somebody annotated."""
    words, pictures, annotated = [], [], []
    left = MOST_WORDS
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        found = _words(page, number + 1)[:left]
        left -= len(found)
        words.append(found)
        if _covered(page) >= PICTURE:
            pictures.append(number + 1)
        if _annotations(page):
            annotated.append(number + 1)
    return words, pictures, annotated


def _words(page: Any, number: int) -> list[Word]:
    import pypdfium2.raw as raw

    text = page.get_textpage()
    words: list[Word] = []
    letters, x, y = "", 0.0, 0.0
    for place in range(min(text.count_chars(), 20 * MOST_WORDS)):
        letter = chr(raw.FPDFText_GetUnicode(text, place))
        if letter.isspace() or letter == "\x00":
            if letters:
                words.append(Word(_plain(letters), number, x, y))
            letters = ""
            continue
        if not letters:
            x, y, _, _ = text.get_charbox(place)
        letters += letter
    if letters:
        words.append(Word(_plain(letters), number, x, y))
    return [word for word in words if word.text]


def _plain(letters: str) -> str:
    """A word as compared: ligatures undone, soft hyphens and marks of direction gone."""
    kept = (letter for letter in unicodedata.normalize("NFKC", letters) if unicodedata.category(letter) not in ("Cf", "Cc"))
    return "".join(kept)


def _covered(page: Any) -> float:
    import pypdfium2.raw as raw

    width, height = page.get_size()
    areas = [0.0]
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = item.get_bounds()
        areas.append(max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(top, height) - max(bottom, 0)))
    return min(1.0, sum(areas) / (width * height or 1))


def _annotations(page: Any) -> int:
    import pypdfium2.raw as raw

    kinds = {getattr(raw, f"FPDF_ANNOT_{name.upper()}") for name in WRITTEN}
    found = 0
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        annotation = raw.FPDFPage_GetAnnot(page, ctypes.c_int(place))
        found += raw.FPDFAnnot_GetSubtype(annotation) in kinds
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def _closest(page: list[Word], pages: list[list[Word]]) -> tuple[list[Word], list[Word]]:
    """The page of the version sent that shares most words with this one, before it."""
    mine = Counter(word.text for word in page)
    shared = [sum((mine & Counter(word.text for word in other)).values()) for other in pages]
    return pages[shared.index(max(shared))], page


def _compared(before: list[Word], after: list[Word]) -> dict[str, Any]:
    """Likeness, and the runs of words that differ. Another order of the same words is no change (columns, tables)."""
    one, other = [word.text for word in before], [word.text for word in after]
    if "".join(one) == "".join(other) or Counter(one) == Counter(other):
        return {"likeness": 1.0, "changes": []}
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    changes = []
    for kind, start, end, from_, to in matcher.get_opcodes():
        if kind == "equal" or "".join(one[start:end]) == "".join(other[from_:to]):
            continue
        place = after[from_] if from_ < to else before[min(start, len(before) - 1)]
        changes.append({
            "before": " ".join(one[start:end])[:300], "after": " ".join(other[from_:to])[:300], "page": place.page,
            "places": [(word.page, word.x, word.y) for word in after[from_:to]][:40]})
    return {"likeness": matcher.ratio(), "changes": changes[:MOST_CHANGES]}


def _in_boxes(changes: list[dict[str, Any]], before: list[list[Word]]) -> bool:
    """True when all that changed is words added where one signs: a place, a date, a name."""
    zones = {}
    for number, page in enumerate(before, 1):
        lines = [word for word, after in pairwise(page) if (word.text, after.text) == ("Fait", "à")]
        if lines:
            zones[number] = (min(word.y for word in lines) - BOX - MARGIN, max(word.y for word in lines) + MARGIN)
    return bool(changes) and all(
        not change["before"] and change["places"]
        and all(page in zones and zones[page][0] <= y <= zones[page][1] for page, _, y in change["places"])
        for change in changes)
