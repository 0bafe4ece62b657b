"""What the system and ``.venv/`` must hold, and how they get it. Standard library only.

Debian and Ubuntu: what lacks is installed with apt-get, and nothing else. Elsewhere: it is named, with the command.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts.steps import StepFailed, Stopped, run, step

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
#: It installs the requirements two to four times faster than pip, which brings it and remains the way when it fails.
UV = "uv==0.13.9"
#: What draws pages for the tests: the first has no window to paint, a fifth less work; all of them draw the same pages.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


@dataclass(frozen=True)
class Need:
    """A package of Debian and Ubuntu, and how one sees that it's there (or something that does as well)."""

    package: str
    present: Callable[[], bool]
    spared: Callable[[], bool] = lambda: False
    """True where installing it would change a server that this machine already has."""


class NotAllowed(Stopped):
    """Packages lack and this person may not install them; the message gives the command."""


def _library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _program(*names: str) -> bool:
    return any(map(shutil.which, names))


def _browser() -> bool:
    """A browser that starts: Ubuntu's package is a program that only says where to find one."""
    found = filter(None, map(shutil.which, BROWSERS))
    return any(subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0 for path in found)


def _postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))


def _file(*paths: str) -> bool:
    return any(Path(path).exists() for path in paths)


def _own_mail_server() -> bool:
    """Another program delivers this machine's mail: apt-get would remove it to put Postfix in its place."""
    return _file("/usr/sbin/sendmail") and not _file("/usr/sbin/postfix")


def _own_mailboxes() -> bool:
    """A Dovecot that somebody set up: another package would give it another protocol."""
    return _file("/usr/sbin/dovecot")


def _can_make_environment() -> bool:
    return PYTHON.exists() or importlib.util.find_spec("ensurepip") is not None


