"""Each thing that can happen to a sealed file is told apart, nothing but the sealed bytes is authentic, nothing raises."""

from __future__ import annotations

import io
import subprocess
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import pdf_samples as samples
import pikepdf
import pytest
import sealing_samples as sealing
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tools import program

from pdf import confined
from pdf.confined import NotExamined, examine
from pdf.convention import content_hash, convention_pdf
from pdf.signature_bytes import signatures
from pdf.verify import LARGEST, Change, Finding, Verdict, verify


@cache
def sealed() -> bytes:
    return sealing.sealed_convention()


def told(pdf: bytes, **options: object) -> Verdict:
    return verify(pdf, sealing.key().known, **options)  # type: ignore[arg-type]


def flipped(pdf: bytes, place: int, bit: int = 0) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1 << bit]) + pdf[place + 1:]


def gap(pdf: bytes) -> tuple[int, int]:
    return signatures(pdf, sealing.key().known)[0].gap


def test_the_sealed_file_is_authentic_and_says_what_it_carries() -> None:
    verdict = told(sealed())
    assert (verdict.finding, verdict.level, verdict.intact) == (Finding.AUTHENTIC, "B-B", True)
    assert verdict.signer == "Sceau Réseau Exemple" and verdict.fingerprint == sealing.key().fingerprint
    assert verdict.sealed_at == sealing.SEALED_AT and verdict.stamped_at is None
    assert verdict.carried.reference == "IMM-2027-0007" and verdict.carried.code == "7K2M-9QXA"
    assert verdict.carried.content_hash == content_hash(samples.OBSERVATION)
    assert verdict.carried.proofs["proofs"][0]["name"] == "Claude Accueil"


def test_a_file_sealed_with_an_earlier_key_is_still_ours() -> None:
    both = sealing.key().known | sealing.key("Autre").known
    assert verify(sealing.sealed(convention_pdf(samples.OBSERVATION), sealing.key("Autre")), both).finding is Finding.AUTHENTIC


def test_a_file_sealed_by_an_organisation_is_authentic() -> None:
    made = sealing.sealed(convention_pdf(samples.OBSERVATION), sealing.organisation())
    assert verify(made, sealing.organisation().known).finding is Finding.AUTHENTIC
    assert verify(made, sealing.key().known).finding is Finding.FOREIGN


def test_every_byte_of_the_signature_counts() -> None:
    """The key does not cover its own digits: they are compared with what our seals look like, bit by bit."""
    first, second = gap(sealed())
    digits = sealed()[first + 1:second - 1]
    content = bytes.fromhex(digits.decode())
    used = len(content.rstrip(b"\0"))
    for place in range(used + 4):
        for bit in range(8):
            changed = flipped(content, place, bit).hex().upper().encode()
            pdf = sealed()[:first + 1] + changed + sealed()[second - 1:]
            assert not any(each.holds for each in signatures(pdf, sealing.key().known)), (place, bit)
    lower = sealed()[:first + 1] + digits.lower() + sealed()[second - 1:]
    assert not any(each.holds for each in signatures(lower, sealing.key().known))


@pytest.mark.parametrize("original", [False, True])
def test_flipped_bytes_are_altered_and_the_page_is_named(original: bool) -> None:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        third = pdf.pages[2].Contents.objgen[0]
    start = sealed().index(b"stream", sealed().index(b"\n%d 0 obj" % third)) + 60
    verdict = told(flipped(sealed(), start), **({"original": sealed()} if original else {}))
    assert verdict.finding is Finding.ALTERED and not verdict.intact
    assert [(each.kind, each.pages, each.object_number) for each in verdict.changes] == [("text", (3,), third)]
    assert verdict.signer == "Sceau Réseau Exemple"


def test_flipped_bytes_in_the_attached_data_or_the_signature_are_altered() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        attached = pdf.Root.AF[0].EF.F.objgen[0]
    start = sealed().index(b"stream", sealed().index(b"\n%d 0 obj" % attached)) + 60
    verdict = told(flipped(sealed(), start))
    assert verdict.finding is Finding.ALTERED and "attached" in [each.kind for each in verdict.changes]
    verdict = told(flipped(sealed(), gap(sealed())[0] + 1500, 1))
    assert verdict.finding is Finding.ALTERED and verdict.changes == (Change("seal"),)


def test_an_authentic_looking_page_number_is_not_guessed() -> None:
    """A byte of the plain structure: altered, with no page claimed."""
    verdict = told(flipped(sealed(), sealed().rindex(b"/Adobe.PPKLite") + 3))
    assert verdict.finding is Finding.ALTERED and all(not each.pages for each in verdict.changes)


