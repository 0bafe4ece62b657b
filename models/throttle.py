"""How often something was asked lately, per address or per internet access, without keeping either."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTCDateTime, db


class Throttle(db.Model):
    """A count in the current window; ``key`` is a keyed hash of what is counted, never the thing itself."""

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UTCDateTime)
    count: Mapped[int]
