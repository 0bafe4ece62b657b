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
from urllib.parse import urlsplit

import click

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
    return field(default=default, metadata={"why": why, "secret": secret})


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
    TRUSTED_PROXIES: int = _setting(0, "nombre de serveurs mandataires placés devant l’application")
    WEB_WORKERS: int = _setting(2, "nombre de processus qui servent les pages")
    REQUESTS_PER_HOUR: int = _setting(60, "demandes acceptées par heure depuis un même accès à internet")
    SEAL_KEY: str = _setting("", "clé du sceau, fichier PEM ou PKCS#12 ; vide : faite au premier lancement", secret=True)
    SEAL_CERTIFICATE: str = _setting("", "certificat de SEAL_KEY et ses autorités, fichier PEM ; inutile avec un fichier PKCS#12")
    SEAL_KEY_PASSWORD: str = _setting("", "mot de passe de SEAL_KEY, si elle en a un", secret=True)
    TSA_URL: str = _setting("", "serveur d’horodatage (RFC 3161) des sceaux ; vide, ou sans réponse : un sceau sans horodatage")
    TSA_TIMEOUT: int = _setting(5, "attente maximale du serveur d’horodatage, en secondes")
    DEBUG: bool = _setting(False, "mode de développement : page /composants")

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
    def captured_mail(self) -> bool:
        """True where no server is set: nothing leaves the machine, the built-in mailbox shows it."""
        return not self.MAIL_SERVER

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
    return Settings(INSTANCE=instance, **values)


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
    instance.mkdir(parents=True, exist_ok=True)
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
