"""A session that somebody asks to move, once the convention is signed: done when all the parties agree."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .convention import ImmersionSession
    from .dossier import Immersion, Participant


class MoveState(Labelled):
    ASKED = "asked", "accord attendu"
    DONE = "done", "date changée"
    REFUSED = "refused", "date gardée"
    REPLACED = "replaced", "remplacée par une autre proposition"


class SessionMove(db.Model):
    """One proposal: which session, as it was said then (``was``), to which day and hours; ``agreed``: party -> when it did."""

    id: Mapped[int] = mapped_column(primary_key=True)
    immersion_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("immersion_session.id", ondelete="SET NULL"))
    was: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    starts_again: Mapped[time | None]
    ends_again: Mapped[time | None]
    state: Mapped[str] = mapped_column(String(10))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    agreed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    immersion: Mapped[Immersion] = relationship(back_populates="moves")
    session: Mapped[ImmersionSession | None] = relationship()
    asked_by: Mapped[Participant | None] = relationship()
