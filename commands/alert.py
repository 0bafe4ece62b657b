"""``flask alert``: the keys of referents. No command reads an alert: none could."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from models.typography import french
from services.alerte import notices, referents, watch
from services.errors import RingError
from territory.calendar import say_date


@click.group("alert")
def command() -> None:
    """Les alertes : clés des personnes référentes."""


@command.command("enrol")
@click.argument("address", metavar="ADRESSE")
@with_appcontext
def enrol_command(address: str) -> None:
    """Envoie à une personne référente le lien qui lui fait faire sa clé."""
    try:
        person = referents.invite(address, datetime.now(UTC))
    except RingError as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(french(f"Le lien part à {person.name}, {person.email}. Il vaut 7 jours."))


@command.command("status")
@with_appcontext
def status_command() -> None:
    """Dit qui a une clé, et si des messages attendent depuis trop longtemps. Rien de ce qu'ils disent."""
    for one in referents.standings():
        who = f"{one.name}, {one.email}" if one.named else f"{one.email} (n'est plus dans network.toml)"
        if one.made_on is None:
            click.echo(french(f"  ✗ {who} : pas encore de clé (« flask --app app alert enrol {one.email} »)"))
            continue
        alone = f" ; seule à pouvoir lire : {one.alone_on}" if one.alone_on else ""
        click.echo(french(f"  ✓ {who} : clé du {say_date(one.made_on)}, empreinte {one.fingerprint}{alone}"))
    now = datetime.now(UTC)
    click.echo(french(f"Messages que personne n'a lus malgré {watch.MOST_RECALLS} rappels : {watch.unread_for_long(now)}"))
    click.echo(french(f"Avis que le serveur d'envoi ne prend pas : {notices.waiting_for_long(now)}"))


@command.command("retire")
@click.argument("address", metavar="ADRESSE")
@click.option("--sans-reprise", "even_alone", is_flag=True,
              help="Même si des messages ne peuvent alors plus être lus par personne.")
@with_appcontext
def retire_command(address: str, even_alone: bool) -> None:
    """Retire la clé d'une personne qui quitte ce rôle, ou qui a tout perdu. Elle pourra en faire une autre."""
    try:
        lost = referents.retire(address, even_alone=even_alone)
    except RingError as refusal:
        raise click.ClickException(french(refusal.sentence)) from refusal
    unread = f" Messages que plus personne ne peut lire : {lost}." if lost else ""
    click.echo(french(f"La clé de {address} est retirée.{unread}"))
