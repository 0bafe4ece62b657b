"""What comes back is named for what it is, and its images are laid on the pages that were sent."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pdf_samples as samples
import pikepdf
import pypdfium2
import pytest
import sealing_samples as sealing
from PIL import Image, ImageDraw, ImageFilter
from tools import program

from pdf.charter import charter_pdf
from pdf.confined import NotExamined
from pdf.convention import convention_pdf
from pdf.returned import PageImages, Returned, ReturnedKind, Rewording, classify, compared_images, photos_to_pdf


@cache
def issued() -> bytes:
    return convention_pdf(samples.OBSERVATION)


def told(pdf: bytes) -> Returned:
    return classify(issued(), pdf)


@cache
def sheets() -> tuple[Image.Image, ...]:
    document = pypdfium2.PdfDocument(issued())
    return tuple(document[number].render(scale=110 / 72).to_pil().convert("L") for number in range(len(document)))


def scanned(sheet: Image.Image, turned: float = 1.4, scale: float = 0.96, *, signed: bool = False,
            crossed_out: bool = False) -> Image.Image:
    """What a scanner makes of a sheet: a little turned, smaller, shifted, grey, blurred."""
    sheet = sheet.copy()
    draw = ImageDraw.Draw(sheet)
    if signed:
        draw.line([(150, 480), (190, 430), (215, 500), (260, 440), (300, 480)], fill=25, width=4)
    if crossed_out:
        draw.rectangle((250, 560, 820, 720), fill=255)
    width, height = sheet.size
    small = sheet.resize((round(width * scale), round(height * scale)))
    paper = Image.new("L", (width, height), 236)
    paper.paste(small.rotate(turned, Image.Resampling.BICUBIC, fillcolor=236), (14, 25))
    return paper.filter(ImageFilter.GaussianBlur(0.6))


def as_pdf(images: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=110)
    return out.getvalue()


def stamped(pdf: bytes, words: str, at: tuple[float, float], page: int = -1) -> bytes:
    """The file as an editing program writes it again, with words on a page."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        target = opened.pages[page]
        font = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                                                       BaseFont=pikepdf.Name.Helvetica))
        name = target.add_resource(font, pikepdf.Name.Font)
        target.contents_add(f"q BT {name} 11 Tf 1 0 0 1 {at[0]} {at[1]} Tm ({words}) Tj ET Q".encode(), prepend=True)
        out = io.BytesIO()
        opened.save(out)
        return out.getvalue()


def place_of(words: str, page: int) -> tuple[float, float]:
    text = pypdfium2.PdfDocument(issued())[page].get_textpage()
    _left, bottom, right, _top = text.get_charbox(text.search(words).get_next()[0])
    return right, bottom


def test_the_file_that_was_sent_is_identical() -> None:
    said = told(issued())
    assert (said.kind, said.likeness) == (ReturnedKind.IDENTICAL, 1.0)
    assert not said.kind.may_be_accepted, "nobody signed it"


def test_a_signature_or_a_note_added_behind_is_signed_on_top() -> None:
    said = told(sealing.annotated(issued(), "Signé Jo"))
    assert said.kind is ReturnedKind.SIGNED_ON_TOP and said.kind.may_be_accepted
    assert [(each.kind, each.pages, each.detail) for each in said.additions] == [("annotation", (1,), "Signé Jo")]
    said = told(sealing.sealed(issued(), sealing.key("Autre")))
    assert said.kind is ReturnedKind.SIGNED_ON_TOP and "signature" in [each.kind for each in said.additions]


def test_words_typed_in_the_signature_boxes_are_signed_on_top_whatever_program_wrote_them() -> None:
    right, bottom = place_of("Fait à", 3)
    said = told(stamped(issued(), "Nimes", (right + 25, bottom)))
    assert said.kind is ReturnedKind.SIGNED_ON_TOP
    assert [each.after for each in said.rewordings] == ["Nimes"]


def test_words_added_elsewhere_alter_the_document() -> None:
    said = told(stamped(issued(), "aux frais du reseau", (300, 700), page=1))
    assert said.kind is ReturnedKind.ALTERED and not said.kind.may_be_accepted
    assert [(each.page, each.after) for each in said.rewordings] == [(2, "aux frais du reseau")]


