"""Photographs of pages, made upright and of one kind: read inside pdf/confined.py alone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

#: The long side of an A4 page at 200 dots per inch: handwriting stays readable, a mail can carry it.
LONGEST = 2339
MOST_PIXELS = 120_000_000
FORMATS = ("JPEG", "PNG", "HEIF", "WEBP", "TIFF")


def pictures(files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Return each image as a JPEG without metadata, turned as its camera says; `wide` tells those that lie down."""
    import pi_heif
    from PIL import Image, ImageOps

    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    made, wide = [], []
    for content in files:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            image = ImageOps.exif_transpose(opened)
            if "A" in image.getbands() or "transparency" in image.info:
                image = image.convert("RGBA")
                image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
            image = image.convert("RGB")
        image.thumbnail((LONGEST, LONGEST))
        out = BytesIO()
        image.save(out, "JPEG", quality=82, optimize=True)
        made.append(out.getvalue())
        wide.append(image.width > image.height)
    return {"wide": wide}, made
