"""Letters of a request for help that ends."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Letter, compose


def resolved(network: Network, dossier: Dossier, to: Participant, by: str, words: str) -> Letter:
    """To the others: it is resolved; a reply reopens it. ``words``: a last one for this person."""
    return compose("entraide/resolved", network=network, dossier=dossier, to=to, by=by, words=words)


def ended(network: Network, dossier: Dossier, to: Participant, by: str, words: str) -> Letter:
    """A coordinator closes or does not take up a request: to its author, with the reason; a reply reopens it."""
    return compose("entraide/ended", automatic=False, network=network, dossier=dossier, to=to, by=by, words=words)


def peer_asked(network: Network, dossier: Dossier, peer: Participant, url: str, reply_address: str, question: str,
               about: list[str], distance: str, promised: str, pace: str, files: list[str], suggested_by: str, *,
               employers: bool) -> Letter:
    """To a member who offers that skill, or advises employers: the question, and the ways to say yes, no or later.

    ``about``: the kind of help and its theme; ``suggested_by``: who thought of them, "" for the network.
    """
    return compose("entraide/peer_asked", network=network, dossier=dossier, peer=peer, url=url, reply_address=reply_address,
                   question=question, about=about, distance=distance, promised=promised, pace=pace, files=files,
                   suggested_by=suggested_by, employers=employers)


def peer_found(network: Network, dossier: Dossier, to: Participant, peer: Participant, url: str) -> Letter:
    """To who asked, and to the coordination: a peer helps."""
    return compose("entraide/peer_found", network=network, dossier=dossier, to=to, peer=peer.shown_to(to, begins=False),
                   asker=dossier.author.shown_to(to, begins=False), url=url)


def to_help(network: Network, dossier: Dossier, peer: Participant, url: str, promised: str, words: str) -> Letter:
    """To the peer who took a request: thanks, how to write to who asked, and what was already sent (``words``)."""
    return compose("entraide/to_help", network=network, dossier=dossier, peer=peer, asker=dossier.author.shown_to(peer), url=url,
                   promised=promised, words=words, known_as=peer.shown_to(dossier.author, begins=False), named=peer.named)


def peer_gave_back(network: Network, dossier: Dossier, to: Participant, peer: Participant, *, looked_for: bool) -> Letter:
    """To who asked, and to the coordination: the peer cannot help after all; ``looked_for``: others are asked."""
    return compose("entraide/peer_gave_back", network=network, dossier=dossier, to=to, peer=peer.shown_to(to),
                   looked_for=looked_for)


def answer_understood(network: Network, dossier: Dossier, peer: Participant, done: str, reply_address: str) -> Letter:
    """To a peer who said no in their own words: what was understood, and the words that say otherwise."""
    return compose("entraide/answer_understood", network=network, dossier=dossier, peer=peer, done=done,
                   reply_address=reply_address)


def too_late(network: Network, dossier: Dossier, peer: Participant, reason: str) -> Letter:
    """To a peer who answers after somebody else: thanks, and who has their words."""
    return compose("entraide/too_late", network=network, dossier=dossier, peer=peer, reason=reason)
