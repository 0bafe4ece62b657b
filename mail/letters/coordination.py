"""Letters to coordinators: what comes in, what their replies did, the way into their space."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.dossier import Dossier, Participant
from models.network import Network
from models.typography import french

from ..letter import Letter, Subscription, compose


@dataclass(frozen=True)
class Command:
    """A word a coordinator can reply with, what it does, and the link that does the same."""

    word: str
    explanation: str
    label: str
    url: str


@dataclass(frozen=True)
class ToldMail:
    """A mail set aside, as a digest tells it; what is written to ``reply_address`` decides.

    ``words``: ``(first line of the answer, what it does)``; an ellipsis in a line stands for what must be completed.
    """

    sender: str
    subject: str
    reason: str
    reply_address: str
    url: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """One item of a digest: a sentence, when, and the page of what it is about."""

    sentence: str
    at: str
    reference: str
    url: str
    mail: ToldMail | None = None


def request_to_coordinator(network: Network, dossier: Dossier, coordinator: Participant, url: str,
                           commands: list[Command], promised: str, known: str, place: str, reply_address: str,
                           files: list[str]) -> Letter:
    """A new request, with all that is needed to decide, three ways to act: reply, press a link, open the page."""
    return compose("coordination/request_to_coordinator", network=network, dossier=dossier, coordinator=coordinator,
                   url=url, commands=[replace(c, explanation=french(c.explanation)) for c in commands],
                   promised=promised, known=known, place=place,
                   reply_address=reply_address, files=files)


def command_done(network: Network, participant: Participant, done: str) -> Letter:
    """What a reply did, in one sentence."""
    return compose("coordination/command_done", network=network, participant=participant, dossier=participant.dossier,
                   done=french(done))


def command_refused(network: Network, participant: Participant, word: str, reason: str) -> Letter:
    """Why a reply did nothing, and what can be written instead."""
    return compose("coordination/command_refused", network=network, participant=participant,
                   dossier=participant.dossier, word=word, reason=french(reason))


def sign_in_link(network: Network, name: str, url: str) -> Letter:
    """The way into the coordinators' space."""
    return compose("coordination/sign_in_link", network=network, name=name, url=url)


def sign_in_unknown(network: Network, rejoin_url: str) -> Letter:
    """To an address that coordinates nothing: said by mail, so that the screen is the same for everybody."""
    return compose("coordination/sign_in_unknown", network=network, rejoin_url=rejoin_url)


def digest(network: Network, name: str, told: list[Told], more: int, base: str, ways: Subscription) -> Letter:
    """To a coordinator: what happened, in one letter; ``more`` is how much is not told here, ``base`` the site's address."""
    return compose("coordination/digest", subscription=ways, network=network, name=name, told=told, more=more, base=base,
                   stop_url=ways.url)


def digest_stopped(network: Network, name: str, url: str) -> Letter:
    """To who stopped the digests by mail: it is done, and how to have them again."""
    return compose("coordination/digest_stopped", network=network, name=name, url=url)


def mail_test(network: Network) -> Letter:
    """To the address an operator tries the sending with (``flask mail test``): it works, and what to look at."""
    return compose("coordination/mail_test", network=network)
