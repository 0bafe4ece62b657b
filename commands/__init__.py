"""The operator's door: ``flask --app app …``."""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

#: Name of a command -> the module of this folder that holds it.
COMMANDS = {"alert": "alert", "backup": "backup", "check": "check", "convention": "convention", "db": "database",
            "inbox": "inbox", "jobs": "jobs", "mail": "mail", "team": "team"}


class Commands(AppGroup):
    """Those of the house, each brought when it is called: one of them has a tool for migrations, another for the DNS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS and name not in self.commands:
            self.add_command(import_module(f"{__name__}.{COMMANDS[name]}").command)
        return super().get_command(ctx, name)


def register(app: Flask) -> None:
    """Add the house's commands to ``flask``."""
    app.cli = Commands(app.name)
