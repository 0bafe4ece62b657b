"""``flask inbox …``: what brings mail in, and how it is doing."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from config import ImapAccount, Listener
from inbox.carriers.taking import take
from models.base import db
from models.instance import instance
from models.typography import french
from services import inbound
from services.inbound.carriers import Carrier, overview
from territory.calendar import say_datetime

# Each command brings its own carrier: a mail server starts "receive" for each mail.
#: sysexits.h: the mail server keeps the message and tries again.
EX_TEMPFAIL = 75


class Told(click.ClickException):
    """What stops a command, as a French sentence and nothing else; the status is 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(french(sentence))

    def show(self, file=None) -> None:
        click.echo(self.message, err=True)


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
        take(raw, "pipe", _now())
    except Exception as error:  # noqa: BLE001  whatever happened, the mail server keeps the message
        click.echo(f"Courriel non gardé, à représenter : {type(error).__name__}", err=True)
        sys.exit(EX_TEMPFAIL)
    try:
        inbound.note_success("pipe", _now())
    except SQLAlchemyError as error:
        # The message is kept, and that is what the mail server asks.
        click.echo(f"Courriel gardé, passage non noté : {type(error).__name__}", err=True)


@command.command("watch")
@with_appcontext
def watch_command() -> None:
    """Relève la boîte de IMAP_URL dès qu'un courriel arrive, jusqu'à l'arrêt (Ctrl-C ou SIGTERM)."""
    account = _account()
    click.echo(f"Relève de {account.folder} sur {account.host}. Ctrl-C pour arrêter.")
    watch(_app(), account)


@command.command("fetch")
@with_appcontext
def fetch_command() -> None:
    """Relève une fois la boîte de IMAP_URL (par exemple avec cron). Sortie 1 : la boîte n'a pas pu être relevée."""
    from inbox.carriers import imap
    from inbox.carriers.troubles import explain

    account = _account()
    try:
        count = imap.fetch(_app(), account)
    except Exception as error:
        raise Told(explain(error, account)) from error
    click.echo(f"Courriels pris en compte : {count}.")


@command.command("listen")
@with_appcontext
def listen_command() -> None:
    """Attend les courriels qu'un serveur livre à INBOX_LISTEN, jusqu'à l'arrêt (Ctrl-C ou SIGTERM)."""
    where = instance().settings.listener
    if where is None:
        raise Told("INBOX_LISTEN n’est pas réglé : écrivez par exemple lmtp://127.0.0.1:8024 dans config.toml.")
    listen(_app(), where)


@command.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def import_command(folder: Path) -> None:
    """Prend en compte les courriels d'un dossier Maildir, sans y toucher. Recommencer ne double rien."""
    from inbox.carriers import maildir

    try:
        done = maildir.bring_in(folder, _now)
    except maildir.NotAMaildir:
        raise Told(f"{folder} n'est pas un dossier Maildir : il y faut « new » ou « cur ».") from None
    except OSError as error:
        raise Told(f"Arrêté à {error.filename} : {error.strerror}. Ce qui précède est pris en compte, la commande peut être "
                   "relancée.") from error
    click.echo(f"Nouveaux : {done.new}. Déjà connus : {done.known}. Trop lourds : {done.too_large}.")
    if done.private:
        click.echo(f"Confidentiels : {done.private}. Rien n’en est gardé ici ; effacez-les du dossier « {folder} ».")


@command.command("status")
@with_appcontext
def status_command() -> None:
    """Dit comment arrivent les courriels. Sortie 1 : quelque chose demande de l'attention."""
    found = overview(_now())
    for row in [("Arrivée", "Dernier succès", "Dernière difficulté"), *map(_row, found.carriers)]:
        click.echo(f"{row[0]:<22}  {row[1]:<40}  {row[2]}".rstrip())
    if not found.carriers:
        click.echo("Aucun courriel n’est encore arrivé.")
    oldest = f", le plus ancien du {say_datetime(found.oldest_waiting_at)}" if found.oldest_waiting_at else ""
    aside = f", le plus ancien du {say_datetime(found.oldest_set_aside_at)}" if found.oldest_set_aside_at else ""
    click.echo(f"\nÀ lire : {found.waiting}{oldest}.\nMis de côté : {found.set_aside}{aside}.")
    for trouble in found.troubles:
        click.echo(french(f"  ✗ {trouble}"))
    if found.troubles:
        sys.exit(1)
    click.echo("Tout va bien.")


def _row(carrier: Carrier) -> tuple[str, str, str]:
    success = say_datetime(carrier.last_success_at) if carrier.last_success_at else "jamais"
    error = f"{say_datetime(carrier.last_error_at)} : {carrier.last_error}" if carrier.last_error_at else "aucune"
    return carrier.label, success, french(error)


def watch(app: Flask, account: ImapAccount) -> None:
    """Read the mailbox until a signal comes; the message in hand is stored first."""
    from inbox.carriers import imap

    stopped = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stopped.set())
    imap.watch(app, account, stopped.is_set)


def listen(app: Flask, where: Listener) -> None:
    """Let mail servers deliver until a signal comes.

    :raises Told: the address cannot be listened on.
    """
    import asyncio

    from inbox.carriers import listener

    said = f"{'LMTP' if where.lmtp else 'SMTP'} sur {where.host}:{where.port}"
    try:
        asyncio.run(listener.listen(app, where, lambda: click.echo(f"À l’écoute en {said}.")))
    except OSError as error:
        raise Told(f"INBOX_LISTEN : impossible d'écouter en {said} ({error.strerror}).") from error


def _account() -> ImapAccount:
    account = instance().settings.imap
    if account is None:
        raise Told("IMAP_URL n’est pas réglé : écrivez par exemple "
                   "imaps://reseau%40exemple.fr:motdepasse@imap.exemple.fr/INBOX dans config.toml.")
    return account


def _app() -> Flask:
    # Each pass has a context of its own: a session kept open would hold the database's old pages for ever.
    db.session.remove()
    return current_app._get_current_object()


def _now():
    return current_app.extensions["clock"]()
