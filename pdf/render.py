"""HTML to PDF, closed to the network and to files; the result conforms to PDF/UA-1 and PDF/A-3a together.

WeasyPrint writes one conformance or the other: the identification of PDF/UA is added to the metadata of PDF/A, in the
same rdf:RDF, between layout and writing (ISO 14289-1, 5; ISO 19005-3, 6.6.4). Fonts are those of `pdf/fonts/` alone.
"""

from __future__ import annotations

import html as html_text
import logging
import os
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from pdf.characters import FONTS, drawable, visible

DOCUMENTS = Path(__file__).parent.parent / "templates" / "documents"
IMAGE_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
IMAGE_SCHEME = "image:"
OUTPUT_INTENT = "sRGB2014"

# Layout and fonts are shared, and neither Pango nor WeasyPrint's caches are made for two threads at once.
_one_at_a_time = threading.RLock()

_UA_SCHEMA = b"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
"""


class RenderFailed(Exception):
    """A document was not made: the message says what WeasyPrint reported."""


class ForbiddenResource(RenderFailed):
    """A document asked for something outside of it: the message is the address."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried by the PDF as the data it was made from (AFRelationship Data)."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True, slots=True)
class Engine:
    """WeasyPrint as loaded, what documents share, our fetcher, and the error that stops WeasyPrint at once."""

    weasyprint: Any
    font_config: Any
    colours: Any
    fetcher: type
    fetch_error: type[Exception]


def render_pdf(
    html: str,
    *,
    title: str,
    author: str,
    created: datetime,
    attachments: Sequence[Attachment] = (),
    stylesheets: Sequence[str] = (),
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the PDF of `html`, the content of a body in French. The same arguments give the same bytes.

    `created` is an aware datetime, written in the metadata. `stylesheets` are paths under templates/documents/.
    `images` are what `<img src="image:NAME">` and `url(image:NAME)` may ask for. Raises RenderFailed on anything that
    WeasyPrint warns about (a missing image among others), ForbiddenResource on any other address.
    """
    if created.tzinfo is None:
        raise ValueError("created needs a time zone")
    moment = created.astimezone(UTC).replace(microsecond=0)
    page = drawable(
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{html_text.escape(title)}</title></head>'
        f"<body>{_accented_in_one_font(html)}</body></html>")
    with _one_at_a_time, _complaints_are_errors():
        engine = _engine()
        fetcher = engine.fetcher(images or {})
        document = engine.weasyprint.HTML(string=page, url_fetcher=fetcher).render(
            font_config=engine.font_config, stylesheets=[_plain_markers(), *map(_stylesheet, stylesheets)],
            pdf_variant="pdf/a-3a")
        _describe(document.metadata, title, author, moment)
        document.metadata.attachments = [
            engine.weasyprint.Attachment(
                string=item.content, name=item.name, description=item.description, created=moment, modified=moment,
                relationship="Data", url_fetcher=fetcher)
            for item in attachments]
        # Under its own name "srgb", WeasyPrint 70 reads the profile again each time from a file it does not close.
        document.output_intent, document.color_profiles = OUTPUT_INTENT, {OUTPUT_INTENT: engine.colours}
        return document.write_pdf(
            pdf_variant="pdf/a-3a", output_intent=OUTPUT_INTENT, finisher=_name_attachments_once)


_ACCENT = re.compile("[\u0300-\u036f]")
_TAG_OR_WORD = re.compile(r"(<[^>]*>)|[^\s<>&;]+")


def _accented_in_one_font(html: str) -> str:
    """`html`, each word that keeps a separate accent drawn in the one font that has all letters and places accents on them.

    Letter and accent from two fonts stand beside each other: « Ọlọ́runtóbi » had its accent on the next letter.
    """
    html = unicodedata.normalize("NFC", html)
    return _TAG_OR_WORD.sub(_in_one_font, html) if _ACCENT.search(html) else html


def _in_one_font(found: re.Match[str]) -> str:
    if found[1] or not _ACCENT.search(found[0]):
        return found[0]
    return f"<span style=\"font-family: 'DejaVu Sans'\">{found[0]}</span>"


def warm_up() -> None:
    """Load the engine and its fonts, so that the first document of a worker is as quick as the next."""
    with _one_at_a_time:
        _engine()


@cache
def _engine() -> Engine:
    """Load WeasyPrint and make what every document shares, at first use.

    fontconfig reads its settings through FONTCONFIG_FILE only. The variable is put back as it was.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    try:
        import weasyprint
        from weasyprint.css import ColorProfile
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

        font_config = FontConfiguration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before

    class ClosedFetcher(URLFetcher):
        """Serves the images it was given, by name; opens nothing."""

        def __init__(self, images: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
            self._images = images

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(IMAGE_SCHEME)
            if name == url or name not in self._images:
                raise FatalURLFetchingError(url)
            return URLFetcherResponse(url, self._images[name], {"Content-Type": IMAGE_TYPES[Path(name).suffix]})

    profile = (files(weasyprint.pdf) / "sRGB2014.icc").read_bytes()

    class SharedProfile(ColorProfile):
        """The file's own bytes: the colour engine writes them otherwise at the second request than at the first."""

        content = profile

    colours = SharedProfile(BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
    return Engine(weasyprint, font_config, colours, ClosedFetcher, FatalURLFetchingError)


@cache
def _stylesheet(name: str) -> Any:
    engine = _engine()
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    return engine.weasyprint.CSS(string=text, font_config=engine.font_config, url_fetcher=engine.fetcher({}))


@cache
def _plain_markers() -> Any:
    """WeasyPrint 70 asks tabular figures of the mark of each item of a list, and loses 1.3 kB with each such request
    (text/line_break.py: an attribute and a list of Pango that nobody frees). A round mark has no figures."""
    engine = _engine()
    return engine.weasyprint.CSS(string="::marker { font-variant-numeric: normal }", font_config=engine.font_config,
                                 url_fetcher=engine.fetcher({}))


def _describe(metadata: Any, title: str, author: str, moment: datetime) -> None:
    metadata.title, metadata.authors, metadata.lang = visible(title), [visible(author)], "fr"
    metadata.created = metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata.generator = "Ring"
    write_rdf = metadata.generate_rdf_metadata

    def write_rdf_with_ua(variant: str, version: int, conformance: str | None) -> bytes:
        rdf = write_rdf(variant, version, conformance)
        opened, closing, rest = rdf.rpartition(b"</rdf:RDF>")
        if not closing or rest.strip():
            raise RenderFailed("WeasyPrint's metadata no longer end with </rdf:RDF>")
        return opened + _UA_SCHEMA + closing

    metadata.generate_rdf_metadata = write_rdf_with_ua


def _name_attachments_once(document: Any, pdf: Any) -> None:
    """WeasyPrint 70 lists each associated file twice: by name, then by object."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


@contextmanager
def _complaints_are_errors() -> Iterator[None]:
    """Turn what WeasyPrint only logs (a missing image, an unknown property) into RenderFailed."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, listener = logging.getLogger("weasyprint"), Listener(logging.WARNING)
    logger.addHandler(listener)
    try:
        yield
    except _engine().fetch_error as error:
        raise ForbiddenResource(f"Adresse refusée dans un document : {error}") from error
    finally:
        logger.removeHandler(listener)
    if said:
        raise RenderFailed(" · ".join(said))
