"""``flask team``: who signs in, for the operator who has no page of theirs."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from models.typography import french
from services.acces import team
from services.coordination import departure
from services.errors import NotFound, Refused


@click.group("team")
def command() -> None:
    """L’équipe : qui entre dans l’espace de coordination."""


@command.command("list")
@with_appcontext
def list_command() -> None:
    """Montre qui entre, avec quel rôle, et depuis quand un code est demandé."""
    for member in team.members(datetime.now(UTC)):
        person = member.person
        code = "code installé" if member.code_since else "code à installer" if person.needs_second_factor else "sans code"
        click.echo(french(f"{person.email} : {person.name}, {person.roles_label}, {code}, sessions ouvertes : {member.sessions}"))


@command.command("reset-code")
@click.argument("address", metavar="ADRESSE")
@with_appcontext
def reset_code_command(address: str) -> None:
    """Remet à zéro le code du téléphone d’une personne, ferme ses sessions et la prévient."""
    try:
        team.reset_code(address, "La personne qui exploite le site", datetime.now(UTC))
    except NotFound as error:
        raise click.ClickException(french(error.sentence)) from error
    click.echo(french("C’est fait : la personne installera un nouveau code à sa prochaine entrée."))


@command.command("hand-over")
@click.argument("leaving", metavar="ADRESSE")
@click.argument("to", metavar="SUITE")
@with_appcontext
def hand_over_command(leaving: str, to: str) -> None:
    """Confie à SUITE tout ce que suit ADRESSE, et ferme ses sessions, ses liens et son code."""
    try:
        click.echo(french(departure.hand_over_all(leaving, to, datetime.now(UTC))))
    except Refused as error:
        raise click.ClickException(french(error.sentence)) from error
