"""A report given in a mail: « Vu et fait : … » or « 2. … », one answer after the other. Nothing is guessed.

Pure: text in, :class:`services.evaluation.questions.ReportLines` out; what is missing or doubtful is judged there.
"""

from __future__ import annotations

import re

from models.evaluation import Voice
from models.report_questions import QUESTIONS, Question
from services.evaluation.questions import ReportLines, names
from territory.spelling import fold

from .commands import says_something

_ASIDE = re.compile(r"\([^)]*\)")
_BULLET = re.compile(r"^(?:[-*•–—>]+\s+)+")
_NUMBER = re.compile(r"^(\d)\s?(?:[.)/:°-]|\s-)\s*(.*)$")


def read_report(text: str, voice: Voice) -> ReportLines:
    """What each question of ``voice`` is answered; words before the first label, or after a blank line and a polite end, are
    words for the coordination."""
    known, asked = names(voice), {question.name: question for question in QUESTIONS[voice]}
    values: dict[str, list[str]] = {}
    twice: list[str] = []
    rest: list[str] = []
    name = ""
    for raw in text.splitlines():
        line = " ".join(_BULLET.sub("", raw.strip(" \t\u00a0*_")).split())
        found, value = _labelled(line, known, asked)
        if found:
            name = found
            before = "\n".join(values.get(name, [])).strip()
            if before and value and fold(before) != fold(value):
                twice.append(asked[name].label)
            if not before:
                values[name] = [value] if value else []
        elif name:
            values[name].append(line)
        else:
            rest.append(line)
    said = {key: _end_cut("\n".join(lines)) for key, lines in values.items()}
    words = "\n".join(rest).strip()
    return ReportLines({key: value for key, value in said.items() if value}, tuple(twice), words if says_something(words) else "")


def _labelled(line: str, known: dict[str, str], asked: dict[str, Question]) -> tuple[str, str]:
    if (number := _NUMBER.match(line)) and (name := known.get(number[1])):
        return name, _without_question(number[2].strip(" *_"), asked[name])
    label, colon, value = line.partition(":")
    name = known.get(fold(_ASIDE.sub(" ", label)).strip(), "") if colon else ""
    if name:
        return name, value.strip(" *_")
    # The question itself on a line, its answer after the question mark or under it.
    head, mark, value = line.partition("?")
    name = known.get(fold(head).strip(), "") if mark else ""
    return (name, _ASIDE.sub("", value).strip(" *_")) if name else ("", "")


def _without_question(value: str, question: Question) -> str:
    """« 2. Qu’avez-vous vu et fait ? Des ateliers »: the answer alone."""
    for head in (question.ask, question.label):
        if fold(value).startswith(fold(head)):
            words = head.split()
            end = 0
            for _ in words:
                found = re.compile(r"\S+").search(value, end)
                end = found.end() if found else end
            return _ASIDE.sub("", value[end:]).strip(" ?:*_\u00a0")
    return value


def _end_cut(answer: str) -> str:
    """An answer without the polite end and the name that may follow the last one."""
    blocks = re.split(r"\n\s*\n", answer.strip())
    while len(blocks) > 1 and not says_something(blocks[-1], thanks=True):
        blocks.pop()
    return "\n\n".join(blocks).strip()


def answers_questions(lines: ReportLines) -> bool:
    """True when a mail that begins with no word of command is a report all the same: two questions are answered."""
    return len(lines.values) >= 2


def without_questions(sent: str, voice: Voice) -> str:
    """A letter of ours without the lines that an answer repeats: they are its own there, and no quote."""
    known, asked = names(voice), {question.name: question for question in QUESTIONS[voice]}
    return "\n".join(line for line in sent.splitlines()
                     if not _labelled(" ".join(_BULLET.sub("", line.strip()).split()), known, asked)[0])
