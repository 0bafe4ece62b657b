"""Letters of a mentoring."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Attachment, Letter, compose

#: A member who may be proposed: name, what speaks for them, the words that propose them.
Offer = tuple[str, str, str]


def mentor_to_propose(network: Network, dossier: Dossier, to: Participant, url: str, place: str, offers: list[Offer],
                      reply_address: str, promised: str) -> Letter:
    """To the coordination: somebody wishes for a mentor, and who may be proposed."""
    return compose("mentorat/mentor_to_propose", network=network, dossier=dossier, to=to, url=url, place=place, offers=offers,
                   reply_address=reply_address, promised=promised)


def mentor_asked(network: Network, dossier: Dossier, mentor: Participant, url: str, reply_address: str, distance: str, words: str,
                 coordinator: str) -> Letter:
    """To a member who offers to be a mentor: what is sought, not who seeks it; yes or no thank you."""
    return compose("mentorat/mentor_asked", network=network, dossier=dossier, mentor=mentor, url=url, reply_address=reply_address,
                   distance=distance, words=words, coordinator=coordinator)


def mentor_asked_reminder(network: Network, dossier: Dossier, mentor: Participant, url: str, reply_address: str, distance: str
                          ) -> Letter:
    """The same a week later, once."""
    return compose("mentorat/mentor_asked_reminder", network=network, dossier=dossier, mentor=mentor, url=url,
                   reply_address=reply_address, distance=distance)


def mentor_found(network: Network, dossier: Dossier, author: Participant, mentor: Participant, url: str, reply_address: str,
                 distance: str) -> Letter:
    """To the newcomer: somebody would be their mentor; yes or no thank you."""
    return compose("mentorat/mentor_found", network=network, dossier=dossier, author=author, mentor=mentor, url=url,
                   reply_address=reply_address, distance=distance)


def mentor_found_reminder(network: Network, dossier: Dossier, author: Participant, mentor: Participant, url: str,
                          reply_address: str, distance: str) -> Letter:
    """The same a week later, once."""
    return compose("mentorat/mentor_found_reminder", network=network, dossier=dossier, author=author, mentor=mentor, url=url,
                   reply_address=reply_address, distance=distance)


def not_this_time(network: Network, dossier: Dossier, to: Participant, who: str, words: str, url: str, offers: list[Offer],
                  reply_address: str, *, mentor: bool) -> Letter:
    """To the coordination alone: one of the two said no thank you; ``mentor``: it was the member asked. Who else may be."""
    return compose("mentorat/not_this_time", network=network, dossier=dossier, to=to, who=who, words=words, url=url,
                   offers=offers, reply_address=reply_address, mentor=mentor)


def not_this_pair(network: Network, dossier: Dossier, to: Participant, words: str = "") -> Letter:
    """To the other of the two: this pair is not made, without a reason; ``words`` of the coordination."""
    return compose("mentorat/not_this_pair", network=network, dossier=dossier, to=to, words=words)


def nobody_for_now(network: Network, dossier: Dossier, author: Participant, words: str, coordinator: str) -> Letter:
    """To the newcomer: nobody can be proposed for now, and why."""
    return compose("mentorat/nobody_for_now", automatic=False, network=network, dossier=dossier, author=author, words=words,
                   coordinator=coordinator)


def pair_made(network: Network, dossier: Dossier, to: Participant, other: Participant, url: str, reply_address: str) -> Letter:
    """To each of the two, once both said yes: how to reach the other, and the protocol to write."""
    return compose("mentorat/pair_made", network=network, dossier=dossier, to=to, other=other, url=url,
                   reply_address=reply_address)


def protocole_to_agree(network: Network, dossier: Dossier, to: Participant, by: str, version: int, terms: list[list[str]],
                       url: str, reply_address: str) -> Letter:
    """To the three: a version of the protocol, to read and agree to; ``by`` wrote it, "" for the reader."""
    return compose("mentorat/protocole_to_agree", network=network, dossier=dossier, to=to, by=by, version=version, terms=terms,
                   url=url, reply_address=reply_address)


def protocole_agreed(network: Network, dossier: Dossier, to: Participant, starts_on: str, rhythm: str, news_on: str, url: str,
                     file: Attachment) -> Letter:
    """To the three: all agree, with the sealed protocol."""
    return compose("mentorat/protocole_agreed", attachments=(file,), network=network, dossier=dossier, to=to,
                   starts_on=starts_on, rhythm=rhythm, news_on=news_on, url=url)


def employer_informed(network: Network, dossier: Dossier, employer: Participant, rhythm: str, length: str, starts_on: str,
                      ends_on: str) -> Letter:
    """To the employer, where the newcomer asked for it: that there is a mentoring, its rhythm and length, nothing else."""
    return compose("mentorat/employer_informed", network=network, dossier=dossier, employer=employer, rhythm=rhythm,
                   length=length, starts_on=starts_on, ends_on=ends_on)


def how_it_goes_reminder(network: Network, dossier: Dossier, to: Participant, other: str, url: str, reply_address: str,
                         ends: str) -> Letter:
    """To one of the two: how does it go; ``ends``: the last day, when it is about to end and may go on."""
    return compose("mentorat/how_it_goes_reminder", network=network, dossier=dossier, to=to, other=other, url=url,
                   reply_address=reply_address, ends=ends)


def would_like_to_talk(network: Network, dossier: Dossier, to: Participant, who: Participant, words: str, url: str) -> Letter:
    """To the coordination alone: one of the two would like to talk about it."""
    return compose("mentorat/would_like_to_talk", network=network, dossier=dossier, to=to, who=who, words=words, url=url)


def goes_on(network: Network, dossier: Dossier, to: Participant, other: str, until: str) -> Letter:
    """To both: it goes on, until that day where it was prolonged."""
    return compose("mentorat/goes_on", network=network, dossier=dossier, to=to, other=other, until=until)


def thanks(network: Network, dossier: Dossier, to: Participant, other: str, by: str, words: str, url: str, reply_address: str, *,
           said: bool) -> Letter:
    """To both, at the end: thanks, the word of ``by``, and a word to leave the other unless they did (``said``)."""
    return compose("mentorat/thanks", network=network, dossier=dossier, to=to, other=other, by=by, words=words, url=url,
                   reply_address=reply_address, said=said)


def last_word(network: Network, dossier: Dossier, to: Participant, by: str, words: str) -> Letter:
    """To the other: a word left at the end."""
    return compose("mentorat/last_word", network=network, dossier=dossier, to=to, by=by, words=words)
