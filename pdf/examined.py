"""What a PDF from outside says of itself: read inside pdf/confined.py alone, where it may be slow or break."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

#: A stream that unfolds into more is not examined to its end.
LARGEST_STREAM = 64 * 1024**2
OBJECT = re.compile(rb"(?:^|[\r\n ])(\d{1,9}) \d{1,5} obj\b")
CODE = re.compile(r"Code de vérification\s*:\s*([0-9A-Z]{3,8}(?:-[0-9A-Z]{3,8})+)")
MOST_CHANGES, MOST_OFFSETS, MOST_PAGES, LARGEST_ATTACHED = 50, 500, 200, 4 * 1024**2
#: Kinds of annotation by their subtype; what is not named here is an annotation.
SUBTYPES = {"/Widget": "form", "/Link": "link", "/FileAttachment": "attachment"}


def describe(files: list[bytes], covers: int = 0) -> tuple[dict[str, Any], list[bytes]]:
    """Return what `files[0]` says of itself and what was done to it; `files[1]` is the file as issued, or nothing.

    `covers`: the bytes whose seal holds; what follows is told. Keys: attached (JSON files, base64), code, certificate (is
    ours printed?), producer, modified, changes, and whole, False when a reader gave up.
    """
    said: dict[str, Any] = {"attached": {}, "code": "", "certificate": False, "producer": "", "modified": "", "changes": [],
                            "whole": True}
    pdf, original = files
    for part in (lambda: identify(pdf), lambda: {"changes": (
            revisions(pdf, covers) if covers else differences(pdf, original) if original else damage(pdf))}):
        try:
            said.update(part())
        except Exception:  # noqa: BLE001  a damaged file breaks its reader in any way; the other part may still speak
            said["whole"] = False
    return said, []


def identify(pdf: bytes) -> dict[str, Any]:
    """Return what the file says: program and date, attached JSON, code printed, certificate printed."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    metadata = document.get_metadata_dict()
    attached = {}
    for number in range(min(document.count_attachments(), 20)):
        item = document.get_attachment(number)
        content = bytes(item.get_data())
        if item.get_name().endswith(".json") and len(content) <= LARGEST_ATTACHED:
            attached[item.get_name()] = b64encode(content).decode()
    code, certificate = "", False
    for number in range(min(len(document), MOST_PAGES)):
        text = document[number].get_textpage().get_text_range().replace("\u00a0", " ")
        found = CODE.search(text)
        code = code or (found[1] if found else "")
        certificate = certificate or "Certificat de signature" in text
    return {"producer": metadata.get("Producer", ""), "modified": metadata.get("ModDate", ""), "attached": attached,
            "code": code, "certificate": certificate}


def damage(pdf: bytes) -> list[dict[str, Any]]:
    """Return the objects whose compressed content no longer unfolds, and the pages that use them."""
    return _named(pdf, [number for number, content in _streams(pdf) if not _unfolds(content)])


def differences(pdf: bytes, original: bytes) -> list[dict[str, Any]]:
    """Return the objects of the issued file whose bytes differ, then the bytes that belong to none."""
    offsets = _offsets(pdf, original)
    owners = {offset: object_at(original, offset) for offset in offsets}
    named = _named(original, sorted({number for number in owners.values() if number}))
    loose = [offset for offset, number in owners.items() if not number]
    return named + [{"kind": "bytes", "pages": [], "detail": str(offset)} for offset in loose[:1]]


def _offsets(pdf: bytes, original: bytes, block: int = 64) -> list[int]:
    """The first differing byte of each block that differs, in the issued file; of files of other lengths, the first."""
    if len(pdf) != len(original):
        return [next((place for place, (one, other) in enumerate(zip(pdf, original, strict=False)) if one != other),
                     min(len(pdf), len(original) - 1))]
    return [next(place for place in range(start, start + block) if pdf[place] != original[place])
            for start in range(0, len(pdf), block) if pdf[start:start + block] != original[start:start + block]][:MOST_OFFSETS]


def object_at(pdf: bytes, offset: int) -> int:
    """Return the number of the object written around this byte, 0 between objects."""
    before = list(OBJECT.finditer(pdf, 0, min(offset + 1, len(pdf))))
    if not before or b"endobj" in pdf[before[-1].end():offset]:
        return 0
    return int(before[-1][1])


def _streams(pdf: bytes) -> Iterator[tuple[int, bytes]]:
    """Each compressed stream, found by its words, whatever the table of objects has become."""
    starts = [*OBJECT.finditer(pdf), None]
    for match, after in pairwise(starts):
        if match is None:
            continue
        whole = pdf[match.end():after.start() if after else len(pdf)]
        head, opened, rest = whole.partition(b"stream")
        content, closed, _ = rest.rpartition(b"endstream")
        if opened and closed and b"/FlateDecode" in head and b"[" not in head[head.find(b"/Filter"):][:20]:
            yield int(match[1]), content.lstrip(b"\r\n")


def _unfolds(content: bytes) -> bool:
    reader = zlib.decompressobj()
    made = 0
    try:
        while content and not reader.eof and made <= LARGEST_STREAM:
            made += len(reader.decompress(content, 1024**2))
            content = reader.unconsumed_tail
    except zlib.error:
        return False
    return reader.eof or made > LARGEST_STREAM


def _named(pdf: bytes, numbers: list[int]) -> list[dict[str, Any]]:
    """Say of each object what it is and which pages it serves, as far as the file can still be read."""
    if not numbers:
        return []
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        uses, kinds = _uses(PdfFileReader(BytesIO(pdf), strict=False))
    except Exception:  # noqa: BLE001  a damaged file breaks its reader in any way
        uses, kinds = {}, {}
    return [{"object": number, "kind": kinds.get(number, "object"), "pages": sorted(uses.get(number, ()))[:MOST_PAGES]}
            for number in numbers[:MOST_CHANGES]]


