"""The convention's PDF: warm against the bare WeasyPrint call and a naive one; cold start; memory (bench/README.md)."""

from __future__ import annotations

import argparse
import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import bare
from load import ROOT, machine

sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "pdf")]

COLD = """
import sys
sys.path[:0] = [{root!r}, {samples!r}]
from pdf_samples import OBSERVATION
from pdf.convention import convention_pdf
convention_pdf(OBSERVATION)
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def contenders() -> dict[str, Callable[[int], bytes]]:
    """What is timed, by name; each takes a number that changes what is written, and gives a PDF."""
    os.environ["FONTCONFIG_FILE"] = str(ROOT / "pdf" / "fonts" / "fonts.conf")  # the naive call needs our fonts too
    import weasyprint
    from pdf_samples import OBSERVATION
    from weasyprint.text.fonts import FontConfiguration

    from pdf import convention, render
    from pdf.released import stylesheets_of

    sheets = stylesheets_of(OBSERVATION.template)
    def convention_of(number: int):
        return replace(OBSERVATION, reference=f"IMM-2027-{number:04d}", issued_on=date(2027, 1, 12))

    pages = {number: bare.page_of(lambda number=number: convention.convention_pdf(convention_of(number)))
             for number in range(200)}
    engine = render._engine()

    def naive(number: int) -> bytes:
        html, images, _ = pages[number]
        fonts = FontConfiguration()
        styles = [weasyprint.CSS(string=(render.DOCUMENTS / name).read_text("utf-8"), font_config=fonts,
                                 url_fetcher=engine.fetcher({})) for name in sheets]
        return weasyprint.HTML(string=html, url_fetcher=engine.fetcher(images)).write_pdf(
            font_config=fonts, stylesheets=styles, pdf_variant="pdf/a-3a")

    return {
        "convention_pdf": lambda number: convention.convention_pdf(convention_of(number)),
        "bare WeasyPrint": lambda number: bare.laid_out(pages[number]),
        "naive WeasyPrint": naive}


def cold_starts(times: int) -> tuple[list[float], int]:
    """Seconds from the start of a process to its first convention, and the peak memory of one in MB."""
    command = [sys.executable, "-c", COLD.format(root=str(ROOT), samples=str(ROOT / "tests" / "pdf"))]
    seconds, peak = [], 0
    for _ in range(times):
        begun = time.perf_counter()
        peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        seconds.append(time.perf_counter() - begun)
    return seconds, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="documents of each kind, in turn (200 at most)")
    options = parser.parse_args()
    made = contenders()
    for draw in made.values():
        draw(0)
    times: dict[str, list[float]] = {name: [] for name in made}
    for number in range(options.rounds):
        # In turn, the first of a round changing: a machine that slows down slows all of them down.
        names = list(made)[number % len(made):] + list(made)[:number % len(made)]
        for name in names:
            gc.collect()
            begun = time.process_time()  # processor time: what others do on the machine counts less
            made[name](number)
            times[name].append(time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(machine())
    for name, found in times.items():
        print(f"{name:34} {statistics.median(found) * 1e3:6.0f} ms of processor ({min(found) * 1e3:.0f}–{max(found) * 1e3:.0f})")
    ours = times["convention_pdf"]
    for name in list(made)[1:]:
        ratios = [one / other for one, other in zip(ours, times[name], strict=True)]
        print(f"convention_pdf / {name:17} {statistics.median(ratios):6.2f}")
    print(f"{'peak memory after all of them':34} {peak:6d} MB")
    seconds, cold = cold_starts(5)
    print(f"{'cold: process start to first PDF':34} {statistics.median(seconds) * 1e3:6.0f} ms   peak memory {cold} MB")


if __name__ == "__main__":
    main()
