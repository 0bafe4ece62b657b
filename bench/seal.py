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

import bare
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


def follow_memory(count: int, work: Callable[[int], object]) -> None:
    """Print the memory of this process as it makes that many documents."""
    print(machine())
    for number in range(1, count + 1):
        work(number)
        if number in (10, 50) or number % 100 == 0:
            print(f"{number:5} documents: {memory() / 1024:.1f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seals", type=int, default=200)
    parser.add_argument("--documents", type=int, default=0, help="conventions made one after the other: memory alone")
    options = parser.parse_args()
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

    from asn1crypto import x509
    from pdf_samples import OBSERVATION, proofs_of
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    from pdf import convention, render
    from pdf.seal import seal
    from pdf.seal_key import own_key
    from pdf.verify import Finding, verify

    key = own_key(Path(tempfile.mkdtemp()) / "seal", "Réseau Exemple", WHEN)
    certificate = x509.Certificate.load(key.certificate)
    bare_seal = bare.sealer(key)

    def data(number: int):
        return replace(OBSERVATION, reference=f"IMM-2027-{number:04d}")

    render.warm_up()
    proofs = {number: proofs_of(data(number)) for number in range(options.rounds)}
    pages = {number: bare.page_of(lambda number=number: convention.convention_pdf(data(number), proofs[number]))
             for number in range(options.rounds)}

    def ours(number: int) -> bytes:
        return seal(convention.convention_pdf(data(number), proofs[number]), key, WHEN).content

    if options.documents:
        follow_memory(options.documents, lambda number: seal(
            convention.convention_pdf(data(number), proofs_of(data(number))), key, WHEN))
        return
    unsealed = convention.convention_pdf(OBSERVATION, proofs_of(OBSERVATION))
    print(machine())
    times = timed({"ours": lambda _: seal(unsealed, key, WHEN), "bare": lambda _: bare_seal(unsealed)}, options.rounds)
    told("seal / bare pyHanko seal", times["ours"], times["bare"])
    times = timed({"ours": ours, "bare": lambda number: bare_seal(bare.laid_out(pages[number]))}, options.rounds)
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
