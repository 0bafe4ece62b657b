"""The convention of an immersion and its amendments: sessions, versions, each frozen once sent."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Immersion
    from .sealing import Sealing
    from .signature import ReturnedCopy, Signature
    from .stored_file import StoredFile


class ConventionState(Labelled):
    DRAFT = "draft", "projet"
    SHOWN = "shown", "en relecture"
    ISSUED = "issued", "à signer"
    SIGNED = "signed", "signée"
    SUPERSEDED = "superseded", "remplacée"
    DECLINED = "declined", "refusée"
    CANCELLED = "cancelled", "annulée"


class ConventionKind(Labelled):
    """What a row is a version of; each is signed, sealed and verified the same way."""

    CONVENTION = "convention", "convention"
    AVENANT = "avenant", "avenant"


class SealState(Labelled):
    """Where the sealing of a signed version stands; "" as long as it is not signed."""

    NOT_YET = "", "pas encore signée"
    DUE = "due", "à sceller"
    SEALED = "sealed", "scellée"
    FAILED = "failed", "scellement en échec"


class ImmersionSession(db.Model):
    """One presence at the host's: a day, in Europe/Paris, with one or two ranges of hours."""

    __table_args__ = {"sqlite_autoincrement": True}  # its number names it in people's calendars

    id: Mapped[int] = mapped_column(primary_key=True)
    immersion_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    starts_again: Mapped[time | None]
    ends_again: Mapped[time | None]
    calendar_rank: Mapped[int] = mapped_column(default=0)
    """How often it was moved or cancelled since it was first sent to calendars (SEQUENCE, RFC 5545, 3.8.7.4)."""
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

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
    """One version of the convention, or of an amendment to it (``kind``, ``number``: 1 for the first, 0 for the convention).

    ``data`` is what the document says (``pdf.convention.ConventionData`` as JSON); once it was issued nothing of what it says
    changes any more.
    """

    __table_args__ = (UniqueConstraint("immersion_id", "kind", "number", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    immersion_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default=ConventionKind.CONVENTION.value)
    number: Mapped[int] = mapped_column(default=0)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("convention.id", ondelete="SET NULL"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the last signature came."""
    verification_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    """Unguessable, readable aloud; none as long as it was not sent to be signed."""
    because: Mapped[str] = mapped_column(Text, default="")
    """Why it was taken back, in the coordination's words."""
    corrections: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """How to reach somebody, said otherwise since it was signed: ``[what, in words]``. The document stays as it is."""
    seal_state: Mapped[str] = mapped_column(String(10), default="")

    immersion: Mapped[Immersion] = relationship(back_populates="conventions")
    file: Mapped[StoredFile | None] = relationship(foreign_keys=file_id)
    amends: Mapped[Convention | None] = relationship(remote_side=[id])
    signatures: Mapped[list[Signature]] = relationship(
        back_populates="convention", cascade="all, delete-orphan", order_by="Signature.id")
    copies: Mapped[list[ReturnedCopy]] = relationship(
        back_populates="convention", cascade="all, delete-orphan", order_by="ReturnedCopy.id")
    sealing: Mapped[Sealing | None] = relationship(back_populates="convention", cascade="all, delete-orphan")
