"""Mentoring: a newcomer and a mentor of the territory, the protocol the two and the network agree on, and how it goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .dossier import DOSSIERS, Dossier, Participant
from .entraide import Answer
from .states import Kind, Labelled, MentoratState

if TYPE_CHECKING:
    from .stored_file import StoredFile


class Mentorat(Dossier):
    """A newcomer's wish for a mentor, and what becomes of it; its author is the newcomer, a member already."""

    __mapper_args__ = {"polymorphic_identity": "mentorat"}
    first_state = confirmed_state = MentoratState.SUBMITTED

    protocoles: Mapped[list[Protocole]] = relationship(
        back_populates="mentorat", cascade="all, delete-orphan", order_by="Protocole.id")
    checkpoints: Mapped[list[Checkpoint]] = relationship(
        back_populates="mentorat", cascade="all, delete-orphan", order_by="Checkpoint.id")

    @property
    def mentor(self) -> Participant | None:
        """Who is asked to be the mentor, or is; who said no keeps their page, and is it no more."""
        return next((asked.participant for asked in reversed(self.solicitations)
                     if asked.answer in (Answer.NONE, Answer.TAKEN)), None)

    @property
    def pair(self) -> list[Participant]:
        """The newcomer, and the mentor if there is one."""
        return [self.author, *([self.mentor] if self.mentor else [])]

    @property
    def protocole(self) -> Protocole | None:
        """Its latest version."""
        return self.protocoles[-1] if self.protocoles else None


DOSSIERS[Kind.MENTORAT] = Mentorat


class ProtocoleState(Labelled):
    SHOWN = "shown", "à accepter"
    AGREED = "agreed", "accepté, à sceller"
    SENT = "sent", "accepté et envoyé"
    SUPERSEDED = "superseded", "remplacé"


class Protocole(db.Model):
    """One version of the protocol. ``data`` is what it says (``pdf.protocole.ProtocoleData`` as JSON), ``agreements`` who
    agreed to that very text: role -> ``{"name", "at"}``."""

    __table_args__ = (UniqueConstraint("dossier_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    agreements: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))

    mentorat: Mapped[Mentorat] = relationship(back_populates="protocoles")
    file: Mapped[StoredFile | None] = relationship(foreign_keys=file_id)


class How(Labelled):
    """What somebody says of how it goes: read by the coordination alone."""

    NONE = "", "pas encore de réponse"
    WELL = "well", "ça se passe bien"
    TALK = "talk", "aimerait en parler"


class Checkpoint(db.Model):
    """« Comment ça se passe ? », asked of one of the two on one day; the last one asks whether to go on."""

    __table_args__ = (UniqueConstraint("participant_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    due_on: Mapped[date] = mapped_column(index=True)
    last: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    how: Mapped[str] = mapped_column(String(10), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    mentorat: Mapped[Mentorat] = relationship(back_populates="checkpoints")
    participant: Mapped[Participant] = relationship()
