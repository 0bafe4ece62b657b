"""kill -9 while what came back on paper is compared: each copy ends compared once, told once, with its images once. And poison:
a file made to be endless or huge is given up in time, and somebody looks at it."""

from __future__ import annotations

import io
import resource
import struct
import time
import zlib
from collections import Counter
from datetime import timedelta
from functools import partial

import pikepdf
import pypdfium2
import pytest
from cast import COORDINATOR
from faults.killing import killed
from roads.signed import issued
from roads.stories import letters, who
from setting import TODAY, databases
from sqlalchemy import select

from models.base import db, transaction
from models.signature import ReturnedCopy
from models.stored_file import StoredFile
from pdf import returned
from services import acting, convention
from services.convention import comparing
from services.convention.paper import Sent
from services.files import read_content


def _photographs(pdf: bytes, pages: int) -> list[bytes]:
    document, made = pypdfium2.PdfDocument(pdf), []
    for number in range(pages):
        out = io.BytesIO()
        document[number].render(scale=1.2).to_pil().convert("RGB").save(out, "JPEG", quality=80)
        made.append(out.getvalue())
    return made


def _saved_again(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as read:
        read.save(out)
    return out.getvalue()


def _deposit(dossier, role: str, *files: tuple[str, bytes]) -> None:
    sent = [Sent(f"{number}.bin", kind, content) for number, (kind, content) in enumerate(files)]
    acting.perform("renvoyer", who(dossier, role).id, "", TODAY, extra=sent)


def _told() -> Counter[int]:
    return Counter(row.dossier_id for row in letters(COORDINATOR, "copy_to_decide"))


@databases("sqlite", "postgresql")
def test_a_comparison_killed_at_any_moment_loses_and_doubles_nothing(app, environ, warm):
    with app.app_context():
        dossiers = [issued(TODAY, timedelta(weeks=4 * number)) for number in range(3)]
        for number, dossier in enumerate(dossiers):
            sent = read_content(dossier.convention.file)
            if not number:  # what is compared at once comes first: each of its moments
                _deposit(dossier, "employer", ("application/pdf", sent))
                _deposit(dossier, "host", ("application/pdf", sent))
            _deposit(dossier, "author", *[("image/jpeg", page) for page in _photographs(sent, 1 + (not number))])
            if number:
                _deposit(dossier, "host", ("application/pdf", sent if number > 1 else _saved_again(sent)))
        wanted = {row.id: sorted(row.sources) for row in db.session.scalars(select(ReturnedCopy))}
        db.session.remove()
        db.engine.dispose()
    struck = killed(warm, "compare", environ, alone=range(1, 34), beside=(8, 20, 32, 40, 50, 60))
    assert len(struck) >= 33 and len(set(struck)) >= 10 and "COMMIT" in struck, "killed often enough to mean something"
    with app.app_context():
        with transaction():
            for row in db.session.scalars(select(ReturnedCopy)):
                row.attempts = min(row.attempts, 1)
        convention.examine_due(TODAY + timedelta(days=2))
        db.session.rollback()
        copies = db.session.scalars(select(ReturnedCopy).order_by(ReturnedCopy.id)).all()
        assert {row.id: sorted(row.sources) for row in copies} == wanted
        assert {row.state for row in copies} == {"examined"}
        assert [row.kind for row in copies] == ["identical", "identical", "scan", "scan", "resaved", "scan", "identical"]
        assert _told() == Counter(row.convention.immersion_id for row in copies), "each told once, and only once"
        names = Counter(row.name for row in db.session.scalars(select(StoredFile)) if row.name.startswith(comparing.COMPARED))
        assert set(names.values()) == {1} and {name.split("-")[2] for name in names} == {
            str(row.id) for row in copies if row.kind != "identical"}
        for row in copies:
            assert all(db.session.get(StoredFile, number) for number in wanted[row.id]), "what was sent is kept"
            kept = [file for file in row.convention.immersion.files
                    if file.name == f"convention-renvoyee-{row.convention.immersion.reference}-{row.id}.pdf"]
            assert kept == [row.file]


def _folded(piece: bytes, times: int) -> bytes:
    """``zlib.compress(piece * times)``, folded once: a piece that knows nothing of the one before is folded the same again."""
    press = zlib.compressobj(9)
    first, next_one = (press.compress(piece) + press.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    # RFC 1950, 9: the sum of the whole from the sum of a piece.
    low, high, (piece_high, piece_low) = 1, 0, divmod(zlib.adler32(piece), 65_536)
    for _ in range(times):
        low, high = (low + piece_low - 1) % 65_521, (high + piece_high + len(piece) * (low - 1)) % 65_521
    return first + next_one * (times - 1) + press.flush()[:-4] + struct.pack(">HH", high, low)


def _bomb() -> bytes:
    """A photograph of 1,600 million points in a few kilobytes."""
    side = 40_000
    lines = _folded(b"\0" * (1 + side // 8) * 100, side // 100)  # a point is a bit, and each line begins by its filter
    made = b"\x89PNG\r\n\x1a\n"
    for name, content in ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", lines), (b"IEND", b"")):
        made += struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    return made


def _holding(folded: bytes) -> bytes:
    """A PDF whose one page is drawn by that stream."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pikepdf.Stream(pdf, folded)
    page.Contents.stream_dict = pikepdf.Dictionary()
    page.Contents.write(folded, filter=pikepdf.Name.FlateDecode)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _endless() -> bytes:
    """A PDF whose one page draws for hours."""
    return _holding(_folded(b"q 0 0 m 595 842 l 0 842 l 595 0 l f Q\n" * 30_000, 100))


def _unfolding() -> bytes:
    """A PDF of some megabytes whose stream unfolds into gigabytes."""
    return _holding(_folded(b" " * 1024**2, 3 * 1024))


def test_what_is_folded_once_unfolds_whole():
    assert zlib.decompress(_folded(b"abc" * 50_000, 7)) == b"abc" * 350_000


POISON = {
    "an image of 1,600 million points": ("image/png", _bomb),
    "no image at all": ("image/jpeg", lambda: b"\xff\xd8" * 9),
    "a page drawn for hours": ("application/pdf", _endless),
    "gigabytes in a stream": ("application/pdf", _unfolding),
    "a table that leads nowhere": ("application/pdf", lambda: b"%PDF-1.7\n" + b"1 0 obj<</Kids[1 0 R]>>\n" * 50_000),
}


@pytest.mark.parametrize("name", POISON)
def test_poison_is_given_up_in_time_and_somebody_decides_by_eye(app, client, context, clock, monkeypatch, name):
    # As long as it takes to see that a bound holds: those of the product would have the tests wait for minutes.
    monkeypatch.setattr(comparing, "classify", partial(returned.classify, seconds=2.0))
    monkeypatch.setattr(comparing, "compared_images", partial(returned.compared_images, seconds=4.0))
    dossier = issued(clock.now)
    kind, make = POISON[name]
    poison = make()
    _deposit(dossier, "host", (kind, poison))
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    for _ in range(comparing.TRIES):
        convention.examine_due(clock.now)
        clock.advance(minutes=11)
    # Three seconds of grace in pdf/confined.py: 5 s to read and as many to describe, 7 s for the images; never hours.
    assert time.monotonic() - begun < 3 * 17 + 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kB; the memory is that of another process"
    db.session.rollback()
    [copy] = dossier.convention.copies
    assert copy.state == "examined" and copy.kind in ("unreadable", "unrelated", "scan", "altered")
    assert read_content(copy.file) == poison and copy.file.media_type == kind, "as it came, to be opened"
    assert _told() == Counter([dossier.id])
    row = next(each for each in dossier.convention.signatures if each.email == who(dossier, "host").email)
    decision = convention.Decision(copy.id, (row.id,), TODAY.date(), checked=True)
    acting.perform("papier", who(dossier, "coordinator").id, "", clock.now, extra=decision)
    assert dossier.convention.signatures[0].way == "paper"


def test_a_copy_that_ended_who_compared_it_three_times_is_shown_as_it_came(app, context, clock):
    dossier = issued(clock.now)
    _deposit(dossier, "host", ("application/pdf", b"%PDF-1.7 poison"))
    with transaction():
        dossier.convention.copies[0].attempts = comparing.TRIES
    assert convention.examine_due(clock.now) == 1
    db.session.rollback()
    [copy] = dossier.convention.copies
    assert (copy.state, copy.kind) == ("examined", "unreadable") and read_content(copy.file) == b"%PDF-1.7 poison"
    assert _told() == Counter([dossier.id])


def test_a_copy_whose_comparison_breaks_does_not_hold_back_the_next(app, context, clock, monkeypatch):
    dossier = issued(clock.now)
    sent = read_content(dossier.convention.file)
    _deposit(dossier, "host", ("application/pdf", b"%PDF-1.7 x"))
    _deposit(dossier, "author", ("application/pdf", sent))
    classify = comparing.classify
    monkeypatch.setattr(comparing, "classify", lambda issued_, returned: classify(issued_, returned) if returned == sent
                        else (_ for _ in ()).throw(OSError(28, "No space left on device")))
    convention.examine_due(clock.now)
    db.session.rollback()
    assert [copy.state for copy in dossier.convention.copies] == ["received", "examined"]
    for _ in range(2):
        convention.examine_due(clock.advance(minutes=11))
    db.session.rollback()
    assert [copy.kind for copy in dossier.convention.copies] == ["unreadable", "identical"]
    assert _told() == Counter({dossier.id: 2})
