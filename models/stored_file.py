"""Files people sent: the row says what and whose, the content lies once under its SHA-256 in the instance folder."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db

if TYPE_CHECKING:
    from .conversation import Message
    from .dossier import Dossier


class StoredFile(db.Model):
    """A file; without a dossier as long as the form it came with is not sent (then removed after a day)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))

    dossier: Mapped[Dossier | None] = relationship(back_populates="files")
    message: Mapped[Message | None] = relationship(back_populates="files")
