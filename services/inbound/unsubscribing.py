"""A mail to the address that stops digests: done, said, and kept as dealt with."""

from __future__ import annotations

from datetime import datetime

from models.base import transaction
from models.inbound import InboundState

from .. import subscription
from .storing import mark_once


def unsubscribed(message_id: int, mail_id: str, recipients: tuple[str, ...], now: datetime) -> bool:
    """Stop what a mail to these addresses asks to stop (RFC 2369); False when it asks nothing of the kind."""
    if not subscription.asked_by(recipients):
        return False
    with transaction():
        subscription.stop_by_mail(recipients, now)
        mark_once(message_id, mail_id, InboundState.DONE, "arrêt des récapitulatifs")
    return True