#: What the site needs. The last library is optional to WeasyPrint, which draws twice as fast with it.
SITE = (
    Need("python3-venv", _can_make_environment),
    Need("libpango-1.0-0", partial(_library, "libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", partial(_library, "libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", partial(_library, "libharfbuzz-subset.so.0")),
)
BROWSER = Need("chromium-headless-shell", _browser)
#: What the tests need besides: a browser and what its driver loads, a database server, a compiler for the PDF checker,
#: two readers of PDF, which check what ours made, a mail server with its mailboxes, and mail clients.
CHECKS = (
    BROWSER,
    Need("libatomic1", partial(_library, "libatomic.so.1")),
    Need("postgresql", _postgresql),
    Need("default-jdk-headless", partial(_program, "javac")),
    Need("poppler-utils", partial(_program, "pdftotext")),
    Need("dovecot-imapd", partial(_file, "/usr/lib/dovecot/imap"), _own_mailboxes),
    Need("dovecot-lmtpd", partial(_file, "/usr/lib/dovecot/lmtp"), _own_mailboxes),
    Need("dovecot-sieve", partial(_file, "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"), _own_mailboxes),
    Need("postfix", partial(_file, "/usr/sbin/postfix"), _own_mail_server),
    Need("neomutt", partial(_program, "neomutt")),
    Need("s-nail", partial(_program, "s-nail")),
    Need("swaks", partial(_program, "swaks")),
    Need("qpdf", partial(_program, "qpdf")),
)
#: Debian names of what starts by itself, now and with the machine, once installed.
SERVICES = {"dovecot-imapd": "dovecot", "postfix": "postfix"}
POLICY = Path("/usr/sbin/policy-rc.d")


def missing(needs: Sequence[Need]) -> list[str]:
    """The packages this machine lacks, and may have."""
    return [need.package for need in needs if not need.present() and not need.spared()]


def install(needs: Sequence[Need]) -> None:
    """Install what lacks, and nothing where all is there.

    :raises NotAllowed: no right to install, or no apt-get.
    :raises Stopped: the installation failed.
    """
    if spared := [need.package for need in needs if not need.present() and need.spared()]:
        print(f"Cette machine a son propre serveur de courriel, que l’installation de {', '.join(spared)} changerait : "
              "il reste comme il est.", flush=True)
    lacking = missing(needs)
    if not lacking:
        return
    if not _program("apt-get"):
        raise NotAllowed(f"Il manque à cette machine : {', '.join(lacking)} (noms des paquets de Debian). "
                      "Installez-les avec l’outil de votre système, puis relancez la commande.")
    # Nothing is asked, and the system's own services aren't restarted by a set-up.
    prefix = [*_administrator(lacking), "env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l"]
    if "postgresql" in lacking:
        _without_cluster(prefix)
    if "postfix" in lacking:
        _without_mail_name(prefix)
    with _nothing_starts(prefix, lacking):
        _apt_get(prefix, lacking)
    if still := missing(needs):
        raise Stopped(f"Après l’installation, il manque encore : {', '.join(still)}.")


def _apt_get(prefix: Sequence[str], lacking: Sequence[str]) -> None:
    command = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *lacking]
    label = f"Paquets du système : {', '.join(lacking)}"
    if any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        try:
            run(label, command)
        except StepFailed:
            # The lists are too old: the versions they name have left the servers.
            run("Listes de paquets", [*prefix, "apt-get", "update"])
            run(label, command)
    else:
        run("Listes de paquets", [*prefix, "apt-get", "update"])
        run(label, command)


def _administrator(lacking: Sequence[str]) -> list[str]:
    """What to put before a command so that it runs as root."""
    if os.geteuid() == 0:
        return []
    if _program("sudo"):
        if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
            return ["sudo", "-n"]
        if sys.stdin.isatty():
            print(f"Pour installer {', '.join(lacking)}, votre mot de passe est demandé par sudo.", flush=True)
            if subprocess.run(["sudo", "-v"], check=False).returncode == 0:
                return ["sudo"]
    raise NotAllowed(
        "Il manque des paquets à cette machine, et vous n’avez pas le droit de les installer.\n"
        "En tant que root (ou demandez à la personne qui administre la machine), lancez :\n\n"
        f"    apt-get update && apt-get install -y --no-install-recommends {' '.join(lacking)}\n\n"
        "puis relancez la commande.")


def _without_cluster(prefix: Sequence[str]) -> None:
    """Have PostgreSQL installed without a server that starts: each test makes its own. A choice already made stays."""
    if NO_CLUSTER.exists():
        return
    words = "# Posé par scripts/test : pas de base ni de serveur à l’installation de PostgreSQL.\ncreate_main_cluster = false\n"
    subprocess.run([*prefix, "sh", "-c", 'mkdir -p "$(dirname "$0")" && printf %s "$1" > "$0"', str(NO_CLUSTER), words],
                   check=True, stdin=subprocess.DEVNULL)


def _without_mail_name(prefix: Sequence[str]) -> None:
    """Have Postfix installed with no configuration: unasked, it would make this machine a mail server of the internet."""
    subprocess.run([*prefix, "debconf-set-selections"], check=True, text=True, stdout=subprocess.DEVNULL,
                   input="postfix postfix/main_mailer_type select No configuration\n")


@contextmanager
def _nothing_starts(prefix: Sequence[str], lacking: Sequence[str]) -> Iterator[None]:
    """No server of these packages starts, neither now (policy-rc.d, Debian Policy 9.3.3.1) nor with the machine.

    A policy already there stays. Ours holds only while this program runs, even if it is killed before taking it away.
    """
    services = [SERVICES[package] for package in lacking if package in SERVICES]
    if not services:
        yield
        return
    ours = not POLICY.exists()
    if ours:
        words = ("#!/bin/sh\n# Posé par scripts/test, le temps d’une installation.\n"
                 f"kill -0 {os.getpid()} 2>/dev/null && exit 101\nexit 0\n")
        subprocess.run([*prefix, "sh", "-c", 'printf %s "$1" > "$0" && chmod 755 "$0"', str(POLICY), words], check=True,
                       stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        if ours:
            subprocess.run([*prefix, "rm", "-f", str(POLICY)], check=True, stdin=subprocess.DEVNULL)
        for service in services:
            subprocess.run([*prefix, "update-rc.d", service, "disable"], check=False, capture_output=True,
                           stdin=subprocess.DEVNULL)


def environment(*requirements: str) -> Path:
    """Make ``.venv/`` hold these requirement files; quick where it does. Returns the path of its Python.

    :raises Stopped: the packages could not be had.
    """
    with _alone():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        made_for = ENVIRONMENT / "pyvenv.cfg"
        if not PYTHON.exists() or f"version = {version}" not in made_for.read_text("utf-8"):
            run("Environnement Python (.venv)", [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])
        for name in requirements:
            stamp = ENVIRONMENT / f"{name}.installed"
            wanted = _fingerprint(name)
            if not stamp.exists() or stamp.read_text("utf-8") != wanted:
                _install_packages(name)
                stamp.write_text(wanted, "utf-8")
    return PYTHON


def _fingerprint(name: str) -> str:
    """A hash of a requirement file and of those it includes."""
    text = (ROOT / name).read_text("utf-8")
    included = [line.split()[1] for line in text.splitlines() if line.startswith("-r ")]
    return hashlib.sha256("".join([text, *map(_fingerprint, included)]).encode()).hexdigest()


def _install_packages(name: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    label = f"Bibliothèques Python ({name})"
    # Where pip was told of another package index, uv would not know: it does not read pip's settings.
    told = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False, env=environ).stdout
    if "index-url" not in told and "no-index" not in told:
        try:
            if not any(ENVIRONMENT.glob("lib/*/site-packages/uv")):
                run("Installateur rapide", [*pip, "install", "--quiet", UV], environ)
        except StepFailed:
            print("    L’installateur rapide n’est pas disponible : pip prend le relais, plus lentement.", flush=True)
        else:
            try:
                run(label, [str(PYTHON), "-m", "uv", "pip", "install", "--python", str(PYTHON), "--compile-bytecode",
                            "--quiet", "-r", str(ROOT / name)], environ)
                return
            except StepFailed:
                print("    pip prend le relais, plus lentement.", flush=True)
    run(label, [*pip, "install", "--quiet", "-r", str(ROOT / name)], environ)


@contextmanager
def _alone() -> Iterator[None]:
    """One preparation at a time: two would write the same files."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Une autre commande prépare l’environnement, un instant"):
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
