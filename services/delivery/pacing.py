"""How fast letters leave for one provider: large ones put off, then refuse, who writes to many of their people at once."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, update

from models.base import db, run
from models.instance import instance
from models.throttle import Throttle

_WINDOW = timedelta(minutes=1)
#: Domains of one provider count together.
_SAME = {
    "wanadoo.fr": "orange.fr", "voila.fr": "orange.fr", "laposte.fr": "laposte.net", "googlemail.com": "gmail.com",
    "neuf.fr": "sfr.fr", "cegetel.net": "sfr.fr", "club-internet.fr": "sfr.fr", "numericable.fr": "sfr.fr", "noos.fr": "sfr.fr",
    "aliceadsl.fr": "free.fr", "hotmail.com": "outlook.com", "hotmail.fr": "outlook.com", "live.fr": "outlook.com",
    "live.com": "outlook.com", "outlook.fr": "outlook.com", "msn.com": "outlook.com", "yahoo.com": "yahoo.fr",
    "ymail.com": "yahoo.fr",
}
#: Those who count more strictly than others (reference email.md 2.2): half the pace.
_STRICT = frozenset({"orange.fr", "laposte.net", "sfr.fr", "free.fr"})


def provider(address: str) -> str:
    """Who receives for that address: its domain, or the first of the domains one provider has."""
    domain = address.rpartition("@")[2].lower()
    return _SAME.get(domain, domain)


def spread(addresses: list[str], now: datetime) -> list[datetime | None]:
    """For each address, in order: None when a letter to it may leave now, else when it may.

    Call inside a transaction: several workers share one count per provider and minute.
    """
    pace = instance().settings.MAIL_PER_MINUTE
    if not pace:
        return [None] * len(addresses)
    asked = Counter(provider(address) for address in addresses)
    taken = {name: _taken(name, now) for name in asked}
    limits = {name: max(1, pace // 2) if name in _STRICT else pace for name in asked}
    seen: Counter[str] = Counter()
    slots: list[datetime | None] = []
    for address in addresses:
        name = provider(address)
        minutes = (taken[name] + seen[name]) // limits[name]
        seen[name] += 1
        slots.append(now + _WINDOW * minutes if minutes else None)
    for name, count in asked.items():
        if granted := min(count, max(0, limits[name] - taken[name])):
            db.session.execute(update(Throttle).where(Throttle.key == _key(name)).values(count=Throttle.count + granted))
    return slots


def _key(name: str) -> str:
    return hmac.digest(instance().settings.SECRET_KEY.encode(), b"pace:" + name.encode(), hashlib.sha256).hex()


def _taken(name: str, now: datetime) -> int:
    """How many left for that provider in the minute under way; others wait for the end of the transaction to know."""
    return run(_count, what=_key(name), at=now, oldest=now - _WINDOW).scalar_one()


def _count(insert):
    old = Throttle.window_start <= bindparam("oldest")
    row = insert(Throttle.__table__).values(key=bindparam("what"), window_start=bindparam("at"), count=0)
    return row.on_conflict_do_update(index_elements=["key"], set_={
        "window_start": case((old, row.excluded.window_start), else_=Throttle.window_start),
        "count": case((old, 0), else_=Throttle.count)}).returning(Throttle.count)
