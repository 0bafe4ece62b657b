"""Letters around alerts: they say that something waits, and nothing else. No name but the reader's, no content, and never
the word: whoever sees such a letter go by learns nothing."""

from __future__ import annotations

from models.network import Network

from ..letter import Letter, compose


def key_to_make(network: Network, name: str, url: str) -> Letter:
    """To a referent: make your key."""
    return compose("alerte/key_to_make", network=network, name=name, url=url)


def key_made(network: Network, name: str, fingerprint: str) -> Letter:
    """To a referent whose key was just made: if it was not them, say so."""
    return compose("alerte/key_made", network=network, name=name, fingerprint=fingerprint)


def way_in(network: Network, name: str, url: str) -> Letter:
    """To a referent who asked for it: their page."""
    return compose("alerte/way_in", network=network, name=name, url=url)


def something_waits(network: Network, name: str, url: str, reference: str) -> Letter:
    """To a referent: something waits. Its ``reference`` is two words drawn at random."""
    return compose("alerte/something_waits", network=network, name=name, url=url, drawn=reference)


def something_waits_reminder(network: Network, name: str, url: str, count: int, others: bool = False) -> Letter:
    """To a referent, a working day later: it still waits. ``others``: somebody else was let in meanwhile."""
    return compose("alerte/something_waits_reminder", network=network, name=name, url=url, count=count, others=others)


def stands_still_reminder(network: Network, name: str, url: str, count: int) -> Letter:
    """To a referent: exchanges that have not moved for two weeks."""
    return compose("alerte/stands_still_reminder", network=network, name=name, url=url, count=count)


def received(network: Network, url: str) -> Letter:
    """To an author who left an address: it arrived."""
    return compose("alerte/received", network=network, url=url)


def something_to_read(network: Network, url: str) -> Letter:
    """To an author who left an address: an answer is there, behind their code."""
    return compose("alerte/something_to_read", network=network, url=url)


def mail_joined(network: Network, url: str) -> Letter:
    """To who answered a neutral letter as an author: it arrived, and the page is safer."""
    return compose("alerte/mail_joined", network=network, url=url)


def mail_refused(network: Network, url: str) -> Letter:
    """To who answered a neutral letter that takes no answer: nothing is kept, and where to write."""
    return compose("alerte/mail_refused", network=network, url=url)
