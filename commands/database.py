"""``flask db upgrade``: bring the database to the shape this version wants."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command as alembic
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask.cli import with_appcontext

from models.base import db
from services import indexing

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config() -> Config:
    """Alembic's settings, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade() -> bool:
    """Apply the migrations that are missing; True when there were any. Inside an application context."""
    config = alembic_config()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
    if current == ScriptDirectory.from_config(config).get_current_head():
        return False
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, "head")
    indexing.fill()
    return True


@click.group("db")
def command() -> None:
    """La base de données."""


@command.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Met la base à jour."""
    click.echo("Base mise à jour." if upgrade() else "La base est déjà à jour.")


@command.command("revision", hidden=True)
@click.argument("message")
@with_appcontext
def revision_command(message: str) -> None:
    """Writes a migration from the difference between the models and the database (for developers)."""
    config = alembic_config()
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.revision(config, message, autogenerate=True)
