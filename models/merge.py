"""Two records of one member or structure made one, and those that resemble each other and are two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTCDateTime, db
from .states import Labelled


class Twin(Labelled):
    """What may be there twice. An invitation resembles a member."""

    MEMBRE = "membre", "membre"
    STRUCTURE = "structure", "structure"
    INVITATION = "invitation", "invitation"


class Merge(db.Model):
    """Two records made one by a coordinator; ``before`` holds what undoes it, as long as it can be undone."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    kept_id: Mapped[int]
    gone_id: Mapped[int]
    by: Mapped[str] = mapped_column(String(254))
    """The address of the coordinator who did it."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Distinct(db.Model):
    """Two records that resemble each other, and that a coordinator said are two; of a kind, the lower id first."""

    __table_args__ = (UniqueConstraint("kind", "first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    first_id: Mapped[int]
    second_id: Mapped[int]
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Alike(db.Model):
    """Two records that resembled each other when the clock looked last: of a kind, the lower id first; an invitation first."""

    __table_args__ = (UniqueConstraint("kind", "first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    first_id: Mapped[int]
    second_id: Mapped[int]