@pytest.mark.parametrize("by", ["qpdf", "pdftocairo"])
def test_a_copy_written_again_is_resaved(by: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(issued())
    options = ["--object-streams=disable"] if by == "qpdf" else ["-pdf"]
    subprocess.run([program(by), *options, str(tmp_path / "a.pdf"), str(tmp_path / "b.pdf")], check=True)
    said = told((tmp_path / "b.pdf").read_bytes())
    assert (said.kind, said.likeness, said.rewordings) == (ReturnedKind.RESAVED, 1.0, ())


def test_other_words_alter_the_document_and_are_shown_with_their_page() -> None:
    said = told(convention_pdf(replace(samples.OBSERVATION, functions=samples.OBSERVATION.functions.replace("dix", "vingt"))))
    assert said.kind is ReturnedKind.ALTERED and 0.9 < said.likeness < 1
    assert Rewording(1, "dix", "vingt") in said.rewordings


def test_the_same_words_in_another_order_within_a_sentence_are_still_compared_by_image() -> None:
    """Tables and columns are read in any order: the words alone then prove nothing, and the images are there."""
    assert told(convention_pdf(replace(samples.OBSERVATION, objectives=samples.OBSERVATION.objectives[::-1]))).kind in (
        ReturnedKind.ALTERED, ReturnedKind.RESAVED)


def test_another_document_is_unrelated() -> None:
    said = told(charter_pdf(samples.CHARTER))
    assert said.kind is ReturnedKind.UNRELATED and said.missing_pages == len(sheets()) - 1


def test_images_of_pages_are_a_scan_whole_or_not() -> None:
    said = told(as_pdf([scanned(sheet) for sheet in sheets()]))
    assert (said.kind, said.pictures, said.missing_pages) == (ReturnedKind.SCAN, (1, 2, 3, 4), 0)
    said = told(as_pdf([scanned(sheets()[-1], signed=True)]))
    assert (said.kind, said.pictures, said.missing_pages) == (ReturnedKind.SCAN, (1,), 3)


def test_a_scanned_signature_page_among_the_original_ones_is_a_scan(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(issued())) as pdf, pikepdf.open(io.BytesIO(as_pdf([scanned(sheets()[-1])]))) as scan:
        pdf.pages[-1:] = [scan.pages[0]]
        out = io.BytesIO()
        pdf.save(out)
    said = told(out.getvalue())
    assert (said.kind, said.pictures, said.rewordings) == (ReturnedKind.SCAN, (4,), ())


@pytest.mark.parametrize("content", [b"", b"bonjour", b"%PDF-1.7", b"%PDF-1.7" + b"\n1 0 obj" * 1000])
def test_what_cannot_be_read_is_said_to_be_and_nothing_raises(content: bytes) -> None:
    assert told(content).kind is ReturnedKind.UNREADABLE


@pytest.mark.slow
def test_a_crooked_scan_is_laid_on_the_right_page_and_its_signature_framed() -> None:
    pages = compared_images(issued(), as_pdf([scanned(sheets()[3], signed=True), scanned(sheets()[0], -2.1, 0.92)]))
    assert [page.issued_page for page in pages] == [4, 1]
    signed, plain = pages
    assert signed.kept > 0.9 and plain.kept > 0.9 and plain.added < 0.02
    assert abs(signed.turned + 1.4) < 0.5 and abs(plain.turned - 2.1) < 0.5
    assert signed.gone == () and len(signed.new) == 1 and plain.new == ()
    left, top, width, _height = signed.new[0]
    assert 80 < left < 260 and 330 < top < 520 and width > 40, "around the pen stroke, in the first box"
    for page in pages:
        assert isinstance(page, PageImages)
        with Image.open(io.BytesIO(page.overlay)) as overlay, Image.open(io.BytesIO(page.side_by_side)) as pair:
            assert overlay.format == pair.format == "PNG" and pair.width > 2 * overlay.width


@pytest.mark.slow
def test_words_covered_on_a_scan_are_framed_as_gone() -> None:
    (page,) = compared_images(issued(), as_pdf([scanned(sheets()[1], crossed_out=True)]))
    assert page.issued_page == 2 and page.gone and page.kept < 0.97


@pytest.mark.slow
def test_a_page_of_something_else_is_laid_on_none() -> None:
    noise = Image.effect_noise((900, 1270), 120).filter(ImageFilter.GaussianBlur(6))
    (page,) = compared_images(issued(), as_pdf([noise]))
    assert page.issued_page is None or page.kept < 0.5


@pytest.mark.slow
def test_photographs_on_their_side_or_upside_down_are_laid_upright() -> None:
    photos = []
    for sheet, quarter in ((sheets()[3], 180), (sheets()[0], 90)):
        out = io.BytesIO()
        scanned(sheet).rotate(quarter, expand=True).convert("RGB").save(out, "JPEG", quality=85)
        photos.append(out.getvalue())
    made = photos_to_pdf(photos, sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple")
    assert told(made).kind is ReturnedKind.SCAN
    assert [page.issued_page for page in compared_images(issued(), made)] == [4, 1]


@pytest.mark.usefixtures("drawn_anew")
def test_several_photographs_make_one_document_in_their_order_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: to be turned a quarter
    photos = [sealing.photo((120, 80), exif=exif), sealing.photo((120, 80), "PNG"), sealing.photo((80, 120), "WEBP")]
    made = photos_to_pdf(photos, sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple")
    assert made == photos_to_pdf(photos, sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        boxes = [[float(side) for side in page.MediaBox][2:] for page in pdf.pages]
        assert [width < height for width, height in boxes] == [True, False, True]


def test_a_telephone_s_heic_is_read() -> None:
    heic = Path(__file__).with_name("photo.heic").read_bytes()
    assert b"ftypheic" in heic[:32]
    made = photos_to_pdf([heic], sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple")
    assert told(made).kind is ReturnedKind.SCAN


def test_a_camera_s_place_and_date_are_not_kept() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9003] = "Telephone Exemple", "2027:01:18 10:00:00"
    made = photos_to_pdf([sealing.photo(exif=exif)], sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple")
    assert b"Telephone" not in made


@pytest.mark.parametrize("content", [b"", b"bonjour", b"%PDF-1.7", b"GIF89a" + bytes(40), b"\xff\xd8\xff" + bytes(200)])
def test_what_is_no_photograph_is_refused(content: bytes) -> None:
    with pytest.raises(NotExamined):
        photos_to_pdf([content], sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple")


def test_an_image_made_to_fill_the_memory_is_refused() -> None:
    bomb = io.BytesIO()
    Image.new("1", (40_000, 40_000)).save(bomb, "PNG", compress_level=1)
    with pytest.raises(NotExamined):
        photos_to_pdf([bomb.getvalue()], sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple")
