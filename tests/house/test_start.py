"""What a process brings when it starts: a mail server starts one for each mail, and each is waited for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click
from house.tree import ROOT

from commands import COMMANDS

#: What only some verbs need, and is brought where they are: each is as long to load as a tenth of the rest, or more.
LATER = {"openpyxl", "alembic", "mako", "pygments", "segno", "numpy", "PIL", "pypdfium2", "weasyprint", "pyhanko", "asn1crypto",
         "icalendar", "requests", "aiohttp", "dns", "gunicorn", "aiosmtpd", "imapclient"}


def _brought(code: str, environ: Mapping[str, str] = MappingProxyType({})) -> set[str]:
    """The packages that a fresh process holds after ``code``."""
    told = subprocess.run([sys.executable, "-c", f"import sys\n{code}\nprint(*{{name.split('.')[0] for name in sys.modules}})"],
                          cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, env=os.environ | environ)
    assert told.returncode == 0, told.stderr
    return set(told.stdout.split())


#: One mail taken in as a mail server brings it, by the command it starts; nothing but the end of the process is left out.
RECEIVED = """import io
from flask.cli import main
sys.argv = ["flask", "--app", "app", "inbox", "receive"]
sys.stdin = io.TextIOWrapper(io.BytesIO(b"From: Noa <noa@exemple.fr>\\r\\nSubject: Bonjour\\r\\n\\r\\nBonjour.\\r\\n"))
try:
    main()
except SystemExit as end:
    assert not end.code, end.code"""


def test_what_only_some_verbs_need_is_not_brought_by_all():
    assert _brought("import app") & LATER == set()


def test_who_receives_a_mail_brings_no_page(app, environ):
    brought = _brought(RECEIVED, environ)
    assert {"inbox", "services", "mail"} <= brought
    assert brought & (LATER | {"blueprints", "forms", "wtforms"}) == set()


def test_each_command_has_the_name_it_is_called_by():
    for name, module in COMMANDS.items():
        command = import_module(f"commands.{module}").command
        assert isinstance(command, click.Command) and command.name == name
