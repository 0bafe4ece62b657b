"""``flask convention example``: every frame, to print and sealed; nothing half written, nothing kept in the base."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from setting import TODAY
from sqlalchemy import func, select
from tools import program

from commands.convention import examples, write_whole
from models.base import db
from models.dossier import Dossier
from pdf.convention import FRAMES, missing_fields
from pdf.seal_key import own_key
from pdf.verify import Finding, verify
from services.convention import paper


@pytest.mark.slow
def test_every_frame_is_written_to_print_and_sealed(app, tmp_path):
    said = app.test_cli_runner().invoke(args=["convention", "example", str(tmp_path / "exemples")])
    assert said.exit_code == 0, said.output
    files = sorted((tmp_path / "exemples").iterdir())
    assert len(files) == 2 * len(FRAMES) and all(path.name in said.output for path in files)
    with app.app_context():
        known = own_key(Path(app.instance_path) / "seal", "", TODAY).known
        assert db.session.scalar(select(func.count()).select_from(Dossier)) == 0
    for number, code in enumerate(FRAMES, 1):
        printed, sealed = (tmp_path / "exemples" / f"{number}-{code.replace('_', '-')}-{kind}.pdf" for kind in (
            "a-imprimer", "scellee"))
        verdict = verify(sealed.read_bytes(), known)
        assert verdict.finding is Finding.AUTHENTIC and verdict.carried.convention["frame"] == code
        assert verify(printed.read_bytes(), known).finding is Finding.UNSEALED
        assert FRAMES[code].name in said.output
        words = " ".join(_words(sealed).split())
        # What a jurist reviews is what people read and declare.
        assert "Signé à la main sur la version imprimée" in words and "Je la signe en mon nom. »" in words
        assert "la structure d’accueil" in words and f"{paper.BY_REPLY}, et la comparaison" in words
    assert "que je déclare pouvoir engager (représentant·e légal·e). »" in words or code == "independant_benevole"
    assert "juriste" in said.output


def _words(path: Path) -> str:
    call = [program("pdftotext"), "-enc", "UTF-8", str(path), "-"]
    return subprocess.run(call, capture_output=True, text=True, check=True).stdout


def test_every_example_is_complete_and_invented(app):
    with app.app_context():
        made = list(examples())
    assert [data.frame for data in made] == list(FRAMES)
    for data in made:
        assert missing_fields(data) == [], data.frame
        people = [*data.host.signatories, *(data.employer.signatories if data.employer else ())]
        assert all(person.email.endswith(".example") for person in people)
        assert data.network.name == app.extensions["ring"].network.name


def test_a_folder_that_cannot_be_written_is_said_in_french(app, tmp_path):
    (tmp_path / "file").write_text("x")
    said = app.test_cli_runner().invoke(args=["convention", "example", str(tmp_path / "file" / "below")])
    assert said.exit_code == 1 and "ne peut pas être écrit" in said.output


def test_a_process_killed_while_it_writes_leaves_the_earlier_file_whole(tmp_path):
    path = tmp_path / "a.pdf"
    write_whole(path, b"before")
    code = ("import os, sys; from pathlib import Path; from commands.convention import write_whole\n"
            "os.fsync = lambda fd: os.kill(os.getpid(), 9)\n"
            "write_whole(Path(sys.argv[1]), b'after' * 1000)")
    ended = subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2], check=False,
                           env={**os.environ}).returncode
    assert ended == -signal.SIGKILL and path.read_bytes() == b"before"
