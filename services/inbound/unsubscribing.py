"""A mail to the address that stops digests: done, said, and kept as dealt with."""

from __future__ import annotations

from datetime import datetime

from models.base import transaction
from models.inbound import InboundState

from .. import subscription
from .storing import mark_once


def unsubscribe(message_id: int, mail_id: str, recipients: tuple[str, ...], now: datetime) -> None:
    """Stop what a mail to these addresses asks to stop."""
    with transaction():
        subscription.stop_by_mail(recipients, now)
        mark_once(message_id, mail_id, InboundState.DONE, "arrêt des récapitulatifs")
