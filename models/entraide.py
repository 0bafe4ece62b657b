"""Help among peers: who was asked, and what they said."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Entraide, Participant


class Answer(Labelled):
    """What a member who was asked to help said."""

    NONE = "none", "sollicité·e, sans réponse"
    TAKEN = "taken", "aide la personne"
    DECLINED = "declined", "pas cette fois"
    PASSED = "passed", "a proposé quelqu’un d’autre"
    PAUSED = "paused", "en pause"
    GIVEN_BACK = "given_back", "a rendu la demande"


class Solicitation(db.Model):
    """One member asked to help with one request. ``email`` (lower case) is what the pace a member accepted is counted by."""

    __table_args__ = (UniqueConstraint("dossier_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    wave: Mapped[int]
    """1 for those asked first; 0 for somebody a colleague or the coordination named."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(20), default=Answer.NONE.value)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    dossier: Mapped[Entraide] = relationship(back_populates="solicitations")
    participant: Mapped[Participant] = relationship()

    @property
    def answer_label(self) -> str:
        return Answer(self.answer).label
