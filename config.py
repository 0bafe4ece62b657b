"""Settings of one instance: the only reader of the environment and of the files of the instance folder.

Two files live in the instance folder (``RING_INSTANCE``, default ``instance/``):

* ``config.toml``: how the software runs (secret, addresses, mail server). Every setting can also come from the
  environment as ``RING_<NAME>``, which wins.
* ``network.toml``: who the network is (see :mod:`network`).
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from models.hosts import within_reach_of_few
from models.network import Network, NetworkFileError, load_network

ROOT = Path(__file__).resolve().parent


class SettingError(click.ClickException):
    """A setting cannot be used; the message says, in French, which one and what to write.

    A command that meets it ends with 75 (sysexits EX_TEMPFAIL): a mail server that pipes a message in keeps it and
    tries again once the setting is mended.
    """

    exit_code = 75

    def show(self, file=None) -> None:
        click.echo(self.message, err=True)


def _setting(default: object, why: str, *, secret: bool = False) -> object:
    # A secret is not in the repr either: no log and no error page may show it.
    return field(default=default, repr=not secret, metadata={"why": why, "secret": secret})


@dataclass(frozen=True)
class ImapAccount:
    """A mailbox and how to open it. ``tls``: from the first byte (RFC 8314); else STARTTLS, but on this very machine."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


@dataclass(frozen=True)
class Listener:
    """Where mail servers deliver; ``lmtp`` (RFC 2033) or SMTP."""

    host: str
    port: int
    lmtp: bool


