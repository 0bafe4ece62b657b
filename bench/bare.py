"""What is timed against: WeasyPrint and pyHanko used alone, on the same page and with the same key as ours (bench/README.md)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

Page = tuple[str, dict[str, bytes], tuple[str, ...]]


def sealer(key: Any) -> Callable[[bytes], bytes]:
    """``pyhanko.sign.signers.sign_pdf`` with that key, the field and the permissions of our seal."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives import serialization
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(
        x509.Certificate.load(key.certificate), keys.PrivateKeyInfo.load(private), SimpleCertificateStore())
    metadata = signers.PdfSignatureMetadata(
        field_name="Sceau", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES, md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES)
    return lambda pdf: signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=signer).getvalue()


def page_of(draw: Callable[[], object]) -> Page:
    """The HTML, images and style sheets that ``draw``, which makes a convention, would have laid out; nothing is."""
    from pdf import convention

    asked: list[tuple[str, dict[str, Any]]] = []
    original, convention.render_pdf = convention.render_pdf, lambda html, **given: asked.append((html, given)) or b""
    try:
        draw()
    finally:
        convention.render_pdf = original
    html, given = asked.pop()
    return (f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{given["title"]}</title></head>'
            f"<body>{html}</body></html>"), given["images"], given["stylesheets"]


def laid_out(page: Page) -> bytes:
    """WeasyPrint's own PDF of that page, its fonts and style sheets loaded already."""
    import weasyprint

    from pdf import render

    html, images, sheets = page
    engine = render._engine()
    return weasyprint.HTML(string=html, url_fetcher=engine.fetcher(images)).write_pdf(
        font_config=engine.font_config, pdf_variant="pdf/a-3a", stylesheets=[render._stylesheet(name) for name in sheets])
