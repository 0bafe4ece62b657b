"""The sealing of a signed version: how far it is, what keeps it back, and the sealed file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db

if TYPE_CHECKING:
    from .convention import Convention
    from .stored_file import StoredFile


class Sealing(db.Model):
    """One signed version to be sealed, once it was first tried; ``Convention.seal_state`` says where it stands.

    ``attempts`` is also the name of the attempt under way: what another one made meanwhile is thrown away. ``begun_at`` is
    the moment the document will bear, kept as long as the attempt neither ended nor failed: begun again after a crash, the
    sealing gives the same bytes.
    """

    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id", ondelete="CASCADE"), primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the last attempt failed, in French, for who coordinates."""
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the coordination was last told that it keeps failing."""
    sealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    level: Mapped[str] = mapped_column(String(4), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    """Why there is no time stamp where one was asked for."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)

    convention: Mapped[Convention] = relationship(back_populates="sealing")
    file: Mapped[StoredFile | None] = relationship()
