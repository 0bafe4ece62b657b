"""What people thought of the help they got: two questions, counted without names."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam

from models.base import run
from models.dossier import Actor, Dossier, Entraide
from models.entraide import OpinionCount
from models.states import Kind, Role
from models.vocabulary import OPINIONS
from territory.calendar import local
from territory.spelling import fold

from ..acting import Action, register
from ..conversation import keep_words
from ..errors import AlreadyDone, Refused

_ANSWER = re.compile(r"\b(en partie|oui|non)\b")
_SAID = {"oui": "oui", "non": "non", "en partie": "partie"}


def give(dossier: Entraide, by: Actor, words: str, now: datetime, answers: dict[str, str] | None = None) -> str:
    """Count the answers to the two questions; only that they were given is kept with the request, so as to count once."""
    answers = answers or {}
    if set(answers) != set(OPINIONS):
        raise Refused("Répondez aux deux questions, par exemple «\u00a0avis oui, oui\u00a0».")
    if dossier.opinion_given:
        raise AlreadyDone("Votre avis est déjà compté, merci.")
    dossier.opinion_given = True
    for question, answer in answers.items():
        run(_one_more, of=local(now).year, kind=dossier.help_kind, asked=question, said=answer)
    dossier.record("opinion_given", Actor(Role.CLOCK, None, by.via), now)
    keep_words(dossier, by, words, now)
    return "Merci, votre avis est compté, sans votre nom."


def said(words: str) -> dict[str, str] | None:
    """The answers of « avis oui, en partie »; None unless there are two that can be understood."""
    found = [_SAID[match] for match in _ANSWER.findall(fold(words))]
    if len(found) != len(OPINIONS):
        return None
    answers = dict(zip(OPINIONS, found, strict=True))
    return answers if all(answer in dict(OPINIONS[question].choices) for question, answer in answers.items()) else None


def _one_more(insert):
    row = insert(OpinionCount.__table__).values(year=bindparam("of"), help_kind=bindparam("kind"), question=bindparam("asked"),
                                                answer=bindparam("said"), count=1)
    return row.on_conflict_do_update(index_elements=["year", "help_kind", "question", "answer"],
                                     set_={"count": OpinionCount.count + 1}).returning(OpinionCount.count)


def _not_yet(dossier: Dossier, _who: Any) -> str:
    return "Votre avis est déjà compté, merci." if dossier.opinion_given else ""


register(
    Action("avis", "Donner mon avis en deux questions", "compte vos deux réponses, sans votre nom",
           {Kind.ENTRAIDE: frozenset({"resolved", "closed"})}, frozenset({Role.AUTHOR}), give, words="optional",
           words_label="Un mot pour la coordination", form=True, only=_not_yet),
)