@pytest.mark.parametrize("change", ["cut", "cut-more", "inserted", "removed"])
def test_bytes_gone_or_come_are_altered(change: str) -> None:
    pdf = {"cut": sealed()[:-200], "cut-more": sealed()[:gap(sealed())[1] + 200],
           "inserted": sealed()[:9000] + b"x" + sealed()[9000:],
           "removed": sealed()[:9000] + sealed()[9003:]}[change]
    verdict = told(pdf)
    assert verdict.finding is Finding.ALTERED
    kinds = {each.kind: each.detail for each in verdict.changes}
    assert ("missing" in kinds) if change.startswith("cut") else (kinds["moved"] == {"inserted": "1", "removed": "-3"}[change])


def test_blanks_behind_the_file_are_told_apart_from_more() -> None:
    verdict = told(sealed() + b"\r\n\r\n")
    assert (verdict.finding, verdict.changes, verdict.intact) == (Finding.APPENDED, (Change("blank"),), True)
    verdict = told(sealed() + b"<script>" * 4)
    assert verdict.finding is Finding.APPENDED and verdict.changes == (Change("unknown"),)
    assert verdict.carried.reference == "IMM-2027-0007", "the sealed part speaks, not what follows"


def test_what_was_added_behind_the_seal_is_named_with_its_page_and_revision() -> None:
    verdict = told(sealing.annotated(sealed(), "Je conteste"))
    assert verdict.finding is Finding.APPENDED and verdict.intact
    assert [(each.kind, each.pages, each.detail, each.revision) for each in verdict.changes] == [
        ("annotation", (1,), "Je conteste", 3)]


