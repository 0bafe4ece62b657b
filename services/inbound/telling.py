"""Telling somebody why their mail was not taken, without becoming a machine that answers machines."""

from __future__ import annotations

from datetime import datetime

from models.instance import instance

from .. import throttle


def may_tell(sender: str, reason: str, now: datetime) -> bool:
    """True the first time in a day that this person is to be told this; inside a transaction, and it counts.

    Only for mail that :func:`inbox.kind.classify` holds for a person's: never to a null sender, a list or an automaton
    (RFC 3834, 2; RFC 5321, 4.5.5). Never to ourselves either.
    """
    settings = instance().settings
    local, _, domain = sender.partition("@")
    # A coordinator may have a mailbox on the same domain: only what we write from and what is answered to us is ours.
    ours = domain == settings.mail_domain.lower() and ("+" in local or sender == settings.sender.lower())
    if not local or not domain or ours:
        return False
    return throttle.allow(f"told:{reason}:{sender}", 1, 24 * 3600, now)
