"""A report is given by its party, or filled in for it by the coordination; the person received reads what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mail import outbox
from mail.letters import evaluation as letters
from models.access_link import Purpose
from models.dossier import Actor, Dossier, Immersion, Participant
from models.evaluation import Evaluation, Publication, Voice
from models.instance import instance
from models.report_questions import QUESTIONS
from models.states import Kind, Role

from .. import acting
from ..acting import Action, register, who_coordinates
from ..attestation import awarding
from ..conversation import keep_words
from ..errors import Refused
from ..links import personal_url
from ..relaying import relayed
from .asking import GIVEN_IN, awaited_of, evaluation_of
from .questions import ROLES, VOICES, ReportLines, accepted, prepared, problems, say

#: What of an account is published; the rest is for the coordination.
PUBLISHED = ("seen", "kept")


@dataclass(frozen=True)
class Report:
    """The answers of one party, checked (see ``questions.problems``)."""

    voice: Voice
    values: dict[str, str]


def give(dossier: Immersion, by: Actor, words: str, now: datetime, report: Report) -> str:
    """Keep a report, tell the coordination, and tell the person received what is said of them.

    Given again, it takes the place of the first; what had been agreed about publishing it is asked again.

    :raises Refused: that party was not asked, or may not speak for another.
    """
    row = evaluation_of(dossier, report.voice)
    if row is None or (by.role != Role.COORDINATOR and VOICES.get(by.role.value) != report.voice):
        raise Refused("Ce retour n’est pas attendu.")
    again = row.given_at is not None
    wish = {"named": Publication.NAMED, "nameless": Publication.NAMELESS}.get(report.values.get("publish", ""), Publication.NO)
    changed = _published_text(row) != {name: report.values.get(name, "") for name in PUBLISHED} or row.publication != wish
    row.given_at, row.given_by, row.via, row.answers = now, by.participant, by.via, dict(report.values)
    if report.voice == Voice.COMPANION and changed:
        row.publication, row.agreements, row.published_at = wish.value, {}, None
    dossier.record("report_given_for" if by.role == Role.COORDINATOR else "report_given", by, now, voice=row.label)
    keep_words(dossier, by, words, now)
    _tell(dossier, row, by, now, again=again)
    if report.voice == Voice.COMPANION and changed and wish != Publication.NO:
        _ask_to_publish(dossier, row, now)
    awarding.award_if_all_say_so(dossier, now)
    return _thanks(report, by, row.label)


def _published_text(row: Evaluation) -> dict[str, str]:
    return {name: row.answers.get(name, "") for name in PUBLISHED}


def _thanks(report: Report, by: Actor, label: str) -> str:
    if by.role == Role.COORDINATOR:
        return f"Le retour est enregistré ({label})."
    if report.voice == Voice.COMPANION:
        return "Merci, votre récit est enregistré. Vous pouvez encore le corriger."
    return "Merci, votre retour est enregistré. La personne accueillie peut le lire. Vous pouvez encore le corriger."


def _tell(dossier: Immersion, row: Evaluation, by: Actor, now: datetime, *, again: bool) -> None:
    voice, network = Voice(row.voice), instance().network
    rows = say(voice, row.answers)
    doubt = row.answers.get("held", "oui") != "oui"
    for person in who_coordinates(dossier):
        if person is not by.participant:
            url = personal_url(Purpose.DOSSIER, person, now)
            outbox.post(letters.report_given(network, dossier, person, voice, rows, url, again=again, doubt=doubt), person, now)
    if voice != Voice.COMPANION:
        url = personal_url(Purpose.DOSSIER, dossier.author, now)
        shown = [[question, relayed(answer, dossier, dossier.author)] for question, answer in rows]
        outbox.post(letters.report_about_you(network, dossier, dossier.author, _author_of(dossier, row), shown, url),
                    dossier.author, now)


def _author_of(dossier: Immersion, row: Evaluation) -> str:
    person = dossier.participant(ROLES[row.voice])
    return person.display_name if person else row.label


def _ask_to_publish(dossier: Immersion, row: Evaluation, now: datetime) -> None:
    """The host and the employer read what would be published, and say yes or no."""
    rows = published_rows(row)
    for role in (Role.HOST, Role.EMPLOYER):
        if person := dossier.participant(role):
            url = personal_url(Purpose.DOSSIER, person, now)
            outbox.post(letters.account_to_agree(instance().network, dossier, person, rows, row.publication == Publication.NAMED,
                                                 url, acting.reply_address(person)), person, now)


def published_rows(row: Evaluation) -> list[list[str]]:
    """What of an account is published."""
    return say(Voice.COMPANION, row.answers, without=tuple({q.name for q in QUESTIONS[Voice.COMPANION]} - set(PUBLISHED)))


def readable_by(dossier: Dossier, role: Role) -> list[tuple[Evaluation, list[list[str]]]]:
    """The reports that role may read, each with its rows: the coordination all; the person received what they wrote and what
    is said of them; a host or an employer their own, and of the account what would be published, once they are asked."""
    if dossier.kind_ != Kind.IMMERSION:
        return []
    found = []
    for row in dossier.evaluations:
        if row.given_at is None:
            continue
        if role in (Role.COORDINATOR, Role.AUTHOR) or VOICES.get(role.value) == row.voice:
            found.append((row, say(Voice(row.voice), row.answers)))
        elif row.voice == Voice.COMPANION and row.publication and role in (Role.HOST, Role.EMPLOYER):
            found.append((row, published_rows(row)))
    return found


def report_of_lines(voice: Voice, lines: ReportLines) -> Report | None:
    """The report that lines of a mail make, None where something is missing or doubtful."""
    if lines.twice or any(problems(voice, lines.values)):
        return None
    return Report(voice, accepted(voice, lines.values))


def ask_to_complete(person: Participant, lines: ReportLines, now: datetime) -> None:
    """Tell who answered by mail what was understood, and what is missing; inside a transaction."""
    voice = VOICES[person.role]
    understood = [f"{question.label}\u00a0: {lines.values[question.name]}" for question in QUESTIONS[voice]
                  if lines.values.get(question.name)]
    wrong = [f"«\u00a0{label}\u00a0» est écrit deux fois, de deux façons\u00a0: laissez une seule ligne."
             for label in lines.twice]
    url = f"{personal_url(Purpose.DOSSIER, person, now)}/bilan"
    outbox.post(letters.report_to_complete(instance().network, person.dossier, person, understood,
                                           wrong + list(problems(voice, lines.values)), prepared(voice, lines.values),
                                           acting.reply_address(person), url), person, now)


def awaited(dossier: Immersion) -> list[str]:
    """The reports that were asked and did not come, in words."""
    return [row.label for row in dossier.evaluations if row.given_at is None]


def to_fill_in(dossier: Immersion) -> list[tuple[Voice, bool, str]]:
    """The reports a coordinator may fill in or correct, whether each is there, and its name."""
    return [(Voice(row.voice), row.given_at is not None, row.label) for row in dossier.evaluations]


def _not_asked(dossier: Dossier, who: Any) -> str:
    if who is not None and who.role == Role.COORDINATOR:
        return "" if dossier.evaluations else "Les retours ne sont pas encore demandés : ils le sont après la dernière séance."
    return "" if awaited_of(dossier, who) else "Votre retour n’est pas encore attendu : il l’est après la dernière séance."


_WHERE = {Kind.IMMERSION: GIVEN_IN}

register(
    Action("bilan", "Donner mon retour", "enregistre votre retour", _WHERE, frozenset({Role.AUTHOR, Role.HOST, Role.EMPLOYER}),
           give, form=True, main=True, only=_not_asked),
    Action("bilan", "Remplir un retour à sa place", "enregistre le retour d’une des parties, qu’elle vous a dit", _WHERE,
           frozenset({Role.COORDINATOR}), give, form=True, only=_not_asked),
)