@dataclass(frozen=True)
class Settings:
    """How this instance runs. Names are Flask's and Flask-Mail's own where they have one."""

    INSTANCE: Path
    SECRET_KEY: str = _setting("", "clé qui signe les liens et les adresses de réponse ; 32 caractères au moins", secret=True)
    DATABASE_URL: str = _setting("", "base de données ; par défaut SQLite dans le dossier de l’instance")
    PUBLIC_URL: str = _setting("http://127.0.0.1:5000", "adresse publique du site, celle des liens des courriels")
    MAIL_SERVER: str = _setting("", "serveur d’envoi (SMTP) ; vide : les courriels restent dans la boîte intégrée /courrier")
    MAIL_PORT: int = _setting(587, "port du serveur d’envoi")
    MAIL_USERNAME: str = _setting("", "identifiant auprès du serveur d’envoi")
    MAIL_PASSWORD: str = _setting("", "mot de passe auprès du serveur d’envoi", secret=True)
    MAIL_USE_TLS: bool = _setting(True, "chiffrement par STARTTLS (port 587)")
    MAIL_USE_SSL: bool = _setting(False, "chiffrement dès la connexion (port 465)")
    MAIL_TIMEOUT: int = _setting(20, "attente maximale du serveur d’envoi, en secondes")
    MAIL_DEFAULT_SENDER: str = _setting("", "adresse d’expédition ; par défaut reseau@MAIL_DOMAIN")
    MAIL_DOMAIN: str = _setting("", "domaine des adresses de réponse ; par défaut celui de PUBLIC_URL")
    IMAP_URL: str = _setting("", "boîte où arrivent les réponses : imaps://identifiant:motdepasse@serveur/INBOX (le signe @ de "
                                 "l’identifiant s’écrit %40)", secret=True)
    IMAP_DONE_FOLDER: str = _setting("Ring traités", "dossier de cette boîte où vont les courriels pris en compte")
    INBOX_LISTEN: str = _setting("", "livraison par un serveur de courriel : lmtp://127.0.0.1:8024, ou smtp:// de même")
    INBOX_MAX_MB: int = _setting(25, "poids maximal d’un courriel reçu, en mégaoctets")
    MAIL_AUTHSERV_ID: str = _setting("", "nom de votre serveur dans « Authentication-Results » ; par défaut MAIL_DOMAIN")
    MAIL_PER_MINUTE: int = _setting(60, "courriels envoyés par minute vers un même fournisseur (moitié moins vers Orange, "
                                        "La Poste, SFR et Free) ; 0 : sans limite")
    MAIL_REDIRECT_TO: str = _setting("", "site d’essai : tous les courriels partent à cette adresse, et à aucune autre")
    TRUSTED_PROXIES: int = _setting(0, "nombre de serveurs mandataires placés devant l’application")
    WEB_WORKERS: int = _setting(2, "nombre de processus qui servent les pages")
    REQUESTS_PER_HOUR: int = _setting(60, "demandes acceptées par heure depuis un même accès à internet")
    REMINDERS_FROM: int = _setting(8, "heure (de Paris) du premier rappel ou récapitulatif d’un jour ouvré")
    REMINDERS_UNTIL: int = _setting(19, "heure (de Paris) à partir de laquelle ils attendent le jour ouvré suivant")
    SEAL_KEY: str = _setting("", "clé du sceau, fichier PEM ou PKCS#12 ; vide : faite au premier lancement", secret=True)
    SEAL_CERTIFICATE: str = _setting("", "certificat de SEAL_KEY et ses autorités, fichier PEM ; inutile avec un fichier PKCS#12")
    SEAL_KEY_PASSWORD: str = _setting("", "mot de passe de SEAL_KEY, si elle en a un", secret=True)
    TSA_URL: str = _setting("", "serveur d’horodatage (RFC 3161) des sceaux ; vide, ou sans réponse : un sceau sans horodatage")
    TSA_TIMEOUT: int = _setting(5, "attente maximale du serveur d’horodatage, en secondes")
    DEBUG: bool = _setting(False, "mode de développement : page /composants ; ouvre aussi /courrier sous une adresse publique")

    @property
    def database_url(self) -> str:
        return self.DATABASE_URL or f"sqlite:///{self.INSTANCE / 'ring.db'}"

    @property
    def mail_domain(self) -> str:
        return self.MAIL_DOMAIN or urlsplit(self.PUBLIC_URL).hostname or "localhost"

    @property
    def sender(self) -> str:
        """Address every letter leaves from: always ours, never a person's (DMARC alignment, RFC 7489)."""
        return self.MAIL_DEFAULT_SENDER or f"reseau@{self.mail_domain}"

    @property
    def authserv_id(self) -> str:
        """Name our mail server gives itself in ``Authentication-Results`` (RFC 8601, 2.5)."""
        return self.MAIL_AUTHSERV_ID or self.mail_domain

    @property
    def captured_mail(self) -> bool:
        """True where no server is set: nothing leaves the machine, the built-in mailbox shows it."""
        return not self.MAIL_SERVER

    @property
    def open_mailbox(self) -> bool:
        """True where whoever opens the site may read the mail captured: it is tried, and nobody from outside can come."""
        return self.opens_mailbox_at(self.PUBLIC_URL)

    def opens_mailbox_at(self, url: str) -> bool:
        """The same for a page asked for there: a proxy may stand before a site that was told no public address."""
        return self.captured_mail and (self.DEBUG or all(map(within_reach_of_few, (url, self.PUBLIC_URL))))

    @property
    def imap(self) -> ImapAccount | None:
        """The mailbox answers arrive in, if there is one.

        :raises SettingError: ``IMAP_URL`` cannot be read; the message never repeats it.
        """
        return _imap_account(self.IMAP_URL) if self.IMAP_URL else None

    @property
    def listener(self) -> Listener | None:
        """Where mail servers deliver, if they do.

        :raises SettingError: ``INBOX_LISTEN`` cannot be read.
        """
        return _listener(self.INBOX_LISTEN) if self.INBOX_LISTEN else None

    @property
    def inbox_max_bytes(self) -> int:
        return self.INBOX_MAX_MB * 1024 * 1024

    @property
    def secure(self) -> bool:
        return self.PUBLIC_URL.startswith("https://")

    @property
    def files_dir(self) -> Path:
        return self.INSTANCE / "files"

    @property
    def seal_dir(self) -> Path:
        return self.INSTANCE / "seal"

    @property
    def badge_dir(self) -> Path:
        return self.INSTANCE / "badge"

    @property
    def alerte_dir(self) -> Path:
        return self.INSTANCE / "alerte"

    @property
    def jobs_file(self) -> Path:
        return self.INSTANCE / "jobs.db"


def instance_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Folder named by ``RING_INSTANCE``, default ``instance/`` beside this file, absolute."""
    return Path(environ.get("RING_INSTANCE") or ROOT / "instance").resolve()


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read ``config.toml`` of the instance folder, then the environment.

    :raises SettingError: unknown name in the file, or a value of the wrong kind.
    """
    instance = instance_folder(environ)
    path = instance / "config.toml"
    try:
        written = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"{path} ne peut pas être lu : {error}") from error
    known = {f.name: f for f in fields(Settings) if f.name != "INSTANCE"}
    unknown = sorted(set(written) - set(known))
    if unknown:
        raise SettingError(f"{path} : réglage inconnu « {unknown[0]} ». Réglages possibles : {', '.join(known)}.")
    values: dict[str, object] = {}
    for name, spec in known.items():
        if (text := environ.get(f"RING_{name}")) is not None:
            values[name] = _from_text(name, text, type(spec.default))
        elif name in written:
            if type(written[name]) is not type(spec.default):
                raise SettingError(f"{path} : « {name} » attend {_kind(type(spec.default))}.")
            values[name] = written[name]
    settings = Settings(INSTANCE=instance, **values)
    # Read once here, so that a mistake is told at start and not when the first mail comes.
    _ = settings.imap, settings.listener
    if settings.INBOX_MAX_MB < 1:
        raise SettingError("INBOX_MAX_MB attend un nombre de mégaoctets, 1 au moins.")
    if not 0 <= settings.REMINDERS_FROM < settings.REMINDERS_UNTIL <= 24:
        raise SettingError("REMINDERS_FROM et REMINDERS_UNTIL attendent deux heures de la journée, la première avant la "
                           "seconde : par exemple 8 et 19.")
    return settings


