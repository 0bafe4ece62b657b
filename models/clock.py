"""What the clock could not do, as long as it cannot."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .base import db


class ClockFailure(db.Model):
    """One piece of the clock's work that fails for one row, until it is done or not due any more.

    Days and no times, a number and no words: it may be about anything, an alert among others.
    """

    work: Mapped[str] = mapped_column(String(120), primary_key=True)
    """The function, as its module and name."""
    about: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Table and number of the row; "" the work as a whole."""
    error: Mapped[str] = mapped_column(String(300))
    """The kind of error and where in the code; never what it says, which may quote somebody."""
    since_on: Mapped[date]
    last_on: Mapped[date]
    times: Mapped[int] = mapped_column(default=1)
