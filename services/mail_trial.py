"""One true letter, sent at once and kept nowhere, to see whether the instance's mail leaves."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from mail import outbox
from mail.letters import coordination as letters
from mail.transport import transport
from mail.trial import Trial, hand_over
from models.instance import instance


def send_trial(address: str, now: datetime) -> Trial:
    """Send the trial letter to ``address`` through the mail server, with the envelope sender and headers of any letter.

    :raises ValueError: not one plain address.
    """
    envelope_from, raw = outbox.rendered(letters.mail_test(instance().network), address, "", now)
    return hand_over(transport(current_app), envelope_from, address, raw)
