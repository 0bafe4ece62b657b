"""The engine opens nothing, says what went wrong, and draws every character or spells it out."""

from __future__ import annotations

import http.server
import io
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pdf_samples as samples
import pikepdf
import pytest
from markupsafe import escape

from pdf.characters import drawable, visible
from pdf.convention import convention_html, convention_pdf
from pdf.render import Attachment, ForbiddenResource, RenderFailed, _accented_in_one_font, render_pdf

pytestmark = pytest.mark.usefixtures("drawn_anew")

ROOT = Path(__file__).parents[2]
WHEN = datetime(2027, 1, 12, tzinfo=UTC)
STYLE = ("base/2026-11.css",)
MARK = {"mark.svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'}


def made(html: str, **options: object) -> bytes:
    return render_pdf(html, title="Essai", author="Réseau", created=WHEN, **options)  # type: ignore[arg-type]


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback and the list of what was asked of it."""
    paths: list[str] = []

    class Witness(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing to print."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Witness) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/x", paths
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("markup", [
    '<p><img src="{}" alt="x"></p>', '<p style="background: url({})">x</p>',
    '<link rel="stylesheet" href="{}"><p>x</p>',
    '<style>@import "{}";</style><p>x</p>', '<style>@font-face {{ font-family: z; src: url({}) }}</style><p>x</p>',
    '<object data="{}">x</object>', '<embed src="{}">',
])
@pytest.mark.parametrize("address", ["file:///etc/passwd", "http", "data:text/plain,x", "image:absent.png"])
def test_an_address_in_the_page_is_refused_and_never_opened(
        markup: str, address: str, asked: tuple[str, list[str]]) -> None:
    url = asked[0] if address == "http" else address
    with pytest.raises(ForbiddenResource, match=url[:12]):
        made(markup.format(url))
    assert asked[1] == []


@pytest.mark.parametrize("markup", [
    '<link rel="attachment" href="{}"><p>x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>d</title><image href="{}"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>d</title><use href="{}#a"/></svg>',
])
def test_what_the_engine_passes_over_is_not_opened_either(markup: str, asked: tuple[str, list[str]]) -> None:
    for url in (asked[0], "file:///etc/passwd"):
        try:
            pdf = made(markup.format(url))
        except RenderFailed:
            continue
        with pikepdf.open(io.BytesIO(pdf)) as read:
            assert "/AF" not in read.Root
        assert b"root:" not in pdf
    assert asked[1] == []


def test_no_file_is_opened_but_our_own_while_hostile_data_are_printed() -> None:
    """Every file that a fresh process opens during the rendering is watched by an audit hook."""
    code = (
        "import sys, pdf_samples\n"
        "from pdf.convention import convention_pdf\n"
        "from pdf.render import warm_up\n"
        "warm_up(); convention_pdf(pdf_samples.OBSERVATION)\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, args: seen.append(f'{event} {args[0]}') "
        "if event in ('open', 'socket.connect', "
        " 'socket.getaddrinfo', 'subprocess.Popen', 'urllib.Request') else None)\n"
        "convention_pdf(pdf_samples.HOSTILE)\n"
        "print('\\n'.join(seen))\n")
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}"})
    opened = [line.split(" ", 1) for line in said.stdout.splitlines()]
    own = (str(ROOT / "pdf"), str(ROOT / "templates" / "documents"), sys.prefix, sys.base_prefix)
    assert [line for line in opened if line[0] != "open" or not line[1].startswith(own)] == []


def test_hostile_data_are_printed_letter_for_letter() -> None:
    html = convention_html(samples.HOSTILE)
    assert not re.search(r"<(script|img|link|style|h1)", html)
    assert "<li>49</li>" not in html
    for text in ("<script>alert(1)</script> & Fils", "{{ 7*7 }}", "{% raw %}", '<img src="file:///etc/passwd">',
                 "=cmd|'/C calc'!A0", "山田", "😀", "Zoë d’Œuvre-N’Guyen"):
        assert str(escape(text)) in html
    with pikepdf.open(io.BytesIO(convention_pdf(samples.HOSTILE))) as pdf:
        assert [str(spec.UF) for spec in pdf.Root.AF] == ["convention.json"]


@pytest.mark.parametrize(("html", "said"), [
    ('<p style="colour: red">x</p>', "colour"),
    ('<p><img src="image:mark.svg"></p>', "alt"),
    ('<p><img src="image:broken.png" alt="x"></p>', "broken.png"),
])
def test_what_the_engine_only_warns_about_is_an_error(html: str, said: str) -> None:
    with pytest.raises(RenderFailed, match=said):
        made(html, images={**MARK, "broken.png": b"not a picture"})


def test_after_a_failure_the_next_document_is_made() -> None:
    before = made("<h1>Un</h1>")
    with pytest.raises(RenderFailed):
        made('<p style="colour: red">x</p>')
    assert made("<h1>Un</h1>") == before


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render_pdf("<h1>x</h1>", title="t", author="a", created=datetime(2027, 1, 1))


def test_the_moment_given_is_the_only_one_in_the_file() -> None:
    pdf = made("<h1>x</h1>", attachments=[Attachment("a.json", b"{}", "Données")])
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert str(read.docinfo.CreationDate).startswith("D:20270112000000")
        params = read.Root.AF[0].EF.F.Params
        assert {str(params.CreationDate), str(params.ModDate)} == {"D:20270112000000Z"}
        with read.open_metadata() as metadata:
            assert metadata["xmp:CreateDate"] == "2027-01-12T00:00:00Z"
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


@pytest.mark.parametrize(("typed", "seen"), [
    ("\u202eabc", "[U+202E]abc"), ("a\x00b\x07", "a[U+0000]b[U+0007]"), ("\ue000", "[U+E000]"), ("\ufeff", "[U+FEFF]"),
    ("e\u0301", "é"), ("a\u2028b", "a\nb"), ("山田 😀 عائشة", "山田 😀 عائشة"),
    ("Zoë d’Œuvre\t1\n2", "Zoë d’Œuvre\t1\n2"),
    ("a\u00adb\u200dc", "a\u00adb\u200dc"), ("", ""),
])
def test_what_cannot_be_seen_is_spelt_out(typed: str, seen: str) -> None:
    assert visible(typed) == seen


def test_what_no_font_holds_is_spelt_out_and_the_rest_is_drawn() -> None:
    kept = "山田 한국 שלום ไทย हिन्दी አማርኛ ⴰⵣⵓⵍ 😀 № → ☐ Ελλάδα Привет"
    assert drawable(kept) == kept
    assert drawable("\U00020bb7 a\u202fb 山\u3000田 ❤\ufe0f") == "[U+20BB7] a\u00a0b 山 田 ❤\ufe0f"


@pytest.mark.parametrize("seed", range(4))
def test_any_text_at_all_can_be_printed(seed: int) -> None:
    """Missing glyphs are what WeasyPrint warns about, and a warning is an error: 4,000 characters drawn by lot."""
    lot = random.Random(seed)
    glue = " \u00a0\u200b\u200d\u200e\u2060\u202f\u2003a\n\u0301\ufe0f\u00ad"
    points = (*range(0xD800), *range(0xE000, 0x20000))
    text = "".join(lot.choice(glue) if lot.random() < 0.2 else chr(lot.choice(points)) for _ in range(1000))
    assert made(f"<h1>x</h1><p>{escape(text)}</p>", stylesheets=STYLE, images=MARK).startswith(b"%PDF")


def test_fonts_of_the_machine_are_not_used() -> None:
    pdf = made("<h1>x</h1><p style='font-family: Noto Sans, Liberation Sans, serif'>Bonjour Ελλάδα</p>")
    with pikepdf.open(io.BytesIO(pdf)) as read:
        names = {str(font.BaseFont).split("+")[-1] for page in read.pages for font in page.Resources.Font.values()}
    ours = ("Atkinson", "DejaVu-Sans", "Droid-Sans-Fallback", "Unifont", "Noto-Sans")
    assert names and all(name.startswith(ours) for name in names)


def test_a_letter_and_its_separate_accent_are_drawn_by_one_font() -> None:
    with pikepdf.open(io.BytesIO(made("<h1>x</h1><p title='ọ́'>Ọlọ́runtóbi &amp; m̃</p>"))) as read:
        fonts = {str(font.BaseFont).split("+")[-1] for page in read.pages for font in page.Resources.Font.values()}
    assert any("DejaVu" in name for name in fonts)
    assert "DejaVu" not in _accented_in_one_font("<p title='ọ́'>Zoë &amp; Nguyễn</p>")
    assert _accented_in_one_font("m̃ &amp; n").endswith("</span> &amp; n")


def test_importing_the_documents_does_not_load_the_engine() -> None:
    code = ("import sys, pdf.convention, pdf.charter; "
            "print([name for name in ('weasyprint', 'fontTools', 'segno') if name in sys.modules])")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"


def test_two_threads_get_the_same_document() -> None:
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(convention_pdf(samples.OBSERVATION))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2 and results[0] == results[1]
