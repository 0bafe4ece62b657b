"""Mail that arrived: the bytes first, whatever they are, then what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Participant


class InboundState(Labelled):
    RECEIVED = "received", "reçu, à traiter"
    DONE = "done", "rattaché à un échange"
    IGNORED = "ignored", "sans suite (message automatique)"
    QUARANTINED = "quarantined", "mis de côté"


class InboundMessage(db.Model):
    """One message; ``dedupe_key`` (SHA-256 of the raw bytes) makes a second delivery harmless."""

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    carrier: Mapped[str] = mapped_column(String(20))
    raw: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    message_id: Mapped[str] = mapped_column(String(300), default="", index=True)
    sender: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    """Kept for mail set aside only, so that a person can recognise it."""
    state: Mapped[str] = mapped_column(String(20), default=InboundState.RECEIVED.value, index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)

    participant: Mapped[Participant | None] = relationship()
