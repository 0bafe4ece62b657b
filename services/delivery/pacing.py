"""How fast letters leave for one provider: large ones put off, then refuse, who writes to many of their people at once."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, case, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.base import UTCDateTime, connection
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
    if not pace or not addresses:
        return [None] * len(addresses)
    asked = Counter(provider(address) for address in addresses)
    taken = _taken(asked, now)
    seen: Counter[str] = Counter()
    slots: list[datetime | None] = []
    for address in addresses:
        name = provider(address)
        limit = max(1, pace // 2) if name in _STRICT else pace
        minutes = (taken[name] + seen[name]) // limit
        seen[name] += 1
        slots.append(now + _WINDOW * minutes if minutes else None)
    return slots


def _taken(asked: Counter[str], now: datetime) -> dict[str, int]:
    """How many were counted for each provider since its minute began, before those asked now.

    Others wait for the end of the transaction to count theirs. Those put off are counted too: who comes after them is put
    off further.
    """
    keys = {name: _key(name) for name in sorted(asked)}
    # In one order for everybody: two workers who hold a provider each would else wait for one another.
    connection().execute(_more(connection().dialect.name), [{"what": key, "more": asked[name], "at": now, "oldest": now - _WINDOW}
                                   for name, key in sorted(keys.items(), key=lambda pair: pair[1])])
    counts = dict(connection().execute(_COUNTS, {"keys": list(keys.values())}).all())
    return {name: counts[key] - asked[name] for name, key in keys.items()}


def _key(name: str) -> str:
    return hmac.digest(instance().settings.SECRET_KEY.encode(), b"pace:" + name.encode(), hashlib.sha256).hex()


_COUNTS = select(Throttle.key, Throttle.count).where(Throttle.key.in_(bindparam("keys", expanding=True)))


@cache
def _more(dialect: str):
    speaks = postgresql_insert if dialect == "postgresql" else sqlite_insert
    old = Throttle.window_start <= bindparam("oldest", type_=UTCDateTime)
    row = speaks(Throttle.__table__).values(key=bindparam("what"), window_start=bindparam("at"), count=bindparam("more"))
    return row.on_conflict_do_update(index_elements=["key"], set_={
        "window_start": case((old, row.excluded.window_start), else_=Throttle.window_start),
        "count": case((old, row.excluded.count), else_=Throttle.count + row.excluded.count)})
