"""Every document passes PDF/UA-1 and PDF/A-3a together, whatever its content (veraPDF engine)."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import avenant_samples as amending
import pdf_samples as samples
import pikepdf
import pytest
import sealing_samples as sealing
import verapdf
from tools import absent

from pdf.attestation import TO_HOST, attestation_pdf
from pdf.avenant import avenant_pdf
from pdf.charter import charter_pdf
from pdf.convention import Session, convention_pdf
from pdf.preparatory_sheet import sheet_pdf
from pdf.protocole import protocole_pdf
from pdf.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from pdf.report import Line, Report, Table, report_pdf
from pdf.returned import photos_to_pdf

WITH_CODE = replace(
    samples.OBSERVATION, verification_code="7K2M-9QXA", verification_url="https://reseau.example/v/7K2M-9QXA",
    special_clauses="Une clause.\nSur deux lignes.\n\nUne autre.")
#: Forty sessions, twelve thousand signs, every script: what a convention may hold at most.
LONGEST = replace(
    samples.HOSTILE, reference="IMM-2027-0040", objectives=("Découvrir. " * 1090, "Comparer"), sessions=tuple(
        Session(date(2027, 2, 1) + timedelta(days=day), time(9), time(12, 30), time(13, 30), time(17)) for day in range(40)))
NUMBERS = Report(
    "Réseau Exemple", "Réseau Exemple d’entraide", "contact@ring.example", "2026", date(2026, 1, 1), date(2026, 12, 31),
    Table("Membres", ("Territoire", "Structures"), (("Nîmes", 12), ("Alès <b> 山田", None))),
    (Line("Posture", 7), Line("Outils", None)), (Line("janvier", 5),), (Line("résolues", 9),), "3 jours", 8, 9,
    (Line("vécues", 6),), (Line("Paires faites", None),), "Licence Ouverte")
MAP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#12595B"/></svg>'
RECOVERY = RecoverySheet("Dany Référence", "referent1@ring.example", "abcd " * 14, "0123 4567 89ab cdef", date(2027, 1, 11),
                         "Réseau Exemple", "Réseau Exemple d’entraide")
HOSTILE_CHARTER = replace(samples.CHARTER, member_name=samples.HOSTILE_NAMES[2], structure="山田 \x00 <b> 😀")
AVENANT = amending.avenant_of(samples.OBSERVATION)
PROOFS = {**samples.BY_FRAME, "hostile": samples.HOSTILE, "code": WITH_CODE, "longest": LONGEST}
CASES: dict[str, Callable[[], bytes]] = {
    **{code: (lambda data=data: convention_pdf(data)) for code, data in samples.BY_FRAME.items()},
    "hostile": lambda: convention_pdf(samples.HOSTILE),
    "code": lambda: convention_pdf(WITH_CODE),
    "longest": lambda: convention_pdf(LONGEST),
    "report": lambda: report_pdf(NUMBERS, MAP),
    "charter": lambda: charter_pdf(samples.CHARTER),
    "hostile-charter": lambda: charter_pdf(HOSTILE_CHARTER),
    **{f"sealed-{name}": (lambda data=data: sealing.sealed(convention_pdf(data, samples.proofs_of(data))))
       for name, data in PROOFS.items()},
    "sealed-by-an-organisation": lambda: sealing.sealed(convention_pdf(samples.OBSERVATION), sealing.organisation()),
    "sheet": lambda: sheet_pdf(samples.SHEET),
    "hostile-sheet": lambda: sheet_pdf(replace(
        samples.SHEET, person="عائشة 山田 \u202e", host="<b>" * 40, objectives=("long " * 2000,), tasks="😀 {{ 7*7 }}", place="",
        first_on=None)),
    "attestation": lambda: attestation_pdf(samples.ATTESTATION),
    "recovery": lambda: recovery_sheet_pdf(RECOVERY),
    "hostile-recovery": lambda: recovery_sheet_pdf(replace(
        RECOVERY, name="عائشة 山田 \u202e <b>" * 8, email="x" * 240 + "@a.example")),
    "sealed-attestation": lambda: sealing.sealed(attestation_pdf(replace(
        samples.ATTESTATION, to=TO_HOST, host="Indivisible" * 12 + " 山田 عائشة \u202e"))),
    "avenant": lambda: avenant_pdf(AVENANT),
    "hostile-avenant": lambda: avenant_pdf(amending.avenant_of(samples.HOSTILE, "Indivisible" * 30 + "\n\n山田 عائشة \u202e 😀")),
    "avenant-of-frame": lambda: avenant_pdf(amending.into_a_loan()),
    "every-script": lambda: convention_pdf(samples.EVERY_SCRIPT),
    "sealed-avenant": lambda: sealing.sealed(avenant_pdf(AVENANT, amending.proofs_of(AVENANT))),
    "protocole": lambda: protocole_pdf(samples.PROTOCOLE),
    "sealed-protocole": lambda: sealing.sealed(protocole_pdf(replace(
        samples.AGREED_PROTOCOLE, objectives=("Indivisible" * 30, "山田 عائشة \u202e 😀", "<b>"), employer=""))),
    "photographs": lambda: photos_to_pdf(
        [sealing.photo(), sealing.photo((90, 60))], sealing.SEALED_AT, "IMM-2027-0007", "Réseau Exemple"),
}
#: Name of the file that the engine has to refuse.
BROKEN = "conforms-to-nothing"


@pytest.fixture(scope="session")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[verapdf.Finding]:
    """What the engine says of all the documents, and of one that conforms to nothing. The first process that needs it asks; the
    others read its answer."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        return _asked(tmp_path_factory.mktemp("conformance"))
    shared = tmp_path_factory.getbasetemp().parent / "conformance.pickle"
    with shared.with_suffix(".lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not shared.exists():
            shared.write_bytes(pickle.dumps(_asked(tmp_path_factory.mktemp("conformance"))))
    return pickle.loads(shared.read_bytes())


def _asked(folder: Path) -> list[verapdf.Finding]:
    for name, make in CASES.items():
        (folder / f"{name}.pdf").write_bytes(make())
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(folder / f"{BROKEN}.pdf")
    try:
        return verapdf.check(sorted(folder.iterdir()))
    except verapdf.ToolMissing as missing:
        absent(str(missing))


@pytest.mark.xdist_group("verapdf")
@pytest.mark.parametrize("name", CASES)
def test_a_document_passes_pdf_ua_1_and_pdf_a_3a_in_one_file(name: str, findings: list[verapdf.Finding]) -> None:
    mine = [finding for finding in findings if finding.file.stem == name]
    assert {finding.profile: finding.rules for finding in mine} == verapdf.PROFILES
    assert [finding.text for finding in mine if not finding.passed] == []


@pytest.mark.xdist_group("verapdf")
def test_the_engine_refuses_a_file_that_does_not_conform(findings: list[verapdf.Finding]) -> None:
    found = [finding for finding in findings if finding.file.stem == BROKEN]
    assert [finding.passed for finding in found] == [False, False]
    assert all(finding.text for finding in found)


def test_no_document_of_the_product_is_forgotten_here() -> None:
    root = Path(__file__).parents[2]
    makers = {path.stem for path in (root / "pdf").glob("*.py") if "render_pdf(" in path.read_text("utf-8")} - {"render"}
    here = Path(__file__).read_text("utf-8")
    assert sorted(name for name in makers if f"from pdf.{name} import" not in here) == []
    outside = [path for folder in ("services", "commands", "jobs", "blueprints") for path in (root / folder).rglob("*.py")
               if "render_pdf" in path.read_text("utf-8")]
    assert outside == [], "documents are made in pdf/, where they are checked"
