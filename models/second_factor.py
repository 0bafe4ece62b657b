"""What somebody of the team proves besides their mailbox: codes of a telephone (TOTP, RFC 6238)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTCDateTime, db


class SecondFactor(db.Model):
    """One per address (lower case); of use once ``confirmed_at`` is set.

    ``secret`` is sealed under a key made from SECRET_KEY: a copy of the database gives no code. ``last_step`` is the step of
    the last code taken, so that none serves twice. ``recovery`` holds keyed hashes of the
    codes on paper not used yet.
    """

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_step: Mapped[int] = mapped_column(default=0)
    recovery: Mapped[list[str]] = mapped_column(JSON, default=list)
