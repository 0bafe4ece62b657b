"""A pytest plugin: how many tests were skipped for want of a tool, which tools; with CI=true that is a failure."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

absent: Counter[str] = Counter()


def _count(report: Any) -> None:
    # tests/ enters sys.path after this plugin is loaded.
    from tools import ABSENT

    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if reason.startswith(ABSENT):
            absent[reason.removeprefix(ABSENT)] += 1


pytest_runtest_logreport = pytest_collectreport = _count


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true nothing may lack: scripts/test was to install it."""
    fine = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    if absent and fine and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was left out."""
    if not hasattr(terminalreporter.config, "workerinput"):
        total = absent.total()
        terminalreporter.write_sep("-", "outils")
        terminalreporter.write_line(f"Tests laissés de côté faute d’outil : {total}")
        for name, count in sorted(absent.items()):
            terminalreporter.write_line(f"  {count} × {name}")
