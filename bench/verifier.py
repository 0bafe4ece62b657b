"""The page /verifier given a megabyte, against pyHanko's bare validation of the same bytes (bench/README.md)."""

from __future__ import annotations

import argparse
import gc
import io
import logging
import sys
import tempfile
import time

from load import ROOT, machine
from seal import _noise, told
from sealing import NOW, application

sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "pdf")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)

    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    from pdf import render
    from services import sealing, verifying

    app = application(tempfile.mkdtemp())
    app.extensions["clock"] = lambda: NOW
    verifying.MOST_FILES = 10**9
    with app.app_context():
        key = sealing.seal_key(NOW)
        unsealed = render.render_pdf(
            "<h1>Convention</h1>" + "<p>Un paragraphe de la convention, lu par trois personnes.</p>" * 120, title="Essai",
            author="Réseau", created=NOW, attachments=[
                render.Attachment("convention.json", b'{"verification_code": "7K4M-XQ2P-9RTD"}', "Données"),
                render.Attachment("annexe.bin", _noise(1_000_000), "Annexe")])
        sealed = sealing.seal_document(unsealed, NOW).content
        flipped = sealed[:30_000] + bytes([sealed[30_000] ^ 1]) + sealed[30_001:]
    client = app.test_client()
    context = ValidationContext(trust_roots=[x509.Certificate.load(key.certificate)], allow_fetching=False)
    head = b'--bound\r\nContent-Disposition: form-data; name="fichier"; filename="convention.pdf"\r\n\r\n'

    def ours(pdf: bytes = sealed, title: str = "Document authentique") -> None:
        answer = client.post("/verifier", data=head + pdf + b"\r\n--bound--\r\n", headers={"Sec-Fetch-Site": "same-origin"},
                             content_type="multipart/form-data; boundary=bound")
        assert answer.status_code == 200 and title in answer.text

    def bare() -> None:
        assert validate_pdf_signature(PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0], context).bottom_line

    spent: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
    ours(), bare()
    for number in range(options.rounds):
        for name, work in (("ours", ours), ("bare", bare)) if number % 2 else (("bare", bare), ("ours", ours)):
            gc.collect()
            cpu, wall = time.process_time(), time.perf_counter()
            work()
            spent[name].append((time.process_time() - cpu, time.perf_counter() - wall))
    print(f"{machine()}\nPOST /verifier, {len(sealed) / 1e6:.2f} MB: the whole request, page included")
    for place, label in ((0, "processor"), (1, "wall clock")):
        told(f"/verifier / bare pyHanko validation, {label}", [one[place] for one in spent["ours"]],
             [one[place] for one in spent["bare"]])
    walls = []
    for _ in range(5):
        begun = time.perf_counter()
        ours(flipped, "Document modifié")
        walls.append(time.perf_counter() - begun)
    print(f"an altered file of that size, told where: {sorted(walls)[2] * 1e3:.0f} ms of wall clock, mostly in another process")


if __name__ == "__main__":
    main()
