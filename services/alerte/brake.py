"""Slowing down who tries codes or sends without end. Counted in the memory of one process, under a hash that dies with it:
of who opens these pages, nothing is written anywhere."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

from flask import current_app

from ..errors import TooMany

WITHIN = timedelta(minutes=15)


class Tries:
    """What came lately, by access to internet."""

    def __init__(self) -> None:
        self._salt, self._lock = secrets.token_bytes(16), threading.Lock()
        self._seen: defaultdict[bytes, deque[datetime]] = defaultdict(deque)

    def count(self, what: str, access: str, limit: int, now: datetime) -> None:
        """One more of ``what``.

        :raises TooMany: more than ``limit`` came within :data:`WITHIN` from that access.
        """
        key = hashlib.blake2b(f"{what}:{access}".encode(), key=self._salt, digest_size=16).digest()
        with self._lock:
            for old in [key for key, times in self._seen.items() if times[-1] < now - WITHIN]:
                del self._seen[old]
            times = self._seen[key]
            while times and times[0] < now - WITHIN:
                times.popleft()
            times.append(now)
            if len(times) > limit:
                times.popleft()
                raise TooMany("Beaucoup d’essais sont venus de cet accès à internet. Rien n’est perdu : gardez cette page "
                              "ouverte et recommencez dans un quart d’heure.")


def count(what: str, access: str, limit: int, now: datetime) -> None:
    """:meth:`Tries.count` of this process."""
    current_app.extensions.setdefault("alerte_brake", Tries()).count(what, access, limit, now)
