"""A document that comes back signed by hand: what it is, against the version that was sent.

It warns, it never decides: the coordinator looks, and accepts or not. A scan has no text to compare, and a text can be
the same under a white box: the images are always to be looked at (`compared_images`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pdf.confined import NotExamined, examine
from pdf.examined import MOST_CHANGES
from pdf.reading import RELATED
from pdf.verify import LARGEST, Change

__all__ = ["MOST_CHANGES", "NotExamined", "PageImages", "Returned", "ReturnedKind", "Rewording", "classify", "compared_images"]


class ReturnedKind(Enum):
    """What came back."""

    IDENTICAL = "identical"  # the very file that was sent: nobody signed it
    SIGNED_ON_TOP = "signed_on_top"  # the same words, with a signature, an annotation or filled boxes
    RESAVED = "resaved"  # the same words, written again by a program
    SCAN = "scan"  # images of pages
    ALTERED = "altered"  # other words
    UNRELATED = "unrelated"  # another document
    UNREADABLE = "unreadable"  # no PDF, or one that cannot be examined

    @property
    def may_be_accepted(self) -> bool:
        """False when one gesture is not enough to accept it: the words are others, or cannot be read, or nobody signed."""
        return self in (ReturnedKind.SIGNED_ON_TOP, ReturnedKind.RESAVED, ReturnedKind.SCAN)


@dataclass(frozen=True)
class Rewording:
    """Words that differ, on a page of the returned file (of the version sent, when they are gone)."""

    page: int
    before: str
    after: str


@dataclass(frozen=True)
class Returned:
    """What is known of a returned file. `likeness` is the share of words in the same order, 0 to 1.

    `pictures` are the pages that are images, `missing_pages` how many fewer there are than in the version sent.
    """

    kind: ReturnedKind
    sha256: str
    pages: int = 0
    pictures: tuple[int, ...] = ()
    missing_pages: int = 0
    likeness: float = 0.0
    rewordings: tuple[Rewording, ...] = ()
    additions: tuple[Change, ...] = ()


@dataclass(frozen=True)
class PageImages:
    """One returned page beside the page it is closest to (None: none), both in grey, laid on each other.

    `kept`: share of the ink sent that is found again; `added`: share of the returned ink that was not sent. Both are
    measures, from 0 to 1, of images that may be crooked or blurred: to be read with the eyes, never a verdict. The boxes
    (left, top, width, height, in pixels of `overlay`) frame what seems gone and what seems new.
    """

    page: int
    issued_page: int | None
    kept: float
    added: float
    turned: float
    scale: float
    gone: tuple[tuple[int, int, int, int], ...]
    new: tuple[tuple[int, int, int, int], ...]
    side_by_side: bytes
    overlay: bytes


def classify(issued: bytes, returned: bytes, seconds: float = 20.0) -> Returned:
    """Return what `returned` is, `issued` being the PDF that was sent to be signed. Never raises."""
    digest = hashlib.sha256(returned).hexdigest()
    if returned == issued:
        return Returned(ReturnedKind.IDENTICAL, digest, likeness=1.0)
    if len(returned) > LARGEST or b"%PDF-" not in returned[:1024]:
        return Returned(ReturnedKind.UNREADABLE, digest)
    on_top = returned.startswith(issued)
    try:
        said, _ = examine("read", [issued, returned], seconds)
        above, _ = examine("describe", [returned, b""], seconds, covers=len(issued)) if on_top else ({"changes": []}, [])
    except NotExamined:
        return Returned(ReturnedKind.UNREADABLE, digest)
    rewordings = tuple(Rewording(each["page"], each["before"], each["after"]) for each in said["changes"])
    additions = tuple(Change(each["kind"], tuple(each["pages"]), each.get("detail", ""), each.get("revision", 0))
                      for each in above["changes"])
    if not additions and said["annotated"]:
        additions = (Change("annotation", tuple(said["annotated"])),)
    kind = _kind(said, bool(rewordings), on_top, bool(additions))
    return Returned(kind, digest, said["pages"], tuple(said["pictures"]), max(0, said["issued_pages"] - said["pages"]),
                    round(said["likeness"], 4), rewordings, additions)


def _kind(said: dict, reworded: bool, on_top: bool, added: bool) -> ReturnedKind:
    if reworded and not said["in_boxes"]:
        return ReturnedKind.ALTERED if said["likeness"] >= RELATED else ReturnedKind.UNRELATED
    if said["pictures"]:
        return ReturnedKind.SCAN
    return ReturnedKind.SIGNED_ON_TOP if on_top or added or said["in_boxes"] else ReturnedKind.RESAVED


def compared_images(issued: bytes, returned: bytes, seconds: float = 90.0) -> tuple[PageImages, ...]:
    """Return each page of `returned` laid on the page of `issued` it is closest to. Raises NotExamined."""
    said, images = examine("compare", [issued, returned], seconds)
    return tuple(
        PageImages(page=each["page"], issued_page=each["issued_page"], kept=each["kept"], added=each["added"],
                   turned=each["turned"], scale=each["scale"], gone=tuple(map(tuple, each["gone"])),
                   new=tuple(map(tuple, each["new"])), side_by_side=images[2 * place], overlay=images[2 * place + 1])
        for place, each in enumerate(said["pages"]))


def photos_to_pdf(photos: Sequence[bytes], received_at: datetime, reference: str, network: str) -> bytes:
    """Return one PDF whose pages are these photographs (JPEG, PNG, HEIC, WebP, TIFF), upright, in their order.

    Each is kept at 200 dots per inch of an A4 page at most. The same photographs give the same bytes. Raises NotExamined
    on what is no image, pdf.render.RenderFailed.
    """
    from pdf.pages import page
    from pdf.released import stylesheets_of, template_file
    from pdf.render import render_pdf

    said, pictures = examine("pictures", list(photos), seconds=10.0 + 5.0 * len(photos))
    names = [f"page{number}.jpg" for number in range(1, len(pictures) + 1)]
    template = "photos/2026-11"
    return render_pdf(
        page(template_file(template), names=names, wide=said["wide"], reference=reference),
        title=f"Document renvoyé, {reference}", author=network, created=received_at,
        stylesheets=stylesheets_of(template), images=dict(zip(names, pictures, strict=True)))
