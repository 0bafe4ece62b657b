"""Letters of an immersion, from the employer's agreement in principle to the host's dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.backing import ASSOCIATION
from models.dossier import Dossier, Immersion, Participant
from models.network import Network

from ..letter import Letter, compose


@dataclass(frozen=True)
class Offer:
    """A structure that can host: its name, what speaks for it, and the words that ask it."""

    name: str
    about: str
    say: str


def employer_to_agree(network: Network, dossier: Immersion, employer: Participant, url: str, words: str,
                      answer_by: str = "") -> Letter:
    """To the employer: an agreement in principle, by link or by reply; refusing is simple. ``answer_by``: a legal delay."""
    return compose("immersion/employer_to_agree", network=network, dossier=dossier, employer=employer, url=url, words=words,
                   answer_by=answer_by, volunteer=dossier.backing == ASSOCIATION)


def taken_in_hand(network: Network, dossier: Dossier, author: Participant, coordinator: str, employer: str) -> Letter:
    """To the author: the request goes on, the employer has been written to."""
    return compose("immersion/taken_in_hand", network=network, dossier=dossier, author=author, coordinator=coordinator,
                   employer=employer)


def taken_alone(network: Network, dossier: Dossier, author: Participant, coordinator: str, words: str, url: str) -> Letter:
    """To the author who comes in their own name: a host is looked for, nobody's agreement is asked."""
    return compose("immersion/taken_alone", network=network, dossier=dossier, author=author, coordinator=coordinator,
                   words=words, url=url)


def employer_agreed(network: Network, dossier: Dossier, to: Participant, employer: str, words: str, url: str,
                    hosts: list[Offer], reply_address: str) -> Letter:
    """To the author and the coordination; ``hosts`` (for the coordination) are possible hosts, best first.

    ``employer`` is who agreed, "" where nobody has to.
    """
    return compose("immersion/employer_agreed", network=network, dossier=dossier, to=to, employer=employer, words=words,
                   url=url, hosts=hosts, reply_address=reply_address)


def not_possible(network: Network, dossier: Dossier, to: Participant, by: str, words: str, goes_on: bool,
                 following: str = "") -> Letter:
    """The employer, the host or the coordination says no; ``goes_on``: another is looked for; ``following``: asked already."""
    return compose("immersion/not_possible", network=network, dossier=dossier, to=to, by=by, words=words, goes_on=goes_on,
                   following=following)


def host_to_agree(network: Network, dossier: Dossier, host: Participant, url: str, coordinator: str, words: str, body: str,
                  reply_address: str) -> Letter:
    """To a structure that said it can host: who asks, for what, and a page, or a mail to complete (``body``), to give dates."""
    return compose("immersion/host_to_agree", network=network, dossier=dossier, host=host, url=url,
                   coordinator=coordinator, words=words, reply_body=body, reply_address=reply_address)


def host_to_complete(network: Network, dossier: Dossier, host: Participant, understood: list[str], problems: list[str],
                     body: str, reply_address: str, url: str) -> Letter:
    """To a host whose answer by mail lacks something: what was understood, what is needed, and the mail to complete."""
    return compose("immersion/host_to_complete", network=network, dossier=dossier, host=host, understood=understood,
                   problems=problems, reply_body=body, reply_address=reply_address, url=url)


def host_agreed(network: Network, dossier: Dossier, to: Participant, host: str, sessions: list[str], url: str,
                reply_address: str, findings: Sequence[Any] = ()) -> Letter:
    """To the author, the employer, the coordination and a host who answered on its page: who hosts, and when; ``findings`` (for
    the coordination): what deserves a look in these dates (``services.session_checks.Finding``)."""
    return compose("immersion/host_agreed", network=network, dossier=dossier, to=to, host=host, sessions=sessions, url=url,
                   reply_address=reply_address, findings=findings)
