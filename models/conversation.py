"""The conversation of a dossier: what people wrote to each other, and internal notes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db

if TYPE_CHECKING:
    from .dossier import Dossier, Participant
    from .stored_file import StoredFile


class Message(db.Model):
    """Words of one person, for the coordination or, from it, for the person ``to``; ``shared``: for all three of an exchange
    of help.

    ``elided`` is what was cut from a reply by mail (quotes, signature): kept, unfoldable.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    body: Mapped[str] = mapped_column(Text)
    elided: Mapped[str] = mapped_column(Text, default="")
    is_note: Mapped[bool] = mapped_column(default=False)
    shared: Mapped[bool] = mapped_column(default=False)
    via: Mapped[str] = mapped_column(String(10), default="web")

    dossier: Mapped[Dossier] = relationship(back_populates="messages")
    participant: Mapped[Participant | None] = relationship(foreign_keys=participant_id)
    to: Mapped[Participant | None] = relationship(foreign_keys=to_id)
    files: Mapped[list[StoredFile]] = relationship(back_populates="message", order_by="StoredFile.id")

    def visible_to(self, participant: Participant) -> bool:
        """Coordinators see all; anybody else what they wrote and what was written to them or to all, and never a note."""
        if participant.role == "coordinator":
            return True
        if self.is_note:
            return False
        return participant.id in (self.participant_id, self.to_id) or (
            self.shared and participant in (self.dossier.author, self.dossier.helper))