def _imap_account(url: str) -> ImapAccount:
    example = "imaps://reseau%40exemple.fr:motdepasse@imap.exemple.fr/INBOX"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # Not chained: the reason would repeat a piece of the address, maybe the password.
        raise SettingError(f"IMAP_URL ne peut pas être lu. Écrivez par exemple {example}.") from None
    if parts.scheme not in ("imap", "imaps"):
        raise SettingError(f"IMAP_URL commence par imaps:// (ou imap://). Écrivez par exemple {example}.")
    if not (parts.hostname and parts.username and parts.password):
        raise SettingError("IMAP_URL attend un identifiant, un mot de passe et un serveur. Dans les deux premiers, "
                           f"@ s’écrit %40, : s’écrit %3A, / s’écrit %2F et % s’écrit %25. Écrivez par exemple {example}.")
    tls = parts.scheme == "imaps"
    return ImapAccount(parts.hostname, port or (993 if tls else 143), tls, unquote(parts.username), unquote(parts.password),
                       unquote(parts.path.strip("/")) or "INBOX")


def _listener(url: str) -> Listener:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("lmtp", "smtp") or not parts.hostname or not port:
        raise SettingError("INBOX_LISTEN attend une adresse comme lmtp://127.0.0.1:8024 ou smtp://127.0.0.1:8025.")
    return Listener(parts.hostname, port, parts.scheme == "lmtp")


def _kind(kind: type) -> str:
    return {bool: "true ou false", int: "un nombre entier", str: "un texte entre guillemets"}[kind]


def _from_text(name: str, text: str, kind: type) -> object:
    text = text.strip()
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "oui", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "non", "off", ""}:
            return False
        raise SettingError(f"RING_{name} attend « true » ou « false », pas « {text} ».")
    if kind is int:
        if not text.isdecimal():
            raise SettingError(f"RING_{name} attend un nombre entier, pas « {text} ».")
        return int(text)
    return text


def write_first_files(instance: Path) -> list[Path]:
    """Make the instance folder and the two files a new instance starts from; never overwrite one.

    Returns the files made. ``config.toml`` gets a fresh secret and can be read by its owner alone.
    """
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    config = instance / "config.toml"
    if not config.exists():
        config.touch(mode=0o600)
        config.write_text(_first_config(), "utf-8")
        made.append(config)
    network = instance / "network.toml"
    if not network.exists():
        network.write_text((ROOT / "demonstration" / "network.toml").read_text("utf-8"), "utf-8")
        made.append(network)
    return made


def _first_config() -> str:
    lines = [
        "# Réglages techniques de l’instance. Chaque réglage peut aussi venir de l’environnement : RING_<NOM>.",
        "# Une ligne qui commence par # ne compte pas : elle montre la valeur par défaut.",
        "",
    ]
    for spec in fields(Settings):
        if spec.name == "INSTANCE":
            continue
        lines.append(f"# {spec.metadata['why'][0].upper()}{spec.metadata['why'][1:]}.")
        if spec.name == "SECRET_KEY":
            lines.append(f'SECRET_KEY = "{secrets.token_urlsafe(48)}"')
        else:
            value = str(spec.default).lower() if isinstance(spec.default, bool) else spec.default
            lines.append(f"# {spec.name} = {value}" if not isinstance(value, str) or isinstance(spec.default, bool)
                         else f'# {spec.name} = "{value}"')
        lines.append("")
    return "\n".join(lines)


def load_instance_network(settings: Settings) -> Network:
    """The network of this instance.

    :raises SettingError: the file is missing or a line cannot be used; the message names the line.
    """
    try:
        return load_network(settings.INSTANCE / "network.toml")
    except NetworkFileError as error:
        raise SettingError(str(error)) from error
