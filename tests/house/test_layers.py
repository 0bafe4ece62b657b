"""Who may know whom, and the few things only one place may do."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from house.tree import ROOT, short, sources

#: Longer than 330 lines, and why it stays whole.
LONG: dict[str, str] = {}


def test_the_contracts_of_who_imports_whom_are_kept():
    done = subprocess.run([sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as go; go()",
                           "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert re.search(r"Contracts: [8-9] kept|Contracts: \d\d kept", done.stdout), done.stdout[-500:]


def _lines(pattern: str, *, but: tuple[str, ...] = ()) -> list[str]:
    found = re.compile(pattern)
    return [f"{short(path)}:{number}: {line.strip()}" for path in sources() if not short(path).startswith(but or ("\0",))
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if found.search(line)]


def test_only_transaction_commits():
    assert _lines(r"(?<![\w_])commit\(\)", but=("models/base.py",)) == []
    assert len(_lines(r"\.commit\(\)")) == 1


def test_only_verbs_move_a_dossier_from_state_to_state():
    assert _lines(r"\.move_to\(", but=("models/dossier.py", "services/")) == []
    assert _lines(r"\bdossier\.state\s*=[^=]") == []


def test_only_the_transport_and_the_mail_door_know_the_wire():
    wire = r"^\s*(import|from) (smtplib|flask_mail|imaplib|poplib)\b"
    assert _lines(wire, but=("mail/transport.py", "mail/trial.py", "inbox/")) == []


def test_only_config_reads_the_environment():
    # pdf/render.py tells fontconfig, a C library, which fonts it may use: it has no other ear.
    assert _lines(r"os\.environ|getenv\(", but=("config.py", "app.py", "scripts/", "pdf/render.py")) == []


def test_verbs_know_neither_the_request_nor_the_clock():
    wrong = r"flask import .*\b(request|session|flash|g)\b|datetime\.now\(|date\.today\(|time\.time\("
    assert [line for line in _lines(wrong) if line.startswith(("services/", "models/", "mail/", "pdf/", "territory/"))] == []


def test_no_drawer_has_the_name_of_a_module_python_needs():
    assert not [path.name for path in ROOT.iterdir() if path.stem in sys.stdlib_module_names and path.suffix in ("", ".py")
                and path.is_dir() and (path / "__init__.py").exists()]


def test_no_file_is_named_after_nothing():
    assert not [short(path) for path in sources() if path.stem in ("utils", "helpers", "common", "manager", "misc")]


def test_a_file_holds_in_the_head():
    long = {short(path): count for path in sources() if "/versions/" not in short(path)
            and (count := len(path.read_text("utf-8").splitlines())) > 330}
    assert set(long) <= set(LONG), long
    assert set(LONG) <= set(long), "an exception that is no longer one"


def test_nothing_of_one_instance_is_written_in_the_code():
    """The network's place and people are data: demonstration/, instance/, the list of communes."""
    place = re.compile(r"\bGard\b|gardois|Nîmes|Nimes|Uzès|Bagnols|\b30\d{3}\b", re.IGNORECASE)
    code = [path for path in sources() if not short(path).startswith("territory/")]  # its examples are places of France
    files = [*code, *sorted((ROOT / "templates").rglob("*.*")), ROOT / "static" / "ring.js", ROOT / "static" / "style.css"]
    wrong = [f"{short(path)}:{number}: {line.strip()[:100]}" for path in files
             for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if place.search(line)]
    assert wrong == []


def test_no_code_waits_to_be_done():
    assert _lines(r"\b(TODO|FIXME|XXX|HACK)\b") == []


@pytest.mark.slow
def test_nothing_complains_while_the_application_is_made(tmp_path):
    code = "from app import create_app; create_app(testing=True)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300,
                          env={"RING_INSTANCE": str(tmp_path), "PATH": "/usr/bin:/bin"}, check=False)
    assert done.returncode == 0 and done.stderr == "", done.stderr[-2000:]
