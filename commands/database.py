"""``flask db upgrade``: bring the database to the shape this version wants."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy import inspect, text

from models.base import db
from services import indexing

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config() -> Config:
    """Alembic's settings, without a file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade() -> bool:
    """Apply the migrations that are missing; True when there were any. Inside an application context."""
    if revision() == newest():
        return False
    # Not before: a site that starts again is nearly always up to date, and alembic reads all that ever was migrated.
    from alembic import command as alembic

    config = alembic_config()
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, "head")
    indexing.fill()
    return True


def revision() -> str | None:
    """The migration the database is at; None where it has no table yet."""
    with db.engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        return connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None


def newest() -> str:
    """The last migration there is: their files begin with their numbers."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


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
    from alembic import command as alembic

    config = alembic_config()
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.revision(config, message, autogenerate=True)
