"""The operator's door: ``flask --app app …``."""

from __future__ import annotations

from flask import Flask

from . import alert, backup, check, convention, database, inbox, jobs, mail, team


def register(app: Flask) -> None:
    """Add the house's commands to ``flask``."""
    for module in (alert, backup, check, convention, database, inbox, jobs, mail, team):
        app.cli.add_command(module.command)
