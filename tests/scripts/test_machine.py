"""Preparing a machine: only what lacks, in words, and never twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

import pytest

from scripts import machine, steps

from .conftest import python

ORDINARY_USER = """
import os, sys
from scripts import machine
if os.geteuid() == 0:
    os.setuid(65534)
try:
    machine.install([machine.Need("paquet-un", lambda: True), machine.Need("paquet-deux", lambda: False)])
except machine.NotAllowed as error:
    sys.exit(str(error))
"""


def test_who_may_not_install_is_told_the_exact_command():
    # Not in tmp_path, which only its owner can read.
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        os.symlink(shutil.which("true"), f"{folder}/apt-get")
        done = python("-c", ORDINARY_USER, environ={"PATH": folder})
    assert done.returncode == 1
    assert "    apt-get update && apt-get install -y --no-install-recommends paquet-deux\n" in done.stderr


def test_where_there_is_no_apt_get_what_lacks_is_named(tmp_path):
    done = python("-c", ORDINARY_USER, environ={"PATH": str(tmp_path)})
    assert done.returncode == 1
    assert "Il manque à cette machine : paquet-deux" in done.stderr


def test_nothing_is_done_where_nothing_lacks(capfd):
    machine.install([machine.Need("inconnu", lambda: True)])
    assert capfd.readouterr() == ("", "")


def test_a_server_this_machine_already_has_is_left_as_it_is(capfd):
    machine.install([machine.Need("postfix", lambda: False, lambda: True)])
    assert "l’installation de postfix changerait" in capfd.readouterr().out


@pytest.fixture
def disabled(tmp_path, monkeypatch):
    """What ``update-rc.d`` is asked, in place of the system's."""
    asked = tmp_path / "asked"
    (tmp_path / "update-rc.d").write_text(f'#!/bin/sh\necho "$@" >> {asked}\n')
    (tmp_path / "update-rc.d").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(machine, "POLICY", tmp_path / "policy-rc.d")
    return asked


def test_no_service_starts_while_packages_are_installed_nor_later_with_the_machine(disabled):
    with machine._nothing_starts(["env"], ["postfix", "swaks"]):
        assert subprocess.run([machine.POLICY, "postfix", "start"], check=False).returncode == 101
    assert not machine.POLICY.exists()
    assert disabled.read_text() == "postfix disable\n"


def test_the_word_against_starting_services_dies_with_the_one_who_gave_it(tmp_path):
    script = ("import os, sys; from pathlib import Path; from scripts import machine\n"
              "machine.POLICY = Path(sys.argv[1])\n"
              "with machine._nothing_starts([], ['postfix']): os._exit(9)")
    assert python("-c", script, str(tmp_path / "policy-rc.d")).returncode == 9
    assert subprocess.run([tmp_path / "policy-rc.d"], check=False).returncode == 0


def test_a_policy_somebody_chose_stays(disabled):
    machine.POLICY.write_text("#!/bin/sh\nexit 0\n")
    with machine._nothing_starts(["env"], ["postfix"]):
        pass
    assert machine.POLICY.read_text() == "#!/bin/sh\nexit 0\n"


def test_a_changed_requirement_is_seen_through_the_file_that_includes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    (tmp_path / "outer.txt").write_text("-r inner.txt\na==1\n")
    (tmp_path / "inner.txt").write_text("b==1\n")
    before = machine._fingerprint("outer.txt")
    (tmp_path / "inner.txt").write_text("b==2\n")
    assert machine._fingerprint("outer.txt") != before


def test_a_step_that_fails_shows_the_end_of_what_was_said(capfd):
    with pytest.raises(steps.StepFailed) as failure:
        steps.run("Essai", [sys.executable, "-c", "print(*range(100), sep='\\n'); raise SystemExit(3)"])
    assert "    99\n" in str(failure.value)
    assert "    84\n" not in str(failure.value)
    assert capfd.readouterr().out == "  • Essai… échec\n"


PRUDENT = """
from tools import absent
def test_one(): absent("marteau")
def test_two(): absent("marteau")
def test_three(): pass
"""
CAREFREE = """
import pytest
from tools import ABSENT
def test_one(): pytest.skip(ABSENT + "scie")
def test_two(): pytest.skip("autre raison")
"""


def check(tmp_path, source: str, *words: str, ci: str = ""):
    (tmp_path / "test_it.py").write_text(source)
    path = os.pathsep.join([str(machine.ROOT), str(machine.ROOT / "tests")])
    return python("-m", "pytest", "-p", "scripts.absent_tools", "-p", "no:cacheprovider", "-c", os.devnull, *words,
                  str(tmp_path), environ={"PYTHONPATH": path, "CI": ci})


@pytest.mark.parametrize("words", [["-p", "no:xdist"], ["-n", "2"]])
def test_tests_skipped_for_want_of_a_tool_are_counted_by_tool(tmp_path, words):
    done = check(tmp_path, PRUDENT, *words)
    assert done.returncode == 0
    assert "Tests laissés de côté faute d’outil : 2\n  2 × marteau\n" in done.stdout


def test_with_ci_a_missing_tool_is_a_failure(tmp_path):
    assert check(tmp_path, PRUDENT, ci="true").returncode == 1
    assert check(tmp_path, CAREFREE, ci="true").returncode == 1
    done = check(tmp_path, CAREFREE)
    assert done.returncode == 0
    assert "faute d’outil : 1\n  1 × scie\n" in done.stdout
