"""Letters of the reports: asked, recalled, read by whom they are about; an account to be published."""

from __future__ import annotations

from models.dossier import Dossier, Immersion, Participant
from models.evaluation import Voice, label_of
from models.network import Network
from models.report_questions import QUESTIONS, Question

from ..letter import Letter, compose


def report_to_give(network: Network, dossier: Dossier, to: Participant, url: str, reply_address: str, prepared: str) -> Letter:
    """To each party, the day after the last session: a few questions, answered on a page or by reply."""
    return compose("evaluation/report_to_give", network=network, dossier=dossier, to=to, url=url, reply_address=reply_address,
                   prepared=prepared, questions=_questions(to))


def report_reminder(network: Network, dossier: Dossier, to: Participant, url: str, reply_address: str, prepared: str, *,
                    last: bool) -> Letter:
    """To who has not answered, on the third and on the tenth day."""
    return compose("evaluation/report_reminder", network=network, dossier=dossier, to=to, url=url, reply_address=reply_address,
                   prepared=prepared, questions=_questions(to), last=last)


def _questions(to: Participant) -> tuple[Question, ...]:
    return QUESTIONS[{"author": Voice.COMPANION, "host": Voice.HOST, "employer": Voice.EMPLOYER}[to.role]]


def report_given(network: Network, dossier: Immersion, to: Participant, voice: Voice, rows: list[list[str]], url: str, *,
                 again: bool, doubt: bool) -> Letter:
    """To the coordination: what a party says. ``doubt``: it did not take place as planned."""
    return compose("evaluation/report_given", network=network, dossier=dossier, to=to, voice=voice, rows_=rows, url=url,
                   again=again, doubt=doubt, label=label_of(voice, dossier.backing))


def report_about_you(network: Network, dossier: Dossier, to: Participant, who: str, rows: list[list[str]], url: str) -> Letter:
    """To the person received: what their host or their employer says, whole."""
    return compose("evaluation/report_about_you", network=network, dossier=dossier, to=to, who=who, rows_=rows, url=url)


def report_to_complete(network: Network, dossier: Dossier, to: Participant, understood: list[str], missing: list[str],
                       prepared: str, reply_address: str, url: str) -> Letter:
    """To who answered by mail and left something out: what was understood, and the answer prepared again."""
    return compose("evaluation/report_to_complete", network=network, dossier=dossier, to=to, understood=understood,
                   missing=missing, prepared=prepared, reply_address=reply_address, url=url)


def account_to_agree(network: Network, dossier: Dossier, to: Participant, rows: list[list[str]], named: bool, url: str,
                     reply_address: str) -> Letter:
    """To the host and to the employer: the account that would be published; yes or no."""
    return compose("evaluation/account_to_agree", network=network, dossier=dossier, to=to, rows_=rows, named=named, url=url,
                   reply_address=reply_address)


def account_agreed(network: Network, dossier: Dossier, to: Participant, rows: list[list[str]], url: str) -> Letter:
    """To the coordination: all agree, it may be published."""
    return compose("evaluation/account_agreed", network=network, dossier=dossier, to=to, rows_=rows, url=url)


def account_published(network: Network, dossier: Dossier, to: Participant, page: str, url: str) -> Letter:
    """To its author and to those who agreed: where it is, how to have it taken down."""
    return compose("evaluation/account_published", network=network, dossier=dossier, to=to, page=page, url=url)
