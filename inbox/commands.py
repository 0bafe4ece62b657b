"""Words that act: the first line of a reply, with or without slash and accents. Doubt is not a command."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: role -> first words -> slug of the action. A word without slash must stand alone on its line, but for "refuser motif".
_COORDINATOR = {"accepter": "accepter", "refuser": "refuser", "clore": "clore", "note": "note", "resolu": "resolu"}
_YES = {"oui": "accepter", "accepter": "accepter", "j accepte": "accepter", "d accord": "accepter", "accord": "accepter",
        "je suis d accord": "accepter", "ok": "accepter", "favorable": "accepter", "avis favorable": "accepter"}
_NO = {"non": "refuser", "refuser": "refuser", "je refuse": "refuser", "pas d accord": "refuser", "defavorable": "refuser",
       "avis defavorable": "refuser"}
WORDS: dict[str, dict[str, str]] = {
    "coordinator": _COORDINATOR,
    "employer": _YES | _NO,
    "host": {"refuser": "refuser", "non": "refuser"},
    "author": {"resolu": "resolu", "c est resolu": "resolu", "retirer": "retirer", "retirer ma demande": "retirer"},
}


@dataclass(frozen=True)
class Command:
    """``slug`` of the action, and the words that go with it."""

    slug: str
    words: str


def read_command(text: str, role: str) -> Command | None:
    """The command on the first line of ``text`` for somebody in ``role``, or None.

    « /refuser Le dossier est incomplet », « Refuser : déjà traité », « Oui, » alone, « Note : rappeler jeudi ».
    A sentence that merely begins with such a word (« Accepter serait difficile ») is not one.
    """
    known = WORDS.get(role, {})
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    slashed = first.startswith("/")
    bare = first.lstrip("/ ")
    if (slug := known.get(_fold(bare))) is not None:
        return Command(slug, rest.strip())
    found = re.match(r"([^\W\d_]+)\s*([:,;–-]?)\s*(.*)", bare)
    if not found or _fold(found[1]) not in known:
        return None
    if slashed or found[2] == ":":
        return Command(known[_fold(found[1])], f"{found[3]}\n{rest}".strip())
    if found[2] == "," and role in ("employer", "host") and _fold(found[1]) in ("oui", "non"):
        # « Oui, mais pas en mars » is an answer with a condition: a person reads it.
        return Command(known[_fold(found[1])], rest.strip()) if not found[3] else None
    return None


def doubtful_word(text: str, role: str) -> str:
    """The word of command a coordinator's reply begins with, when :func:`read_command` found no command in it.

    Such words must not reach the person by mistake: « refuser dossier incomplet » is more likely an order than a letter.
    """
    first = text.strip().partition("\n")[0].split()
    if role != "coordinator" or not first or read_command(text, role) is not None:
        return ""
    word = _fold(first[0])
    return word if word in WORDS["coordinator"] else ""


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("’", " ").replace("'", " "))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w ]", " ", kept).split())
