"""What one may write after ``scripts/run``. Standard library only: this runs before anything is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HELP = """\
scripts/run : installe ce qu’il faut, puis ouvre le site et sa boîte de courriels sur cette machine.

  scripts/run [--port N] [--host ADRESSE] [--instance DOSSIER] [--empty] [--prepare]

  --port N            port du site (5000 si rien n’est dit)
  --host ADRESSE      adresse d’écoute (127.0.0.1 si rien n’est dit : cette machine seulement)
  --instance DOSSIER  dossier de toutes les données (instance/ si rien n’est dit)
  --empty             sans les données de démonstration
  --prepare           installe, met la base à jour, puis s’arrête sans ouvrir le site
  --help              cette aide

Ctrl-C arrête tout. Les données restent dans leur dossier et se retrouvent la fois suivante.
"""
VALUES = {"--port": "un numéro", "--host": "une adresse", "--instance": "un dossier"}


class BadOption(Exception):
    """What was typed cannot be used; the message says so in French."""


@dataclass(frozen=True)
class Options:
    """``port``: 1 to 65535, None when not given. ``instance``: absolute, None when not given."""

    port: int | None = None
    host: str = "127.0.0.1"
    instance: Path | None = None
    empty: bool = False
    prepare: bool = False
    help: bool = False


def parse(argv: Sequence[str]) -> Options:
    """Understand the words typed after the command.

    :raises BadOption: an unknown word, a value that lacks or cannot be used.
    """
    given: dict[str, object] = {}
    words = list(argv)
    while words:
        name, equals, value = words.pop(0).partition("=")
        if name in VALUES:
            if not equals:
                if not words or words[0].startswith("--"):
                    raise BadOption(f"Après {name}, écrivez {VALUES[name]}.")
                value = words.pop(0)
            given[name.removeprefix("--")] = _understood(name, value)
        elif name in {"--empty", "--prepare", "--help"} and not equals:
            given[name.removeprefix("--")] = True
        elif name == "-h" and not equals:
            given["help"] = True
        else:
            raise BadOption(f"« {name} » n’est pas une option de scripts/run.")
    return Options(**given)


def _understood(name: str, value: str) -> object:
    if not value:
        raise BadOption(f"Après {name}, écrivez {VALUES[name]}.")
    if name == "--port":
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
            raise BadOption(f"Le port doit être un nombre entre 1 et 65535, pas « {value} ».")
        return int(value)
    return Path(value).expanduser().absolute() if name == "--instance" else value
