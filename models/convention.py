"""The convention of an immersion: its sessions, its versions, each frozen once sent."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Immersion
    from .stored_file import StoredFile


class ConventionState(Labelled):
    DRAFT = "draft", "projet"
    SHOWN = "shown", "en relecture"
    ISSUED = "issued", "à signer"
    SUPERSEDED = "superseded", "remplacée"


class ImmersionSession(db.Model):
    """One presence at the host's: a day, in Europe/Paris, with one or two ranges of hours."""

    id: Mapped[int] = mapped_column(primary_key=True)
    immersion_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    starts_again: Mapped[time | None]
    ends_again: Mapped[time | None]

    immersion: Mapped[Immersion] = relationship(back_populates="sessions")

    @property
    def minutes(self) -> int:
        total = _minutes(self.starts, self.ends)
        if self.starts_again and self.ends_again:
            total += _minutes(self.starts_again, self.ends_again)
        return total


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


class Convention(db.Model):
    """One version. ``data`` is what the document says (``pdf.convention.ConventionData`` as JSON); once the state is
    ``issued`` nothing of the row changes but the state."""

    __table_args__ = (UniqueConstraint("immersion_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    immersion_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    immersion: Mapped[Immersion] = relationship(back_populates="conventions")
    file: Mapped[StoredFile | None] = relationship()
