"""Words that decide what becomes of mail set aside: the first line of a coordinator's reply. Doubt is not a decision."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_REFERENCE = re.compile(r"\b([a-z]{3,4})[\s-]*(\d{4})[\s-]*(\d{1,6})\b")
_ATTACH = re.compile(r"(?:rattacher|joindre)(?: a)?(?: la demande)? (?P<reference>[a-z]{3,4}[\s-]*\d{4}[\s-]*\d{1,6})")
#: first line, folded -> decision.
_ALONE = {
    "ouvrir": "open", "ouvrir une demande": "open", "ouvrir la demande": "open", "ouvrir une demande d aide": "open",
    "ecarter": "discard", "ecarter ce courriel": "discard",
    "remettre": "put_back", "remettre dans la file": "put_back",
}


@dataclass(frozen=True)
class Decision:
    """``what`` is attach, open, discard or put_back; ``reference`` that of the request to attach to."""

    what: str
    reference: str = ""


def read_decision(text: str) -> Decision | None:
    """The decision on the first line of ``text``, with or without slash and accents, or None.

    « rattacher AIDE-2026-0003 », « /Rattacher aide 2026 3 », « Ouvrir une demande », « Écarter. ».
    """
    first = _fold(text.strip().partition("\n")[0])
    if (what := _ALONE.get(first)) is not None:
        return Decision(what)
    if found := _ATTACH.fullmatch(first):
        prefix, year, number = _REFERENCE.fullmatch(found["reference"]).groups()
        return Decision("attach", f"{prefix.upper()}-{year}-{int(number):04d}")
    return None


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("’", " ").replace("'", " "))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w -]", " ", kept).split())