def test_a_page_replaced_behind_the_seal_is_said_to_be() -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    page = writer.root["/Pages"]["/Kids"][1]
    page[generic.NameObject("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    verdict = told(out.getvalue())
    assert verdict.finding is Finding.APPENDED
    assert ("content", (2,)) in [(each.kind, each.pages) for each in verdict.changes]


def test_another_signature_behind_ours_is_named() -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    writer.add_object(generic.DictionaryObject({
        generic.NameObject("/Type"): generic.NameObject("/Sig"),
        generic.NameObject("/Name"): generic.TextStringObject("Jo Tiers")}))
    out = io.BytesIO()
    writer.write(out)
    verdict = told(out.getvalue())
    assert verdict.finding is Finding.APPENDED and verdict.signer == "Sceau Réseau Exemple"
    assert ("signature", "Jo Tiers") in [(each.kind, each.detail) for each in verdict.changes]


@pytest.mark.parametrize("by", ["qpdf", "qpdf-linear", "pikepdf"])
def test_a_copy_saved_again_by_a_program_is_said_to_be(by: str, tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(sealed())
    if by == "pikepdf":
        with pikepdf.open(source) as pdf:
            pdf.docinfo["/Producer"] = "Liseuse Exemple"
            pdf.save(target)
    else:
        subprocess.run([program("qpdf"), *(["--linearize"] if by == "qpdf-linear" else []), str(source), str(target)], check=True)
    verdict = told(target.read_bytes())
    assert verdict.finding is Finding.RESAVED and not verdict.intact
    assert verdict.carried.reference == "IMM-2027-0007"
    assert verdict.program == ("Liseuse Exemple" if by == "pikepdf" else "WeasyPrint 70.0")


def test_a_copy_printed_to_a_file_is_known_by_its_certificate_and_its_code(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(sealed())
    subprocess.run([program("pdftocairo"), "-pdf", str(tmp_path / "a.pdf"), str(tmp_path / "b.pdf")], check=True)
    verdict = told((tmp_path / "b.pdf").read_bytes())
    assert verdict.finding is Finding.RESAVED and "cairo" in verdict.program
    assert verdict.carried.code == "7K2M-9QXA" and verdict.carried.convention is None


def test_somebody_else_s_seal_is_theirs() -> None:
    verdict = told(sealing.sealed(convention_pdf(samples.OBSERVATION), sealing.key("Autre")))
    assert (verdict.finding, verdict.signer, verdict.intact) == (Finding.FOREIGN, "Sceau Autre", True)


def test_a_certificate_that_only_bears_our_name_is_not_ours(tmp_path: Path) -> None:
    from pdf.seal_key import own_key

    forged = own_key(tmp_path, "Réseau Exemple", sealing.MADE_AT)
    verdict = told(sealing.sealed(convention_pdf(samples.OBSERVATION), forged))
    assert verdict.finding is Finding.FOREIGN and verdict.fingerprint != sealing.key().fingerprint


def test_our_seal_carried_inside_another_file_seals_nothing() -> None:
    first, second = gap(sealed())
    stolen = sealed()[first:second]
    target = convention_pdf(replace(samples.OBSERVATION, meals="aux frais de la structure d’accueil"))
    at = len(target) + len(b"\n/Contents ")
    forged = target + b"\n/Contents " + stolen
    tail = b"\n/ByteRange [0 %d %d %d]" % (at, at + len(stolen), 0)
    forged += tail.replace(b" 0]", b" %d]" % (len(tail) + 1))
    assert told(forged).finding is not Finding.AUTHENTIC
    assert told(target + sealed()).finding is not Finding.AUTHENTIC
    assert told(sealed() + target).finding is not Finding.AUTHENTIC


@pytest.mark.parametrize(("pdf", "finding"), [
    (b"", Finding.NOT_PDF), (b"bonjour", Finding.NOT_PDF), (b"x" * 2000 + b"%PDF-1.7", Finding.NOT_PDF),
    (b"%PDF-1.7", Finding.UNSEALED), (b"%PDF-1.7" + bytes(LARGEST), Finding.TOO_LARGE),
])
def test_what_is_no_document_is_named(pdf: bytes, finding: Finding) -> None:
    assert told(pdf).finding is finding


def test_the_version_to_print_has_no_seal_and_its_data_are_read() -> None:
    verdict = told(convention_pdf(samples.OBSERVATION))
    assert verdict.finding is Finding.UNSEALED and verdict.carried.reference == "IMM-2027-0007"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_done_to_a_sealed_file_it_is_never_authentic_and_nothing_raises(data: st.DataObject) -> None:
    pdf = sealed()
    kind = data.draw(st.sampled_from(["flip", "cut", "insert", "remove", "append", "swap"]))
    place = data.draw(st.integers(0, len(pdf) - 1))
    some = data.draw(st.binary(min_size=1, max_size=40))
    changed = {
        "flip": flipped(pdf, place, data.draw(st.integers(0, 7))), "cut": pdf[:place], "insert": pdf[:place] + some + pdf[place:],
        "remove": pdf[:place] + pdf[place + len(some):], "append": pdf + some, "swap": pdf[place:] + pdf[:place]}[kind]
    if changed == pdf:
        return
    # What follows is decided on the bytes; the PDF libraries are asked apart, in a process of their own.
    assert not any(each.ours and each.holds and each.covers == len(changed)
                   for each in signatures(changed, sealing.key().known))
    if data.draw(st.integers(0, 9)) == 0:
        assert told(changed).finding is not Finding.AUTHENTIC


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3000))
@example(b"%PDF-1.7 /ByteRange [0 1 2 3]")
@example(b"%PDF-1.7 /ByteRange [0 9999999999 9999999999 9999999999]/Contents <" + b"0" * 600 + b">")
def test_any_bytes_at_all_hold_nothing(content: bytes) -> None:
    assert not any(each.holds for each in signatures(b"%PDF-1.7\n/ByteRange [0 9 40 3]" + content, sealing.key().known))


def test_a_file_made_to_take_for_ever_is_left_after_its_time() -> None:
    def object_(number: int, content: bytes) -> bytes:
        return b"%d 0 obj\n%s\nendobj\n" % (number, content)

    looped = b"%PDF-1.7\n" + object_(1, b"<</Type/Catalog/Pages 2 0 R>>") + object_(
        2, b"<</Type/Pages/Count 1/Kids[2 0 R 2 0 R]>>") + b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF"
    begun = time.monotonic()
    assert told(looped, seconds=2.0).finding is Finding.UNSEALED
    assert time.monotonic() - begun < 30


def test_many_false_signatures_are_not_all_examined() -> None:
    assert len(signatures(b"%PDF-1.7" + b"/ByteRange [0 1 2 3]" * 50_000, sealing.key().known)) == 16


@pytest.mark.parametrize("work", [
    "import socket; socket.create_connection(('127.0.0.1', 9))", "import subprocess; subprocess.run(['true'])",
    "import os; os.system('true')",
    "f = open(WRITTEN, 'w'); f.write('x'); f.flush()", "bytearray(8 * 1024**3)",
    "\nwhile True: pass",
])
def test_what_examines_files_reaches_nothing_and_is_bounded(work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evil.py").write_text(f"WRITTEN = {str(tmp_path / 'written')!r}\n"
                                      f"def evil(files):\n    exec({work!r})\n    return {{}}, []\n")
    start = f"import sys; sys.path[:0] = [sys.argv[1], {str(tmp_path)!r}]; import pdf.confined as c; " \
            "c.TASKS['evil'] = 'evil'; c._child()"
    monkeypatch.setattr(confined, "_START", start)
    with pytest.raises(NotExamined):
        examine("evil", [], seconds=0.5)
    assert not any(path.stat().st_size for path in tmp_path.glob("written"))


def test_what_examines_files_has_none_of_our_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RING_SECRET_KEY", "a secret of this process")
    (tmp_path / "look.py").write_text("import os\ndef look(files):\n    return {'seen': sorted(os.environ)}, []\n")
    monkeypatch.setattr(confined, "_START", f"import sys; sys.path[:0] = [sys.argv[1], {str(tmp_path)!r}]; "
                        "import pdf.confined as c; c.TASKS['look'] = 'look'; c._child()")
    assert not [name for name in examine("look", [])[0]["seen"] if name.startswith("RING_")]


def test_several_threads_check_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: told(sealed()).finding, range(12)))
    assert set(found) == {Finding.AUTHENTIC}
