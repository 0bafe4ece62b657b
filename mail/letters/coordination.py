"""Letters to coordinators: what comes in, what their replies did, the way into their space."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.dossier import Dossier, Participant
from models.network import Network
from models.typography import french

from ..letter import Letter, compose


@dataclass(frozen=True)
class Command:
    """A word a coordinator can reply with, what it does, and the link that does the same."""

    word: str
    explanation: str
    label: str
    url: str


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


def mail_set_aside(network: Network, name: str, reason: str, sender: str, subject: str) -> Letter:
    """A mail could not be attached to a conversation: somebody should look."""
    return compose("coordination/mail_set_aside", network=network, name=name, reason=reason, sender=sender,
                   mail_subject=subject)


def address_stopped(network: Network, dossier: Dossier, to: Participant, person: Participant, reason: str, url: str, *,
                    tried: bool) -> Letter:
    """To a coordinator: somebody of the request cannot be written to. ``tried``: it is the address just given for them."""
    return compose("coordination/address_stopped", network=network, dossier=dossier, to=to, person=person, reason=french(reason),
                   url=url, tried=tried)


def letter_failed(network: Network, dossier: Dossier, to: Participant, person: Participant, about: str, reason: str,
                  url: str) -> Letter:
    """To a coordinator: one letter to somebody of the request will not get through; the others may."""
    return compose("coordination/letter_failed", network=network, dossier=dossier, to=to, person=person, about=about,
                   reason=french(reason), url=url)
