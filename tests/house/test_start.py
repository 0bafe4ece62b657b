"""What a process brings when it starts: a mail server starts one for each mail, and each is waited for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import click
import pytest
from house.tree import ROOT

from commands import COMMANDS

#: What only some verbs need, and is brought where they are: each is as long to load as a tenth of the rest, or more.
LATER = {"openpyxl", "alembic", "mako", "pygments", "segno", "numpy", "PIL", "pypdfium2", "weasyprint", "pyhanko", "asn1crypto",
         "icalendar", "requests", "aiohttp", "dns", "gunicorn", "aiosmtpd", "imapclient"}


def _brought(code: str) -> set[str]:
    """The packages that a fresh process holds after ``code``."""
    told = subprocess.run([sys.executable, "-c", f"import sys\n{code}\nprint(*{{name.split('.')[0] for name in sys.modules}})"],
                          cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return set(told.stdout.split())


@pytest.mark.parametrize("code", ["import app"])
def test_what_only_some_verbs_need_is_not_brought_by_all(code):
    assert _brought(code) & LATER == set()


def test_each_command_has_the_name_it_is_called_by():
    for name, module in COMMANDS.items():
        command = import_module(f"commands.{module}").command
        assert isinstance(command, click.Command) and command.name == name
