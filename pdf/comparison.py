"""Lay the image of a returned page on the page that was sent: turned, scaled and shifted until their ink meets.

Read inside pdf/confined.py alone. A sheet is found in two steps: its lines are made level, then correlations tell which
page it is, how large and where. A photograph taken askew (perspective) is not undone: its figures are poor, and say so.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

MOST_PAGES = 20
#: Heights, in pixels, of an A4 page when it is looked for, adjusted, and shown.
COARSE, FINE, SHOWN = 220, 480, 1100
SKEW, SCALES = np.arange(-8.0, 8.01, 0.5), np.arange(0.78, 1.161, 0.02)
#: Ink counts as the same within so many shown pixels (about a millimetre and a half).
NEAR = 7
TILE, DENSE = 22, 0.06
RED, BLUE, GREY = (166, 27, 27), (31, 78, 158), (150, 150, 150)


class Fit(NamedTuple):
    score: float
    page: int
    turned: float
    scale: float
    left: int
    top: int


def compare(files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Return, for each page of `files[1]`, the page of `files[0]` it is, two figures, boxes and two PNG images."""
    sheets, returned = (_images(content) for content in files)
    small = [Sheet(image, COARSE, (384, 384)) for image in sheets]
    fine: dict[int, Sheet] = {}
    pages, images = [], []
    for number, image in enumerate(returned, 1):
        level, turned = _levelled(image)
        about = max(_found(level, small, half) for half in (0, 180))
        if about.page not in fine:
            fine[about.page] = Sheet(sheets[about.page], FINE, (960, 960))
        fit = _adjusted(level, fine[about.page], about)
        laid = _laid(level, fit, sheets[fit.page].size)
        said, shown = _told(sheets[fit.page], laid)
        pages.append({"page": number, "issued_page": fit.page + 1 if said["kept"] > 0.25 else None,
                      "turned": round((turned + fit.turned + 180) % 360 - 180, 2), "scale": round(fit.scale, 3), **said})
        images += shown
    return {"pages": pages}, images


