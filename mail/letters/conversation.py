"""Letters that carry somebody's words to somebody else, and what could not be carried."""

from __future__ import annotations

from collections.abc import Iterable

from models.conversation import Message
from models.dossier import Dossier, Participant
from models.network import Network
from models.typography import french

from ..letter import Attachment, Letter, compose
from .coordination import Command


def message_relayed(network: Network, dossier: Dossier, message: Message, to: Participant, url: str, words: str, *,
                    can_resolve: bool, attachments: Iterable[Attachment] = (), commands: Iterable[Command] = (),
                    ended_on: str = "", reply_address: str = "", speaker: str = "", readers: str = "",
                    proved: bool = True) -> Letter:
    """Words of one person to another; nobody's address is in it. Not automatic: these are human words.

    ``words`` are those of the message as this person may read them. ``commands``: what a coordinator can reply with.
    ``ended_on``: the day the request ended, when that was long ago. ``speaker``: who wrote, as this person may read it;
    ``readers``: who else reads an answer. ``proved``: False where nothing proves that it was they.
    """
    attachments = list(attachments)
    return compose("conversation/message_relayed", automatic=False, attachments=attachments, network=network,
                   dossier=dossier, message=message, to=to, url=url, words=words, can_resolve=can_resolve,
                   commands=[(french(c.word), french(c.body)) for c in commands], ended_on=ended_on, reply_address=reply_address,
                   joined=bool(attachments), speaker=speaker or message.participant.display_name, readers=readers,
                   proved=proved)


def requests_merged(network: Network, dossier: Dossier, to: Participant, other: str) -> Letter:
    """To somebody who made two requests: they are one from now on, ``dossier``; ``other`` is the one that ended."""
    return compose("conversation/requests_merged", network=network, dossier=dossier, to=to, other=other)


def reply_not_taken(network: Network, name: str, reasons: list[str], reference: str) -> Letter:
    """To somebody whose mail, or a file of it, was not taken: why, and what to do."""
    return compose("conversation/reply_not_taken", network=network, name=name,
                   reasons=[french(reason) for reason in reasons], reference=reference)


def request_withdrawn(network: Network, dossier: Dossier, to: Participant, words: str) -> Letter:
    """To all who know of a request: its author no longer needs it."""
    return compose("conversation/request_withdrawn", network=network, dossier=dossier, to=to, words=words)


def mail_too_large(network: Network, name: str, subject: str, size: int, limit: int) -> Letter:
    """To somebody whose mail was not even fetched: how heavy it is, how heavy it may be (in Mo), what to do."""
    return compose("conversation/mail_too_large", network=network, name=name, mail_subject=subject, size=size, limit=limit)
def request_reopened(network: Network, dossier: Dossier, to: Participant, by: str, words: str) -> Letter:
    """To those who knew that a request had ended: it goes on."""
    return compose("conversation/request_reopened", network=network, dossier=dossier, to=to, by=by, words=words)


def request_over(network: Network, dossier: Dossier, to: Participant, ended_on: str, url: str) -> Letter:
    """To somebody who writes about a request that ended long ago: who has their words, and where to begin another."""
    return compose("conversation/request_over", network=network, dossier=dossier, to=to, ended_on=ended_on, url=url)


def words_wait(network: Network, dossier: Dossier, coordinator: Participant, person: str) -> Letter:
    """To a coordinator who wrote to somebody who said « stop »: their words wait on the page."""
    return compose("conversation/words_wait", network=network, dossier=dossier, coordinator=coordinator, person=person)
