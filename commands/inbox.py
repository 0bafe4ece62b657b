"""``flask inbox receive``: one message on standard input, for a mail server's pipe."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from inbox import receive

#: sysexits.h: the mail server keeps the message and tries again.
EX_TEMPFAIL = 75


@click.group("inbox")
def command() -> None:
    """Les courriels reçus."""


@command.command("receive")
@with_appcontext
def receive_command() -> None:
    """Reçoit un courriel (RFC 5322) sur l'entrée standard. Sortie 0 : gardé ; 75 : à représenter plus tard."""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        click.echo("Aucun courriel sur l’entrée standard : rien à garder.", err=True)
        return
    try:
        receive(raw, "pipe")
    except Exception as error:  # noqa: BLE001  whatever happened, the mail server keeps the message
        click.echo(f"Courriel non gardé, à représenter : {type(error).__name__}", err=True)
        sys.exit(EX_TEMPFAIL)
