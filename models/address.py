"""What the network learns of people's addresses and presence by mail."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTCDateTime, db


class SecondAddress(db.Model):
    """Another address somebody writes from, theirs once ``confirmed_at`` is set; both in lower case."""

    __table_args__ = (UniqueConstraint("email", "other"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    other: Mapped[str] = mapped_column(String(254), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AddressMove(db.Model):
    """A member asks to be written to elsewhere: done once both addresses have said yes. Both in lower case."""

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("membre.id", ondelete="CASCADE"), index=True)
    old: Mapped[str] = mapped_column(String(254))
    new: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    old_said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    new_said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CoordinatorAbsence(db.Model):
    """An absence a coordinator announced by mail; whole days, both included. The file of the network has its own."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
