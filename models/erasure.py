"""A member asks that what the network keeps of them be erased: said twice, waited for, then done by a job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .structure import Membre


class ErasureRequest(db.Model):
    """Confirmed by the link of a letter; done when it is due, unless it was cancelled. Once done, it names nobody."""

    id: Mapped[int] = mapped_column(primary_key=True)
    membre_id: Mapped[int | None] = mapped_column(ForeignKey("membre.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    membre: Mapped[Membre | None] = relationship()
