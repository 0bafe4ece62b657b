"""Letters that carry somebody's words to somebody else, and what could not be carried."""

from __future__ import annotations

from collections.abc import Iterable

from models.conversation import Message
from models.dossier import Dossier, Participant
from models.network import Network
from models.typography import french

from ..letter import Attachment, Letter, compose


def message_relayed(network: Network, dossier: Dossier, message: Message, to: Participant, url: str, *,
                    can_resolve: bool, attachments: Iterable[Attachment] = ()) -> Letter:
    """Words of one person to another; nobody's address is in it. Not automatic: these are human words."""
    return compose("conversation/message_relayed", automatic=False, attachments=attachments, network=network,
                   dossier=dossier, message=message, to=to, url=url, can_resolve=can_resolve)


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