def _images(content: bytes) -> list[Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    made = []
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = SHOWN / max(height, 1.0) if height >= width else SHOWN / max(width, 1.0)
        made.append(page.render(scale=min(scale, 4.0), grayscale=True, may_draw_forms=True).to_pil().convert("L"))
    return made


def _high(image: Any, height: int) -> Any:
    return image.resize((max(1, round(image.width * height / image.height)), height), Image.Resampling.BOX)


def _ink(image: Any) -> np.ndarray:
    """How much darker than its surroundings each point is, 0 to 1: shadows of a photograph are no ink."""
    ground = Image.fromarray(_largest(np.asarray(image), 2)).filter(ImageFilter.BoxBlur(max(4, image.height // 40)))
    found = np.asarray(ImageChops.subtract(ground, image), dtype=np.float32) / 255.0
    return np.clip((found - 0.06) * 2.2, 0.0, 1.0)


def _levelled(image: Any) -> tuple[Any, float]:
    """The image with its lines of text level: the angle at which rows are the most unequal."""
    def unequal(ink: Any) -> float:
        return float(np.square(np.diff(np.asarray(ink, dtype=np.float32).sum(axis=1))).sum())

    ink = Image.fromarray((_ink(_high(image, 480)) * 255).astype(np.uint8))
    aside = ink.rotate(90, expand=True)
    quarter = 90.0 if unequal(aside) > 1.3 * unequal(ink) else 0.0
    ink = aside if quarter else ink
    scores = [unequal(ink.rotate(float(angle), Image.Resampling.BILINEAR)) for angle in SKEW]
    angle = quarter + float(SKEW[int(np.argmax(scores))])
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255), angle


class Sheet:
    """The ink of a page that was sent, ready to be looked for in others."""

    def __init__(self, image: Any, height: int, shape: tuple[int, int]) -> None:
        ink = _ink(_high(image, height))
        self.height, self.shape = height, shape
        self.waves = np.fft.rfft2(ink - ink.mean(), shape)
        self.norm = float(np.sqrt(np.square(ink - ink.mean()).sum())) or 1.0


def _correlated(sheets: list[Sheet], image: Any, scale: float) -> list[tuple[float, int, int]]:
    """The best agreement with each sheet over all shifts (0 to 1), and the shift of the image, down and right."""
    height, shape = sheets[0].height, sheets[0].shape
    ink = _ink(_high(image, max(8, round(height * scale))))[:shape[0], :shape[1]]
    ink = ink - ink.mean()
    waves, norm = np.conj(np.fft.rfft2(ink, shape)), float(np.sqrt(np.square(ink).sum())) or 1.0
    found = []
    for sheet in sheets:
        together = np.fft.irfft2(sheet.waves * waves, shape)
        place = int(np.argmax(together))
        down, right = divmod(place, shape[1])
        found.append((float(together.flat[place]) / (norm * sheet.norm),
                      down - (shape[0] if down > shape[0] // 2 else 0), right - (shape[1] if right > shape[1] // 2 else 0)))
    return found


def _found(image: Any, sheets: list[Sheet], half: int) -> Fit:
    """Which sheet this is, and about how large."""
    upright = _high(image, 3 * COARSE // 2).rotate(half)
    return max(Fit(score, page, half, float(scale), right, down) for scale in SCALES
               for page, (score, down, right) in enumerate(_correlated(sheets, upright, float(scale))))


def _adjusted(image: Any, sheet: Sheet, about: Fit) -> Fit:
    """The same, finer: quarters of a degree first, then thousandths of the size."""
    image = _high(image, round(1.3 * FINE))

    def tried(turned: float, scale: float) -> Fit:
        ((score, down, right),) = _correlated([sheet], image.rotate(turned, Image.Resampling.BICUBIC, fillcolor=255), scale)
        return Fit(score, about.page, turned, scale, right, down)

    best = max(tried(about.turned + step, about.scale) for step in (-0.5, -0.25, 0.0, 0.25, 0.5))
    return max(best, *(tried(best.turned, about.scale + step) for step in (-0.015, -0.01, -0.005, 0.005, 0.01, 0.015)))


def _laid(image: Any, fit: Fit, size: tuple[int, int]) -> Any:
    turned = _high(image.rotate(fit.turned, Image.Resampling.BICUBIC, fillcolor=255), max(8, round(size[1] * fit.scale)))
    sheet = Image.new("L", size, 255)
    sheet.paste(turned, (round(fit.left * size[1] / FINE), round(fit.top * size[1] / FINE)))
    return sheet


def _told(sheet: Any, laid: Any) -> tuple[dict[str, Any], list[bytes]]:
    sent, back = _ink(sheet) > 0.25, _ink(laid) > 0.25
    near_sent, near_back = _largest(sent, NEAR), _largest(back, NEAR)
    gone, new = sent & ~near_back, back & ~near_sent
    said = {
        "kept": round(1.0 - float(gone.sum()) / max(1, int(sent.sum())), 3),
        "added": round(float(new.sum()) / max(1, int(back.sum())), 3), "gone": _boxes(gone), "new": _boxes(new)}
    overlay = np.full((*sent.shape, 3), 255, dtype=np.uint8)
    overlay[sent & near_back] = overlay[back & near_sent] = GREY
    overlay[gone], overlay[new] = RED, BLUE
    pair = Image.new("RGB", (2 * sheet.width + 12, sheet.height), GREY)
    pair.paste(sheet, (0, 0))
    pair.paste(laid, (sheet.width + 12, 0))
    shown = Image.fromarray(overlay)
    _framed(shown, said["gone"], said["new"], 0)
    _framed(pair, said["gone"], said["new"], sheet.width + 12)
    return said, [_png(pair), _png(shown)]


def _largest(values: np.ndarray, near: int) -> np.ndarray:
    """The largest of the square that reaches so far around each point: columns, then rows, the reach nearly doubled each time.

    What `ImageFilter.MaxFilter` gives, which sorts each square: it took two thirds of a comparison.
    """
    for _ in range(2):
        ahead, back, reach = values.copy(), values.copy(), 0
        while reach < near:
            step = min(reach + 1, near - reach)
            np.maximum(ahead[:-step], ahead[step:], out=ahead[:-step])
            np.maximum(back[step:], back[:-step], out=back[step:])
            reach += step
        values = np.maximum(ahead, back).T
    return values


def _boxes(ink: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Frames around the places where much ink is alone: neighbouring tiles make one frame."""
    rows, columns = -(-ink.shape[0] // TILE), -(-ink.shape[1] // TILE)
    padded = np.zeros((rows * TILE, columns * TILE), dtype=np.float32)
    padded[:ink.shape[0], :ink.shape[1]] = ink
    dense = padded.reshape(rows, TILE, columns, TILE).mean(axis=(1, 3)) > DENSE
    left = {(int(row), int(column)) for row, column in np.argwhere(dense)}
    frames = []
    while left:
        group, waiting = [], [left.pop()]
        while waiting:
            row, column = waiting.pop()
            group.append((row, column))
            around = {(row + down, column + right) for down in (-1, 0, 1) for right in (-2, -1, 0, 1, 2)} & left
            left -= around
            waiting += around
        top, bottom = min(row for row, _ in group), max(row for row, _ in group) + 1
        first, last = min(column for _, column in group), max(column for _, column in group) + 1
        frames.append((first * TILE, top * TILE, (last - first) * TILE, (bottom - top) * TILE))
    return sorted(frames, key=lambda frame: (frame[1], frame[0]))[:40]


def _framed(image: Any, gone: list, new: list, aside: int) -> None:
    """What is gone in double red, where it was; what is new in single blue, where it came: never by colour alone."""
    draw = ImageDraw.Draw(image)
    for left, top, width, height in gone:
        draw.rectangle((left - 3, top - 3, left + width + 3, top + height + 3), outline=RED, width=2)
        draw.rectangle((left - 8, top - 8, left + width + 8, top + height + 8), outline=RED, width=2)
    for left, top, width, height in new:
        draw.rectangle((aside + left - 3, top - 3, aside + left + width + 3, top + height + 3), outline=BLUE, width=3)


def _png(image: Any) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
