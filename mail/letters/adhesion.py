"""Letters of somebody who joins."""

from __future__ import annotations

from models.charter import Commitment
from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Attachment, Letter, compose


def welcome(network: Network, dossier: Dossier, author: Participant, commitments: tuple[Commitment, ...], version: str,
            charter_pdf: bytes, url: str, coordinator: str, words: str) -> Letter:
    """To the new member: welcome, what they agreed to as a PDF, what they can do now."""
    file = Attachment(f"engagements-{dossier.reference}.pdf", "application/pdf", charter_pdf)
    return compose("adhesion/welcome", attachments=(file,), network=network, dossier=dossier, author=author,
                   commitments=commitments, version=version, url=url, coordinator=coordinator, words=words,
                   mentor=dossier.answers.get("mentor") == "oui")


def refused(network: Network, dossier: Dossier, author: Participant, reason: str, coordinator: str) -> Letter:
    """To somebody whose request to join is not taken up: why, and that they can answer."""
    return compose("adhesion/refused", automatic=False, network=network, dossier=dossier, author=author, reason=reason,
                   coordinator=coordinator)


def employer_reminder(network: Network, dossier: Dossier, author: Participant, employer: str,
                      commitments: tuple[Commitment, ...], url: str) -> Letter:
    """To a member whose employer was not told: a text to pass on, and a way to have it done."""
    return compose("adhesion/employer_reminder", network=network, dossier=dossier, author=author, employer=employer,
                   commitments=commitments, url=url)


def employer_told(network: Network, dossier: Dossier, employer: Participant, member: str, commitments: tuple[Commitment, ...],
                  url: str) -> Letter:
    """To the employer a professional named, who agreed to it: employers always have a part. ``url``: where a structure asks to
    join, "" when this one is a member."""
    return compose("adhesion/employer_told", network=network, dossier=dossier, employer=employer, member=member,
                   commitments=commitments, url=url)
