"""Letters about mail that no conversation expected: other addresses, requests by mail, what a coordinator decided of it."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network
from models.states import Kind
from models.typography import french

from ..letter import Letter, compose


def kept_for_coordination(network: Network, name: str) -> Letter:
    """To who wrote, and nobody knows about what: kept, a person reads it; and the ways that lead straight there."""
    return compose("courriels/kept_for_coordination", network=network, name=name)


def is_it_you(network: Network, name: str, other: str, reference: str, url: str) -> Letter:
    """To the address we know: somebody answered from another one; is it theirs?"""
    return compose("courriels/is_it_you", network=network, name=name, other=other, reference=reference, url=url)


def usual_address_asked(network: Network, name: str) -> Letter:
    """To the address we do not know: the words are kept, the usual one was asked (which is not named)."""
    return compose("courriels/usual_address_asked", network=network, name=name)


def address_added(network: Network, other: str) -> Letter:
    """To the address we know: a coordinator noted that another one is theirs."""
    return compose("courriels/address_added", network=network, other=other)


def form_to_complete(network: Network, kind: Kind, name: str, url: str, until: str, files: list[str], refused: list[str],
                     open_requests: list[Dossier], door: str, *, coordinates: bool) -> Letter:
    """To who asks by mail: a link to the form, filled with what was understood. No word of the mail is copied: the
    sender may be forged."""
    return compose("courriels/form_to_complete", network=network, kind=kind, name=name, url=url, until=until, files=files,
                   refused=[french(reason) for reason in refused], open_requests=open_requests, door=door,
                   coordinates=coordinates)


def form_reminder(network: Network, kind: Kind, name: str, url: str, until: str) -> Letter:
    """To who has not sent the form: once, with the day a coordinator looks instead."""
    return compose("courriels/form_reminder", network=network, kind=kind, name=name, url=url, until=until)


def newcomer_writes(network: Network, dossier: Dossier, author: Participant, url: str) -> Letter:
    """To who asked to join and writes again: the words are with the request, and where it stands."""
    return compose("courriels/newcomer_writes", network=network, dossier=dossier, author=author, url=url)


def member_writes(network: Network, name: str, since: str) -> Letter:
    """To a member who writes to join: already one, and the words are kept for a person."""
    return compose("courriels/member_writes", network=network, name=name, since=since)


def decision_done(network: Network, name: str, item: object, done: str, *, undo: bool) -> Letter:
    """To a coordinator: what their reply made of a mail set aside (an ``Item``), and the word that undoes it."""
    return compose("courriels/decision_done", network=network, name=name, item=item, done=french(done), undo=undo)


def decision_refused(network: Network, name: str, item: object | None, said: str, reason: str) -> Letter:
    """To a coordinator: their reply decided nothing, why, and what can be written."""
    return compose("courriels/decision_refused", network=network, name=name, item=item, said=said, reason=french(reason))
