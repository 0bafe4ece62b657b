"""Letters every request knows: confirm the address, what was received, a new link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Letter, compose


def address_to_confirm(network: Network, dossier: Dossier, author: Participant, url: str) -> Letter:
    """To the author, first of all: press to confirm; a copy of what was sent."""
    return compose("accueil/address_to_confirm", network=network, dossier=dossier, author=author, url=url)


def confirmation_reminder(network: Network, dossier: Dossier, author: Participant, url: str, deleted_on: str) -> Letter:
    """To the author who has not confirmed: once, with the day the request is deleted."""
    return compose("accueil/confirmation_reminder", network=network, dossier=dossier, author=author, url=url,
                   deleted_on=deleted_on)


def confirm_first(network: Network, dossier: Dossier, author: Participant, reply_address: str) -> Letter:
    """To an author who answers the question about their address with other words: they are kept, and what to write."""
    return compose("accueil/confirm_first", network=network, dossier=dossier, author=author, reply_address=reply_address)


def request_received(network: Network, dossier: Dossier, author: Participant, url: str, promised: str,
                     coordinator: str, next_step: str) -> Letter:
    """To the author whose address is confirmed: what happens now, when, and how to follow it."""
    return compose("accueil/request_received", network=network, dossier=dossier, author=author, url=url,
                   promised=promised, coordinator=coordinator, next_step=next_step)


def new_address(network: Network, reference: str, url: str, *, own: bool = False) -> Letter:
    """To an address a coordinator, or its holder (``own``), gave for somebody: is it theirs? Neither name nor subject, since it
    may be a stranger's."""
    return compose("accueil/new_address", network=network, reference=reference, url=url, own=own)


def address_to_leave(network: Network, dossier: Dossier, person: Participant, email: str, url: str) -> Letter:
    """To the address of somebody who asks to be written to elsewhere: is it they who ask?"""
    return compose("accueil/address_to_leave", network=network, dossier=dossier, person=person, email=email, url=url)


def address_replaced(network: Network, reference: str, *, own: bool = False) -> Letter:
    """To the address that is written to no more, which worked: whoever reads it may say that it is a mistake."""
    return compose("accueil/address_replaced", network=network, reference=reference, own=own)


def already_member(network: Network, name: str, since: str, url: str) -> Letter:
    """To somebody who asks to join and is a member already: nothing to do twice."""
    return compose("accueil/already_member", network=network, name=name, since=since, url=url)


def already_asked(network: Network, dossier: Dossier, author: Participant, url: str) -> Letter:
    """To somebody whose request to join is waiting already."""
    return compose("accueil/already_asked", network=network, dossier=dossier, author=author, url=url)


@dataclass(frozen=True)
class Found:
    """A request somebody takes part in, and a fresh link to it; ``to_sign``: a signature waits there."""

    reference: str
    title: str
    url: str
    to_sign: bool


def links_found(network: Network, name: str, found: Sequence[Found]) -> Letter:
    """To who asked for the links they had lost: one for each of their requests."""
    return compose("accueil/links_found", network=network, name=name, found=found)


def link_renewed(network: Network, participant: Participant, url: str, *, to_sign: bool = False) -> Letter:
    """A new personal link, to the address the old one was made for; ``to_sign``: a signature waits there."""
    return compose("accueil/link_renewed", network=network, participant=participant, dossier=participant.dossier, url=url,
                   to_sign=to_sign)
