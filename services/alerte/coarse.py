"""Time as alerts know it: days and half-days of Paris."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from models.instance import instance
from territory.calendar import PARIS, add_working_days, local


def day(now: datetime) -> date:
    return local(now).date()


def half_day(now: datetime) -> datetime:
    """Midnight or noon before ``now``."""
    here = local(now)
    return datetime.combine(here.date(), time(12 if here.hour >= 12 else 0), PARIS)


def a_working_day_after(since: datetime) -> datetime:
    """When a whole working day is over, whatever the hour within that half-day."""
    here = local(since)
    following = add_working_days(here.date(), 1, instance().network.departement)
    return datetime.combine(following, here.time(), PARIS) + timedelta(hours=12)