def _uses(reader: Any) -> tuple[dict[int, set[int]], dict[int, str]]:
    """Which pages use which object, and what the objects of pages are."""
    uses: dict[int, set[int]] = defaultdict(set)
    kinds: dict[int, str] = {}
    for number, page in enumerate(_pages(reader), 1):
        for key, kind in (("/Contents", "text"), ("/Annots", "annotation")):
            for reference in _references(page, key):
                uses[reference].add(number)
                kinds[reference] = kind
        resources = _under(page, "/Resources")
        for key, kind in (("/Font", "font"), ("/XObject", "image")):
            group = _under(resources, key)
            for name in group:
                raw = group.raw_get(name)
                for reference in _beneath(raw) if kind == "font" else [getattr(raw, "idnum", 0)]:
                    uses[reference].add(number)
                    kinds[reference] = kind
    metadata = reader.root.raw_get("/Metadata") if "/Metadata" in reader.root else None
    kinds[getattr(metadata, "idnum", 0)] = "metadata"
    for name in _embedded(reader):
        kinds[name] = "attached"
    return uses, kinds


def _under(holder: Any, key: str) -> Any:
    """What stands there, followed to its object; nothing when nothing does."""
    try:
        return holder[key]
    except KeyError:
        return {}


def _embedded(reader: Any) -> Iterator[int]:
    for item in _under(reader.root, "/AF"):
        files = item.get_object()["/EF"]
        for key in files:
            yield getattr(files.raw_get(key), "idnum", 0)


def _pages(reader: Any) -> Iterator[Any]:
    waiting, seen = [reader.root["/Pages"]], 0
    while waiting and seen < 10 * MOST_PAGES:
        node, seen = waiting.pop(0), seen + 1
        if "/Kids" in node:
            waiting[:0] = [kid.get_object() for kid in node["/Kids"]]
        else:
            yield node


def _references(holder: Any, key: str) -> list[int]:
    if key not in holder:
        return []
    raw, value = holder.raw_get(key), holder[key]
    if isinstance(value, list):
        return [getattr(item, "idnum", 0) for item in (value.raw_get(place) for place in range(len(value)))]
    return [getattr(raw, "idnum", 0)]


def _beneath(raw: Any, depth: int = 4) -> Iterator[int]:
    """The numbers of a font and of what it points at: its descendants, its description, its outlines."""
    number = getattr(raw, "idnum", 0)
    if number:
        yield number
    value = raw.get_object() if number else raw
    if depth and hasattr(value, "raw_get"):
        keys = range(len(value)) if isinstance(value, list) else list(value)
        for key in keys:
            below = value.raw_get(key)
            if key != "/Parent" and (hasattr(below, "idnum") or isinstance(below, list)):
                yield from _beneath(below, depth - 1)


def revisions(pdf: bytes, covers: int) -> list[dict[str, Any]]:
    """Return what was added after the first `covers` bytes: one entry for each thing, with its revision and page."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader, before = PdfFileReader(BytesIO(pdf), strict=False), PdfFileReader(BytesIO(pdf[:covers]), strict=False)
    kept = before.xrefs.total_revisions
    uses, kinds = _uses(reader)
    changes: list[dict[str, Any]] = []
    for revision in range(kept, reader.xrefs.total_revisions):
        for reference in sorted(reader.xrefs.explicit_refs_in_revision(revision), key=lambda each: each.idnum):
            said = _added(reader, before, reference, uses, kinds)
            if said:
                changes.append({"revision": revision + 1, "pages": sorted(uses.get(reference.idnum, ())), **said})
    return changes[:MOST_CHANGES]


def _added(reader: Any, before: Any, reference: Any, uses: dict[int, set[int]], kinds: dict[int, str],
           ) -> dict[str, Any] | None:
    value = reader.get_object(reference)
    word = {name: str(value[name]) for name in ("/Type", "/Subtype", "/FT") if hasattr(value, "raw_get") and name in value
            } if isinstance(value, dict) else {}
    if word.get("/Type") in ("/Sig", "/DocTimeStamp"):
        return {"kind": "signature", "detail": str(value["/Name"])[:100] if "/Name" in value else ""}
    if word.get("/Type") == "/Annot" or kinds.get(reference.idnum) == "annotation":
        kind = SUBTYPES.get(word.get("/Subtype", ""), "annotation")
        if word.get("/FT") == "/Sig":
            return None
        return {"kind": kind, "detail": _words(value)}
    if word.get("/Type") == "/Filespec":
        return {"kind": "attachment", "detail": str(value["/F"])[:100] if "/F" in value else ""}
    if kinds.get(reference.idnum) in ("text", "font", "image"):
        return {"kind": "content", "detail": ""}
    if word.get("/Type") == "/Page":
        return _page_change(value, before, reference)
    if "/FT" in word:
        return {"kind": "form", "detail": _words(value)}
    return None


def _words(value: Any) -> str:
    for key in ("/Contents", "/V", "/T"):
        if key in value and isinstance(value[key], str):
            return value[key][:200]
    return ""


def _page_change(page: Any, before: Any, reference: Any) -> dict[str, Any] | None:
    """A page written again: nothing when only its annotations differ, they have entries of their own."""
    try:
        earlier = before.get_object(reference)
    except Exception:  # noqa: BLE001  the page did not exist
        return {"kind": "page", "detail": ""}
    same = all((page.raw_get(key) if key in page else None) == (earlier.raw_get(key) if key in earlier else None)
               for key in ("/Contents", "/Resources", "/MediaBox", "/Rotate"))
    return None if same else {"kind": "content", "detail": ""}
