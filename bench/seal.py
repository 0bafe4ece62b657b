"""The seal against the bare pyHanko seal, the whole against bare WeasyPrint and seal, the check against pyHanko's
validation, and the memory of many seals (bench/README.md)."""

from __future__ import annotations

import argparse
import gc
import io
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from load import ROOT, machine

sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "pdf")]

WHEN = datetime(2027, 1, 20, 9, tzinfo=UTC)


def timed(contenders: dict[str, Callable[[int], object]], rounds: int) -> dict[str, list[float]]:
    """Processor seconds of each, in turn, the first of a round changing."""
    for work in contenders.values():
        work(0)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        names = list(contenders)[number % len(contenders):] + list(contenders)[:number % len(contenders)]
        for name in names:
            gc.collect()
            begun = time.process_time()
            contenders[name](number)
            times[name].append(time.process_time() - begun)
    return times


def told(label: str, ours: list[float], theirs: list[float]) -> None:
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    print(f"{label:46} {statistics.median(ours) * 1e3:7.1f} ms / {statistics.median(theirs) * 1e3:7.1f} ms"
          f"   ratio {statistics.median(ratios):5.2f} ({min(ratios):.2f}–{max(ratios):.2f})")


def memory() -> int:
    """Resident memory now, in kB."""
    return int(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seals", type=int, default=200)
    options = parser.parse_args()
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

    import weasyprint
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives import serialization
    from pdf_samples import OBSERVATION, proofs_of
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import fields, signers
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from pdf import convention, render
    from pdf.seal import seal
    from pdf.seal_key import own_key
    from pdf.verify import Finding, verify

    key = own_key(Path(tempfile.mkdtemp()) / "seal", "Réseau Exemple", WHEN)
    certificate = x509.Certificate.load(key.certificate)
    private = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(certificate, keys.PrivateKeyInfo.load(private), SimpleCertificateStore())
    metadata = signers.PdfSignatureMetadata(
        field_name="Sceau", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES, md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES)

    def bare_seal(pdf: bytes) -> bytes:
        return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=signer).getvalue()

    def data(number: int):
        return replace(OBSERVATION, reference=f"IMM-2027-{number:04d}")

    asked: list[tuple] = []

    def html_of(number: int) -> tuple[str, dict[str, bytes], tuple[str, ...]]:
        """What render_pdf is given for that signed convention."""
        original, convention.render_pdf = convention.render_pdf, lambda html, **given: asked.append((html, given)) or b""
        try:
            convention.convention_pdf(data(number), proofs_of(data(number)))
        finally:
            convention.render_pdf = original
        html, given = asked.pop()
        return (f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{given["title"]}</title></head>'
                f"<body>{html}</body></html>"), given["images"], given["stylesheets"]

    render.warm_up()
    engine, pages = render._engine(), {number: html_of(number) for number in range(options.rounds)}
    proofs = {number: proofs_of(data(number)) for number in range(options.rounds)}

    def bare(number: int) -> bytes:
        html, images, sheets = pages[number]
        return bare_seal(weasyprint.HTML(string=html, url_fetcher=engine.fetcher(images)).write_pdf(
            font_config=engine.font_config, pdf_variant="pdf/a-3a",
            stylesheets=[render._stylesheet(name) for name in sheets]))

    def ours(number: int) -> bytes:
        return seal(convention.convention_pdf(data(number), proofs[number]), key, WHEN).content

    unsealed = convention.convention_pdf(OBSERVATION, proofs_of(OBSERVATION))
    print(machine())
    times = timed({"ours": lambda _: seal(unsealed, key, WHEN), "bare": lambda _: bare_seal(unsealed)}, options.rounds)
    told("seal / bare pyHanko seal", times["ours"], times["bare"])
    times = timed({"ours": ours, "bare": bare}, options.rounds)
    told("convention and seal / bare WeasyPrint and seal", times["ours"], times["bare"])

    # A megabyte as conventions come by it: attached files.
    heavy = render.render_pdf(
        pages[0][0], title="Essai", author="Réseau", created=WHEN, stylesheets=pages[0][2], images=pages[0][1],
        attachments=[render.Attachment("convention.json", b"{}", "Données"), render.Attachment(
            "annexe.bin", _noise(1_000_000), "Annexe")])
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    for name, content in (("68 kB", unsealed), ("1 MB", heavy)):
        sealed = seal(content, key, WHEN).content
        flipped = sealed[:30_000] + bytes([sealed[30_000] ^ 1]) + sealed[30_001:]
        assert verify(sealed, key.known).finding is Finding.AUTHENTIC
        assert verify(flipped, key.known).finding is Finding.ALTERED

        def validated(_: int, pdf: bytes = sealed) -> object:
            return validate_pdf_signature(PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0], context)

        times = timed({"ours": lambda _, pdf=sealed: verify(pdf, key.known), "bare": validated}, options.rounds)
        told(f"verify / bare pyHanko validation, {len(sealed) / 1e6:.2f} MB ({name})", times["ours"], times["bare"])
        walls = []
        for _ in range(8):
            begun = time.perf_counter()
            verify(flipped, key.known)
            walls.append(time.perf_counter() - begun)
        print(f"{f'an altered file told where, {name}':46} {statistics.median(walls) * 1e3:7.0f} ms of wall clock")

    for _ in range(20):
        seal(unsealed, key, WHEN)
    gc.collect()
    before = memory()
    begun = time.perf_counter()
    for _ in range(options.seals):
        seal(unsealed, key, WHEN)
    spent = time.perf_counter() - begun
    gc.collect()
    grown = (memory() - before) / 1024
    print(f"{options.seals} seals in {spent:.1f} s; memory {before // 1024} MB before, {grown:+.1f} MB after")


def _noise(size: int) -> bytes:
    import random

    return random.Random(7).randbytes(size)


if __name__ == "__main__":
    main()
