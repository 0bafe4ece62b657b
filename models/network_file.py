"""Reading ``network.toml``: one table after the other, key by key; a mistake is told with its line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]{2,}")


class NetworkFileError(Exception):
    """``network.toml`` cannot be used; the message names the line and says what to write."""


class NetworkFile:
    """The parsed file and its lines, to tell where a mistake stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # utf-8-sig: word processors put a byte-order mark first.
            self.lines = path.read_text("utf-8-sig").split("\n")
        except UnicodeDecodeError as error:
            raise NetworkFileError(f"{path} n’est pas enregistré en UTF-8. Dans votre éditeur, choisissez « Enregistrer sous », "
                                   "encodage UTF-8.") from error
        except FileNotFoundError as error:
            raise NetworkFileError(f"{path} n’existe pas. Lancez scripts/run : il le crée avec des valeurs d’exemple."
                                   ) from error
        try:
            self.data: dict[str, Any] = tomllib.loads("\n".join(self.lines))
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            where = f"ligne {found[1]}" if found else "à la fin du fichier"
            raise NetworkFileError(f"{path}, {where} : cette ligne ne peut pas être lue. Vérifiez les guillemets, les "
                                   "crochets et les virgules, et que rien n’est écrit deux fois.") from error

    def line(self, table: str, key: str = "", index: int = 0) -> int:
        """1-based line of ``key`` in the ``index``-th table of that name, else of the table, else 1."""
        seen, inside, header = -1, False, 1
        for number, text in enumerate(self.lines, 1):
            bare = text.strip()
            if bare.startswith("["):
                inside = bare.split("#")[0].strip().strip("[]").strip() == table
                if inside:
                    seen += 1
                    inside = seen == index
                    header = number if inside else header
            elif inside and key and re.match(rf"{re.escape(key)}\s*=", bare):
                return number
        return header

    def refuse(self, sentence: str, table: str, key: str = "", index: int = 0) -> NetworkFileError:
        return NetworkFileError(f"{self.path}, ligne {self.line(table, key, index)} : {sentence}")


class Table:
    """One table of the file, read key by key; what was not read at the end is a mistake."""

    def __init__(self, file: NetworkFile, name: str, values: Any, index: int = 0) -> None:
        self.file, self.name, self.index = file, name, index
        if not isinstance(values, dict):
            raise file.refuse(f"« {name} » doit être un bloc [{name}].", name)
        self.values = dict(values)

    def refuse(self, key: str, sentence: str) -> NetworkFileError:
        return self.file.refuse(sentence, self.name, key, self.index)

    def text(self, key: str, *, required: bool = False, pattern: re.Pattern[str] | None = None, example: str = "",
             default: str = "") -> str:
        value = self.values.pop(key, default)
        if not isinstance(value, str):
            raise self.refuse(key, f"« {key} » attend un texte entre guillemets.")
        value = value.strip()
        if required and not value:
            raise self.refuse(key, f"« {key} » est à remplir dans [{self.name}]"
                                   + (f", par exemple {example}." if example else "."))
        if value and pattern and not pattern.fullmatch(value):
            raise self.refuse(key, f"« {key} » ne peut pas être « {value} ». Écrivez par exemple {example}.")
        return value

    def email(self, key: str, *, required: bool = True) -> str:
        return self.text(key, required=required, pattern=_EMAIL, example="prenom.nom@exemple.fr")

    def texts(self, key: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = self.values.pop(key, list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.refuse(key, f"« {key} » attend une liste de textes, par exemple [\"un\", \"deux\"].")
        return tuple(item.strip() for item in value)

    def flag(self, key: str) -> bool:
        value = self.values.pop(key, False)
        if not isinstance(value, bool):
            raise self.refuse(key, f"« {key} » attend true ou false.")
        return value

    def number(self, key: str, default: int, low: int, high: int) -> int:
        value = self.values.pop(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.refuse(key, f"« {key} » attend un nombre entier entre {low} et {high}.")
        return value

    def close(self) -> None:
        for key in self.values:
            raise self.refuse(key, f"« {key} » n’est pas un réglage connu de [{self.name}]. Retirez cette ligne.")
