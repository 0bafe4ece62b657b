"""``scripts/run``, second part: with everything installed, make the instance ready and serve it."""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import OperationalError

from app import create_app
from commands.database import upgrade
from commands.demonstration import seed
from commands.serve import AlreadyServed, only_server, serve
from config import SettingError, Settings, load_settings
from scripts import address, options
from services import sealing


def main(argv: Sequence[str]) -> int:
    """Serve the instance until Ctrl-C, or only make it ready; the exit status."""
    wanted = options.parse(argv)
    if wanted.instance:
        os.environ["RING_INSTANCE"] = str(wanted.instance)
    try:
        settings = load_settings()
        port = wanted.port or address.DEFAULT_PORT
        here = address.url(wanted.host, port)
        if settings.PUBLIC_URL == Settings.PUBLIC_URL:
            # Nobody chose an address for the links of the letters: they lead where the site is now.
            os.environ["RING_PUBLIC_URL"] = here
        # What people write is for this account alone, whoever else may use the machine.
        os.umask(0o077)
        settings.INSTANCE.mkdir(parents=True, exist_ok=True)
        if wanted.prepare:
            with only_server(settings.INSTANCE, "préparation"):
                _prepared(empty=True)
            print(f"Tout est prêt dans {settings.INSTANCE}.")
            return 0
        with address.listen(wanted.host, port) as listener, only_server(settings.INSTANCE, here):
            app = _prepared(empty=wanted.empty)
            return serve(app, listener, settings.WEB_WORKERS, lambda: _welcome(app, here, listener))
    except (SettingError, AlreadyServed, address.AddressRefused) as error:
        print(error, file=sys.stderr)
    except (OperationalError, *_driver_errors()) as error:
        print(f"La base de données ne répond pas : {getattr(error, 'orig', error)}", file=sys.stderr)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        print(f"Le dossier des données ne peut pas servir : {error.filename} ({error.strerror})", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _driver_errors() -> tuple[type[Exception], ...]:
    """What PostgreSQL's driver raises to the queue, which speaks to it directly; nothing where it was not loaded."""
    driver = sys.modules.get("psycopg")
    return (driver.OperationalError,) if driver else ()


def _prepared(*, empty: bool) -> Flask:
    app = create_app()
    with app.app_context():
        upgrade()
        for sentence in sealing.prepare(datetime.now(UTC)):
            print(f"Attention : {sentence}", file=sys.stderr)
    settings: Settings = app.extensions["ring"].settings
    if settings.captured_mail and not settings.open_mailbox:
        from commands.check import NO_MAIL_LEAVES

        print(f"Attention : {NO_MAIL_LEAVES}", file=sys.stderr)
    if not empty:
        _play_demonstration(app)
    return app


def _play_demonstration(app: Flask) -> None:
    started = time.monotonic()
    if seed(app):
        print(f"  • Données de démonstration : prêtes ({time.monotonic() - started:.0f} s)", flush=True)


def _welcome(app: Flask, here: str, listener: socket.socket) -> None:
    """Show the addresses, once the first page was truly answered."""
    settings: Settings = app.extensions["ring"].settings
    # A site with a public name answers to that name only.
    asked = urllib.request.Request(here, headers={"Host": urlsplit(settings.PUBLIC_URL).netloc})  # noqa: S310
    try:
        # Straight to it: a proxy set in the environment does not know this machine's own addresses.
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=20).close()
    except OSError as error:
        print(f"Le site ne répond pas comme il devrait : {error}", file=sys.stderr)
        return
    opened = settings.PUBLIC_URL.rstrip("/")
    ways = {"/": "le site", "/coordination/": "l’espace de coordination"}
    if settings.open_mailbox:
        ways["/courrier"] = "tous les courriels, et de quoi y répondre (rien ne quitte cette machine)"
    wide = len(opened) + max(map(len, ways)) + 2
    lines = ["", "Le réseau est ouvert :", "", *(f"  {opened + path:<{wide}}{said}" for path, said in ways.items())]
    coordinators = app.extensions["ring"].network.coordinators
    if settings.open_mailbox and coordinators:
        lines += ["", f"Pour entrer dans la coordination, donnez l’adresse {coordinators[0].email} : le lien arrive "
                      "dans /courrier."]
    if opened != here:
        lines += ["", f"Le serveur écoute sur {here}, où l’adresse publique doit mener."]
    if settings.open_mailbox and listener.getsockname()[0] not in {"127.0.0.1", "::1"}:
        lines += ["", "Attention : toute personne de votre réseau local peut ouvrir ce site et lire /courrier. "
                      "N’y mettez pas de vraies données."]
    print("\n".join([*lines, "", "Ctrl-C pour arrêter."]), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
