"""``flask backup``: everything an instance cannot do without, in one dated folder."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from models.instance import instance
from models.typography import french
from services.backup import NotSaved, back_up

from .inbox import Told


@click.command("backup")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@click.option("--garder", metavar="N", type=click.IntRange(1), help="Efface les copies plus anciennes que les N dernières.")
@with_appcontext
def command(folder: Path, garder: int | None) -> None:
    """Copie toute l'instance, sans l'arrêter, dans un dossier daté de DOSSIER. Sortie 1 : rien n'a été gardé."""
    try:
        saved = back_up(folder.absolute(), current_app.extensions["clock"](), garder)
    except NotSaved as error:
        raise Told(f"Sauvegarde impossible. {error}") from error
    size = f"{saved.database / 1024**2:.1f}".replace(".", ",")
    click.echo(french(f"Sauvegarde faite : {saved.folder} (base : {size} Mo ; fichiers : {saved.files})."))
    settings = instance().settings
    if settings.SEAL_KEY and not Path(settings.SEAL_KEY).resolve().is_relative_to(settings.INSTANCE):
        click.echo(french(f"La clé du sceau est ailleurs ({settings.SEAL_KEY}) : sauvegardez-la vous-même."))
