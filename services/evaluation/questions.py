"""Answers to the three reports, from a page or line by line in a mail: what they mean, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from models.evaluation import Voice
from models.report_questions import LONGEST, QUESTIONS, SAY, Question
from models.states import Role
from territory.spelling import fold

VOICES: dict[str, Voice] = {Role.AUTHOR.value: Voice.COMPANION, Role.HOST.value: Voice.HOST, Role.EMPLOYER.value: Voice.EMPLOYER}
ROLES: dict[str, Role] = {voice.value: Role(role) for role, voice in VOICES.items()}


@dataclass(frozen=True)
class ReportLines:
    """What a reader found in a mail: nothing is checked yet. ``twice``: labels given two different values."""

    values: dict[str, str] = field(default_factory=dict)
    twice: tuple[str, ...] = ()
    words: str = ""


def names(voice: Voice) -> dict[str, str]:
    """How a line may begin, folded -> the name of the question it answers; its number too."""
    found = {}
    for number, question in enumerate(QUESTIONS[voice], 1):
        found |= {fold(text): question.name for text in (question.label, question.ask, *question.also)} | {
            str(number): question.name}
    return found


def chosen(question: Question, said: str) -> str | None:
    """The value of a choice that words mean, or None; « en partie, il a plu » begins with one."""
    words = fold(said)
    known = {fold(value): value for value, _ in question.choices if value} | {
        fold(shown): value for value, shown in question.choices} | {fold(text): value for text, value in question.says}
    if words in known:
        return known[words]
    return next((known[text] for text in sorted(known, key=len, reverse=True) if words.startswith(f"{text} ")), None)


def problems(voice: Voice, values: dict[str, str]) -> Iterator[str]:
    """A sentence for each answer that is missing or cannot be taken; the page's rules."""
    for question in QUESTIONS[voice]:
        said = values.get(question.name, "")
        if not said and not question.optional:
            yield f"Il manque «\u00a0{question.label}\u00a0»\u00a0: {question.ask}"
        elif said and question.choices and chosen(question, said) is None:
            can = ", ".join(shown.lower() for _, shown in question.choices)
            yield f"«\u00a0{question.label}\u00a0»\u00a0: écrivez l’une de ces réponses\u00a0: {can}."
        elif len(said) > LONGEST:
            yield f"«\u00a0{question.label}\u00a0» est trop long\u00a0: {LONGEST} signes au plus."


def accepted(voice: Voice, values: dict[str, str]) -> dict[str, str]:
    """The answers as they are kept, choices as their values; nothing may be missing (see :func:`problems`)."""
    return {question.name: (chosen(question, said) or "") if question.choices else said
            for question in QUESTIONS[voice] if (said := values.get(question.name, "").strip())}


def prepared(voice: Voice, values: dict[str, str] | None = None) -> str:
    """The mail to complete: one line a question, with what is known already."""
    known = values or {}
    rows = [f"{question.label}{' (facultatif)' if question.optional else ''} : {known.get(question.name, '')}"
            for question in QUESTIONS[voice]]
    return "\n".join([SAY, "", *rows])


def say(voice: Voice, answers: dict[str, str], without: tuple[str, ...] = ()) -> list[list[str]]:
    """``[question, answer]`` as they are shown."""
    rows = []
    for question in QUESTIONS[voice]:
        if (value := answers.get(question.name)) and question.name not in without:
            rows.append([question.ask, dict(question.choices).get(value, value)])
    return rows
