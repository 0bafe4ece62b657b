"""``flask jobs run``: the clock door's consumer."""

from __future__ import annotations

import logging

import click
from flask import current_app
from flask.cli import with_appcontext

#: Huey's own talk at each minute is not for an operator.
QUIET = ("huey", "huey.consumer", "huey.consumer.Scheduler", "huey.consumer.Worker")


@click.group("jobs")
def command() -> None:
    """Les tâches de fond."""


@command.command("run")
@click.option("--workers", default=1, show_default=True, help="Nombre de fils d’exécution.")
@with_appcontext
def run_command(workers: int) -> None:
    """Envoie les courriels et exécute les tâches à leur heure, jusqu'à l'arrêt."""
    run(current_app.extensions["huey"], workers)


def run(huey, workers: int = 1) -> None:
    """Consume ``huey`` until a signal comes; a running task is finished first."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # TERM, that supervisors send, lets the running task end, like Ctrl-C.
    huey.create_consumer(workers=workers, worker_type="thread", check_worker_health=True, initial_delay=0.05,
                         max_delay=0.5, backoff=1.15, graceful_signal="TERM").run()
