"""The SMTP server of tests/mail, for those who are killed while they talk to it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("mail_conftest", Path(__file__).parents[1] / "mail" / "conftest.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
smtp = _module.smtp
