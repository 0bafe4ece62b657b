"""What helps coordinators answer many: replies written beforehand, and what was done to several requests at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTCDateTime, db


class ReplyTemplate(db.Model):
    """A reply written beforehand; ``kind`` is that of the requests it serves, "" for all. Nobody's name is in it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20), default="")
    changed_by: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BulkAction(db.Model):
    """Several requests given to somebody at once; ``before`` says who had each (id of the dossier -> address), to undo it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    """Who did it."""
    given_to: Mapped[str] = mapped_column(String(254))
    """Who has them now; "" nobody."""
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
