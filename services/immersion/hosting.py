"""A host's answer given in a mail: what is asked line by line, and what is accepted of it (forms/immersion.py asks the same)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from mail import outbox
from mail.letters import immersion as letters
from models.access_link import Purpose
from models.convention import ImmersionSession
from models.dossier import Dossier, Participant
from models.instance import instance
from pdf.convention_data import Session
from territory.calendar import say_date, say_time
from territory.spelling import fold

from .. import acting
from ..links import personal_url
from . import planning
from .session_checks import Around, check_sessions

#: The first line of the answer.
SAY = "accueillir"
DATES = "Dates"
WORDS = "Un mot"
#: As many as the page takes.
MOST_SESSIONS = 40


@dataclass(frozen=True)
class HostAnswer:
    """What a host gives when it agrees."""

    sessions: tuple[Session, ...]
    tutor_name: str
    tutor_quality: str
    tutor_contact: str
    address: str
    signatory_name: str
    signatory_quality: str
    meals: str = ""
    safety: str = ""
    insurance: str = ""


@dataclass(frozen=True)
class HostsToAsk:
    """Ids of structures: which to ask now, and which after it, in order, if it cannot."""

    first: int
    then: tuple[int, ...] = ()


@dataclass(frozen=True)
class Question:
    """``name``: the field of :class:`HostAnswer`; ``label``: how its line begins; ``also``: other beginnings people write."""

    name: str
    label: str
    missing: str
    longest: int
    optional: bool = False
    also: tuple[str, ...] = ()


QUESTIONS = (
    Question("address", "Adresse", "l’adresse où se passe l’accueil", 200, also=("adresse de l’accueil", "lieu")),
    Question("tutor_name", "Tuteur ou tutrice", "le nom de la personne qui accueillera", 150,
             also=("tuteur", "tutrice", "qui accueillera", "qui accueillera sur place")),
    Question("tutor_quality", "Sa fonction", "la fonction de la personne qui accueillera", 150, also=("fonction",)),
    Question("tutor_contact", "Son téléphone", "comment joindre cette personne le jour même", 150,
             also=("téléphone", "comment la joindre")),
    Question("signatory_name", "Signataire", "qui signera la convention", 150, also=("qui signera",)),
    Question("signatory_quality", "Sa qualité", "la fonction de la personne qui signera", 150, also=("qualité",)),
    Question("insurance", "Assurance", "le nom de votre assureur, en responsabilité civile", 200, also=("assureur",)),
    Question("meals", "Repas", "", 200, optional=True),
    Question("safety", "Sécurité", "", 1000, optional=True, also=("sécurité, équipement, règles du lieu",)),
)


@dataclass(frozen=True)
class HostLines:
    """What a reader found in the mail (``inbox/host_answer.py``): nothing is checked yet.

    ``unread``: lines that should give a date and hours, and why they do not. ``twice``: labels given two different values.
    """

    sessions: tuple[Session, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    unread: tuple[tuple[str, str], ...] = ()
    twice: tuple[str, ...] = ()
    words: str = ""


def say_session(session: Session | ImmersionSession) -> str:
    """« mardi 2 février 2027, de 9 h à 12 h 30 et de 13 h 30 à 17 h »."""
    words = f"{say_date(session.on)}, de {say_time(session.starts)} à {say_time(session.ends)}"
    if session.starts_again and session.ends_again:
        words += f" et de {say_time(session.starts_again)} à {say_time(session.ends_again)}"
    return words


def names() -> dict[str, str]:
    """How a line may begin, folded -> the name of what it gives; ``sessions`` and ``words`` are two of them."""
    found = {fold(DATES): "sessions", "date": "sessions", "dates et heures": "sessions", fold(WORDS): "words"}
    for question in QUESTIONS:
        found |= {fold(text): question.name for text in (question.label, *question.also)}
    return found


def accepted(lines: HostLines, around: Around) -> HostAnswer | None:
    """The answer, where nothing is missing and nothing is doubtful; None otherwise."""
    if any(problems(lines, around)):
        return None
    return HostAnswer(sessions=tuple(sorted(lines.sessions, key=lambda session: session.on)),
                      **{question.name: lines.values.get(question.name, "") for question in QUESTIONS})


def problems(lines: HostLines, around: Around) -> Iterator[str]:
    """A sentence for each thing that is missing, or that cannot be taken as it is; the page's rules."""
    for text, why in lines.unread:
        yield f"La ligne «\u00a0{text[:100]}\u00a0»\u00a0: {why}."
    if not lines.sessions and not lines.unread:
        yield "Il manque au moins une date, avec ses heures."
    if len(lines.sessions) > MOST_SESSIONS:
        yield f"Il y a plus de {MOST_SESSIONS} dates\u00a0: la coordination peut vous aider, répondez-lui simplement."
    for finding in check_sessions(lines.sessions, around):
        if finding.error:
            yield finding.sentence
    for label in lines.twice:
        yield f"«\u00a0{label}\u00a0» est écrit deux fois, de deux façons\u00a0: laissez une seule ligne."
    for question in QUESTIONS:
        value = lines.values.get(question.name, "")
        if not value and not question.optional and question.label not in lines.twice:
            yield f"Il manque {question.missing} («\u00a0{question.label}\u00a0»)."
        if len(value) > question.longest:
            yield f"«\u00a0{question.label}\u00a0» est trop long\u00a0: {question.longest} signes au plus."


def prepared(lines: HostLines) -> str:
    """The mail a host has to complete, with what is known already; what may stay empty comes last, and says so."""
    dates = "\n".join([say_session(session) for session in lines.sessions] + [text for text, _ in lines.unread])
    rows = [f"{question.label}{' (facultatif)' if question.optional else ''} : {lines.values.get(question.name, '')}"
            for question in QUESTIONS]
    return "\n".join([SAY, "", f"{DATES} :", dates, "", *rows, f"{WORDS} (facultatif) : {lines.words}"])


def known(dossier: Dossier, host: Participant) -> HostLines:
    """What the network knows before the host answers: the same as the page shows."""
    values = {"address": dossier.host.address if dossier.host else "", "signatory_name": host.name,
              "signatory_quality": host.quality}
    return HostLines(values={name: value for name, value in values.items() if value})


def ask_to_complete(host: Participant, lines: HostLines, now: datetime) -> None:
    """Tell a host what was understood of its answer, and what is still needed; inside a transaction."""
    dossier = host.dossier
    understood = [say_session(session) for session in lines.sessions]
    understood += [f"{question.label}\u00a0: {lines.values[question.name]}" for question in QUESTIONS
                   if lines.values.get(question.name)]
    url = f"{personal_url(Purpose.DOSSIER, host, now)}/accueillir"
    lacking = list(problems(lines, planning.around(dossier, now)))
    outbox.post(letters.host_to_complete(instance().network, dossier, host, understood, lacking, prepared(lines),
                                         acting.reply_address(host), url), host, now)
