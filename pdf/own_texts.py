"""An instance's own texts of the convention, and of the protocol of a mentoring: `documents/convention/2027-06.html` in its
folder, in place of ours.

The engine stays closed: no network, no file, nothing unescaped, and a sandbox for the template itself. The style sheets
are ours. Once an instance has a text of its own, its latest one is proposed to new conventions, whatever the date of ours.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError

from models.instance import instance_folder

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER, KIND, PROTOCOLE = "documents", "convention", "protocole"
KINDS = (KIND, PROTOCOLE)
_NAME = re.compile(rf"(?:{'|'.join(KINDS)})/\d{{4}}-(?:0[1-9]|1[0-2])")
#: What a text may not do: undo the escaping, call another file, bring styles, scripts or addresses of its own.
_FORBIDDEN = re.compile(
    r"\|\s*safe\b|\bautoescape\b|{%-?\s*(?:include|import|extends|from)\b|<\s*(?:script|style|link|iframe|object|embed|img|base)\b"
    r"|\bstyle\s*=|\bon\w+\s*=", re.IGNORECASE)


class UnfitText(ValueError):
    """A text of the instance cannot be used: the message, in French, says why."""


def names(kind: str = KIND) -> tuple[str, ...]:
    """Names of the instance's own texts, the earliest first: `convention/2027-06`."""
    folder = _folder()
    found = [f"{kind}/{path.stem}" for path in (folder / kind).glob("*.html")] if folder else []
    return tuple(sorted(name for name in found if _NAME.fullmatch(name)))


def strays(kind: str = KIND) -> tuple[str, ...]:
    """Files beside them whose name is no month: they are never used."""
    folder = _folder()
    files = (folder / kind).glob("*") if folder else []
    return tuple(sorted(path.name for path in files if not (path.suffix == ".html" and _NAME.fullmatch(f"{kind}/{path.stem}"))))


def text_of(name: str) -> str | None:
    """The text of that name, None when the instance has none. Raises UnfitText."""
    folder = _folder()
    if folder is None or not _NAME.fullmatch(name) or not (path := folder / f"{name}.html").is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnfitText(f"{path.name} ne se lit pas : il doit être un fichier de texte en UTF-8.") from error
    if found := _FORBIDDEN.search(text):
        raise UnfitText(f"{path.name} contient « {found.group().strip()} », qui n’est pas permis dans un texte de l’instance.")
    return text


def digest(name: str) -> str:
    """The SHA-256 of a text of the instance, "" for ours: a frozen convention keeps it, so that its text cannot change."""
    text = text_of(name)
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def check_syntax(name: str, environment: Environment) -> None:
    """Raises UnfitText when the template of that name cannot be read as one."""
    try:
        environment.parse(text_of(name) or "")
    except TemplateSyntaxError as error:
        raise UnfitText(f"{name}.html, ligne {error.lineno} : la syntaxe du modèle est fautive ({error.message}).") from error


def _folder() -> Path | None:
    root = instance_folder()
    return root / FOLDER if root and (root / FOLDER).is_dir() else None
