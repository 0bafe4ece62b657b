"""« déplacer le mardi 2 février 2027 au jeudi 4 février 2027, 9 h - 12 h »: which session, and to when. Nothing is guessed."""

from __future__ import annotations

import re

from services.immersion.moving import SaidMove
from territory.said_days import UnreadableDays, read_day

from .host_answer import read_session

_TO = re.compile(r"\s+(?:au|vers le|pour le|->|→)\s+", re.IGNORECASE)
_HOURS = re.compile(r"\d\s?(?:h|:)", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:la |cette )?(?:séance |journée )?(?:du |le |de )?", re.IGNORECASE)


def read_move(words: str) -> SaidMove:
    """What follows « déplacer » on its line; without hours, those of the session stay."""
    parts = _TO.split(" ".join(words.strip(" .:").split()), maxsplit=1)
    if len(parts) != 2:
        return SaidMove(why="il manque « au », entre la date de la séance et la nouvelle")
    try:
        day = read_day(_BEFORE.sub("", parts[0]).strip(" ,"))
        if _HOURS.search(parts[1]):
            return SaidMove(day, wanted=read_session(parts[1]))
        return SaidMove(day, on=read_day(parts[1].strip(" ,.")))
    except UnreadableDays as why:
        return SaidMove(why=str(why))
