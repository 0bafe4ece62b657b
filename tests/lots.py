"""What is drawn by lot, drawn alike in every test: the documents that bear it are then the same, and are drawn once."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from models import access_link
from models.key_file import put_once
from pdf import seal_key
from services.convention import versions

_new_key = seal_key._new_key


class Lot(random.Random):
    """What the product asks of ``secrets``: the second thing drawn is another than the first, and the same in the next test."""

    def token_urlsafe(self, size: int) -> str:
        return base64.urlsafe_b64encode(self.randbytes(size)).rstrip(b"=").decode()


def draw_alike(monkeypatch, together: Path) -> None:
    """The codes of documents, the tokens of links and the keys of seals, until the end of a test; tests share ``together``."""
    monkeypatch.setattr(versions, "secrets", Lot(2027))
    monkeypatch.setattr(access_link, "secrets", Lot(2028))
    monkeypatch.setattr(seal_key, "_new_key", _keys(together))


def _keys(together: Path) -> Callable[[str, datetime], bytes]:
    made = 0

    def new_key(owner: str, now: datetime) -> bytes:
        nonlocal made
        made += 1
        place = together / f"key-{hashlib.sha256(repr((made, owner, now)).encode()).hexdigest()}"
        if not place.exists():
            put_once(place, _new_key(owner, now))
        return place.read_bytes()
    return new_key
