"""Letters of a request for help that ends."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Attachment, Letter, compose


def resolved(network: Network, dossier: Dossier, to: Participant, by: str, words: str, url: str, reply_address: str) -> Letter:
    """To the others: it is resolved; a reply reopens it. ``words``: a last one for this person. Who asked may give an opinion,
    and both who wrote may make a fiche of it."""
    return compose("entraide/resolved", network=network, dossier=dossier, to=to, by=by, words=words, url=url,
                   reply_address=reply_address)


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


def answer_reminder(network: Network, dossier: Dossier, to: Participant, url: str, promised: str, question: str) -> Letter:
    """To who should answer, before the promised day: the question again, and that a few words are enough."""
    return compose("entraide/answer_reminder", network=network, dossier=dossier, to=to, url=url, promised=promised,
                   question=question)


def answer_late(network: Network, dossier: Dossier, to: Participant, url: str, promised: str, question: str, *, helped: bool
                ) -> Letter:
    """To the deputy and the coordination: the promised day is past; ``helped``: a peer took it and has not answered."""
    return compose("entraide/answer_late", network=network, dossier=dossier, to=to, url=url, promised=promised,
                   question=question, helped=helped)


def answer_delayed(network: Network, dossier: Dossier, author: Participant, promised: str) -> Letter:
    """To who asked: the day is past, and who looks after it now."""
    return compose("entraide/answer_delayed", network=network, dossier=dossier, author=author, promised=promised)


def nobody_answers(network: Network, reference: str, title: str, promised: str, names: list[str], url: str) -> Letter:
    """To the network's safety address: a request that nobody answers; no word of it, no name of who asked."""
    return compose("entraide/nobody_answers", network=network, reference=reference, title=title, promised=promised, names=names,
                   url=url)


def oriented(network: Network, dossier: Dossier, author: Participant, by: str, words: str, contacts: list[list[str]], *,
             goes_on: bool) -> Letter:
    """To who asked: somebody does not know, and says whom to turn to; ``goes_on``: others are still asked."""
    return compose("entraide/oriented", automatic=False, network=network, dossier=dossier, author=author, by=by, words=words,
                   contacts=contacts, goes_on=goes_on)


def slots_proposed(network: Network, dossier: Dossier, to: Participant, by: str, slots: list[str], duration: str, place: str,
                   words: str, url: str, reply_address: str) -> Letter:
    """To the others of the exchange: slots to choose from, by link or by their number."""
    return compose("entraide/slots_proposed", network=network, dossier=dossier, to=to, by=by, slots=slots, duration=duration,
                   place=place, words=words, url=url, reply_address=reply_address)


def meeting_set(network: Network, dossier: Dossier, to: Participant, by: str, when: str, duration: str, place: str,
                file: Attachment) -> Letter:
    """To everybody in the exchange: when they talk, with the file for their calendar."""
    return compose("entraide/meeting_set", attachments=(file,), network=network, dossier=dossier, to=to, by=by, when=when,
                   duration=duration, place=place)


def meeting_cancelled(network: Network, dossier: Dossier, to: Participant, by: str, when: str, words: str, file: Attachment
                      ) -> Letter:
    """To the others: the meeting does not take place, with the file that takes it out of their calendar."""
    return compose("entraide/meeting_cancelled", attachments=(file,), network=network, dossier=dossier, to=to, by=by, when=when,
                   words=words)


def fiche_proposed(network: Network, dossier: Dossier, to: Participant, by: str, url: str, reply_address: str) -> Letter:
    """To the other of the two: may the question and the answer help others, without names?"""
    return compose("entraide/fiche_proposed", network=network, dossier=dossier, to=to, by=by, url=url,
                   reply_address=reply_address)


def fiche_to_edit(network: Network, dossier: Dossier, to: Participant, url: str) -> Letter:
    """To the coordination: both agree; read it again so that it names nobody, then publish."""
    return compose("entraide/fiche_to_edit", network=network, dossier=dossier, to=to, url=url)


def fiche_published(network: Network, dossier: Dossier, to: Participant, title: str, url: str, reply_address: str) -> Letter:
    """To both who agreed: where it is, and how to have it withdrawn."""
    return compose("entraide/fiche_published", network=network, dossier=dossier, to=to, title=title, url=url,
                   reply_address=reply_address)


def fiche_withdrawn(network: Network, dossier: Dossier, to: Participant, words: str) -> Letter:
    """To the coordination: one of the two had the fiche withdrawn."""
    return compose("entraide/fiche_withdrawn", network=network, dossier=dossier, to=to, words=words)
