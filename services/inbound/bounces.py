"""A letter that came back: what its report says is told on the dossier, and nobody is answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from models.base import db, transaction
from models.dossier import CLOCK, Participant
from models.inbound import InboundState
from models.outbox import OutboxMessage, OutboxState

from .storing import mark


def bounced(message_id: int, mail_id: str, participant_id: int | None, letters: tuple[str, ...], said: str, permanent: bool,
            now: datetime) -> None:
    """A letter came back: told on the dossier; nobody is answered.

    :param letters: Message-IDs of ours the report names; where it names none, the latest letter is taken to be the one.
    """
    with transaction():
        mark(message_id, mail_id, InboundState.IGNORED, f"avis de non-remise : {said}"[:300], participant_id)
        participant = db.session.get(Participant, participant_id) if participant_id else None
        if participant is None:
            return
        if permanent:
            sent = select(OutboxMessage).where(OutboxMessage.participant_id == participant.id)
            named = db.session.scalars(sent.where(OutboxMessage.message_id.in_(letters))).all()
            for letter in named or db.session.scalars(sent.order_by(OutboxMessage.id.desc()).limit(1)):
                letter.state, letter.server_said = OutboxState.FAILED.value, said[:500]
        participant.dossier.record("mail_failed", CLOCK, now)
